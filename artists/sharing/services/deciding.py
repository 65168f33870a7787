"""What reviewers do: decide, ask, undo, tell; and what staff may take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.sharing.clock import clock_of
from artists.sharing.grounds import Ground, ground_called
from artists.sharing.models import Decision, DecisionDraft, Outcome, Question, Release, ShareRequest
from artists.sharing.news import QuestionAsked, SecondNeeded, ShareDecided
from artists.sharing.states import (
    ASK_ARTIST,
    DECIDABLE,
    REST_NO,
    REST_YES,
    REVOKE,
    TELL_NO,
    TELL_YES,
    UNDO,
    UNDO_LATE,
    RequestState,
)
from portal import happenings
from portal.access import Kind, System, require
from portal.audit.chain import record
from portal.machine import move

from .asking import close_page
from .publishing import publish
from .refusing import in_other_state, refusal, too_late

LONGEST_REASON = 4000
CLOCK = System("clock")


@dataclass(frozen=True, slots=True)
class Frames:
    """From the first frame to the last, both included, counted from 0."""

    first: int
    last: int


def rest() -> timedelta:
    """How long a decision rests before anybody is told."""
    return timedelta(minutes=settings.VERNISSAGE_DECISION_REST_MINUTES)


def approve(
    request: ShareRequest, *, actor: Person, reason: str = "", conditions: str = "", ends_at: datetime | None = None
) -> Decision:
    """Let the clip out, under conditions or until a date if need be. Rests first. Raises Refused already-decided, end-past."""
    if ends_at is not None and ends_at <= timezone.now():
        raise refusal(
            "sharing.approve", "end-past", _("The end lies in the past."), _("Choose a later moment, or none.")
        )
    view = Decision(outcome=Outcome.APPROVED, reason=reason.strip(), conditions=conditions.strip(), ends_at=ends_at)
    return _decide(request, view, actor)


def refuse(request: ShareRequest, *, actor: Person, ground: str, reason: str, frames: Frames | None = None) -> Decision:
    """Say no on a published ground, with a sentence that helps. On some grounds a second reviewer must agree.

    Raises Refused ground-missing, ground-unknown, reason-missing, frames-outside, already-decided.
    """
    view = Decision(outcome=Outcome.REFUSED, ground=_checked_ground(ground, "sharing.refuse"), reason=reason.strip())
    if frames is not None:
        check_frames(request, frames)
        view.first_frame, view.last_frame = frames.first, frames.last
    return _decide(request, view, actor)


def check_frames(request: ShareRequest, frames: Frames) -> None:
    """Raises Refused frames-outside for frames that the film does not have."""
    count = request.clip.frames
    if not 0 <= frames.first <= frames.last < count:
        words = _("The film has frames 0 to %(last)s; these are %(first)s to %(to)s.")
        told = words % {"last": count - 1, "first": frames.first, "to": frames.last}
        raise refusal(
            "sharing.refuse", "frames-outside", told, _("Choose frames of this film. What you wrote is kept.")
        )


def _checked_ground(name: str, action: str) -> Ground:
    ground = ground_called(name)
    if not name:
        raise refusal(action, "ground-missing", _("A refusal needs one of the published grounds."), _("Choose one."))
    if ground is None:
        words = _("This is not one of the published grounds; criticism, for one, never is.")
        raise refusal(action, "ground-unknown", words, _("Choose one of the list, or approve."))
    return ground


def _check_words(view: Decision, action: str) -> None:
    if view.outcome == Outcome.REFUSED and not view.reason:
        words = _("A refusal needs a reason.")
        raise refusal(action, "reason-missing", words, _("Say what would make it pass; the artist reads it."))
    for text in (view.reason, view.conditions):
        if len(text) > LONGEST_REASON:
            words = _("A reason has up to %(most)s characters.") % {"most": LONGEST_REASON}
            raise refusal(action, "reason-long", words, _("Shorten it."))


@transaction.atomic
def _decide(request: ShareRequest, view: Decision, actor: Person) -> Decision:
    step = REST_YES if view.outcome == Outcome.APPROVED else REST_NO
    require(step.action, actor, request)
    _check_words(view, step.action)
    fresh = ShareRequest.objects.select_for_update().get(pk=request.pk)
    if fresh.state not in DECIDABLE:
        raise too_late(step.action, fresh)
    others = list(fresh.decisions.filter(stands=True, revokes=False))
    if any(other.reviewer_id == actor.pk for other in others):
        raise refusal(
            step.action, "decided-before", _("Your view is in already."), _("Undo it to change it."), Kind.CONFLICT
        )
    view.request, view.reviewer, view.decided_at = fresh, actor, timezone.now()
    first_no = any(other.outcome == Outcome.REFUSED for other in others)
    if view.outcome == Outcome.REFUSED and Ground(view.ground).needs_second and not first_no:
        return _first_of_two(fresh, view, actor)
    fields = {
        "outcome": view.outcome,
        "tell_at": view.decided_at + rest(),
        "conditions": view.conditions,
        "ends_at": view.ends_at,
        "assigned_to": actor,
    }
    decided, moved = move(fresh, step, actor=actor, fields=fields)
    if not moved:
        raise too_late(step.action, decided)
    view.save()
    DecisionDraft.objects.filter(request=fresh, reviewer=actor).delete()
    return view


def _first_of_two(request: ShareRequest, view: Decision, actor: Person) -> Decision:
    """The request stays open, and free, for somebody who does not know this view; its clock runs on."""
    view.save()
    # A compare-and-set of its own: no move happens here, and the clock may be running out beside it.
    if not ShareRequest.objects.filter(pk=request.pk, state=request.state).update(assigned_to=None):
        raise too_late(REST_NO.action, ShareRequest.objects.get(pk=request.pk))
    record(REST_NO.action, actor=actor, subject=request, detail={"ground": view.ground, "second": "needed"})
    DecisionDraft.objects.filter(request=request, reviewer=actor).delete()
    happenings.announce(SecondNeeded(view.pk))
    return view


@transaction.atomic
def question(request: ShareRequest, *, actor: Person, text: str) -> Question:
    """Ask the artist; the clock stands until the answer. Raises Refused question-missing, question-long, already-decided."""
    require("sharing.question", actor, request)
    kept = text.strip()
    if not kept or len(kept) > LONGEST_REASON:
        words = _("Write a question of up to %(most)s characters.") % {"most": LONGEST_REASON}
        code = "question-long" if kept else "question-missing"
        raise refusal("sharing.question", code, words, _("What you typed is kept."))
    fresh = ShareRequest.objects.select_for_update(of=("self",)).select_related("terms", "artist").get(pk=request.pk)
    now = timezone.now()
    clock = clock_of(fresh, now) if fresh.state == RequestState.IN_REVIEW else None
    if clock is None or clock.ran_out:
        raise too_late("sharing.question", fresh)
    asked = Question.objects.create(request=fresh, reviewer=actor, text=kept, asked_at=now)
    fields = {"clock_from": None, "due_at": None, "clock_left": int(clock.left), "assigned_to": actor}
    moved_to, moved = move(fresh, ASK_ARTIST, actor=actor, fields=fields, news=QuestionAsked(asked.pk))
    if not moved:
        raise too_late("sharing.question", moved_to)
    DecisionDraft.objects.filter(request=fresh, reviewer=actor).delete()
    return asked


@transaction.atomic
def undo(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Take one's last view back, before anybody is told. Raises Refused not-your-decision, already-told."""
    require("sharing.undo", actor, request)
    now = timezone.now()
    fresh = ShareRequest.objects.select_for_update().get(pk=request.pk)
    view = fresh.decisions.filter(stands=True, reviewer=actor, revokes=False).last()
    if fresh.state == RequestState.RESTING:
        step = UNDO if fresh.late_at is None else UNDO_LATE
        fields = {"outcome": "", "tell_at": None, "conditions": "", "ends_at": None}
        fresh, moved = move(fresh, step, actor=actor, fields=fields)
    else:
        moved = fresh.state in DECIDABLE and view is not None  # the first of two views
        if moved:
            record("sharing.undo", actor=actor, subject=fresh)
    if not moved or view is None:
        words = _("It is too late to undo: this request is %(state)s.") % {"state": fresh.get_state_display()}
        raise refusal("sharing.undo", "already-told", words, _("The artist has read the decision."), Kind.CONFLICT)
    Decision.objects.filter(pk=view.pk).update(stands=False, undone_at=now)
    return fresh


