"""The app of composed pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Composed pages and commands."""

    name = "portal.web"
    label = "web"

    def ready(self) -> None:
        """Make our Celery app the current one, so that a doorbell rung anywhere reaches the right broker."""
        import portal.celery
        import portal.checks  # noqa: F401 - settings are ready only now

        from . import dossiers, first_run, panels, rules  # noqa: F401 - registration
