"""News of consent."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class ConsentAsked(News):
    """An author was asked."""

    kind: ClassVar[str] = "consent.asked"
    answer: int


@dataclass(frozen=True, slots=True)
class AuthorAskedBack(News):
    """An author wants to know something first."""

    kind: ClassVar[str] = "consent.asked_back"
    answer: int


@dataclass(frozen=True, slots=True)
class AuthorReplied(News):
    """The program answered them."""

    kind: ClassVar[str] = "consent.replied"
    answer: int
    at: str


@dataclass(frozen=True, slots=True)
class WorkAnswered(News):
    """All that was asked for one work is settled: given, declined, lapsed or no longer asked."""

    kind: ClassVar[str] = "consent.settled"
    work: int
    state: str


@dataclass(frozen=True, slots=True)
class ConsentGiven(News):
    """A consent came to be; `fee` and the rest are in its row."""

    kind: ClassVar[str] = "consent.given"
    consent: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(News):
    """A consent was withdrawn: what can stop, stops."""

    kind: ClassVar[str] = "consent.withdrawn"
    consent: str


@dataclass(frozen=True, slots=True)
class UseRecorded(News):
    """The program used a work; its authors are told."""

    kind: ClassVar[str] = "consent.used"
    use: int


@dataclass(frozen=True, slots=True)
class PauseBegan(News):
    """An artist suspended all their consents."""

    kind: ClassVar[str] = "consent.paused"
    pause: int


@dataclass(frozen=True, slots=True)
class PauseEnded(News):
    """They resumed before its date."""

    kind: ClassVar[str] = "consent.resumed"
    pause: int


@dataclass(frozen=True, slots=True)
class UnionCalled(News):
    """A delegate calls on a cohort."""

    kind: ClassVar[str] = "consent.called"
    call: int
