"""How many requests one person may make: one table, kept in the database, the same for every process."""

import time
from dataclasses import dataclass

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from portal.access import Kind, Refused, denied

from .models import Stride

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Pace:
    """So many requests a minute in the long run, and so many at once."""

    name: str
    a_minute: int
    at_once: int

    @property
    def step_ms(self) -> int:
        """What one request costs, in milliseconds of the clock."""
        return MINUTE_MS // self.a_minute


READ = Pace("read", a_minute=600, at_once=120)
MAKE = Pace("make", a_minute=30, at_once=10)
FILES = Pace("files", a_minute=120, at_once=60)
PACES = (READ, MAKE, FILES)


class TooMany(Refused):
    """Refused for its pace; `seconds` until the next request is welcome."""

    def __init__(self, pace: Pace, seconds: int) -> None:
        words = _("There were too many requests of this kind.")
        todo = _("Wait %(seconds)s s. %(number)s a minute are welcome.") % {"seconds": seconds, "number": pace.a_minute}
        super().__init__("api.use", denied("too-many-requests", words, todo=todo, kind=Kind.LIMIT))
        self.seconds = seconds


def keep_pace(pace: Pace, who: int | str) -> None:
    """Count one request of `who`. Raises TooMany.

    The generic cell rate algorithm (ITU-T I.371): one number a row, and one statement that decides, so that two
    processes cannot both let the last one through.
    """
    key = f"{pace.name}:{who}"
    now = time.time_ns() // 1_000_000
    latest = now + (pace.at_once - 1) * pace.step_ms
    Stride.objects.get_or_create(key=key)
    ahead = Greatest(F("free_at"), Value(now)) + pace.step_ms
    if Stride.objects.filter(key=key, free_at__lte=latest).update(free_at=ahead):
        return
    owed = Stride.objects.values_list("free_at", flat=True).get(key=key) - latest
    raise TooMany(pace, max(1, -(-owed // 1000)))
