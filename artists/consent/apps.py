"""The app of consent."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """What the program may use, for how long, and what it did with it."""

    name = "artists.consent"
    label = "consent"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, listeners, notices, panels, rules  # noqa: F401 - registration
