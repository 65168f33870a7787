"""What news looks like, and who listens to it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True, slots=True)
class News:
    """Base of all news: subclasses are frozen dataclasses of plain values, named by `kind`."""

    kind: ClassVar[str] = ""

    @property
    def key(self) -> str:
        """What makes this news the same news; by default its kind and all its values."""
        values = ",".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return f"{self.kind}:{values}"


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that hears one kind of news; its name is stored, so it must not change."""

    name: str
    kind: type[News]
    hear: Callable[[Any], None]


_LISTENERS: dict[str, Listener] = {}


N = TypeVar("N", bound="News")


def listen(kind: type[N], *, name: str) -> Callable[[Callable[[N], None]], Callable[[N], None]]:
    """Register the decorated function under `name`. It must be idempotent: after a crash it may hear news twice."""

    def register(hear: Callable[[N], None]) -> Callable[[N], None]:
        known = _LISTENERS.get(name)
        if known is not None and known.hear is not hear:
            message = f"two listeners called {name!r}"
            raise ValueError(message)
        _LISTENERS[name] = Listener(name, kind, hear)
        return hear

    return register


def listeners_of(kind: str) -> list[Listener]:
    """Everybody who hears news of this kind, by name."""
    return [_LISTENERS[name] for name in sorted(_LISTENERS) if _LISTENERS[name].kind.kind == kind]


def listener_named(name: str) -> Listener | None:
    """The listener of a stored delivery; None when the code no longer has it."""
    return _LISTENERS.get(name)
