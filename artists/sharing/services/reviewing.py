"""What reviewers do before they decide: notes on frames, a draft, a conflict, taking and giving back, time at the film."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.live import tell_reviewers
from artists.sharing.models import Conflict, Decision, DecisionDraft, Note, ShareRequest, Sitting
from artists.sharing.news import ShareReassigned
from artists.sharing.states import DECIDABLE, RequestState
from portal import happenings
from portal.access import Kind, check, require
from portal.audit.chain import record

from .deciding import LONGEST_REASON, Frames, check_frames, undo
from .refusing import in_other_state, refusal, too_late

# While a reviewer works on it, also when the artist is asked something meanwhile.
AT_WORK: Final = (*DECIDABLE, RequestState.QUESTION)
DRAFTED: Final = frozenset(
    {
        "outcome", "ground", "reason", "conditions", "question", "ends_at", "first_frame", "last_frame",
        "note", "note_first", "note_last",
    }
)  # fmt: skip
NOTED: Final = ("note", "note_first", "note_last")
LONGEST_DRAFT: Final = 20_000
BEAT: Final = timedelta(seconds=60)


def add_note(request: ShareRequest, *, actor: Person, frames: Frames, text: str) -> Note:
    """A remark on frames of the film. Raises Refused note-missing, note-long, frames-outside, state-changed."""
    require("sharing.note", actor, request)
    kept = text.strip()
    if not kept or len(kept) > LONGEST_REASON:
        words = _("Write a note of up to %(most)s characters.") % {"most": LONGEST_REASON}
        raise refusal("sharing.note", "note-long" if kept else "note-missing", words, _("What you typed is kept."))
    check_frames(request, frames)
    with transaction.atomic():
        _still_at_work(request, "sharing.note")
        note = Note.objects.create(
            request=request,
            reviewer=actor,
            first_frame=frames.first,
            last_frame=frames.last,
            fps_numerator=request.clip.fps_numerator,
            fps_denominator=request.clip.fps_denominator,
            text=kept,
        )
        keep_draft(request, actor=actor, values=dict.fromkeys(NOTED, ""))
    return note


def remove_note(note: Note, *, actor: Person) -> None:
    """Take one's own note back while nothing is decided. Raises Refused not-your-note, state-changed."""
    require("sharing.note", actor, note.request)
    if note.reviewer_id != actor.pk:
        raise refusal("sharing.note", "not-your-note", _("Somebody else wrote this note."), kind=Kind.FORBIDDEN)
    with transaction.atomic():
        _still_at_work(note.request, "sharing.note")
        note.delete()


def _still_at_work(request: ShareRequest, action: str) -> ShareRequest:
    """The fresh row, locked. Raises Refused state-changed once it is decided, taken back or over."""
    fresh = ShareRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if fresh.state not in AT_WORK:
        raise in_other_state(action, fresh)
    return fresh


def keep_draft(request: ShareRequest, *, actor: Person, values: Mapping[str, str]) -> DecisionDraft | None:
    """Keep what a reviewer is writing, in every state of the request; nothing written keeps nothing. Raises Refused draft-long.

    Fields that are not given stay as they were; empty ones are forgotten.
    """
    require("sharing.review", actor, request)
    before = DecisionDraft.objects.filter(request=request, reviewer=actor).values_list("values", flat=True).first()
    merged = {**(before or {}), **values}
    kept = {name: merged[name] for name in sorted(DRAFTED) if merged.get(name, "").strip()}
    if sum(map(len, kept.values())) > LONGEST_DRAFT:
        words = _("A draft has up to %(most)s characters.") % {"most": LONGEST_DRAFT}
        raise refusal("sharing.review", "draft-long", words, _("Shorten it; the draft before is kept."))
    if not kept:
        discard_draft(request, actor=actor)
        return None
    draft, _new = DecisionDraft.objects.update_or_create(request=request, reviewer=actor, defaults={"values": kept})
    return draft


def discard_draft(request: ShareRequest, *, actor: Person) -> None:
    """Throw one's own draft away."""
    require("sharing.review", actor, request)
    DecisionDraft.objects.filter(request=request, reviewer=actor).delete()


