"""What one may see of the program."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from artists.people.roles import Role
from portal.access import Actor, check

from .models import Cohort, Leaving, Membership, Program, Statement, StatementKind, Suspension
from .states import LeavingState, Scope, SuspensionState
from .stopping import in_force


def the_program() -> Program | None:
    """The program of this installation; None before the first run."""
    return Program.objects.filter(id=1).first()


def cohort_of(person: Actor) -> Cohort | None:
    """The cohort an artist is in."""
    membership = Membership.objects.select_related("cohort").filter(person_id=person.pk).first()
    return membership.cohort if membership else None


def cohorts() -> QuerySet[Cohort]:
    """All cohorts, by name."""
    return Cohort.objects.order_by("name")


def cohorts_visible_to(actor: Actor) -> QuerySet[Cohort]:
    """All cohorts with how many artists each has, for staff."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return Cohort.objects.none()
    return cohorts().annotate(members=Count("memberships"))


def members_of(cohort: Cohort) -> QuerySet[Membership]:
    """Who is in a cohort, by name."""
    return cohort.memberships.select_related("person").order_by("person__name", "pk")


def membership_of(actor: Actor) -> Membership | None:
    """One's own place in a cohort."""
    return Membership.objects.select_related("cohort").filter(person_id=actor.pk).first() if actor.pk else None


def leaving_of(actor: Actor) -> Leaving | None:
    """One's own leaving, under way or final."""
    return Leaving.objects.filter(person_id=actor.pk, state=LeavingState.ASKED).first() if actor.pk else None


def have_left() -> QuerySet[Leaving]:
    """Leavings that are final: only a new invitation brings these artists back."""
    return Leaving.objects.filter(state=LeavingState.ASKED, effective_at__lte=timezone.now())


def statements_of(actor: Actor) -> QuerySet[Statement]:
    """A reviewer's own statements, newest first."""
    return Statement.objects.filter(person_id=actor.pk).select_related("cohort")


def statements_missing(actor: Actor) -> int:
    """For how many cohorts a reviewer has not made both statements."""
    made = set(Statement.objects.filter(person_id=actor.pk).values_list("cohort_id", "kind"))
    return sum(
        any((pk, kind) not in made for kind in StatementKind.values)
        for pk in Cohort.objects.values_list("pk", flat=True)
    )


def conflicts_in(cohort: Cohort) -> list[Statement]:
    """What each reviewer said last about conflicts in a cohort, by name; for staff."""
    newest: dict[int, Statement] = {}
    rows = Statement.objects.filter(cohort=cohort, kind=StatementKind.CONFLICTS).select_related("person")
    for statement in rows.order_by("stated_at", "pk"):
        newest[statement.person_id] = statement
    return sorted(newest.values(), key=lambda one: one.person.name)


def suspensions_in_force() -> QuerySet[Suspension]:
    """What is stopped now, newest first."""
    return in_force().select_related("token__person", "artist", "cohort", "by", "ratified_by")


def suspensions_visible_to(actor: Actor) -> QuerySet[Suspension]:
    """Staff see all; everybody else none here: what concerns them is on their own page."""
    seen = Suspension.objects.select_related("token__person", "artist", "cohort", "by", "ratified_by")
    return seen if check("program.see_suspensions", actor) else seen.none()


def suspensions_ended(actor: Actor) -> QuerySet[Suspension]:
    """The history, newest first."""
    running = in_force().values("pk")
    return suspensions_visible_to(actor).exclude(pk__in=running)


def suspensions_of(person: Actor) -> QuerySet[Suspension]:
    """Everything that stops this person now, their tokens included, newest first."""
    hit = (
        Q(scope=Scope.PROGRAM)
        | Q(artist_id=person.pk)
        | Q(cohort__memberships__person_id=person.pk)
        | Q(token__person_id=person.pk)
        | Q(scope=Scope.MODEL)
    )
    return suspensions_in_force().filter(hit)


def stops_of_the_whole() -> QuerySet[Suspension]:
    """Suspensions of the whole program, over or not: public."""
    return Suspension.objects.filter(scope=Scope.PROGRAM)


def waits_for_ratification(actor: Actor) -> int:
    """How many suspensions of everything wait for this very person as the second one."""
    unratified = in_force().filter(scope=Scope.PROGRAM, ratified_by=None, state=SuspensionState.IN_FORCE)
    return sum(bool(check("program.ratify", actor, one)) for one in unratified)
