"""What gatherings add to the rail, home, today, a person's page and status, and to the sweep."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor
from portal.panels import Dossier, Fact, NavItem, Panel, register_dossier, register_nav, register_panel, register_status
from portal.sweeps import register_sweep

from . import queries
from .models import Seat
from .services import release_seats, remind_due
from .states import GatheringState, SeatState
from .status import gathering_counts
from .times import span_here

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})
A_WEEK = timedelta(days=7)
FEW = 5


def _home(actor: Actor) -> dict[str, Any] | None:
    """The next one that this artist has a seat at."""
    found = queries.next_of(actor)
    return None if found is None else {"gathering": found, "span": span_here(found)}


def _today(actor: Actor) -> dict[str, Any] | None:
    """What takes place within a week."""
    rows = queries.coming(queries.gatherings_visible_to(actor))
    near = rows.filter(state=GatheringState.PLANNED, starts_at__lte=timezone.now() + A_WEEK)[:FEW]
    shown = [{"gathering": one, "span": span_here(one)} for one in near]
    return {"rows": shown} if shown else None


def _told(actor: Actor, person: Person) -> list[Fact]:  # noqa: ARG001 - the registry's signature
    """How often somebody came; that they did not says nothing about anybody."""
    if not person.holds(Role.ARTIST):
        return []
    came = Seat.objects.filter(person=person, attended=True).count()
    seated = Seat.objects.filter(person=person, state=SeatState.SEATED, gathering__ends_at__gt=timezone.now())
    return [Fact(_("Came to"), came), Fact(_("Seats ahead"), seated.count())]


register_panel(Panel("home", "gathering", "gatherings/home_panel.html", 40, _home))
register_panel(Panel("today", "gatherings", "gatherings/today_panel.html", 60, _today))
register_dossier(Dossier("gatherings", _("Gatherings"), 70, _told))
register_status("gatherings", gathering_counts)
register_nav(NavItem("gatherings", _("Gatherings"), "gatherings", 50, ARTISTS, count=queries.unanswered_of))
register_nav(NavItem("staff_gatherings", _("Gatherings"), "staff_gatherings", 63, STAFF))
register_sweep("gatherings.release", release_seats)
register_sweep("gatherings.remind", remind_due)
