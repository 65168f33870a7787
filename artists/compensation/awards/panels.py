"""What awards and grants add to home, today, the rail and status."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Award, Round
from artists.people.roles import Role
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel, register_status

from .queries import applications_of, awards_waiting_for, by_round, open_rounds, rounds_to_decide, rounds_visible_to
from .states import ApplicationState, AwardState, RoundState

SHOWN = 3
ARTISTS = frozenset({Role.ARTIST})
_TOLD_FOR_DAYS = 30


def _home(actor: Actor) -> dict[str, Any] | None:
    """Open calls with one's own application, and decisions of the last weeks."""
    if not actor.holds(Role.ARTIST):
        return None
    calls = list(open_rounds(rounds_visible_to(actor))[:SHOWN])
    since = timezone.now() - timedelta(days=_TOLD_FOR_DAYS)
    decided = applications_of(actor).filter(
        round__state=RoundState.DECIDED,
        round__ended_at__gte=since,
        state__in=[ApplicationState.GRANTED, ApplicationState.DECLINED],
    )[:SHOWN]
    mine = by_round(actor, calls)
    rows = [(one, mine.get(one.pk)) for one in calls]
    return {"calls": rows, "decided": decided} if rows or decided else None


def _today(actor: Actor) -> dict[str, Any] | None:
    """Awards this person may approve, rounds that have closed."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return None
    count, rounds = awards_waiting_for(actor).count(), list(rounds_to_decide(actor)[:SHOWN])
    return {"count": count, "rounds": rounds} if count or rounds else None


def award_counts() -> dict[str, Any]:
    """Awards that wait and that are promised, rounds that are open."""
    return {
        "waiting": Award.objects.filter(state=AwardState.SUBMITTED).count(),
        "promised": Award.objects.filter(state=AwardState.APPROVED).count(),
        "rounds_open": Round.objects.filter(state=RoundState.OPEN).count(),
    }


register_panel(Panel("home", "grants", "compensation/awards/home_panel.html", 60, _home))
register_panel(Panel("today", "awards", "compensation/awards/today_panel.html", 20, _today))
register_nav(NavItem("grants", _("Grants"), "grants", 45, ARTISTS))
register_status("awards", award_counts)
