"""Staff move reports along, one or many at once, and merge those that say the same; every author keeps their credit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.bugs.kinds import DUPLICATE, NEW
from artists.feedback.bugs.news import BugChanged
from artists.feedback.bugs.refusing import refusal
from artists.feedback.bugs.states import ACCEPTED, MERGE, OPEN, STEPS, BugState
from artists.feedback.models import BugReport
from artists.people.models import Person
from artists.people.roles import Role
from artists.tariff.services import accept_contribution
from portal.access import Decision, Kind, Refused, require
from portal.audit.chain import record
from portal.machine import Move, move

LONGEST_VERSION = 80
LONGEST_ANSWER = 4000
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a report goes: a state, the version it is fixed in, and what its author reads (needed for a no)."""

    state: str
    fixed_in: str = ""
    answer: str = ""


@dataclass(slots=True)
class Moved:
    """What came of a move of many: those that moved, and the others each with its reason."""

    done: list[BugReport] = field(default_factory=list)
    left: list[tuple[BugReport, Decision]] = field(default_factory=list)


def _step(verdict: Verdict) -> Move:
    """The move; what it needs is there. Raises Refused bug-state-unknown, version-missing, version-long, reason-missing, answer-long."""
    step = STEPS.get(BugState(verdict.state)) if verdict.state in BugState.values else None
    if step is None:
        raise refusal(
            "bugs.oversee", "bug-state-unknown", _("A report cannot be put there."), _("Choose another state.")
        )
    if verdict.state == BugState.FIXED and not verdict.fixed_in.strip():
        words = _("Say in which version it is fixed.")
        raise refusal(step.action, "version-missing", words, _("Its author looks there."))
    if len(verdict.fixed_in.strip()) > LONGEST_VERSION:
        raise refusal(step.action, "version-long", _("A version has up to 80 characters."), _("Shorten it."))
    if verdict.state == BugState.WONT_FIX and not verdict.answer.strip():
        words = _("Say why it will not be fixed: its author reads it.")
        raise refusal(step.action, "reason-missing", words, _("Nothing was changed."))
    if len(verdict.answer.strip()) > LONGEST_ANSWER:
        words = _("An answer has up to %(most)s characters.") % {"most": LONGEST_ANSWER}
        raise refusal(step.action, "answer-long", words, _("Shorten it."))
    return step


def _accept(bug: BugReport, kind: str) -> None:
    """Count it as a contribution of its author, once however often it moves; what staff report is their work."""
    if bug.accepted_at is not None or Role.ARTIST not in bug.author.roles:
        return
    now = timezone.now()
    if BugReport.objects.filter(pk=bug.pk, accepted_at=None).update(accepted_at=now, accepted_as=kind):
        accept_contribution(
            source=f"bug:{bug.pk}",
            person=bug.author,
            kind=kind,
            quantity=Decimal(1),
            at=bug.made_at,
            about=_("Bug report %(number)s") % {"number": bug.pk},
        )


def _told(bug: BugReport, state: str) -> BugChanged:
    return BugChanged(bug.pk, bug.changes + 1, state)


@transaction.atomic
def move_bug(bug: BugReport, verdict: Verdict, *, actor: Person) -> BugReport:
    """Put a report into a state; its author, and those of its duplicates, are told.

    Raises Refused bug-state (it is somewhere the move does not begin) and what the verdict lacks, see _step.
    """
    step = _step(verdict)
    fresh = BugReport.objects.select_for_update(of=("self",)).select_related("author").get(pk=bug.pk)
    ended = verdict.state not in OPEN
    fields: dict[str, Any] = {
        "ended_at": timezone.now() if ended else None,
        "duplicate_of": None,
        "changes": F("changes") + 1,
        "fixed_in": verdict.fixed_in.strip() if verdict.state == BugState.FIXED else "",
        "answer": verdict.answer.strip(),
    }
    # The number of the change in the WHERE: the news is of this very change.
    where = {"changes": fresh.changes}
    done, moved = move(fresh, step, actor=actor, fields=fields, where=where, news=_told(fresh, verdict.state))
    if not moved:
        require(step.action, actor, done)
        words = _("This report is %(state)s: it cannot be put there.") % {"state": done.get_state_display()}
        raise refusal(step.action, "bug-state", words, _("Load it again and look."), Kind.CONFLICT)
    if verdict.state in ACCEPTED:
        _accept(done, NEW)
    return BugReport.objects.get(pk=bug.pk)


