"""What staff do: hand requests to reviewers, publish the terms, word the grounds, answer what the public reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.clock import Calendar
from artists.sharing.grounds import DEFINITIONS, EXAMPLES, LONGEST_WORDING, Ground, ground_called, names_criticism
from artists.sharing.live import REVIEW
from artists.sharing.models import Concern, Consequence, GroundWording, ShareRequest, Terms
from artists.sharing.models.terms import MOST_HOURS
from artists.sharing.news import ConcernAnswered, SharesAssigned
from artists.sharing.queries import grounds
from artists.sharing.states import ANSWER_CONCERN, DECIDABLE
from portal import happenings
from portal.access import ALLOWED, Decision, Kind, Refused, check, denied, require
from portal.audit.chain import record
from portal.events.publish import publish as signal
from portal.events.publish import role_channel
from portal.machine import move

from .refusing import in_other_state, refusal

MOST_AT_ONCE = 100
MOST_HOLIDAYS = 400
LONGEST_ANSWER = 4000
DAYS = range(7)


# Assignment.


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of a list: requests that are somebody's now, and those left as they were, each with why."""

    done: list[ShareRequest] = field(default_factory=list)
    left: list[tuple[ShareRequest, Decision]] = field(default_factory=list)


def may_be_given(reviewer: Person, request: ShareRequest) -> Decision:
    """Whether this person may decide this request, in words for whoever hands it out."""
    if request.state not in DECIDABLE:
        words = _("It is %(state)s: nothing is left to decide.") % {"state": request.get_state_display()}
        return denied("state-changed", words, kind=Kind.CONFLICT)
    if request.decisions.filter(stands=True, reviewer_id=reviewer.pk).exists():
        return denied("decided-before", _("Their own view is in; it waits for a second reviewer."), kind=Kind.CONFLICT)
    found = check("sharing.refuse", reviewer, request)
    if found:
        return ALLOWED
    told = {
        "own-work": _("It is their own work."),
        "conflict-declared": _("They declared a conflict of interest with it."),
        "statement-missing": _("Their statements for its artist's cohort are missing."),
        "role": _("They are no reviewer."),
        "account-stopped": _("Their account is not in use."),
    }
    return denied(found.code, told.get(found.code, found.reason), kind=found.kind)


@transaction.atomic
def assign(requests: Iterable[ShareRequest], *, actor: Person, reviewer: Person | None) -> Assigned:
    """Hand requests to a reviewer, or set them free (None). What cannot be theirs is left as it was, with the reason.

    Raises Refused requests-missing, requests-many.
    """
    wanted = list(requests)
    if not wanted:
        raise refusal("sharing.assign", "requests-missing", _("No request was chosen."), _("Tick some, then assign."))
    if len(wanted) > MOST_AT_ONCE:
        words = _("Up to %(most)s requests are assigned at once.") % {"most": MOST_AT_ONCE}
        raise refusal("sharing.assign", "requests-many", words, _("Choose fewer. Nothing was assigned."))
    result = Assigned()
    for request in wanted:
        require("sharing.assign", actor, request)
        # Under lock, so that a conflict declared at the same moment is seen, or sees this.
        fresh = ShareRequest.objects.select_for_update(of=("self",)).select_related("artist").get(pk=request.pk)
        why = _free(fresh) if reviewer is None else may_be_given(reviewer, fresh)
        if why and not ShareRequest.objects.filter(pk=fresh.pk, state__in=DECIDABLE).update(assigned_to=reviewer):
            why = in_other_state("sharing.assign", ShareRequest.objects.get(pk=fresh.pk)).decision
        if not why:
            result.left.append((fresh, why))
            continue
        to = "" if reviewer is None else reviewer.label
        record("sharing.assign", actor=actor, subject=fresh, detail={"to": to, "to_id": reviewer and reviewer.pk})
        result.done.append(fresh)
    if result.done:
        signal(role_channel(Role.REVIEWER), REVIEW)
    if result.done and reviewer is not None and reviewer.pk != actor.pk:
        first, at = str(result.done[0].pk), timezone.now().isoformat()
        happenings.announce(SharesAssigned(reviewer.pk, len(result.done), first, at))
    return result


