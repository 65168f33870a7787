"""Reminders a day and an hour before, each once for each beginning; called by the sweep."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.news import SeatReminded
from artists.gatherings.states import GatheringState, SeatState
from portal import happenings

BEFORE = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)))
AT_ONCE = 200


def remind_due() -> int:
    """Remind everybody who has a seat; returns how many. Whoever took it later than that needs no reminder."""
    now = timezone.now()
    soon = Gathering.objects.filter(state=GatheringState.PLANNED, starts_at__gt=now, starts_at__lte=now + BEFORE[0][1])
    told = 0
    for gathering in soon[:AT_ONCE]:
        # An hour before, what was to be said a day before is no longer worth saying.
        name, span = BEFORE[1] if gathering.starts_at - now <= BEFORE[1][1] else BEFORE[0]
        told += _remind(gathering, name, gathering.starts_at - span)
    return told


def _remind(gathering: Gathering, name: str, since: datetime) -> int:
    told_for = {f"{name}_told_for": gathering.starts_at}
    seats = Seat.objects.filter(gathering=gathering, state=SeatState.SEATED, seated_at__lte=since).exclude(**told_for)
    told = 0
    for pk in list(seats.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            # The condition decides when two sweeps remind at once.
            if Seat.objects.filter(pk=pk, state=SeatState.SEATED).exclude(**told_for).update(**told_for):
                happenings.announce(SeatReminded(pk, name, gathering.starts_at.isoformat()))
                told += 1
    return told
