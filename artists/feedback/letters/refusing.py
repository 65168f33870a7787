"""How the acts of letters say no, and the system that counts signatures."""

from typing import Any

from portal.access import Kind, Refused, System, denied

COUNT = System("letters")


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))
