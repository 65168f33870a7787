"""News of open letters."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class LetterOpened(News):
    """A letter seeks signatures."""

    kind: ClassVar[str] = "letters.opened"
    letter: int


@dataclass(frozen=True, slots=True)
class LetterPublished(News):
    """A letter has the signatures it needs: everybody reads it, for good."""

    kind: ClassVar[str] = "letters.published"
    letter: int


@dataclass(frozen=True, slots=True)
class LetterWithdrawn(News):
    """Its author took it back before it was public."""

    kind: ClassVar[str] = "letters.withdrawn"
    letter: int


@dataclass(frozen=True, slots=True)
class LetterAnswered(News):
    """The program answered beneath it."""

    kind: ClassVar[str] = "letters.answered"
    answer: int