def refusal_of_assignment(name: str) -> Decision:
    """Why nothing can be assigned to what was chosen: nobody, or somebody who is no reviewer now."""
    if not name:
        return denied(
            "reviewer-missing", _("Nobody was chosen."), todo=_("Choose a reviewer. Nothing was assigned."), kind=Kind.INVALID
        )  # fmt: skip
    words = _("Whom you chose is no reviewer, or not in use any more.")
    return denied("reviewer-unknown", words, todo=_("Choose another. Nothing was assigned."), kind=Kind.INVALID)


def _free(request: ShareRequest) -> Decision:
    if request.state in DECIDABLE:
        return ALLOWED
    return in_other_state("sharing.assign", request).decision


# Terms.


@dataclass(frozen=True, slots=True)
class Promise:
    """What a program promises about the clock, before it is checked."""

    hours: int
    consequence: str
    working_days: Sequence[int] = ()
    holidays: Sequence[str] = ()
    zone: str = "UTC"


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _no(code: str, reason: str, todo: str = "") -> Refused:
    return refusal("sharing.set_terms", code, reason, todo or _("Nothing was published; what you typed is kept."))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        words = _("“%(text)s” is not a date.") % {"text": text.strip()[:40]}
        raise _no("holiday-not-a-date", words, _("Write one date on each line, as 2026-12-25.")) from None


def terms_of(promise: Promise) -> Terms:
    """The terms that would be published, not saved.

    Raises Refused hours-outside, consequence-unknown, day-unknown, zone-unknown, holiday-not-a-date, holidays-many,
    no-day-counts.
    """
    if not 1 <= promise.hours <= MOST_HOURS:
        words = _("The clock runs for 1 to %(most)s hours.") % {"most": MOST_HOURS}
        raise _no("hours-outside", words)
    if promise.consequence not in Consequence.values:
        raise _no("consequence-unknown", _("Say what silence means: approved, or escalated to the staff."))
    if any(day not in DAYS for day in promise.working_days):
        raise _no("day-unknown", _("A working day is a number from 0 (Monday) to 6 (Sunday)."))
    if promise.zone not in _zones():
        words = _("There is no time zone called “%(zone)s”.") % {"zone": promise.zone[:60]}
        raise _no("zone-unknown", words, _("Name one as in Europe/Berlin, or UTC."))
    holidays = sorted({_day(text) for text in promise.holidays if text.strip()})
    if len(holidays) > MOST_HOLIDAYS:
        raise _no("holidays-many", _("Up to %(most)s holidays are kept.") % {"most": MOST_HOLIDAYS})
    # All seven days are the same as none named: every day counts.
    days = sorted(set(promise.working_days))
    now = timezone.now()
    terms = Terms(
        hours=promise.hours,
        consequence=promise.consequence,
        working_days=[] if len(days) == len(DAYS) else days,
        holidays=holidays,
        zone=promise.zone,
        since=now,
    )
    try:
        Calendar.of(terms).after(now, terms.hours * 3600)
    except ValueError:
        words = _("In this calendar too few days count: the clock would never run out.")
        raise _no("no-day-counts", words, _("Choose more working days, or fewer holidays.")) from None
    return terms


@transaction.atomic
def publish_terms(promise: Promise, *, actor: Person) -> Terms:
    """Publish terms for requests sent from now on; those sent before keep theirs. Raises Refused as terms_of, terms-same."""
    require("sharing.set_terms", actor)
    terms = terms_of(promise)
    names = ("hours", "consequence", "working_days", "holidays", "zone")
    before = Terms.objects.filter(since__lte=terms.since).first()
    if before is not None and before.by_id and all(getattr(before, name) == getattr(terms, name) for name in names):
        words = _("These are the terms that are in force already.")
        raise refusal("sharing.set_terms", "terms-same", words, _("Nothing was changed."), Kind.CONFLICT)
    terms.by, terms.by_label = actor, actor.label[:200]
    terms.save()
    record("sharing.set_terms", actor=actor, subject=terms, detail={name: getattr(terms, name) for name in names})
    return terms


