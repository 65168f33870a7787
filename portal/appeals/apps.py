"""The app of appeals."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Appeals against everything that stops a person."""

    name = "portal.appeals"
    label = "appeals"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import listeners, panels, rules  # noqa: F401 - registration
