"""What missions add to home, today and status."""

from typing import Any

from artists.feedback.models import Mission, MissionPlace
from artists.people.roles import Role
from artists.tariff.queries import price_of
from portal.access import Actor
from portal.panels import Panel, register_panel, register_status

from .queries import deliveries_waiting, missions_visible_to, open_missions
from .states import PlaceState

SHOWN = 3


def _home(actor: Actor) -> dict[str, Any] | None:
    """Missions with free places, each with what it pays."""
    if not actor.holds(Role.ARTIST):
        return None
    found = [one for one in open_missions(missions_visible_to(actor))[: SHOWN * 3] if one.held < one.places]  # type: ignore[attr-defined] - annotated
    free = [one for one in found if one.my_state in {None, PlaceState.GIVEN_BACK}][:SHOWN]  # type: ignore[attr-defined] - annotated
    return {"rows": [(one, price_of(one.contribution)) for one in free]} if free else None


def _today(actor: Actor) -> dict[str, Any] | None:
    """Deliveries that wait for staff."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return None
    count = deliveries_waiting(actor).count()
    return {"count": count} if count else None


def mission_counts() -> dict[str, Any]:
    """How many missions are open, how many deliveries wait for staff, how many were accepted."""
    return {
        "open": open_missions(Mission.objects.all()).count(),
        "delivered": MissionPlace.objects.filter(state=PlaceState.DELIVERED).count(),
        "accepted": MissionPlace.objects.filter(state=PlaceState.ACCEPTED).count(),
    }


register_panel(Panel("home", "missions", "feedback/missions/home_panel.html", 82, _home))
register_panel(Panel("today", "missions", "feedback/missions/today_panel.html", 72, _today))
register_status("missions", mission_counts)
