"""News of bug reports."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class BugReported(News):
    """Somebody reported one."""

    kind: ClassVar[str] = "bugs.reported"
    bug: int


@dataclass(frozen=True, slots=True)
class BugChanged(News):
    """Its state changed; `number` tells one change from the next."""

    kind: ClassVar[str] = "bugs.changed"
    bug: int
    number: int
    state: str


@dataclass(frozen=True, slots=True)
class BugAnswered(News):
    """Somebody wrote in its thread."""

    kind: ClassVar[str] = "bugs.answered"
    message: int
