"""Whether somebody or something is stopped now, and who may stop, ratify and resume. Never cached."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .models import Membership, Suspension
from .reach import Target
from .states import Running, Scope, SuspensionState

RATIFY_WITHIN = timedelta(minutes=10)
CONFIRM_WITHIN = timedelta(hours=24)
MOMENT = "j M Y, H:i T"
# One number for one lock of the whole installation.
STOP_LOCK = 7_302_684
WIDEST_FIRST = (Scope.PROGRAM, Scope.COHORT, Scope.ARTIST, Scope.MODEL, Scope.TOKEN)


def _lock(function: str) -> None:
    """On PostgreSQL: an act that has asked the gate ends before a stop commits, or asks after it.

    On SQLite writers take turns from the first statement, which does the same.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [STOP_LOCK])


def hold_off_stops() -> None:
    """Until the transaction ends, no suspension begins or ends; many may hold this at once."""
    _lock("pg_advisory_xact_lock_shared")


def take_the_stop_lock() -> None:
    """Wait for every act that has asked the gate; until the transaction ends, nobody asks it inside an act."""
    _lock("pg_advisory_xact_lock")


def in_force() -> QuerySet[Suspension]:
    """Suspensions that stop somebody now: one whose time is over counts as over at once, swept or not."""
    now = timezone.now()
    return Suspension.objects.filter(
        Q(until=None) | Q(until__gt=now),
        Q(stands_until=None) | Q(stands_until__gt=now),
        state=SuspensionState.IN_FORCE,
    )


def suspended_artists() -> QuerySet[Person]:
    """Everybody whom a suspension of the program, their cohort or themselves stops now."""
    hit = Q(scope=Scope.PROGRAM) | Q(artist_id=OuterRef("pk")) | Q(cohort__memberships__person_id=OuterRef("pk"))
    return Person.objects.filter(Exists(in_force().filter(hit)))


def suspended_models() -> QuerySet[Suspension, str]:
    """Names of the models that are suspended now."""
    return in_force().filter(scope=Scope.MODEL).values_list("model", flat=True)


