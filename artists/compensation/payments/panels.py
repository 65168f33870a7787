"""What payments add to the rail, staff's today, a person's page, status, and to the sweep."""

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.compensation.models import Payment
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import Dossier, Fact, NavItem, Panel, register_dossier, register_nav, register_panel, register_status
from portal.sweeps import register_sweep

from .queries import failing
from .readiness import readiness_of
from .services import resolve_beside, resolve_returns_beside

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _today(actor: Actor) -> dict[str, Any] | None:
    """Payments that a person has to look at."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return None
    count = failing(actor).count()
    return {"count": count} if count else None


def _told(actor: Actor, person: Person) -> list[Fact]:
    """Whether money would reach an artist."""
    del actor
    if not person.holds(Role.ARTIST):
        return []
    address = reverse("staff_pay_person", args=[person.pk])
    return [Fact(gettext("How they are paid"), str(readiness_of(person, "").words), address)]


def payment_counts() -> dict[str, Any]:
    """How many payments are in which state."""
    return dict(Payment.objects.order_by().values_list("state").annotate(n=Count("pk")))


register_panel(Panel("today", "payments", "compensation/payments/today_panel.html", 18, _today))
register_dossier(Dossier("payments", _("Payments"), 66, _told))
register_status("payments", payment_counts)
register_ability(Ability("pay", _("Say how you are paid, and be paid"), 45, ARTISTS, signed_in, "pay"))
register_nav(NavItem("pay", _("How I am paid"), "pay", 46, ARTISTS))
register_nav(NavItem("payments", _("Payments"), "staff_payments", 65, STAFF))
register_sweep("payments.resolve", resolve_beside)
register_sweep("payments.returns", resolve_returns_beside)
