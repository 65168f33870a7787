"""Where a request stands, in words, and who acts next: one answer for every page."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from .clock import Clock, clocks_of
from .models import Collaborator, ShareRequest
from .states import OPEN, CollaboratorState, RequestState

TONES = {
    RequestState.DRAFT: "yours",
    RequestState.WAITING: "info",
    RequestState.IN_REVIEW: "info",
    RequestState.QUESTION: "yours",
    RequestState.ESCALATED: "warn",
    RequestState.APPROVED: "ok",
    RequestState.REFUSED: "stop",
    RequestState.IN_APPEAL: "info",
    RequestState.WITHDRAWN: "plain",
    RequestState.EXPIRED: "plain",
}


def shown_state(request: ShareRequest) -> RequestState:
    """The state as those who made the work see it: a decision that rests is not told yet."""
    state = RequestState(request.state)
    if state != RequestState.RESTING:
        return state
    return RequestState.IN_REVIEW if request.late_at is None else RequestState.ESCALATED


def _next(request: ShareRequest, state: RequestState, clock: Clock | None) -> str:
    if state == RequestState.IN_REVIEW:
        if clock is not None and clock.stopped_by == "suspension":
            return _("A reviewer decides next; the clock stands as long as you are suspended.")
        after = _("then it is approved") if _silence_approves(request) else _("then the program staff take it")
        return _("A reviewer decides next, inside the clock; %(after)s.") % {"after": after}
    if state == RequestState.APPROVED and request.embargo_until and request.embargo_until > timezone.now():
        return _("It becomes public when the embargo ends. You may withdraw it at any time.")
    nexts = {
        RequestState.DRAFT: _("Finish it and send it; only you see it."),
        RequestState.WAITING: _("Those who made it with you answer next."),
        RequestState.QUESTION: _("Yours to answer; the clock stands until then."),
        RequestState.ESCALATED: _("Nobody decided in time. The program staff act next."),
        RequestState.APPROVED: _("It is public now. You may withdraw it at any time."),
        RequestState.REFUSED: _("The ground and the reason are below. You may appeal, or ask again."),
        RequestState.IN_APPEAL: _("Somebody other than who decided answers next."),
        RequestState.WITHDRAWN: _("Nothing more happens. You may ask again."),
        RequestState.EXPIRED: _("Its time is over. You may ask again."),
    }
    return nexts[state]


def _silence_approves(request: ShareRequest) -> bool:
    return request.terms is not None and request.terms.consequence == "approved"


def _stands(request: ShareRequest, clock: Clock | None) -> str:
    """What a stopped clock says; empty while it runs, and where there is none."""
    if clock is None or clock.runs or request.terms is None:
        return ""
    left = {"left": max(0, round(clock.left / 3600)), "of": request.terms.hours}
    return _("The clock stands with %(left)s of its %(of)s hours left") % left


def _next_for(part: Collaborator, state: RequestState) -> str:
    """What is said otherwise to somebody who made the work too."""
    if state == RequestState.WAITING and part.state == CollaboratorState.ASKED:
        return _("Yours to confirm or decline; nothing is sent to review before.")
    return {
        RequestState.DRAFT: _("Its artist is rewriting it; you are asked anew."),
        RequestState.WAITING: _("The others who made it answer next."),
        RequestState.QUESTION: _("Its artist answers a reviewer's question next; the clock stands until then."),
        RequestState.REFUSED: _("The ground and the reason are below. Its artist may appeal, or ask again."),
        RequestState.WITHDRAWN: _("Nothing more happens."),
        RequestState.EXPIRED: _("Its time is over."),
    }.get(state, "")


def standings(
    requests: Collection[ShareRequest], parts: Mapping[UUID, Collaborator] | None = None
) -> list[dict[str, Any]]:
    """Of each: state, tone, who acts next and the clock; `clock` is None while nothing runs or stands.

    `parts`: by request, the place of whoever reads it among those who made the work with its artist.
    """
    clocks = clocks_of(requests, timezone.now())
    return [_standing(request, clocks[request.pk], (parts or {}).get(request.pk)) for request in requests]


def standing(request: ShareRequest, part: Collaborator | None = None) -> dict[str, Any]:
    """Of one."""
    return standings([request], {} if part is None else {request.pk: part})[0]


def _standing(request: ShareRequest, clock: Clock | None, part: Collaborator | None) -> dict[str, Any]:
    state = shown_state(request)
    asked = part is not None and state == RequestState.WAITING and part.state == CollaboratorState.ASKED
    if state not in {RequestState.IN_REVIEW, RequestState.QUESTION}:
        clock = None
    return {
        "name": str(state),
        "state": str(state.label).capitalize(),
        "tone": "yours" if asked else "info" if part is not None and TONES[state] == "yours" else TONES[state],
        "next": (part is not None and _next_for(part, state)) or _next(request, state, clock),
        "yours": asked or (part is None and state in {RequestState.DRAFT, RequestState.QUESTION}),
        "asked": asked,
        "open": state in OPEN,
        "approved": state == RequestState.APPROVED,
        "clock": clock,
        "stands": _stands(request, clock),
    }
