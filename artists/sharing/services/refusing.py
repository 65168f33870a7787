"""How the acts of sharing say no."""

from typing import Any

from django.utils.translation import gettext as _

from artists.sharing.models import ShareRequest
from artists.sharing.states import RequestState
from portal.access import Kind, Refused, denied


def refusal(action: str, code: str, reason: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A no with its code, ready to be raised."""
    return Refused(action, denied(code, reason, todo=todo, kind=kind))


def too_late(action: str, request: ShareRequest) -> Refused:
    """Somebody else, the artist or the clock was faster; the truth about who is told to both sides."""
    if request.decisions.filter(stands=True, reviewer=None).exists():
        reason = _("The clock ran out before a decision: this request is %(state)s.")
    elif request.state == RequestState.WITHDRAWN:
        reason = _("Those who made it took it back: this request is %(state)s.")
    else:
        reason = _("Somebody was faster: this request is %(state)s.")
    words = reason % {"state": request.get_state_display()}
    return refusal(
        action, "already-decided", words, _("Nothing of yours was applied; what you wrote is kept."), Kind.CONFLICT
    )


def in_other_state(action: str, request: ShareRequest) -> Refused:
    """The request is no longer where this act begins."""
    words = _("This request is %(state)s now.") % {"state": request.get_state_display()}
    return refusal(action, "state-changed", words, _("Reload the page. Nothing was changed."), Kind.CONFLICT)
