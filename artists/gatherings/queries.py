"""What one may see of gatherings, seats and calendars."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from artists.people.models import Person
from artists.people.roles import Role
from artists.tariff.queries import Price, prices_of, version_at
from portal.access import Actor, check
from portal.program.models import Membership
from portal.program.queries import have_left

from .models import Feed, Gathering, Seat
from .services.feeding import FORM, digest_of
from .states import GatheringState, SeatState

LATELY = timedelta(days=30)
MOST_IN_A_FEED = 500


def _counted(rows: QuerySet[Gathering], actor: Actor) -> QuerySet[Gathering]:
    mine = Seat.objects.filter(gathering=OuterRef("pk"), person_id=actor.pk).values("state")[:1]
    return rows.annotate(
        seated=Count("seats", filter=Q(seats__state=SeatState.SEATED)),
        waiting=Count("seats", filter=Q(seats__state=SeatState.WAITING)),
        mine=Subquery(mine),
    ).prefetch_related("cohorts")


def gatherings_visible_to(actor: Actor) -> QuerySet[Gathering]:
    """Artists: what they are invited to, and where they have or had a seat. Staff: all. Counted; `mine` is one's own state."""
    every = Gathering.objects.all()
    if check("gatherings.arrange", actor):
        return _counted(every, actor)
    if not actor.pk or not actor.holds(Role.ARTIST):
        return _counted(every.none(), actor)
    through = Gathering.cohorts.through.objects.filter(gathering=OuterRef("pk"))
    my_cohort = Membership.objects.filter(person_id=actor.pk).values("cohort")
    seat = Seat.objects.filter(gathering=OuterRef("pk"), person_id=actor.pk)
    found = every.filter(~Exists(through) | Exists(through.filter(cohort__in=my_cohort)) | Exists(seat))
    return _counted(found, actor)


def coming(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Those that are not over, the next first."""
    return rows.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")


def past(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Those that are over, the latest first."""
    return rows.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")


def seat_of(actor: Actor, gathering: Gathering) -> Seat | None:
    """One's own answer to this invitation."""
    found = Seat.objects.select_related("gathering").filter(gathering=gathering, person_id=actor.pk)
    return found.first() if actor.pk else None


def place_in_line(seat: Seat) -> int:
    """How many get a seat before this one, counted from 1."""
    before = Q(asked_at__lt=seat.asked_at) | Q(asked_at=seat.asked_at, pk__lte=seat.pk)
    return Seat.objects.filter(before, gathering_id=seat.gathering_id, state=SeatState.WAITING).count()


def seats_overseen_by(actor: Actor, gathering: Gathering) -> QuerySet[Seat]:
    """Who comes, who waits in their order, who gave it up; for staff."""
    found = Seat.objects.filter(gathering=gathering).select_related("person", "gathering")
    return found.order_by("asked_at", "pk") if check("gatherings.arrange", actor) else found.none()


def next_of(actor: Actor) -> Gathering | None:
    """The next gathering one has a seat at."""
    if not actor.pk:
        return None
    seat = Seat.objects.filter(gathering=OuterRef("pk"), person_id=actor.pk, state=SeatState.SEATED)
    found = Gathering.objects.filter(Exists(seat), state=GatheringState.PLANNED, ends_at__gt=timezone.now())
    return found.order_by("starts_at", "pk").first()


def unanswered_of(actor: Actor) -> int:
    """How many invitations one has not answered and still could."""
    if not actor.pk or not actor.holds(Role.ARTIST):
        return 0
    return coming(gatherings_visible_to(actor)).filter(mine=None, state=GatheringState.PLANNED).order_by().count()


def invited_artists(gathering: Gathering) -> QuerySet[Person]:
    """Everybody the invitation reaches and who stays in the program."""
    everybody = Person.objects.filter(is_active=True, grants__role=Role.ARTIST)
    everybody = everybody.exclude(pk__in=have_left().values("person"))
    cohorts = gathering.cohorts.all()
    return everybody.filter(membership__cohort__in=cohorts) if cohorts else everybody


def who_answered(gathering: Gathering) -> QuerySet[Person]:
    """Everybody who comes or waits."""
    seats = Seat.objects.filter(gathering=gathering).exclude(state=SeatState.GIVEN_UP)
    return Person.objects.filter(pk__in=seats.values("person"), is_active=True)


def prices() -> dict[str, Price]:
    """What taking part pays now, by kind of contribution; the same few questions for any number of gatherings."""
    return {one.kind.name: one for one in prices_of(version_at())}


@dataclass(frozen=True, slots=True)
class Entry:
    """A gathering as it stands in one person's calendar."""

    gathering: Gathering
    seated: bool


def has_feed(actor: Actor) -> bool:
    """Whether one has a calendar address."""
    return bool(actor.pk) and Feed.objects.filter(person_id=actor.pk).exists()


def feed_called(secret: str) -> Person | None:
    """Whose calendar this address opens, under the present key or one being rotated out; None for nobody's."""
    if not FORM.fullmatch(secret):
        return None
    digests = [digest_of(secret, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    found = Feed.objects.select_related("person").filter(digest__in=digests, person__is_active=True).first()
    return None if found is None else found.person


def calendar_of(person: Person) -> list[Entry]:
    """What somebody comes to or waits for, of the last 30 days and everything ahead."""
    seats = Seat.objects.filter(person=person, gathering__ends_at__gt=timezone.now() - LATELY)
    found = seats.exclude(state=SeatState.GIVEN_UP).select_related("gathering").order_by("gathering__starts_at", "pk")
    return [Entry(one.gathering, one.state == SeatState.SEATED) for one in found[:MOST_IN_A_FEED]]
