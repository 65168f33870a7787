"""How the acts of consent say no, and the system that acts for all authors together."""

from typing import Any

from portal.access import Kind, Refused, System, denied

CONSENT = System("consent")


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))
