"""Payments that could be sent: awards that two people approved, artists whom money reaches."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from artists.compensation.models import Fund, Payment, PayProfile, RailAccount
from artists.compensation.payments.states import Rail, Readiness
from artists.people.models import Person
from artists.people.roles import Role
from tests.doubles.stripe import FakeStripe, objects

from .awards import approved
from .people import holder_of


def shown() -> datetime:
    """A second factor, shown just now."""
    return timezone.now()


def approvers() -> list[Person]:
    """Two of the staff, the same two in one test."""
    named = {name: Person.objects.filter(email=f"{name.lower()}@example.org").first() for name in ("Stella", "Theo")}
    return [found or holder_of(Role.STAFF, name) for name, found in named.items()]


def account_at(fake: FakeStripe, person: Person, *, country: str = "DE", active: bool = True) -> RailAccount:
    """An account at the double, read and in use; its artist chose Stripe."""
    world = fake.world
    with world.lock:
        id_ = world.new_id("acct")
        asked: dict[str, Any] = {
            "identity": {"country": country.lower(), "entity_type": "individual"},
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "metadata": {},
        }
        world.accounts[id_] = objects.account(id_, asked, now=world.now(), live=world.live)
        if active:
            world.onboard(id_)
    PayProfile.objects.update_or_create(person=person, defaults={"country": country, "rail": Rail.STRIPE_CONNECT})
    return RailAccount.objects.create(
        person=person,
        rail=Rail.STRIPE_CONNECT,
        country=country,
        account=id_,
        readiness=Readiness.ACTIVE if active else Readiness.INCOMPLETE,
        read_at=timezone.now(),
    )


def paid_by_hand(person: Person, country: str = "JP") -> PayProfile:
    """An artist who is paid outside of the portal."""
    return PayProfile.objects.create(person=person, country=country, rail=Rail.MANUAL)


def payable(payee: Person, fund: Fund, amount: int = 30_000, *, by: Person, **more: Any) -> Payment:
    """The first payment of an award that was promised."""
    award = approved(payee, fund, by=by, approvers=approvers(), amount=amount, **more)
    return Payment.objects.select_related("award__fund", "payee").get(award=award, number=1)


def fresh(payment: Payment) -> Payment:
    """As it stands now."""
    return Payment.objects.select_related("award__fund", "payee").get(pk=payment.pk)