def stops_between(
    people: Collection[int], start: datetime, end: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """When, between two moments, the program, their cohort or they themselves were suspended, by person; may overlap.

    A suspension whose time is over counts until then, whether or not it was swept. Two queries for any number of people.
    """
    cohorts = dict(Membership.objects.filter(person_id__in=people).values_list("person_id", "cohort_id"))
    hit = Q(scope=Scope.PROGRAM) | Q(artist_id__in=people) | Q(cohort_id__in=set(cohorts.values()))
    found = Suspension.objects.filter(hit, since__lt=end).filter(Q(ended_at=None) | Q(ended_at__gt=start))
    spans: dict[int, list[tuple[datetime, datetime]]] = {pk: [] for pk in people}
    for one in found:
        ends = min(moment for moment in (one.ended_at, one.until, one.stands_until, end) if moment is not None)
        for pk in people:
            named = one.scope == Scope.PROGRAM or pk == one.artist_id
            if (named or (one.cohort_id is not None and cohorts.get(pk) == one.cohort_id)) and ends > one.since:
                spans[pk].append((max(one.since, start), ends))
    return {pk: [span for span in mine if span[1] > span[0]] for pk, mine in spans.items()}


def suspension_of(
    person: Actor, *, model: str = "", token_id: int | None = None, begun: bool = False
) -> Suspension | None:
    """The widest suspension that stops this person, with this model and token. `begun`: work that is under way."""
    hold_off_stops()
    hit = Q(scope=Scope.PROGRAM) | Q(artist_id=person.pk) | Q(cohort__memberships__person_id=person.pk)
    if model:
        hit |= Q(scope=Scope.MODEL, model=model)
    if token_id is not None:
        hit |= Q(token_id=token_id)
    found = in_force().filter(hit)
    if begun:
        found = found.filter(running=Running.STOP)
    # One person is hit by a handful at most: choosing here costs less than telling the database how to.
    return min(
        found.order_by(), key=lambda one: (WIDEST_FIRST.index(Scope(one.scope)), one.since, one.pk), default=None
    )


_SAYS = {
    Scope.PROGRAM: gettext_lazy("The whole program is suspended: %(reason)s"),
    Scope.COHORT: gettext_lazy("Your cohort is suspended: %(reason)s"),
    Scope.ARTIST: gettext_lazy("You are suspended: %(reason)s"),
    Scope.MODEL: gettext_lazy("This model is suspended: %(reason)s"),
    Scope.TOKEN: gettext_lazy("This access token is suspended: %(reason)s"),
}


def denial(suspension: Suspension) -> Decision:
    """The no of a suspension, with its reason, its end and what helps."""
    scope = Scope(suspension.scope)
    if suspension.until is not None:
        end = _("It ends by itself on %(when)s.") % {"when": date_format(timezone.localtime(suspension.until), MOMENT)}
    else:
        end = _("It has no end date yet; the program staff end it.")
    kept = _("Your own works stay readable and yours to save; money owed stays owed.")
    return denied(
        f"suspended-{scope}",
        _SAYS[scope] % {"reason": suspension.reason},
        todo=f"{end} {kept}",
        kind=Kind.UNAVAILABLE if scope in {Scope.PROGRAM, Scope.MODEL} else Kind.FORBIDDEN,
    )


def not_suspended(person: Actor, *, model: str = "", token_id: int | None = None, begun: bool = False) -> Decision:
    """Whether nothing stops this person, this model and this token now; asked afresh every time."""
    found = suspension_of(person, model=model, token_id=token_id, begun=begun)
    return ALLOWED if found is None else denial(found)


def _staff(actor: Actor) -> Decision:
    """Staff and operators who are not suspended themselves: nobody lifts their own suspension."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if not first:
        return first
    own = in_force().filter(artist_id=actor.pk).first()
    if own is not None:
        return denied(
            "suspended-yourself",
            _("You are suspended yourself: %(reason)s") % {"reason": own.reason},
            todo=_("Somebody else of the staff decides on this."),
        )
    return ALLOWED


def _somebody_is_left(without: Person) -> bool:
    """Whether, without this person, somebody of the staff could still resume."""
    stopped = in_force().filter(scope=Scope.ARTIST).values("artist_id")
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR])
    return staff.exclude(pk=without.pk).exclude(pk__in=stopped).exists()


@rule("program.suspend", who="staff, operators, the alarm; never the last of the staff")
def suspend(actor: Actor, target: Target | None) -> Decision:
    """Stopping a token, an artist, a cohort, a model or everything. Without a target: whether one may at all."""
    first = ALLOWED if isinstance(actor, System) else _staff(actor)
    if not first or target is None or target.artist is None:
        return first
    runs_it = target.artist.holds(Role.STAFF) or target.artist.holds(Role.OPERATOR)
    if runs_it and not _somebody_is_left(target.artist):
        return denied(
            "last-staff",
            _("%(name)s is the last of the staff: nobody could end this suspension.") % {"name": target.artist},
            todo=_("Give somebody else the role first."),
            kind=Kind.CONFLICT,
        )
    return ALLOWED


@rule("program.see_suspensions", who="staff, operators")
def see_suspensions(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The safety desk, with its history."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("program.stop_running", who="staff, operators")
def stop_running(actor: Actor, suspension: Suspension) -> Decision:  # noqa: ARG001 - the table's signature
    """Stopping also what was allowed to finish."""
    return _staff(actor)


@rule("program.resume", who="staff, operators; never one's own suspension")
def resume(actor: Actor, suspension: Suspension) -> Decision:
    """Ending a suspension before its date."""
    if isinstance(actor, System):
        return ALLOWED
    first = _staff(actor)
    if first and suspension.artist_id == actor.pk:
        return denied("suspended-yourself", _("Nobody ends their own suspension."), todo=_("Ask somebody else."))
    return first


@rule("program.ratify", who="staff and operators other than the one who began it; in a browser")
def ratify(actor: Actor, suspension: Suspension) -> Decision:
    """The second person behind a suspension of everything."""
    first = _staff(actor)
    if first and suspension.by_id == actor.pk:
        return denied(
            "second-person",
            _("You began this suspension; a second person ratifies it."),
            todo=_("Ask somebody else of the staff. Without them it ends by itself."),
        )
    return first


@rule("program.confirm", who="staff, operators; in a browser")
def confirm(actor: Actor, suspension: Suspension) -> Decision:
    """Saying once a day that everything stays suspended."""
    first = _staff(actor)
    if first and not suspension.ratified:
        return denied("not-ratified", _("A second person has to ratify it first."), kind=Kind.CONFLICT)
    return first


@rule("program.expire", who="the clock")
def expire(actor: Actor, suspension: Suspension) -> Decision:  # noqa: ARG001 - the table's signature
    """Suspensions end by themselves when their time is over."""
    return ALLOWED if isinstance(actor, System) else denied("clock-only", _("Only the clock does this."))
