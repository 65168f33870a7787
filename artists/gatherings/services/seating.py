"""Seats and the waiting list: whoever has waited longest gets what is free, and no chair is given twice."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.news import SeatPassedOn
from artists.gatherings.states import ASK_AGAIN, GIVE_UP, SEAT, GatheringState, SeatState
from artists.people.models import Person
from portal.access import Actor, require
from portal.audit.chain import record
from portal.machine import move
from portal.program.queries import have_left

from .refusing import LINE

AT_ONCE = 100


def locked(gathering: Gathering) -> Gathering:
    """The row, held until the transaction ends: one hand at a time at the line of one gathering."""
    return Gathering.objects.select_for_update().get(pk=gathering.pk)


def fill(gathering: Gathering, *, quiet: int | None = None) -> int:
    """Give every free chair to whoever is next; returns how many. `quiet`: who has just asked and sees it on the page.

    The gathering is locked by the caller.
    """
    if gathering.cancelled or gathering.is_over():
        return 0
    taken = set(Seat.objects.filter(gathering=gathering, chair__isnull=False).values_list("chair", flat=True))
    free = [chair for chair in range(1, gathering.capacity + 1) if chair not in taken]
    if not free:
        return 0
    line = Seat.objects.filter(gathering=gathering, state=SeatState.WAITING).order_by("asked_at", "pk")
    now = timezone.now()
    given = 0
    for chair, one in zip(free, line[: len(free)], strict=False):
        news = None if one.person_id == quiet else SeatPassedOn(one.pk, now.isoformat())
        given += move(one, SEAT, actor=LINE, fields={"chair": chair, "seated_at": now}, news=news)[1]
    return given


@transaction.atomic
def take_seat(gathering: Gathering, *, actor: Person) -> Seat:
    """A seat where one is free, else a place at the end of the waiting list. Twice is once.

    Raises Refused not-found, gathering-over, gathering-cancelled, role, leaving, left, suspended-*.
    """
    gathering = locked(gathering)
    require("gatherings.take_seat", actor, gathering)
    now = timezone.now()
    seat, new = Seat.objects.get_or_create(gathering=gathering, person=actor, defaults={"asked_at": now})
    if new:
        record("gatherings.take_seat", actor=actor, subject=gathering, detail={"seat": seat.pk})
    else:
        move(seat, ASK_AGAIN, actor=actor, fields={"asked_at": now, "ended_at": None})
    fill(gathering, quiet=actor.pk)
    return Seat.objects.select_related("gathering").get(pk=seat.pk)


def release_seats() -> int:
    """Seats of people who have left the program, or whose account is not in use any more, pass on; called by the sweep."""
    ahead = Seat.objects.filter(gathering__state=GatheringState.PLANNED, gathering__starts_at__gt=timezone.now())
    gone = Q(person__is_active=False) | Q(person__in=have_left().values("person"))
    held = ahead.filter(gone).exclude(state=SeatState.GIVEN_UP).select_related("gathering")
    return sum(give_up_seat(one, actor=LINE) for one in held[:AT_ONCE])


@transaction.atomic
def give_up_seat(seat: Seat, *, actor: Actor) -> bool:
    """Not coming after all; the next in line has the seat in the same moment, and is told. True for the call that did."""
    gathering = locked(seat.gathering)
    fields = {"chair": None, "seated_at": None, "ended_at": timezone.now(), "attended": None}
    _row, moved = move(seat, GIVE_UP, actor=actor, fields=fields)
    if moved:
        fill(gathering)
    return moved
