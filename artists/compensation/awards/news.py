"""News of awards, grant rounds and applications."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class AwardSubmitted(News):
    """An award waits for approval; `digest` sets two times apart, `together` is with its whole batch."""

    kind: ClassVar[str] = "pay.award_submitted"
    award: str
    digest: str
    together: bool = False


@dataclass(frozen=True, slots=True)
class AwardApproved(News):
    """Enough people approved: it is promised."""

    kind: ClassVar[str] = "pay.award_approved"
    award: str


@dataclass(frozen=True, slots=True)
class AwardDeclined(News):
    """An approver said no."""

    kind: ClassVar[str] = "pay.award_declined"
    award: str


@dataclass(frozen=True, slots=True)
class AwardVoided(News):
    """What of it was not paid is no longer promised; `again` sets apart that what came back later was ended too (0: the first time)."""

    kind: ClassVar[str] = "pay.award_voided"
    award: str
    again: int = 0


@dataclass(frozen=True, slots=True)
class RoundOpened(News):
    """A call for grants is out."""

    kind: ClassVar[str] = "grants.round_opened"
    round: str


@dataclass(frozen=True, slots=True)
class RoundDecided(News):
    """Everybody who applied is told."""

    kind: ClassVar[str] = "grants.round_decided"
    round: str


@dataclass(frozen=True, slots=True)
class RoundCancelled(News):
    """It comes to nothing; whoever wrote for it is told why."""

    kind: ClassVar[str] = "grants.round_cancelled"
    round: str
