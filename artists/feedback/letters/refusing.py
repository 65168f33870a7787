"""How the acts of letters say no, and how they are recorded: that they happened, never by whom."""

from typing import Any

from artists.feedback.models import OpenLetter
from portal.access import Kind, Refused, System, denied
from portal.audit.chain import record

COUNT = System("letters")


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))


def note(action: str, letter: OpenLetter, **detail: Any) -> None:
    """Write an act of an artist into the record without the artist: staff read it before the letter is public."""
    record(action, actor=COUNT, subject=letter, detail=detail)
