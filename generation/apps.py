"""The app of generation."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """From storyboard to clip."""

    name = "generation"
    label = "generation"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, appeals, listeners, live, panels, reach, rules, status, wall  # noqa: F401 - registration
