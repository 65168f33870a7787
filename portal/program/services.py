"""Acts on the program and its cohorts."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.names import is_same_name
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.machine import move

from .models import Cohort, Leaving, Membership, Program, Statement, StatementKind
from .queries import membership_of
from .states import (
    CLOSE_COHORT,
    CLOSE_PROGRAM,
    OPEN_COHORT,
    OPEN_PROGRAM,
    RETURN_TO_PROGRAM,
    UNDO_LEAVING,
    Doors,
    LeavingState,
)

COOLING = timedelta(days=14)
LONGEST_STATEMENT = 4_000


@dataclass(frozen=True, slots=True)
class CohortTerms:
    """Everything staff decide about a cohort but its doors; None means no limit, an empty list means all."""

    name: str
    daily_seconds: int
    at_once: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    allowed_models: list[str] = field(default_factory=list)
    allowed_sizes: list[str] = field(default_factory=list)
    total_seconds: int | None = None
    daily_gpu_seconds: int | None = None
    total_gpu_seconds: int | None = None
    wall: bool = False
    pay: str = ""


def _refuse(action: str, code: str, words: Any, todo: Any) -> Refused:
    return Refused(action, denied(code, words, todo=todo, kind=Kind.INVALID))


@transaction.atomic
def start_program(name: str, *, actor: Actor, purpose: str = "", contact: str = "") -> Program:
    """Name the program of this installation; it opens closed. An existing one only gets the new words."""
    require("program.start", actor, None)
    program, new = Program.objects.update_or_create(
        id=1,
        defaults={"name": name, "purpose": purpose, "contact": contact},
        create_defaults={"name": name, "purpose": purpose, "contact": contact, "state": Doors.CLOSED},
    )
    record("program.start", actor=actor, subject=program, detail={"new": new})
    return program


@transaction.atomic
def make_cohort(slug: str, name: str, *, daily_seconds: int, at_once: int, actor: Actor) -> Cohort:
    """A cohort with its quota, closed until opened. The same slug again changes name and quota."""
    require("program.start", actor, None)
    cohort, new = Cohort.objects.update_or_create(
        slug=slug, defaults={"name": name, "daily_seconds": daily_seconds, "at_once": at_once}
    )
    record("program.make_cohort", actor=actor, subject=cohort, detail={"new": new, "daily_seconds": daily_seconds})
    return cohort


def open_program(program: Program, *, actor: Actor) -> tuple[Program, bool]:
    """Let artists begin new work."""
    return move(program, OPEN_PROGRAM, actor=actor, fields={"state_reason": "", "state_since": timezone.now()})


def close_program(program: Program, *, actor: Actor, reason: str) -> tuple[Program, bool]:
    """Stop new work for everybody; running generations pause with their finished takes kept."""
    fields = {"state_reason": reason, "state_since": timezone.now()}
    return move(program, CLOSE_PROGRAM, actor=actor, fields=fields, detail={"reason": reason})


def open_cohort(cohort: Cohort, *, actor: Actor) -> tuple[Cohort, bool]:
    """Let the artists of a cohort begin new work."""
    return move(cohort, OPEN_COHORT, actor=actor, fields={"state_reason": ""})


def close_cohort(cohort: Cohort, *, actor: Actor, reason: str) -> tuple[Cohort, bool]:
    """Stop new work for a cohort; running generations pause with their finished takes kept."""
    return move(cohort, CLOSE_COHORT, actor=actor, fields={"state_reason": reason}, detail={"reason": reason})


@transaction.atomic
def set_cohort(slug: str, terms: CohortTerms, *, actor: Actor, new: bool = False) -> Cohort:
    """Write everything staff decide about a cohort. Raises Refused cohort-slug-taken, cohort-dates."""
    require("program.set_cohort", actor, None)
    if new and Cohort.objects.filter(slug=slug).exists():
        words = _("There is a cohort %(slug)s already.") % {"slug": slug}
        raise _refuse("program.set_cohort", "cohort-slug-taken", words, _("Choose another short name."))
    if terms.starts_at and terms.ends_at and terms.ends_at <= terms.starts_at:
        words = _("A cohort ends after it begins.")
        raise _refuse("program.set_cohort", "cohort-dates", words, _("Move one of the two dates."))
    cohort, made = Cohort.objects.update_or_create(slug=slug, defaults=asdict(terms))
    record("program.set_cohort", actor=actor, subject=cohort, detail={"new": made, **asdict(terms)})
    return cohort


@transaction.atomic
def set_member_quota(membership: Membership, daily_seconds: int | None, *, actor: Actor) -> Membership:
    """Give one artist another daily quota than the cohort's; None takes it back."""
    require("program.set_cohort", actor, membership)
    Membership.objects.filter(pk=membership.pk).update(daily_seconds=daily_seconds)
    record("program.set_member_quota", actor=actor, subject=membership, detail={"daily_seconds": daily_seconds})
    return Membership.objects.get(pk=membership.pk)


