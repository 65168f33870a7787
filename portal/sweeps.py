"""What is looked at every second beside the queue: subjects above it register their parts."""

from collections.abc import Callable

Part = Callable[[], object]
_PARTS: dict[str, Part] = {}


def register_sweep(name: str, part: Part) -> None:
    """Add a part; it must bear running in several processes at once, and being late."""
    _PARTS[name] = part


def registered() -> list[Part]:
    """All parts, by name."""
    return [_PARTS[name] for name in sorted(_PARTS)]
