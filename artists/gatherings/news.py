"""News of gatherings."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class GatheringAnnounced(News):
    """Artists are invited."""

    kind: ClassVar[str] = "gatherings.announced"
    gathering: str


@dataclass(frozen=True, slots=True)
class GatheringChanged(News):
    """What was announced is different now; `what` names the fields."""

    kind: ClassVar[str] = "gatherings.changed"
    gathering: str
    sequence: int
    what: list[str]


@dataclass(frozen=True, slots=True)
class GatheringCancelled(News):
    """It does not take place."""

    kind: ClassVar[str] = "gatherings.cancelled"
    gathering: str


@dataclass(frozen=True, slots=True)
class SeatPassedOn(News):
    """Somebody from the waiting list has a seat now."""

    kind: ClassVar[str] = "gatherings.passed_on"
    seat: int
    at: str


@dataclass(frozen=True, slots=True)
class SeatReminded(News):
    """It begins soon; `before` is "day" or "hour"."""

    kind: ClassVar[str] = "gatherings.reminded"
    seat: int
    before: str
    starts_at: str
