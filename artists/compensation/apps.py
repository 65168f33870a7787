"""The app of pay."""

from django.apps import AppConfig


class CompensationConfig(AppConfig):
    """Contributions, the ledger, awards, and payments on their way."""

    name = "artists.compensation"
    label = "compensation"

    def ready(self) -> None:
        """Load what registers itself, room by room."""
        from .awards import api as award_api  # noqa: F401 - registration
        from .awards import listeners as award_listeners  # noqa: F401 - registration
        from .awards import panels as award_panels  # noqa: F401 - registration
        from .awards import rules as award_rules  # noqa: F401 - registration
        from .contributions import kinds, listeners  # noqa: F401 - registration
        from .contributions import panels as contribution_panels  # noqa: F401 - registration
        from .contributions import rules as contribution_rules  # noqa: F401 - registration
        from .ledger import panels as ledger_panels  # noqa: F401 - registration
        from .ledger import rules as ledger_rules  # noqa: F401 - registration
        from .payments import listeners as payment_listeners  # noqa: F401 - registration
        from .payments import panels as payment_panels  # noqa: F401 - registration
        from .payments import rules as payment_rules  # noqa: F401 - registration
        from .reconciling import listeners as rail_listeners  # noqa: F401 - registration
        from .reconciling import panels as rail_panels  # noqa: F401 - registration
        from .reconciling import rules as rail_rules  # noqa: F401 - registration
        from .statements import api as ledger_api  # noqa: F401 - registration
        from .statements import panels as statement_panels  # noqa: F401 - registration
        from .statements import rules as statement_rules  # noqa: F401 - registration
