"""News of mail."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class LetterCameBack(News):
    """The mail server said that it takes no letters for this address."""

    kind: ClassVar[str] = "notices.letter_came_back"
    letter: int
    to: str
    reason: str
