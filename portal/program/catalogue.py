"""Which models and sizes staff may allow a cohort: the subject that has them says so."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """One model with the sizes it makes, as "448x256"."""

    name: str
    title: str
    sizes: tuple[str, ...]


_SOURCES: dict[str, Callable[[], list[Offer]]] = {}


def register_offers(name: str, source: Callable[[], list[Offer]]) -> None:
    """Let a subject add its models to what cohorts may be allowed."""
    _SOURCES[name] = source


def offers() -> list[Offer]:
    """Every model that could be allowed."""
    return [offer for name in sorted(_SOURCES) for offer in _SOURCES[name]()]
