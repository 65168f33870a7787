"""Gatherings and seats, by the services people use."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.services import Plan, make_gathering, take_seat
from artists.people.models import Person

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def planned(**more: Any) -> Plan:
    """Two seats at a call in three days, for two hours, unpaid, for every artist."""
    starts: datetime = more.get("starts_at") or timezone.now().replace(microsecond=0) + 3 * DAY
    values = {
        "kind": "call",
        "title": "How it went",
        "text": "We talk about *the week*.",
        "starts_at": starts,
        "ends_at": starts + 2 * HOUR,
        "zone": "Europe/Berlin",
        "capacity": 2,
        "place": "Room 4",
        "call_link": "https://call.example.org/abc",
    }
    return Plan(**(values | more))


def gathered(staff: Person, **more: Any) -> Gathering:
    """Announced."""
    return make_gathering(planned(**more), actor=staff)


def seated(gathering: Gathering, *people: Person) -> list[Seat]:
    """They asked, in this order; how they stand now."""
    asked = [take_seat(gathering, actor=one) for one in people]
    return [Seat.objects.select_related("gathering", "person").get(pk=one.pk) for one in asked]
