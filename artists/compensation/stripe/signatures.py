"""Whether a webhook is Stripe's: over the body as it came, within five minutes, by any of the secrets in force, in our mode."""

import json
from collections.abc import Sequence

import stripe

from .facts import Event
from .reading import MISREAD, event_of

TOLERANCE_S = 300


class NotFromStripe(Exception):
    """A webhook to be refused and forgotten: signature-missing, signature-wrong, signature-old, body-unreadable, mode-wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_webhook(body: bytes, header: str | None, *, secrets: Sequence[str], live: bool) -> Event:
    """The event in `body`. Several secrets hold at once: one for each endpoint, and old beside new while one is changed.

    Raises NotFromStripe. Nothing of the body is in the exception, and the event keeps no copy of the object it is about.
    """
    if not header:
        raise NotFromStripe("signature-missing")
    # The signature is over text; whatever is not UTF-8 cannot have been signed.
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotFromStripe("body-unreadable") from None
    signing = [secret for secret in secrets if secret.strip() and _holds(text, header, secret, tolerance=None)]
    if not signing:
        raise NotFromStripe("signature-wrong")
    if not any(_holds(text, header, secret, tolerance=TOLERANCE_S) for secret in signing):
        raise NotFromStripe("signature-old")
    try:
        event = event_of(json.loads(text))
    except MISREAD:
        raise NotFromStripe("body-unreadable") from None
    if event.live != live:
        raise NotFromStripe("mode-wrong")
    return event


def _holds(text: str, header: str, secret: str, *, tolerance: int | None) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(text, header, secret, tolerance))
    except stripe.SignatureVerificationError:
        return False
    except TypeError:  # a signature in letters beyond ASCII cannot be compared
        return False
