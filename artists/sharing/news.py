"""News of sharing. A moment in it tells one round of the same request from the next."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class CollaboratorAsked(News):
    """Somebody was named as having made a work too."""

    kind: ClassVar[str] = "sharing.collaborator_asked"
    collaborator: int
    at: str


@dataclass(frozen=True, slots=True)
class CollaboratorAnswered(News):
    """They said yes or no."""

    kind: ClassVar[str] = "sharing.collaborator_answered"
    collaborator: int
    at: str


@dataclass(frozen=True, slots=True)
class ShareAsked(News):
    """A request entered review."""

    kind: ClassVar[str] = "sharing.asked"
    request: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class SecondNeeded(News):
    """A reviewer refused on a ground that needs a second one."""

    kind: ClassVar[str] = "sharing.second_needed"
    decision: int


@dataclass(frozen=True, slots=True)
class ShareReassigned(News):
    """A reviewer declared a conflict; `to` has it now, or nobody who may is left."""

    kind: ClassVar[str] = "sharing.reassigned"
    request: str
    to: int | None
    at: str


@dataclass(frozen=True, slots=True)
class QuestionAsked(News):
    """A reviewer asks the artist."""

    kind: ClassVar[str] = "sharing.question"
    question: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(News):
    """The artist answered."""

    kind: ClassVar[str] = "sharing.answered"
    question: int


@dataclass(frozen=True, slots=True)
class ShareDecided(News):
    """A decision took effect: it is told."""

    kind: ClassVar[str] = "sharing.decided"
    request: str
    outcome: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class ShareByClock(News):
    """The clock ran out, and the work is approved."""

    kind: ClassVar[str] = "sharing.by_clock"
    request: str


@dataclass(frozen=True, slots=True)
class ShareLate(News):
    """The clock ran out, and the request went to the staff."""

    kind: ClassVar[str] = "sharing.late"
    request: str


@dataclass(frozen=True, slots=True)
class SharesAssigned(News):
    """Staff handed requests to a reviewer; one piece of news for all that were handed at once."""

    kind: ClassVar[str] = "sharing.assigned"
    reviewer: int
    count: int
    first: str
    at: str


@dataclass(frozen=True, slots=True)
class ConcernAnswered(News):
    """Staff answered what the public reported about a release."""

    kind: ClassVar[str] = "sharing.concern_answered"
    concern: int


@dataclass(frozen=True, slots=True)
class ShareWithdrawn(News):
    """The artist or a collaborator took it back."""

    kind: ClassVar[str] = "sharing.withdrawn"
    request: str
    by: int


@dataclass(frozen=True, slots=True)
class ShareExpired(News):
    """An approval, or the wait for an answer, ended by itself."""

    kind: ClassVar[str] = "sharing.expired"
    request: str


@dataclass(frozen=True, slots=True)
class ConcernReported(News):
    """Somebody of the public reported what is wrong with a release."""

    kind: ClassVar[str] = "sharing.concern"
    concern: int
