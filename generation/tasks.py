"""The doorbell of the queue: names pinned, thin; never imports a backend."""

from portal.tasks import doorbell


@doorbell("generation.render")
def render() -> None:
    """Render whatever waits, until nothing waits."""
    from .runner import render_waiting

    render_waiting()