@transaction.atomic
def join_cohort(person: Person, cohort: Cohort, *, actor: Actor, daily_seconds: int | None = None) -> Membership:
    """Put an artist into a cohort; an artist who was in another one moves, one who had left is back."""
    require("program.join", actor, cohort)
    fields = {"cohort": cohort, "daily_seconds": daily_seconds}
    membership, _new = Membership.objects.update_or_create(person=person, defaults=fields)
    for leaving in Leaving.objects.filter(person=person, state=LeavingState.ASKED):
        move(leaving, RETURN_TO_PROGRAM, actor=actor, fields={"ended_at": timezone.now()})
    record("program.join", actor=actor, subject=membership, detail={"cohort": cohort.slug})
    return membership


@transaction.atomic
def choose_wall(*, actor: Person, shown: bool) -> Membership:
    """Show one's works to the artists of the same cohort, or stop showing them."""
    membership = membership_of(actor)
    require("program.choose_wall", actor, membership)
    assert membership is not None  # noqa: S101 - the rule has just said so
    Membership.objects.filter(pk=membership.pk).update(on_wall=shown)
    record("program.choose_wall", actor=actor, subject=membership, detail={"shown": shown})
    return Membership.objects.get(pk=membership.pk)


@transaction.atomic
def leave(*, actor: Person, reason: str = "") -> Leaving:
    """Begin to leave: nothing new is made from now on, and it can be undone until the date. Twice is once."""
    require("program.leave", actor, None)
    known = Leaving.objects.filter(person=actor, state=LeavingState.ASKED).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            leaving = Leaving.objects.create(
                person=actor, reason=reason.strip()[:300], effective_at=timezone.now() + COOLING
            )
    except IntegrityError:  # the other tab was faster
        return Leaving.objects.get(person=actor, state=LeavingState.ASKED)
    record("program.leave", actor=actor, subject=leaving, detail={"effective_at": leaving.effective_at})
    return leaving


def undo_leaving(leaving: Leaving, *, actor: Person) -> tuple[Leaving, bool]:
    """Stay after all."""
    return move(leaving, UNDO_LEAVING, actor=actor, fields={"ended_at": timezone.now()})


@transaction.atomic
def make_statements(cohort: Cohort, *, actor: Person, typed_name: str, conflicts: str, confidentiality: str) -> None:
    """A reviewer's two statements for a cohort: the confidentiality text that was on the page, and conflicts in own words.

    Raises Refused statement-name, statement-name-other, statement-conflicts.
    """
    require("program.state", actor, None)
    name, said = typed_name.strip(), conflicts.strip()
    if not name:
        todo = _("Nothing was stated.")
        raise _refuse("program.state", "statement-name", _("Type your name under the statement."), todo)
    if not is_same_name(name, actor.name):
        words = _("This is not the name of your account, %(name)s.") % {"name": actor.name}
        todo = _("Nothing was stated. Type your name, or correct it in your profile first.")
        raise _refuse("program.state", "statement-name-other", words, todo)
    if len(said) > LONGEST_STATEMENT:
        words = _("This has %(count)s characters.") % {"count": len(said)}
        raise _refuse("program.state", "statement-conflicts", words, _("Keep it under 4,000."))
    if not said:
        words = _("Say which artists of this cohort you are close to, work with or compete with.")
        raise _refuse("program.state", "statement-conflicts", words, _("If there are none, write “none”."))
    for kind, text in ((StatementKind.CONFIDENTIALITY, confidentiality), (StatementKind.CONFLICTS, said)):
        statement = Statement.objects.create(person=actor, cohort=cohort, kind=kind, words=text, typed_name=name[:160])
        record("program.state", actor=actor, subject=statement, detail={"cohort": cohort.slug, "kind": str(kind)})
