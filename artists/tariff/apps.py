"""The app of the tariff."""

from django.apps import AppConfig


class TariffConfig(AppConfig):
    """What a contribution pays, said in public."""

    name = "artists.tariff"
    label = "tariff"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import api, panels, rules  # noqa: F401 - registration
