"""The app of agreements."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """What binds whom."""

    name = "artists.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import listeners, panels, rules  # noqa: F401 - registration
