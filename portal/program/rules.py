"""Who may open and close the program, and whether its doors are open to an artist."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .models import Cohort, Leaving, Membership, Program, Statement, StatementKind
from .states import Doors, LeavingState


def _run_by_staff(actor: Actor) -> Decision:
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.STAFF, Role.OPERATOR)


@rule("program.start", who="the system at first run, operators")
def start(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Naming the program and making cohorts."""
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.OPERATOR, Role.STAFF)


for _action in ("program.open", "program.close", "program.open_cohort", "program.close_cohort"):
    rule(_action, who="staff, operators")(lambda actor, subject: _run_by_staff(actor))  # noqa: ARG005 - the table's signature


@rule("program.join", who="the system, when an invitation is accepted; staff")
def join(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Entering a cohort."""
    return _run_by_staff(actor)


@rule("program.set_cohort", who="staff, operators")
def set_cohort(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Dates, models, sizes and quota of a cohort or of one artist in it."""
    return _run_by_staff(actor)


@rule("program.choose_wall", who="an artist, for themselves, where the cohort has a wall")
def choose_wall(actor: Actor, membership: Membership | None) -> Decision:
    """Nobody else decides who sees an artist's works; taking them off the wall is always possible."""
    first = holding(actor, Role.ARTIST)
    if not first:
        return first
    if membership is None or membership.person_id != actor.pk:
        return denied("no-cohort", _("You are in no cohort of this program."), todo=_("Ask the program staff."))
    if not membership.cohort.wall and not membership.on_wall:
        words = _("Your cohort has no studio wall.")
        return denied("wall-closed", words, todo=_("Ask the program staff to open one."), kind=Kind.CONFLICT)
    return ALLOWED


@rule("program.leave", who="artists, themselves")
def leave(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Taking part is voluntary."""
    return holding(actor, Role.ARTIST)


@rule("program.undo_leaving", who="the artist who leaves, until the date")
def undo_leaving(actor: Actor, leaving: Leaving) -> Decision:
    """A cooling period is for thinking again."""
    if leaving.person_id != actor.pk:
        return denied("not-yours", _("Somebody else is leaving here."), kind=Kind.MISSING)
    if leaving.is_final:
        words = _("You have left the program; the time to undo it is over.")
        return denied("left", words, todo=_("Ask the program staff for a new invitation."), kind=Kind.GONE)
    return ALLOWED


@rule("program.return", who="the system, when an invitation is accepted")
def return_to_program(actor: Actor, leaving: Leaving) -> Decision:  # noqa: ARG001 - the table's signature
    """Who accepts a new invitation is back."""
    return _run_by_staff(actor)


@rule("program.state", who="reviewers, themselves")
def state(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """A reviewer's statements for a cohort."""
    return holding(actor, Role.REVIEWER)


def not_leaving(person: Actor) -> Decision:
    """Whether this artist stays: who leaves makes nothing new, and keeps reading and saving."""
    leaving = Leaving.objects.filter(person_id=person.pk, state=LeavingState.ASKED).first()
    if leaving is None:
        return ALLOWED
    if leaving.is_final:
        words = _("You have left the program.")
        return denied("left", words, todo=_("Your own works stay yours to read and save. Staff can invite you again."))
    words = _("You are leaving the program on %(date)s.") % {"date": leaving.effective_at.date().isoformat()}
    return denied("leaving", words, todo=_("You can undo it until then on the page “Leave”."))


def stated(actor: Actor, cohort: Cohort) -> Decision:
    """Whether a reviewer has stated confidentiality and conflicts for this cohort."""
    kinds = set(Statement.objects.filter(person_id=actor.pk, cohort=cohort).values_list("kind", flat=True))
    if set(StatementKind.values) <= kinds:
        return ALLOWED
    words = _("Your statements for the cohort %(cohort)s are missing.") % {"cohort": cohort.name}
    return denied("statement-missing", words, todo=_("Make them on the page “Statements”; it takes two minutes."))


def stated_for(actor: Actor, artist_id: int) -> Decision:
    """The same for the cohort this artist is in now; somebody in none asks for no statement."""
    membership = Membership.objects.select_related("cohort").filter(person_id=artist_id).first()
    return ALLOWED if membership is None else stated(actor, membership.cohort)


def cohort_running(cohort: Cohort) -> Decision:
    """Whether a cohort's doors are open and its dates say so."""
    readable = _("Your own works stay readable; new films wait until it opens.")
    if cohort.state != Doors.OPEN:
        return denied("cohort-closed", cohort.state_reason or _("Your cohort is closed."), todo=readable)
    now = timezone.now()
    if cohort.starts_at is not None and now < cohort.starts_at:
        words = _("Your cohort begins on %(date)s.") % {"date": cohort.starts_at.strftime("%Y-%m-%d %H:%M UTC")}
        return denied("cohort-not-begun", words, todo=readable)
    if cohort.ends_at is not None and now >= cohort.ends_at:
        words = _("Your cohort ended on %(date)s.") % {"date": cohort.ends_at.strftime("%Y-%m-%d %H:%M UTC")}
        return denied("cohort-ended", words, todo=_("Your own works stay yours to read and save."))
    return ALLOWED


def doors_open(person: Actor, program: Program | None) -> Decision:
    """Program open, then cohort open, for this artist; `program` as it was read for this very question."""
    if program is None:
        return denied(
            "program-not-started",
            _("The program has not been started yet."),
            todo=_("The operators are still setting it up."),
            kind=Kind.UNAVAILABLE,
        )
    if program.state != Doors.OPEN:
        why = program.state_reason or _("The program is closed.")
        return denied("program-closed", why, todo=_("Your own works stay readable; new films wait until it opens."))
    membership = Membership.objects.select_related("cohort").filter(person_id=person.pk).first()
    if membership is None:
        return denied(
            "no-cohort", _("You are in no cohort of this program."), todo=_("Ask the program staff for an invitation.")
        )
    return cohort_running(membership.cohort)
