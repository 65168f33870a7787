"""Stripe Connect as a rail: transfers to an artist's account, which Stripe sends on to the bank by itself."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from artists.compensation.payments.rails import Sent, TakenBack, account_in_use
from artists.compensation.payments.states import Rail
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal.access import Kind

from .facts import Order, Reversal, Transfer
from .gateway import Gateway, open_gateway


@dataclass(frozen=True, slots=True)
class StripeConnect:
    """Through the gateway of this installation."""

    rail: Rail = Rail.STRIPE_CONNECT
    # Stripe keeps a key for 24 hours at least; an hour is left for clocks and slow calls.
    keeps_keys: timedelta = timedelta(hours=23)
    gateway: Gateway = field(default_factory=open_gateway)

    def prepare(self, payee: Person) -> str:
        """The account in use. Raises Refused no-account."""
        found = account_in_use(payee, self.rail)
        if found is None or not found.account:
            words = _("%(name)s has no account at Stripe yet.") % {"name": payee.name}
            todo = _("They open one on their page “How I am paid”.")
            raise refusal("payment.send", "no-account", words, todo, Kind.CONFLICT)
        return found.account

    def send(self, order: Order, *, repeated: bool) -> Sent:
        """One HTTP request."""
        return self.gateway.send_transfer(order, repeated=repeated)

    def find(self, payment: str) -> list[Transfer]:
        """By transfer group."""
        return self.gateway.find_transfers(payment)

    def reverse(self, transfer: str, *, amount: int, payment: str, key: str, repeated: bool) -> TakenBack:
        """One HTTP request. Refused where the artist's balance no longer holds it."""
        return self.gateway.reverse(transfer, amount=amount, payment=payment, key=key, repeated=repeated)

    def reversals(self, transfer: str) -> list[Reversal]:
        """All of them."""
        return self.gateway.reversals_of(transfer)
