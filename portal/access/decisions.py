"""The answer of a rule: allowed, or denied with a stable code and a sentence to act on."""

import enum
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = str | Promise


class Kind(enum.Enum):
    """What sort of no it is; the web and the API answer with this HTTP status."""

    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    MISSING = 404
    CONFLICT = 409
    GONE = 410
    INVALID = 422
    LIMIT = 429
    UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Decision:
    """A yes, or a no that can be read by a program (code) and by a person (reason, what to do)."""

    allowed: bool
    code: str = ""
    reason: Words = ""
    todo: Words = ""
    kind: Kind = Kind.FORBIDDEN

    def __bool__(self) -> bool:
        """True when allowed."""
        return self.allowed


ALLOWED = Decision(allowed=True)


def denied(code: str, reason: Words, *, todo: Words = "", kind: Kind = Kind.FORBIDDEN) -> Decision:
    """A no. `code` is kebab-case and never reused for another meaning; `todo` says what would help."""
    return Decision(allowed=False, code=code, reason=reason, todo=todo, kind=kind)


class Refused(Exception):
    """Raised by require() and by services; carries the action and the decision."""

    def __init__(self, action: str, decision: Decision) -> None:
        super().__init__(f"{decision.code}: {decision.reason}")
        self.action = action
        self.decision = decision
