"""The app of invitations."""

from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    """How people come in."""

    name = "artists.invitations"
    label = "invitations"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import listeners, panels, rules  # noqa: F401 - registration