def move_bugs(bugs: Iterable[BugReport], verdict: Verdict, *, actor: Person) -> Moved:
    """The same for many, each by itself. Raises Refused bugs-none, bugs-too-many and what the verdict lacks."""
    require("bugs.oversee", actor)
    _step(verdict)
    chosen = list(bugs)
    if not chosen:
        raise refusal("bugs.oversee", "bugs-none", _("No report is ticked."), _("Tick those that you mean."))
    if len(chosen) > MOST_AT_ONCE:
        words = _("These are more than %(most)s reports.") % {"most": MOST_AT_ONCE}
        raise refusal("bugs.oversee", "bugs-too-many", words, _("Tick fewer."))
    result = Moved()
    for bug in chosen:
        try:
            result.done.append(move_bug(bug, verdict, actor=actor))
        except Refused as refused:
            result.left.append((bug, refused.decision))
    return result


def _first(bug: BugReport, other: BugReport) -> BugReport:
    """The first report of the kind that `other` is. Raises Refused merge-itself, merge-circle."""
    if bug.pk == other.pk:
        raise refusal("bugs.merge", "merge-itself", _("A report cannot be merged into itself."), _("Name another one."))
    first = other.duplicate_of or other
    if first.pk == bug.pk:
        words = _("Report %(other)s is merged into this one already: they would name each other.") % {"other": other.pk}
        raise refusal("bugs.merge", "merge-circle", words, _("Reopen the other one first."), Kind.CONFLICT)
    return first


def _credit(bug: BugReport, first: BugReport) -> bool:
    """Whether this duplicate is a contribution of its own: nobody is credited twice for one bug."""
    same = BugReport.objects.filter(duplicate_of=first, author_id=bug.author_id).exclude(pk=bug.pk)
    return bug.author_id != first.author_id and not same.filter(accepted_at__isnull=False).exists()


@transaction.atomic
def merge_bug(bug: BugReport, other: BugReport, *, actor: Person) -> BugReport:
    """Say that a report tells of the same as another one, or as what that one was merged into. Both authors keep it.

    Reports that were merged into this one go along. Raises Refused merge-itself, merge-circle, bug-state.
    """
    require("bugs.merge", actor, bug)
    # Both locks, always in the same order: two who merge two reports into each other see each other.
    rows = BugReport.objects.select_for_update(of=("self",)).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in={bug.pk, other.pk, other.duplicate_of_id or other.pk})}
    fresh, into = locked[bug.pk], locked[other.pk]
    first = _first(fresh, into)
    BugReport.objects.filter(duplicate_of=fresh).update(duplicate_of=first)
    fields = {"duplicate_of": first, "ended_at": timezone.now(), "changes": F("changes") + 1}
    done, moved = move(
        fresh,
        MERGE,
        actor=actor,
        fields=fields,
        where={"changes": fresh.changes},
        detail={"into": first.pk},
        news=_told(fresh, BugState.DUPLICATE),
    )
    if not moved:
        words = _("This report is %(state)s: it cannot be merged.") % {"state": done.get_state_display()}
        raise refusal("bugs.merge", "bug-state", words, _("Reopen it first."), Kind.CONFLICT)
    if _credit(done, first):
        _accept(done, DUPLICATE)
    record("bugs.merged_into", actor=actor, subject=first, detail={"report": done.pk})
    return BugReport.objects.get(pk=bug.pk)
