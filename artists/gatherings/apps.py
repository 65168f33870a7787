"""The app of gatherings."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Screenings, calls and studio visits that artists can join."""

    name = "artists.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, kinds, listeners, panels, rules  # noqa: F401 - registration
