"""How a call to Stripe ended: accepted, refused for certain, or unknown. Money of an unknown end stays where it is.

Only an error that Stripe itself worded, of a kind it gives after reading the request, refuses for certain. A lost connection, 409, 429, 5xx and
whatever else could happen are unknown: the same key is tried again after a look, and no other is minted (docs/stripe.md).
"""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

import stripe

T = TypeVar("T")

WORDS_MOST = 300
_SECRET = re.compile(r"\b(sk|rk|pk|whsec)_\S+")
_UNSURE = (stripe.APIConnectionError, stripe.APIError, stripe.IdempotencyError, stripe.RateLimitError)
# Given by Stripe with more than one status: somebody else holds the row or the key.
_UNSURE_CODES = frozenset({"lock_timeout", "rate_limit", "idempotency_key_in_use"})
_CERTAIN_STATUS = frozenset({400, 401, 402, 403, 404})
# Answered before Stripe looks at the idempotency key, so they tell nothing of an earlier call with it.
_BEFORE_THE_KEY = (stripe.AuthenticationError, stripe.PermissionError)
_CONFLICT, _TOO_MANY, _SERVER = 409, 429, 500


@dataclass(frozen=True, slots=True)
class Accepted(Generic[T]):
    """It was done. `replayed`: Stripe repeated the answer to an earlier call with the same key."""

    fact: T
    replayed: bool
    request: str  # Stripe's id of the call, for their support


@dataclass(frozen=True, slots=True)
class DefinitelyRefused:
    """It was not done and will not be under this key. `stops`: the key itself is refused, so no other call can succeed either."""

    code: str
    words: str
    stops: bool = False
    request: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done. `alarm`: a person should look, for this cannot happen unless something is wrong on our side."""

    code: str
    words: str
    alarm: bool = False
    stops: bool = False
    request: str = ""


class NotDone(Exception):
    """A call that only reads, or that may be repeated freely, brought no answer."""

    def __init__(self, outcome: DefinitelyRefused | Unknown) -> None:
        super().__init__(f"{outcome.code}: {outcome.words}")
        self.outcome = outcome


def classify(fault: Exception, *, repeated: bool) -> DefinitelyRefused | Unknown:
    """What `fault` says of the call. `repeated`: an earlier call with the same key had an unknown end."""
    if not isinstance(fault, stripe.StripeError):
        return Unknown("unexpected", f"The call ended in {type(fault).__name__}.", alarm=True)
    code, words, request = _code_of(fault), clean(fault.user_message or ""), fault.request_id or ""
    stops = isinstance(fault, stripe.AuthenticationError)
    if is_certain(fault) and not (repeated and isinstance(fault, _BEFORE_THE_KEY)):
        return DefinitelyRefused(code, words, stops=stops, request=request)
    alarm = isinstance(fault, stripe.IdempotencyError) and fault.http_status != _CONFLICT
    return Unknown(code, words, alarm=alarm, stops=stops, request=request)


def is_certain(fault: stripe.StripeError) -> bool:
    """Whether Stripe refused after reading the request."""
    return (
        not isinstance(fault, _UNSURE)
        and fault.http_status in _CERTAIN_STATUS
        and _told_code(fault) not in _UNSURE_CODES
    )


def clean(words: str) -> str:
    """Words for the books: on one line, short, and without anything that looks like a key."""
    return _SECRET.sub(r"\1_…", " ".join(words.split()))[:WORDS_MOST]


def _told_code(fault: stripe.StripeError) -> str:
    # The SDK leaves the code out of some of its errors; the body has it.
    error = fault.json_body.get("error") if isinstance(fault.json_body, dict) else None
    told = error.get("code") if isinstance(error, dict) else None
    return told if isinstance(told, str) else ""


def _code_of(fault: stripe.StripeError) -> str:
    """Stripe's own code, else one for the kind of end."""
    if isinstance(fault, stripe.APIConnectionError):
        return "no-answer"
    if told := _told_code(fault):
        return told
    if isinstance(fault, stripe.AuthenticationError):
        return "key-refused"
    if isinstance(fault, stripe.PermissionError):
        return "key-may-not"
    if isinstance(fault, stripe.IdempotencyError):
        return "key-reused"
    status = fault.http_status or 0
    if status == _CONFLICT:
        return "busy"
    if status == _TOO_MANY:
        return "too-many-calls"
    if status >= _SERVER:
        return "server-error"
    return "unreadable" if isinstance(fault, stripe.APIError) else "refused"
