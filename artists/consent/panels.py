"""What consent adds to the rail, home, today, a person's page and status, to where a person stands, and to the sweep."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import Dossier, Fact, NavItem, Panel, register_dossier, register_nav, register_panel, register_status
from portal.sweeps import register_sweep

from . import queries
from .queries import answers_waiting
from .services import lapse_due, refresh_terms
from .status import consent_counts

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _waiting(actor: Actor) -> int:
    return answers_waiting(actor).count()


def _hint(actor: Actor) -> dict[str, Any] | None:
    """For artists who never looked at their choices."""
    if not actor.holds(Role.ARTIST) or queries.choices_looked_at(actor):
        return None
    return {}


def _today(actor: Actor) -> dict[str, Any] | None:
    """What waits at the desk, where anything does."""
    soon = timezone.now() + SOON
    lines = [
        (queries.questions_waiting(actor).count(), gettext("questions from artists"), "yours"),
        (queries.consents_to_stop(actor).count(), gettext("withdrawn; uses still to be stopped"), "stop"),
        (queries.requests_open(actor).count(), gettext("requests open"), "info"),
        (queries.consents_in_force(actor).filter(ends_at__lte=soon).count(), gettext("end within 30 days"), "warn"),
    ]
    shown = [{"count": count, "says": says, "tone": tone} for count, says, tone in lines if count]
    return {"lines": shown} if shown else None


def _told(actor: Actor, person: Person) -> list[Fact]:
    """Counts of an artist's consents; what they decide beforehand is theirs."""
    if not person.holds(Role.ARTIST):
        return []
    pause = queries.pause_of(person)
    desk, register = reverse("consent_desk"), f"{reverse('consent_register')}?words={quote(person.name)}"
    mine = queries.consents_overseen_by(actor).filter(grants__person=person)
    return [
        Fact(gettext("Requests that wait for them"), answers_waiting(person).count(), desk),
        Fact(gettext("Consents in force"), mine.filter(pk__in=queries.live_at(timezone.now())).count(), desk),
        Fact(gettext("Uses recorded"), queries.uses_of(person).count(), register),
        *([Fact(gettext("All their consents rest until"), pause.until)] if pause is not None else []),
    ]


SOON = timedelta(days=30)
register_panel(Panel("home", "consent_hint", "consent/home_hint.html", 90, _hint))
register_panel(Panel("today", "consents", "consent/today_panel.html", 30, _today))
register_dossier(Dossier("consent", _("Consents"), 55, _told))
register_status("consent", consent_counts)
register_ability(Ability("consent", _("Answer and withdraw consents"), 35, ARTISTS, signed_in, "uses"))
register_nav(NavItem("uses", _("Uses"), "uses", 35, ARTISTS, count=_waiting))
register_nav(NavItem("consents", _("Consents"), "consent_desk", 61, STAFF))
register_sweep("consent.lapse", lapse_due)
register_sweep("consent.terms", refresh_terms)
