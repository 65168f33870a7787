"""How the acts of gatherings say no, and the system that minds the line."""

from typing import Any

from portal.access import Kind, Refused, System, denied

LINE = System("gatherings")


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))
