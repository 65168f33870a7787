"""Who made a work: its artist, and whoever subjects above know to have made it too."""

from collections.abc import Callable, Collection

from generation.models import Clip

More = Callable[[Clip], Collection[int]]
_MORE: dict[str, More] = {}


def register_authors(name: str, more: More) -> None:
    """Let a subject name further authors of a clip, by their numbers."""
    _MORE[name] = more


def authors_of(clip: Clip) -> frozenset[int]:
    """Everybody whose yes is needed."""
    return frozenset({clip.artist_id}).union(*(more(clip) for more in _MORE.values()))
