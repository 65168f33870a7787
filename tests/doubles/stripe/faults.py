"""What goes wrong between a payer and Stripe, on demand."""

import re
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What the caller sees."""

    RESET = "the connection is reset"
    TIMEOUT = "no answer comes; the caller gives up"
    LATE = "no answer comes, and the effect comes after the caller gave up, when the test releases it"
    STATUS = "an answer with `status`, made up on the way"
    GARBAGE = "an answer 200 that is `body`"


class At(Enum):
    """When, seen from Stripe."""

    BEFORE = "before Stripe looks at it: no effect, nothing saved"
    DURING = "while Stripe works on it: the key is in use. For STATUS: it failed there, without effect, and the answer is saved"
    AFTER = "after the effect, on the way back. A status of 500 or more is saved as the answer (v1)"


@dataclass
class Fault:
    """One kind of mishap for the next `times` requests of `method` to a path that `path` matches."""

    kind: Kind
    at: At = At.BEFORE
    method: str = "POST"
    path: str = r"/v1/transfers"
    times: int = 1
    status: int = 500
    body: bytes = b"<html>502 Bad Gateway</html>"
    headers: dict[str, str] = field(default_factory=dict)

    def takes(self, method: str, path: str) -> bool:
        """Whether it befalls this request; it then has happened once more."""
        if self.times < 1 or method != self.method or not re.fullmatch(self.path, path):
            return False
        self.times -= 1
        return True

    def answer(self) -> dict[str, object]:
        """The body of a made up status."""
        kinds = {401: "invalid_request_error", 409: "idempotency_error", 429: "invalid_request_error"}
        codes = {409: "idempotency_key_in_use", 429: "rate_limit"}
        kind = kinds.get(self.status, "api_error" if self.status >= 500 else "invalid_request_error")
        error = {"type": kind, "message": f"Made up by the test ({self.status})."}
        return {"error": error | ({"code": codes[self.status]} if self.status in codes else {})}
