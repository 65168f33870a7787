"""Acts on payments."""

from .by_hand import proof_of, record_by_hand
from .connecting import check_account, dashboard_address, onboarding_address, open_account, replace_account
from .profile import choose_way, confirm_tax
from .resolving import look_again, resolve_beside, resolve_due
from .returning import book_reversal, book_reversals
from .sending import Planned, Told, plan, send_due, send_payment
from .standing import cancel, hold, pay_again, retry, unhold
from .taking_back import resolve_returns, resolve_returns_beside, reverse

__all__ = [
    "Planned",
    "Told",
    "book_reversal",
    "book_reversals",
    "cancel",
    "check_account",
    "choose_way",
    "confirm_tax",
    "dashboard_address",
    "hold",
    "look_again",
    "onboarding_address",
    "open_account",
    "pay_again",
    "plan",
    "proof_of",
    "record_by_hand",
    "replace_account",
    "resolve_beside",
    "resolve_due",
    "resolve_returns",
    "resolve_returns_beside",
    "retry",
    "reverse",
    "send_due",
    "send_payment",
    "unhold",
]
