"""News of what reached the bank."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class PaymentArrived(News):
    """A bank has taken what this payout holds."""

    kind: ClassVar[str] = "pay.arrived"
    payment: str
    payout: str


@dataclass(frozen=True, slots=True)
class PayoutFailed(News):
    """A bank sent back what this payout holds: the money is in the artist's balance at the rail, and its artist mends the bank account."""

    kind: ClassVar[str] = "pay.payout_failed"
    payout: str
