"""Who acts: a person, a part of the system, or nobody we know."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """What a rule may know of whoever acts."""

    @property
    def pk(self) -> int | None:
        """Number of the person, None for the system and the public."""

    @property
    def label(self) -> str:
        """How the record names the actor; it outlives the account."""

    @property
    def is_active(self) -> bool:
        """Whether this actor may act at all."""

    def holds(self, role: str) -> bool:
        """Whether the actor has the role."""


@dataclass(frozen=True, slots=True)
class System:
    """A part of the portal that acts by itself: a worker, the clock, a command without a person."""

    name: str
    pk: None = None
    is_active: bool = True

    @property
    def label(self) -> str:
        """Named in the record as the system, so that nobody is blamed for a machine."""
        return f"system: {self.name}"

    def holds(self, role: str) -> bool:
        """The system has no role: its rules name it."""
        del role
        return False


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody who is not signed in."""

    pk: None = None
    is_active: bool = False
    label: str = "public"

    def holds(self, role: str) -> bool:
        """The public has no role."""
        del role
        return False


ANONYMOUS = Anonymous()
