"""What Stripe told us, as plain frozen values: nothing of the SDK goes further than this package.

Amounts are minor units, currencies are written as the rest of the product writes them (upper case), moments have a zone.
No name, address, bank or tax number of anybody is among them.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Need:
    """Something Stripe asks for before an account can take money, or goes on doing so."""

    about: str  # Stripe's path of the field, as identity.individual.address
    due: str  # currently_due, eventually_due or past_due
    of_artist: bool  # False: Stripe itself is at work
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An artist's account. `transfers` and `payouts` are Stripe's words: active, pending, restricted, rejected, unsupported.

    `transfers` says whether we may send money to it, `payouts` whether Stripe sends it on to the bank; None was never asked for.
    """

    id: str
    artist: str
    closed: bool
    live: bool
    transfers: str | None
    payouts: str | None
    reasons: tuple[tuple[str, str], ...]  # (code, resolution) of `transfers`
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address at Stripe that one person uses once, within minutes."""

    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that went from the program's balance to an artist's. `payment` and `attempt` are ours, empty where it was made by hand."""

    id: str
    amount: int
    currency: str
    destination: str
    group: str
    payment: str
    attempt: str
    came_back: int
    arrived_as: str  # id of the payment it became on the artist's side; payouts name it
    live: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reversal:
    """Money taken back out of an artist's balance."""

    id: str
    transfer: str
    amount: int
    currency: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """What Stripe sends on to the artist's bank: pending, in_transit, paid, failed or canceled. Paid may still become failed."""

    id: str
    account: str
    amount: int
    currency: str
    status: str
    automatic: bool
    failure: str
    arrives_at: datetime
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """One line of what a payout holds: `source` is a transfer's `arrived_as`, or an earlier payout that came back."""

    id: str
    type: str
    source: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Funds:
    """A balance in one currency."""

    currency: str
    available: int
    pending: int


@dataclass(frozen=True, slots=True)
class Event:
    """News: a hint that `object` should be read again, nothing more. `account` is empty for the program's own."""

    id: str
    type: str
    account: str
    object: str
    live: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One transfer as it was frozen in the attempt that asks for it. The key belongs to exactly this order."""

    key: str
    payment: str
    attempt: int
    amount: int
    currency: str
    destination: str
    about: str

    @property
    def group(self) -> str:
        """What Stripe lists this payment's transfers by."""
        return group_of(self.payment)


def group_of(payment: str) -> str:
    """The transfer group of a payment, by which a look finds what became of its attempts."""
    return f"pay_{payment}"
