"""The app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who is here."""

    name = "artists.people"
    label = "people"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, live, panels, profile_panel, rules  # noqa: F401 - registration
