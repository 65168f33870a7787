"""News of accounts."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class TokenMade(News):
    """Somebody else made a token for its owner."""

    kind: ClassVar[str] = "people.token_made"
    token: int
    by: str


@dataclass(frozen=True, slots=True)
class TokenSeenAtNewPlace(News):
    """A token was used from a network it was never used from."""

    kind: ClassVar[str] = "people.token_seen_at_new_place"
    token: int
    network: str


@dataclass(frozen=True, slots=True)
class LookBegan(News):
    """Staff began to look at what is an artist's own."""

    kind: ClassVar[str] = "people.look_began"
    look: int
