"""News of the roadmap."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class ItemShipped(News):
    """An item is shipped, or a shipped one has one more source; `at` tells one from the next."""

    kind: ClassVar[str] = "roadmap.shipped"
    item: int
    at: str
