"""What overseeing sharing adds to the rail, to today, to the first run, to a person's page and to the status."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor
from portal.appeals.queries import to_decide
from portal.panels import (
    Dossier,
    Fact,
    NavItem,
    Panel,
    ToDo,
    register_dossier,
    register_nav,
    register_panel,
    register_status,
    register_to_do,
)

from .oversight import UNDER_WAY, concerns_open, late_count, risks, share_counts, terms_chosen
from .queries import requests_overseen_by
from .states import RequestState

STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _today(actor: Actor) -> dict[str, Any]:
    appeals = to_decide(actor).filter(kind="share").count()
    told = risks(actor)
    at_risk = any(one.count for one in told)
    return {"risks": told, "at_risk": at_risk, "concerns": concerns_open(actor), "appeals": appeals}


def _requests(actor: Actor, person: Person) -> list[Fact]:
    if not person.holds(Role.ARTIST):
        return []
    theirs = requests_overseen_by(actor).filter(artist=person).order_by()
    address = f"{reverse('staff_sharing')}?state=all&q={person.name}"
    return [
        Fact(_("Open"), theirs.filter(state__in=UNDER_WAY).count(), address),
        Fact(_("Public"), theirs.filter(state=RequestState.APPROVED).count()),
        Fact(_("Refused"), theirs.filter(state=RequestState.REFUSED).count()),
    ]


register_nav(NavItem("staff_sharing", gettext_lazy("Share requests"), "staff_sharing", 63, STAFF, count=late_count))
register_nav(NavItem("concerns", gettext_lazy("Concerns"), "staff_concerns", 64, STAFF, count=concerns_open))
register_panel(Panel("today", "sharing", "sharing/staff/today.html", 10, _today))
register_to_do(ToDo("sharing", gettext_lazy("Set the grounds and the clock"), 35, terms_chosen, "staff_terms"))
register_dossier(Dossier("sharing", gettext_lazy("Share requests"), 60, _requests))
register_status("sharing", share_counts)
