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
