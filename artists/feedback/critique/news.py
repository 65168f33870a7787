"""News of critique: of weeks, never of a text."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class WeekPublished(News):
    """A week is over and its texts are public."""

    kind: ClassVar[str] = "critique.published"
    week: str
