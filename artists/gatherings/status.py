"""The part of gatherings in `manage.py status`."""

from typing import Any

from django.utils import timezone

from .models import Gathering, Seat
from .states import GatheringState, SeatState


def gathering_counts() -> dict[str, Any]:
    """How many lie ahead, with how many seats taken and people waiting."""
    ahead = Gathering.objects.filter(state=GatheringState.PLANNED, ends_at__gt=timezone.now())
    seats = Seat.objects.filter(gathering__in=ahead)
    return {
        "ahead": ahead.count(),
        "seats_taken": seats.filter(state=SeatState.SEATED).count(),
        "waiting": seats.filter(state=SeatState.WAITING).count(),
    }
