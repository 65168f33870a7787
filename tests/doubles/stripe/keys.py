"""Idempotency as Stripe documents it.

v1: status and body of the first execution are saved, also where it failed after it began, and repeated. v2: success is repeated, failure is tried
again. Both: a key in use answers 409, a key with other parameters is an error, and after a day or more it may be forgotten.
"""

from dataclasses import dataclass, field
from typing import Any

KEPT_S = 24 * 3600
LONGEST = 255
Slot = tuple[str, str, bool]  # (account, key, v2)
Answer = tuple[int, dict[str, Any]]


class Refusal(Exception):
    """An error of Stripe's: status and body."""

    def __init__(
        self, status: int, code: str | None, words: str, *, kind: str = "invalid_request_error", param: str = ""
    ) -> None:
        super().__init__(words)
        self.status = status
        error = (
            {"type": kind, "message": words} | ({"code": code} if code else {}) | ({"param": param} if param else {})
        )
        self.body: dict[str, Any] = {"error": error}


@dataclass
class _Use:
    print: str
    since: int
    answer: Answer | None = None


@dataclass
class Keys:
    """The keys in use and those with a saved answer."""

    uses: dict[Slot, _Use] = field(default_factory=dict)

    def begin(self, slot: Slot, print_: str, now: int) -> Answer | None:
        """The saved answer, or nothing: the caller now works under this key."""
        if len(slot[1]) > LONGEST:
            raise Refusal(400, None, "Idempotency keys can be at most 255 characters.", kind="idempotency_error")
        use = self.uses.get(slot)
        if use is None:
            self.uses[slot] = _Use(print_, now)
            return None
        if use.print != print_:
            words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise Refusal(400, None, words, kind="idempotency_error")
        if use.answer is None:
            words = "There is currently another in-progress request using this idempotency key."
            raise Refusal(409, "idempotency_key_in_use", words, kind="idempotency_error")
        return use.answer

    def save(self, slot: Slot, answer: Answer) -> None:
        """Keep the first answer."""
        self.uses[slot].answer = answer

    def drop(self, slot: Slot) -> None:
        """It never began, or v2 will try again."""
        self.uses.pop(slot, None)

    def prune(self, now: int) -> int:
        """Forget what is a day old; how many."""
        old = [slot for slot, use in self.uses.items() if now - use.since >= KEPT_S]
        for slot in old:
            del self.uses[slot]
        return len(old)
