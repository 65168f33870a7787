"""Acts of consent, by who does them."""

from .answering import ask_back, reply, say_no, say_yes
from .asking import Wanted, ask_consent, lapse_due, preview_request, take_back
from .choosing import prefer, prefer_as_for_all
from .giving import withdraw_consent
from .proving import export_proof
from .register import record_use, set_reach
from .terms import refresh_terms
from .union import call_members, name_delegate, pause_consents, resume_consents, unname_delegate

__all__ = [
    "Wanted",
    "ask_back",
    "ask_consent",
    "call_members",
    "export_proof",
    "lapse_due",
    "name_delegate",
    "pause_consents",
    "prefer",
    "prefer_as_for_all",
    "preview_request",
    "record_use",
    "refresh_terms",
    "reply",
    "resume_consents",
    "say_no",
    "say_yes",
    "set_reach",
    "take_back",
    "unname_delegate",
    "withdraw_consent",
]
