"""How the acts of feedback say no."""

from typing import Any

from django.utils.translation import gettext as _

from portal.access import Kind, Refused, denied


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))


def words_in(text: str, action: str, name: str, most: int, *, reason: Any, todo: Any) -> str:
    """The text without white space around it. Raises Refused `name`-missing, `name`-long."""
    kept = text.strip()
    if not kept:
        raise refusal(action, f"{name}-missing", reason, todo)
    if len(kept) > most:
        raise refusal(action, f"{name}-long", _("It has up to %(most)s characters.") % {"most": most}, todo)
    return kept
