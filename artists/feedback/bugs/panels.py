"""What bug reports add to the rail, today, a person's page, the status and to where a person stands."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import Dossier, Fact, NavItem, Panel, register_dossier, register_nav, register_panel, register_status

from .queries import bug_counts, bugs_visible_to, counts_of, waiting

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _today(actor: Actor) -> dict[str, Any] | None:
    """Reports nobody has looked into yet."""
    count = waiting(actor)
    return {"count": count} if count else None


def _told(actor: Actor, person: Person) -> list[Fact]:
    del actor
    counts = counts_of(person)
    if not counts["reported"]:
        return []
    board = f"{reverse('staff_bugs')}?state=all"
    return [
        Fact(gettext("Bugs reported"), counts["reported"], board),
        Fact(gettext("Of these counted as contributions"), counts["accepted"], board),
    ]


def _kept(actor: Actor) -> dict[str, Any]:
    return {
        "what": gettext("Your bug reports"),
        "count": bugs_visible_to(actor).order_by().count(),
        "why": gettext("They say what was mended and who is credited for it. You can read them at any time."),
    }


register_panel(Panel("today", "bugs", "feedback/bugs/staff/today.html", 40, _today))
register_panel(Panel("leave", "bugs", "program/kept.html", 40, _kept))
register_dossier(Dossier("bugs", _("Bugs"), 60, _told))
register_status("bugs", bug_counts)
register_ability(Ability("bugs", _("Report bugs"), 50, ARTISTS, signed_in, "bugs"))
register_nav(NavItem("bugs", _("Bugs"), "bugs", 50, ARTISTS))
register_nav(NavItem("staff_bugs", _("Bugs"), "staff_bugs", 63, STAFF, count=waiting))
