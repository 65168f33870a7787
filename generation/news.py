"""News of generation."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class GenerationEnded(News):
    """A generation ended: done, failed, refused or cancelled."""

    kind: ClassVar[str] = "generation.ended"
    generation: str
    state: str


@dataclass(frozen=True, slots=True)
class GenerationPaused(News):
    """The gate closed in the middle; finished takes are kept."""

    kind: ClassVar[str] = "generation.paused"
    generation: str
    code: str
    at: str
