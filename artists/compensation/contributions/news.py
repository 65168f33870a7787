"""News of contributions and of disputes about them."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class ContributionCounted(News):
    """A contribution is in the books of what was done; it may be unpaid."""

    kind: ClassVar[str] = "pay.contribution_counted"
    contribution: int


@dataclass(frozen=True, slots=True)
class DisputeOpened(News):
    """An artist says that something was counted wrong, or is missing."""

    kind: ClassVar[str] = "pay.dispute_opened"
    dispute: int


@dataclass(frozen=True, slots=True)
class DisputeAnswered(News):
    """Staff answered."""

    kind: ClassVar[str] = "pay.dispute_answered"
    dispute: int