@transaction.atomic
def take_back(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Undo one's last view and keep what it said as a draft. Raises Refused not-your-decision, already-told."""
    view = request.decisions.filter(stands=True, reviewer=actor, revokes=False).last()
    undone = undo(request, actor=actor)
    if view is not None:
        keep_draft(undone, actor=actor, values=draft_of_view(view))
    return undone


def draft_of_view(view: Decision) -> dict[str, str]:
    """An undone decision as a draft: one goes on from what one had written."""
    outcome = (
        "refuse" if view.outcome == "refused" else ("conditions" if view.conditions or view.ends_at else "approve")
    )
    values: dict[str, Any] = {
        "outcome": outcome,
        "ground": view.ground,
        "reason": view.reason,
        "conditions": view.conditions,
        "ends_at": timezone.localtime(view.ends_at).strftime("%Y-%m-%dT%H:%M") if view.ends_at else "",
        "first_frame": "" if view.first_frame is None else view.first_frame,
        "last_frame": "" if view.last_frame is None else view.last_frame,
    }
    return {name: str(value) for name, value in values.items()}


def take(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Take a free request for oneself; once more is no error. Raises Refused taken-already, already-decided."""
    require("sharing.take", actor, request)
    free = Q(assigned_to=None) | Q(assigned_to=actor)
    taken = ShareRequest.objects.filter(free, pk=request.pk, state__in=AT_WORK).update(assigned_to=actor)
    fresh = ShareRequest.objects.get(pk=request.pk)
    if not taken and fresh.state in AT_WORK:
        words = _("Another reviewer has taken this request.")
        raise refusal(
            "sharing.take", "taken-already", words, _("Take another one, or decide it all the same."), Kind.CONFLICT
        )
    if not taken:
        raise too_late("sharing.take", fresh)
    if request.assigned_to_id != actor.pk:
        record("sharing.take", actor=actor, subject=fresh)
        tell_reviewers()
    return fresh


def give_back(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Let somebody else have it; what is not one's own stays as it is."""
    require("sharing.take", actor, request)
    mine = ShareRequest.objects.filter(pk=request.pk, assigned_to=actor, state__in=AT_WORK)
    if mine.update(assigned_to=None):
        record("sharing.give_back", actor=actor, subject=request)
        tell_reviewers()
    return ShareRequest.objects.get(pk=request.pk)


@transaction.atomic
def stand_back(request: ShareRequest, *, actor: Person, words: str = "") -> Person | None:
    """Declare a conflict of interest: it goes to the reviewer with the least open work who may have it, or to nobody yet.

    Somebody else who has it keeps it. Raises Refused decided-before, conflict-long, already-decided.
    """
    require("sharing.stand_back", actor, request)
    kept = words.strip()
    most = Conflict._meta.get_field("words").max_length or 0  # noqa: SLF001 - Django's documented Model API
    if len(kept) > most:
        told = _("Say it in up to %(most)s characters.") % {"most": most}
        raise refusal("sharing.stand_back", "conflict-long", told, _("Shorten it."))
    fresh = ShareRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if fresh.state not in AT_WORK:
        raise too_late("sharing.stand_back", fresh)
    if fresh.decisions.filter(stands=True, reviewer=actor).exists():
        told = _("Your view is in already.")
        raise refusal("sharing.stand_back", "decided-before", told, _("Undo it first."), Kind.CONFLICT)
    _conflict, new = Conflict.objects.get_or_create(request=fresh, reviewer=actor, defaults={"words": kept})
    if not new:
        return fresh.assigned_to
    if fresh.assigned_to_id not in {None, actor.pk}:
        record("sharing.stand_back", actor=actor, subject=fresh)
        return fresh.assigned_to
    other = next(iter(_who_may_decide(fresh)), None)
    ShareRequest.objects.filter(pk=fresh.pk, assigned_to=fresh.assigned_to_id).update(assigned_to=other)
    record("sharing.stand_back", actor=actor, subject=fresh, detail={"to": other.pk if other else None})
    happenings.announce(ShareReassigned(str(fresh.pk), other.pk if other else None, timezone.now().isoformat()))
    tell_reviewers()
    return other


def _who_may_decide(request: ShareRequest) -> list[Person]:
    """Reviewers who stated, made no part of it, declared no conflict and have no view yet; the least open work first."""
    taken = ShareRequest.objects.filter(state__in=AT_WORK, assigned_to__isnull=False).values("assigned_to")
    work = dict(taken.annotate(n=Count("pk")).values_list("assigned_to", "n"))
    seen = request.decisions.filter(stands=True, reviewer__isnull=False).values("reviewer")
    found = Person.objects.filter(grants__role=Role.REVIEWER, is_active=True).exclude(pk__in=seen).distinct()
    able = [person for person in found if check("sharing.refuse", person, request)]
    return sorted(able, key=lambda person: (work.get(person.pk, 0), person.pk))


def beat(request: ShareRequest, *, actor: Person, begins: bool = False) -> Sitting:
    """The page was in view until now: adds the time since the last sign of life, at most a minute of it.

    `begins`: the page was only just opened, and what lies before a gap was not spent here. Two windows do not count twice.
    """
    require("sharing.review", actor, request)
    now = timezone.now()
    sitting, new = Sitting.objects.get_or_create(
        request=request, reviewer=actor, defaults={"began_at": now, "seen_at": now}
    )
    if new:
        return sitting
    since = max(now - sitting.seen_at, timedelta())
    counted = 0 if begins and since > BEAT else int(min(since, BEAT).total_seconds())
    same = Sitting.objects.filter(pk=sitting.pk, seen_at=sitting.seen_at)
    # Parts of a second are not lost: the moment of the last sign moves on by what was counted, unless it jumps a gap.
    seen_at = now if since > BEAT else sitting.seen_at + timedelta(seconds=counted)
    same.update(seconds=F("seconds") + counted, seen_at=seen_at)
    sitting.refresh_from_db()
    return sitting
