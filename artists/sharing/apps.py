"""The app of sharing."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """How a clip becomes public."""

    name = "artists.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import (  # noqa: F401 - registration
            api,
            appeals,
            holds,
            listeners,
            live,
            notices,
            panels,
            rules,
            staff_listeners,
            staff_panels,
        )
