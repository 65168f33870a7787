"""The kinds of notices: each subject registers its own."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice; `mailed` says whether it also goes out as a letter."""

    name: str
    label: Any
    mailed: bool = True


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind of notice."""
    _KINDS[kind.name] = kind


def kind_called(name: str) -> Kind:
    """The kind of this name. Raises KeyError: telling something unregistered is a mistake in the code."""
    return _KINDS[name]


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