@transaction.atomic
def tell_now(request: ShareRequest, *, actor: Person | System) -> Release | None:
    """Let a resting decision take effect; the public page of an approval. Raises Refused state-changed, artist-suspended."""
    fresh = ShareRequest.objects.select_for_update().get(pk=request.pk)
    yes = fresh.outcome == Outcome.APPROVED
    now = timezone.now()
    # The time of the clock is over either way; what stopped it or how late it was is in the record.
    fields = {"tell_at": None, "due_at": None, "clock_from": None, "ended_at": None if yes else now}
    news = ShareDecided(str(fresh.pk), fresh.outcome, now.isoformat())
    told, moved = move(fresh, TELL_YES if yes else TELL_NO, actor=actor, fields=fields, news=news)
    if not moved:
        raise in_other_state("sharing.tell", told)
    told.decisions.filter(stands=True, told_at=None).update(told_at=now)
    return publish(told, actor=actor) if yes else None


@transaction.atomic
def revoke(request: ShareRequest, *, actor: Person, ground: str, reason: str) -> Decision:
    """Take an approval in force back, on a published ground; its page closes at once, and the artist may appeal.

    Raises Refused ground-missing, ground-unknown, reason-missing, state-changed.
    """
    require("sharing.revoke", actor, request)
    now = timezone.now()
    view = Decision(
        request=request,
        reviewer=actor,
        outcome=Outcome.REFUSED,
        ground=_checked_ground(ground, "sharing.revoke"),
        reason=reason.strip(),
        revokes=True,
        decided_at=now,
        told_at=now,
    )
    _check_words(view, "sharing.revoke")
    fields = {"ended_at": now, "outcome": Outcome.REFUSED}
    news = ShareDecided(str(request.pk), Outcome.REFUSED, now.isoformat())
    revoked, moved = move(request, REVOKE, actor=actor, fields=fields, detail={"ground": view.ground}, news=news)
    if not moved:
        raise in_other_state("sharing.revoke", revoked)
    view.save()
    close_page(revoked, actor=actor)
    return view
