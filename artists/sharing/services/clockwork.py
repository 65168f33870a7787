"""What time does by itself: clocks that run out, decisions that have rested, approvals and waits that end.

Each pass looks at what is due and takes every row along by compare-and-set: two sweeps at once, a reviewer or an artist
beside them have one winner, and nothing that became due while nobody swept is lost.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from artists.sharing.clock import Calendar, clock_of
from artists.sharing.models import Consequence, Decision, Outcome, ShareRequest
from artists.sharing.news import ShareByClock, ShareExpired, ShareLate
from artists.sharing.states import CLOCK_APPROVES, CLOCK_ESCALATES, EXPIRE, RequestState
from portal.access import Refused
from portal.machine import move

from .asking import close_page
from .deciding import CLOCK, tell_now
from .publishing import publish

CONFIRM_WITHIN = timedelta(days=14)
ANSWER_WITHIN = timedelta(days=30)
LOOK_AGAIN = timedelta(minutes=1)
MOST = 200


def tell_rested() -> int:
    """Decisions that have rested take effect; an approval waits while its artist is suspended."""
    due = ShareRequest.objects.filter(state=RequestState.RESTING, tell_at__lte=timezone.now()).order_by("tell_at")
    return sum(_told(request) for request in due[:MOST])


def _told(request: ShareRequest) -> bool:
    try:
        tell_now(request, actor=CLOCK)
    except Refused as refused:
        if refused.decision.code == "artist-suspended":
            later = timezone.now() + LOOK_AGAIN
            ShareRequest.objects.filter(pk=request.pk, state=RequestState.RESTING).update(tell_at=later)
        return False
    return True


def run_out() -> int:
    """The promised consequence for every request whose clock has run out."""
    due = ShareRequest.objects.filter(state=RequestState.IN_REVIEW, due_at__lte=timezone.now())
    return sum(_ran_out(request) for request in due.select_related("terms", "artist").order_by("due_at")[:MOST])


@transaction.atomic
def _ran_out(request: ShareRequest) -> bool:
    now = timezone.now()
    clock = clock_of(request, now)
    if clock is None or request.terms is None:
        return False
    same = {"due_at": request.due_at}
    if not clock.ran_out or clock.stopped_by:
        # Suspensions since have moved the end; while one is in force the end only moves further.
        later = Calendar.of(request.terms).after(now, max(clock.left, LOOK_AGAIN.total_seconds()))
        ShareRequest.objects.filter(pk=request.pk, state=RequestState.IN_REVIEW, **same).update(
            due_at=clock.due_at if clock.runs else later
        )
        return False
    # A refusal that waits for its second is no silence: then people go on, however the terms read.
    waits = request.decisions.filter(stands=True, outcome=Outcome.REFUSED).exists()
    if request.terms.consequence == Consequence.ESCALATED or waits:
        return _escalated(request, same)
    stopped = {"clock_from": None, "due_at": None, "clock_left": 0, "outcome": Outcome.APPROVED}
    try:
        approved, moved = move(
            request, CLOCK_APPROVES, actor=CLOCK, fields=stopped, where=same, news=ShareByClock(str(request.pk))
        )
    except Refused:  # suspended between the look at the clock and the move
        return False
    if moved:
        Decision.objects.create(request=approved, outcome=Outcome.APPROVED, decided_at=now, told_at=now)
        publish(approved, actor=CLOCK)
    return moved


def _escalated(request: ShareRequest, same: dict[str, object]) -> bool:
    fields = {"clock_from": None, "due_at": None, "clock_left": 0, "late_at": timezone.now()}
    try:
        return move(request, CLOCK_ESCALATES, actor=CLOCK, fields=fields, where=same, news=ShareLate(str(request.pk)))[
            1
        ]
    except Refused:
        return False


def expire() -> int:
    """Approvals whose time is over, collaborators and artists who did not answer."""
    now = timezone.now()
    requests = ShareRequest.objects
    ended = requests.filter(state=RequestState.APPROVED, ends_at__lte=now)
    unconfirmed = requests.filter(state=RequestState.WAITING, asked_at__lte=now - CONFIRM_WITHIN)
    unanswered = requests.filter(
        state=RequestState.QUESTION, questions__answered_at=None, questions__asked_at__lte=now - ANSWER_WITHIN
    )
    causes = (("approval", ended), ("confirmation", unconfirmed), ("answer", unanswered))
    return sum(_expired(request, how) for how, found in causes for request in found[:MOST])


@transaction.atomic
def _expired(request: ShareRequest, how: str) -> bool:
    fields = {"ended_at": timezone.now(), "ended_how": how, "clock_from": None, "due_at": None}
    expired, moved = move(request, EXPIRE, actor=CLOCK, fields=fields, news=ShareExpired(str(request.pk)))
    if moved:
        close_page(expired, actor=CLOCK)
    return moved
