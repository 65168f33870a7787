"""The app of pay."""

from django.apps import AppConfig


class CompensationConfig(AppConfig):
    """Contributions, the ledger, awards, and payments on their way."""

    name = "artists.compensation"
    label = "compensation"
