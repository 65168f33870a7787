"""What is asked, answered, given, used and paused."""

from .asking import Answer, AskedWork, ConsentRequest
from .choosing import Preference, Stance
from .consents import Consent, ConsentEvent, EventKind, Grant, Use
from .union import Call, Nomination, Pause

__all__ = [
    "Answer",
    "AskedWork",
    "Call",
    "Consent",
    "ConsentEvent",
    "ConsentRequest",
    "EventKind",
    "Grant",
    "Nomination",
    "Pause",
    "Preference",
    "Stance",
    "Use",
]
