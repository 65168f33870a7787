"""News of payments and of the accounts they go to."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class PaymentCameBack(News):
    """Money of a payment was taken back, by us or at the rail; its award is open again. `reversal` is the rail's id."""

    kind: ClassVar[str] = "pay.came_back"
    payment: str
    reversal: str
    amount: int


@dataclass(frozen=True, slots=True)
class AccountStood(News):
    """An account at a rail can or can no longer take money: `readiness` is what was read at `at`."""

    kind: ClassVar[str] = "pay.account_stood"
    account: str
    readiness: str
    at: str


@dataclass(frozen=True, slots=True)
class PaymentSent(News):
    """A rail has taken it, or it was paid by hand; `attempt` sets two times apart (0: by hand)."""

    kind: ClassVar[str] = "pay.sent"
    payment: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PaymentStuck(News):
    """It was refused, or a person has to look at it: `state` says which."""

    kind: ClassVar[str] = "pay.stuck"
    payment: str
    attempt: int
    state: str


@dataclass(frozen=True, slots=True)
class PaymentHeld(News):
    """A named person holds it; `at` sets two times apart."""

    kind: ClassVar[str] = "pay.held"
    payment: str
    at: str


@dataclass(frozen=True, slots=True)
class PaymentCancelled(News):
    """It will not be paid."""

    kind: ClassVar[str] = "pay.cancelled"
    payment: str


@dataclass(frozen=True, slots=True)
class WayChanged(News):
    """Somebody's country, way or account changed, so that nothing is sent for three days; `at` sets two times apart."""

    kind: ClassVar[str] = "pay.way_changed"
    person: int
    at: str
