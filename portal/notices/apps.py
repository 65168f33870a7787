"""The app of inbox and mail."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox and mail."""

    name = "portal.notices"
    label = "notices"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, listeners, panels, rules, samples, status  # noqa: F401 - registration
