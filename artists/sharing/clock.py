"""The clock of a request: working time, what stops it, and when it runs out.

Working time is every second of the days that count, in the zone of the terms. Time in which the program, the artist's
cohort or the artist was suspended does not count, and is found in the suspensions themselves: so it is right also when
nothing swept for a day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.program.stopping import stops_between

from .models import ShareRequest, Terms
from .states import RequestState

FARTHEST = 366 * 3
TICK = timedelta(microseconds=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count. `days`: 0 is Monday; empty: every day."""

    days: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    zone: str = "UTC"

    @classmethod
    def of(cls, terms: Terms) -> "Calendar":
        """That of published terms."""
        return cls(
            frozenset(terms.working_days), frozenset(date.fromisoformat(day) for day in terms.holidays), terms.zone
        )

    def counts(self, day: date) -> bool:
        """Whether this day counts."""
        return (not self.days or day.weekday() in self.days) and day not in self.holidays

    def _spans(self, start: datetime) -> Iterable[Span]:
        """The parts of the days that count from `start` on, in UTC; days last 23 to 25 hours where clocks change."""
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date()
        for _number in range(FARTHEST):
            begins = datetime.combine(day, time(), zone).astimezone(UTC)
            ends = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
            if self.counts(day):
                yield max(begins, start), ends
            day += timedelta(days=1)

    def after(self, start: datetime, seconds: float) -> datetime:
        """The moment at which that many working seconds have passed since `start`. Raises ValueError for no such day."""
        left = seconds
        for begins, ends in self._spans(start.astimezone(UTC)):
            there = (ends - begins).total_seconds()
            if left <= there:
                return begins + timedelta(seconds=left)
            left -= there
        message = "no day counts in this calendar"
        raise ValueError(message)

    def between(self, start: datetime, end: datetime) -> float:
        """Working seconds from `start` to `end`; 0 when the end is not later."""
        if end <= start:
            return 0.0
        total = 0.0
        for begins, ends in self._spans(start.astimezone(UTC)):
            if begins >= end:
                break
            total += (min(ends, end) - begins).total_seconds()
        return total


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a clock stands. `due_at` is empty while it is stopped; `left` is working seconds, below 0 when it ran out."""

    left: float
    due_at: datetime | None
    stopped_by: str = ""

    @property
    def runs(self) -> bool:
        """Whether it runs now."""
        return self.due_at is not None

    @property
    def ran_out(self) -> bool:
        """Whether the time is over."""
        return self.left <= 0


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif ends > begins:
            joined.append((begins, ends))
    return joined


def clocks_of(requests: Collection[ShareRequest], now: datetime) -> dict[UUID, Clock | None]:
    """Where each of these clocks stands; None for a request that has none (a draft, a decided one). Two queries in all."""
    running = [one for one in requests if one.clock_from is not None]
    stops: dict[int, list[Span]] = {}
    if running:
        since = min(one.clock_from for one in running if one.clock_from is not None)
        # A moment more than now: what is in force reaches beyond it, what ended this very moment does not.
        stops = stops_between({one.artist_id for one in running}, since, now + TICK)
    return {one.pk: _clock(one, now, stops.get(one.artist_id, [])) for one in requests}


def clock_of(request: ShareRequest, now: datetime) -> Clock | None:
    """Where the clock of one request stands."""
    return clocks_of([request], now)[request.pk]


def _clock(request: ShareRequest, now: datetime, stops: list[Span]) -> Clock | None:
    if request.clock_left is None or request.terms is None:
        return None
    if request.clock_from is None:
        why = "question" if request.state == RequestState.QUESTION else ""
        return Clock(float(request.clock_left), None, why)
    calendar = Calendar.of(request.terms)
    stopped = merged((max(begins, request.clock_from), ends) for begins, ends in stops)
    used = calendar.between(request.clock_from, now) - sum(calendar.between(*stop) for stop in stopped)
    left = request.clock_left - used
    if stopped and stopped[-1][1] > now:
        return Clock(left, None, "suspension")
    return Clock(left, calendar.after(now, left) if left > 0 else now)
