"""What the ledger adds to the rail, home, a person's page for staff, and status."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.people.models import Person
from artists.people.reading import zone_of
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import Dossier, Fact, NavItem, Panel, register_dossier, register_nav, register_panel, register_status

from . import queries
from .reading import open_lines
from .standing import short, told

ARTISTS = frozenset({Role.ARTIST})


def _home(actor: Actor) -> dict[str, Any] | None:
    """Sums by currency, and what needs this artist; nothing for whoever never earned anything."""
    if not actor.holds(Role.ARTIST):
        return None
    sums = queries.sums_of(actor)
    if not sums:
        return None
    needs = [line for line in open_lines(actor, zone_of(Person.objects.get(pk=actor.pk))) if line.stands.yours]
    return {"sums": sums, "needs": needs}


def _told(actor: Actor, person: Person) -> list[Fact]:
    """What the program owes and has paid somebody; where their money goes is theirs."""
    del actor
    sums, books = queries.sums_of(person), reverse("staff_money_books")
    facts = [
        Fact(
            gettext("In %(currency)s") % {"currency": one.currency},
            gettext("earned %(earned)s, payable %(payable)s, on its way %(travelling)s, paid %(paid)s")
            % {name: told(getattr(one, name), one.currency) for name in ("earned", "payable", "travelling", "paid")},
            books,
        )
        for one in sums
    ]
    last = queries.last_sent_of(person)
    if last is not None:
        facts.append(Fact(gettext("Last payment %(n)s") % {"n": short(last.pk)}, last.sent_at))
    return facts


register_panel(Panel("home", "earned", "compensation/statements/home_panel.html", 40, _home))
register_dossier(Dossier("money", _("Money"), 58, _told))
register_status("money_owed", queries.owed_now)
register_ability(Ability("ledger", _("Read what you earned and were paid"), 40, ARTISTS, signed_in, "ledger"))
register_nav(NavItem("ledger", _("Earned"), "ledger", 37, ARTISTS))
