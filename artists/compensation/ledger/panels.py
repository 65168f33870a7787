"""What the books add to the rail and to status."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, register_nav, register_status

from .queries import totals

STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def money_status() -> dict[str, Any]:
    """Minor units by currency: free in funds, promised, on their way, paid."""
    return dict(totals().items())


register_nav(NavItem("money", _("Money"), "staff_money", 64, STAFF))
register_status("money", money_status)
