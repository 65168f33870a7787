"""News of appeals."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class AppealMade(News):
    """Somebody appealed; those who may answer are told."""

    kind: ClassVar[str] = "appeals.made"
    appeal: int


@dataclass(frozen=True, slots=True)
class AppealDecided(News):
    """It was answered."""

    kind: ClassVar[str] = "appeals.decided"
    appeal: int


@dataclass(frozen=True, slots=True)
class AppealOverdue(News):
    """The promised time passed without an answer."""

    kind: ClassVar[str] = "appeals.overdue"
    appeal: int
