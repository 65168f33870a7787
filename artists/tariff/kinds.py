"""The kinds of contribution that have a price: each subject registers its own."""

import enum
from dataclasses import dataclass

from portal.access.decisions import Words


class Unit(enum.StrEnum):
    """What a price is for."""

    EACH = "each"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class ContributionKind:
    """One kind of contribution; `name` is stored with prices and with what was accepted, so it never changes."""

    name: str
    label: Words
    unit: Unit


_KINDS: dict[str, ContributionKind] = {}


def register_contribution(kind: ContributionKind) -> None:
    """Let the tariff price a kind of contribution."""
    _KINDS[kind.name] = kind


def contribution_called(name: str) -> ContributionKind:
    """The kind of this name. Raises KeyError: asking for something unregistered is a mistake in the code."""
    return _KINDS[name]


def contributions() -> list[ContributionKind]:
    """All kinds, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
