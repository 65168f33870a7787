"""News of missions."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class PlaceDelivered(News):
    """An artist delivered; `at` sets two deliveries apart."""

    kind: ClassVar[str] = "mission.delivered"
    place: int
    at: str


@dataclass(frozen=True, slots=True)
class PlaceAnswered(News):
    """Staff want something more."""

    kind: ClassVar[str] = "mission.answered"
    place: int
    at: str


@dataclass(frozen=True, slots=True)
class PlaceAccepted(News):
    """It was accepted and counts."""

    kind: ClassVar[str] = "mission.accepted"
    place: int
