"""What a roadmap item can come from: each noun registers its own, so that the roadmap knows none of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from portal.access.decisions import Words


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source, named by numbers.

    `people(keys)` answers who said so, by number, leaving out those it may not name; numbers that are not there are left
    out. `keys_of(person)` answers the numbers somebody has a part in. `page(key)` is its page for staff.
    """

    kind: str
    label: Words
    people: Callable[[Collection[int]], dict[int, set[int]]]
    keys_of: Callable[[int], Collection[int]]
    page: Callable[[int], str]


_SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Let items come from this kind too."""
    _SOURCES[source.kind] = source


def source_called(kind: str) -> Source | None:
    """The kind of this name; None where the code no longer has it."""
    return _SOURCES.get(kind)


def sources() -> list[Source]:
    """All kinds, by name."""
    return [_SOURCES[kind] for kind in sorted(_SOURCES)]
