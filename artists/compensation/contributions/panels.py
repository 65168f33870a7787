"""What contributions add to staff's today."""

from typing import Any

from artists.people.roles import Role
from portal.access import Actor
from portal.panels import Panel, register_panel

from .queries import disputes_waiting


def _today(actor: Actor) -> dict[str, Any] | None:
    """Questions about contributions that wait for staff."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return None
    count = disputes_waiting(actor).count()
    return {"count": count} if count else None


register_panel(Panel("today", "disputes", "compensation/contributions/today_panel.html", 74, _today))