# Grounds.


@transaction.atomic
def word_ground(ground: str, *, actor: Person, definition: str, example: str = "") -> GroundWording:
    """How this program words a ground of the closed list.

    Raises Refused ground-unknown, definition-missing, wording-long, ground-criticism.
    """
    require("sharing.word_ground", actor)
    known = ground_called(ground)
    if known is None:
        words = _("This is not one of the published grounds; nobody can add one.")
        raise refusal("sharing.word_ground", "ground-unknown", words, kind=Kind.MISSING)
    said = {"definition": definition.strip(), "example": example.strip()}
    if not said["definition"]:
        words = _("A ground needs a definition.")
        raise refusal("sharing.word_ground", "definition-missing", words, _("Or go back to the default wording."))
    if any(len(text) > LONGEST_WORDING for text in said.values()):
        words = _("A wording has up to %(most)s characters.") % {"most": LONGEST_WORDING}
        raise refusal("sharing.word_ground", "wording-long", words, _("Shorten it."))
    if any(names_criticism(text) for text in said.values()):
        words = _("Criticism of the program or of the model is never a ground, in no wording.")
        raise refusal("sharing.word_ground", "ground-criticism", words, _("Word it without. What you typed is kept."))
    before = GroundWording.objects.select_for_update().filter(ground=known).values("definition", "example").first()
    kept, _made = GroundWording.objects.update_or_create(ground=known, defaults=said | {"by_label": actor.label[:200]})
    detail = {"ground": str(known), "before": before or _default(known), "now": said}
    record("sharing.word_ground", actor=actor, subject=kept, detail=detail)
    return kept


def _default(ground: Ground) -> dict[str, str]:
    return {"definition": str(DEFINITIONS[ground]), "example": str(EXAMPLES[ground])}


@transaction.atomic
def reset_ground(ground: str, *, actor: Person) -> bool:
    """Back to the default wording; whether another one stood there. Raises Refused ground-unknown."""
    require("sharing.word_ground", actor)
    known = ground_called(ground)
    if known is None:
        words = _("This is not one of the published grounds; nobody can add one.")
        raise refusal("sharing.word_ground", "ground-unknown", words, kind=Kind.MISSING)
    before = next(one for one in grounds() if one.ground == known)
    removed, _each = GroundWording.objects.filter(ground=known).delete()
    if removed:
        was = {"definition": before.definition, "example": before.example}
        detail = {"ground": str(known), "before": was, "now": "default"}
        record("sharing.word_ground", actor=actor, detail=detail)
    return bool(removed)


# Concerns.


def answer_concern(concern: Concern, *, actor: Person, text: str) -> Concern:
    """Answer what somebody of the public reported; who left an address is written to.

    Raises Refused answer-missing, answer-long, concern-answered.
    """
    require("sharing.answer_concern", actor, concern)
    kept = text.strip()
    if not kept or len(kept) > LONGEST_ANSWER:
        words = _("Write an answer of up to %(most)s characters.") % {"most": LONGEST_ANSWER}
        code = "answer-long" if kept else "answer-missing"
        raise refusal("sharing.answer_concern", code, words, _("What you typed is kept."))
    fields: dict[str, Any] = {"answer": kept, "answered_at": timezone.now(), "answered_by_label": actor.label[:200]}
    answered, moved = move(concern, ANSWER_CONCERN, actor=actor, fields=fields, news=ConcernAnswered(concern.pk))
    if not moved:
        words = _("%(name)s answered this already.") % {"name": answered.answered_by_label}
        todo = _("Nothing of yours was sent; what you wrote is kept.")
        raise refusal("sharing.answer_concern", "concern-answered", words, todo, Kind.CONFLICT)
    return answered
