"""What a rail can do: one interface, so that sending, looking and taking back read the same whichever way money goes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeAlias

from django.utils.translation import gettext as _

from artists.compensation.models import RailAccount
from artists.compensation.refusing import refusal
from artists.compensation.stripe.facts import Order, Reversal, Transfer
from artists.compensation.stripe.gateway import configured
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, Unknown
from artists.people.models import Person
from portal.access import Kind

from .states import Rail

Sent: TypeAlias = Accepted[Transfer] | DefinitelyRefused | Unknown
TakenBack: TypeAlias = Accepted[Reversal] | DefinitelyRefused | Unknown


class RailAway(Exception):
    """This installation cannot talk to the rail at present: what waits there goes on waiting."""


class Way(Protocol):
    """One rail. What moves money answers with how it ended; what only reads raises NotDone. No call is made inside a transaction."""

    @property
    def rail(self) -> Rail:
        """Which one it is."""

    @property
    def keeps_keys(self) -> timedelta:
        """How long a key surely means the same request: afterwards only a look is safe."""

    def prepare(self, payee: Person) -> str:
        """Where money of this person goes: frozen in the attempt. No call. Raises Refused."""

    def send(self, order: Order, *, repeated: bool) -> Sent:
        """Send once; `repeated` where this key was used before."""

    def find(self, payment: str) -> list[Transfer]:
        """Every transfer of one payment. Raises NotDone."""

    def reverse(self, transfer: str, *, amount: int, payment: str, key: str, repeated: bool) -> TakenBack:
        """Take back minor units of a transfer."""

    def reversals(self, transfer: str) -> list[Reversal]:
        """What was taken back of a transfer, by whomever. Raises NotDone."""


def account_in_use(person: Person, rail: Rail) -> RailAccount | None:
    """The account of somebody at a rail that was not replaced."""
    return RailAccount.objects.filter(person=person, rail=rail, replaced_at=None).first()


@dataclass(frozen=True, slots=True)
class Manual:
    """By bank transfer outside of the portal: nothing is called, a person writes down what they did."""

    rail: Rail = Rail.MANUAL
    keeps_keys: timedelta = timedelta(0)

    def prepare(self, payee: Person) -> str:
        """Nothing is sent from here."""
        words = _("%(name)s is paid by bank transfer, outside of the portal.") % {"name": payee.name}
        todo = _("Pay it at the bank, then write down its reference here.")
        raise refusal("payment.send", "by-hand", words, todo, Kind.CONFLICT)

    def send(self, order: Order, *, repeated: bool) -> Sent:
        """Never."""
        del order, repeated
        return DefinitelyRefused("by-hand", "What is paid by hand is written down, not sent.")

    def find(self, payment: str) -> list[Transfer]:
        """Nobody can be asked."""
        del payment
        return []

    def reverse(self, transfer: str, *, amount: int, payment: str, key: str, repeated: bool) -> TakenBack:
        """Never: what came back at the bank is written down."""
        del transfer, amount, payment, key, repeated
        return DefinitelyRefused("by-hand", "What came back at the bank is written down.")

    def reversals(self, transfer: str) -> list[Reversal]:
        """Nobody can be asked."""
        del transfer
        return []


def open_way(rail: str) -> Way:
    """The rail of this name. Raises RailAway where this installation has no key for it."""
    if rail != Rail.STRIPE_CONNECT:
        return Manual()
    if not configured():
        raise RailAway
    from artists.compensation.stripe.rail import StripeConnect

    return StripeConnect()
