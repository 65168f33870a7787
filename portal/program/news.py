"""News of the program."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class SuspensionBegan(News):
    """Something is stopped; told again, with a new epoch, when running work is stopped too."""

    kind: ClassVar[str] = "program.suspension_began"
    suspension: int
    epoch: int


@dataclass(frozen=True, slots=True)
class SuspensionEnded(News):
    """It goes on."""

    kind: ClassVar[str] = "program.suspension_ended"
    suspension: int


@dataclass(frozen=True, slots=True)
class SunsetAnnounced(News):
    """The program ends on a date."""

    kind: ClassVar[str] = "program.sunset_announced"
    at: str


@dataclass(frozen=True, slots=True)
class SunsetReached(News):
    """The date has come: nothing new begins any more."""

    kind: ClassVar[str] = "program.sunset_reached"
    at: str
