"""Where a report stands, in words: the state, who acts next, and what its author is credited for."""

from typing import Any

from django.utils.translation import gettext as _

from artists.feedback.models import BugReport
from artists.tariff.queries import Price, price_of

from .states import BugState

TONES = {
    BugState.RECEIVED: "info",
    BugState.REPRODUCED: "warn",
    BugState.PLANNED: "info",
    BugState.FIXED: "ok",
    BugState.WONT_FIX: "plain",
    BugState.DUPLICATE: "plain",
}


def _next(bug: BugReport) -> str:
    words = {
        BugState.RECEIVED: _("The program staff look into it next"),
        BugState.REPRODUCED: _("The program staff can see it too, and decide next"),
        BugState.PLANNED: _("It is on the list of what is mended"),
        BugState.WONT_FIX: _("The reason is below; you can answer it"),
    }
    if bug.state == BugState.FIXED:
        return _("Fixed in %(version)s") % {"version": bug.fixed_in}
    return words[BugState(bug.state)]


def standing(bug: BugReport) -> dict[str, Any]:
    """State and next step as its author reads them. A duplicate stands where the first report stands."""
    first = bug.duplicate_of or bug
    return {
        "state": first.get_state_display(),
        "tone": TONES[BugState(first.state)],
        "next": _next(first),
        "merged": bug.duplicate_of is not None,
        "fixed_in": first.fixed_in,
        "answer": first.answer,
    }


def credit_of(bug: BugReport) -> Price | None:
    """What an accepted report pays, by the tariff of the day it was sent; None while it is not accepted."""
    return price_of(bug.accepted_as, bug.made_at) if bug.accepted_at is not None else None
