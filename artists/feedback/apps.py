"""The app of feedback."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Forms, bug reports, the roadmap, missions, critique, open letters."""

    name = "artists.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Load what registers itself, noun by noun."""
        from .letters import api, listeners, panels, rules  # noqa: F401 - registration
