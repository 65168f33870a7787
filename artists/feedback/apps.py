"""The app of feedback."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Forms, bug reports, the roadmap, missions, critique, open letters."""

    name = "artists.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Load what registers itself, noun by noun."""
        from .bugs import api, kinds, listeners, panels, rules, sources  # noqa: F401 - registration
        from .roadmap import listeners as roadmap_listeners  # noqa: F401 - registration
        from .roadmap import panels as roadmap_panels  # noqa: F401 - registration
        from .roadmap import rules as roadmap_rules  # noqa: F401 - registration
