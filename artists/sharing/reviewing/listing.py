"""What waits for a reviewer, by the clock: filters, places, the next one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.sharing.clock import Clock, clocks_of
from artists.sharing.models import ShareRequest
from artists.sharing.queries import requests_to_review
from portal.access import Actor

MOST: Final = 100
SOON: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Row:
    """One request that waits, with where its clock stands; `clock` is None once it ran out."""

    request: ShareRequest
    clock: Clock | None
    mine: bool

    @property
    def free(self) -> bool:
        """Whether nobody has taken it."""
        return self.request.assigned_to_id is None

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.request.late_at is not None

    def soon(self, now: datetime) -> bool:
        """Whether its clock runs and ends within half a day."""
        return self.clock is not None and self.clock.due_at is not None and self.clock.due_at <= now + SOON

    @property
    def stands(self) -> bool:
        """Whether a suspension holds its clock."""
        return self.clock is not None and not self.clock.runs

    def urgency(self) -> tuple[int, datetime, datetime]:
        """Late ones, then those whose clock runs by when it ends, then those whose clock stands."""
        due = self.clock.due_at if self.clock is not None and self.clock.due_at is not None else self.request.asked_at
        return (0 if self.late else 2 if self.stands else 1, due, self.request.asked_at)


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to look at the queue."""

    name: str
    label: Any
    fits: Callable[[Row, datetime], bool]


FILTERS: Final = (
    Filter("", _("All"), lambda _row, _now: True),
    Filter("mine", _("Mine"), lambda row, _now: row.mine),
    Filter("free", _("Free"), lambda row, _now: row.free),
    Filter("soon", _("Soon due"), lambda row, now: row.soon(now)),
    Filter("late", _("Late"), lambda row, _now: row.late),
)
_OF_STAFF: Final = {"", "late", "mine"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter with how many it shows."""

    name: str
    label: Any
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What one person sees of what waits."""

    rows: list[Row]
    tabs: list[Tab]
    show: str

    def place(self, pk: uuid.UUID) -> int:
        """Which of them this request is, counted from 1; 0 when it is none of them."""
        return next((number for number, row in enumerate(self.rows, 1) if row.request.pk == pk), 0)

    def after(self, pk: uuid.UUID) -> ShareRequest | None:
        """The one after it, from the end on to the first again; None when there is no other."""
        others = [row.request for row in self.rows if row.request.pk != pk]
        place = self.place(pk)
        return others[(place - 1) % len(others)] if others and place else next(iter(others), None)


def queue_of(actor: Actor, show: str = "") -> Queue:
    """What waits for this person, under a filter; an unknown filter shows all. The same number of queries for any length."""
    now = timezone.now()
    found = list(requests_to_review(actor)[:MOST])
    clocks = clocks_of(found, now)
    rows = [Row(request, clocks[request.pk], request.assigned_to_id == actor.pk) for request in found]
    rows.sort(key=Row.urgency)
    filters = [one for one in FILTERS if actor.holds(Role.REVIEWER) or one.name in _OF_STAFF]
    chosen = next((one for one in filters if one.name == show), filters[0])
    shown = {one.name: [row for row in rows if one.fits(row, now)] for one in filters}
    tabs = [Tab(one.name, one.label, len(shown[one.name]), one is chosen) for one in filters]
    return Queue(shown[chosen.name], tabs, chosen.name)
