"""What can be appealed: each subject registers its acts, and what overturning one does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from artists.people.roles import Role
from portal.access import Actor

STAFF = frozenset({Role.STAFF, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class Act:
    """One decision that stops a person. `detail` is what whoever decides must see, such as the prompt that was refused."""

    kind: str
    key: str
    title: str
    reason: str
    made_by_id: int | None
    made_by_label: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Appealable:
    """One kind of act. `against(person)` lists what stops them now; `overturn` undoes it and must bear being late.

    `began` and `stands` follow the appeal in its own transaction: it was made; it was refused or taken back.
    `answered_by` are the roles that may answer; `not_by(key)` names people who had a part in the act. Whoever appeals is
    told who answered only where `anonymous` is False. `evidence(key, actor)` is what whoever answers must see beside the texts.
    """

    kind: str
    against: Callable[[Actor], list[Act]]
    overturn: Callable[[str, Actor], None]
    shows: str = ""
    began: Callable[[str, Actor], None] | None = None
    stands: Callable[[str, Actor], None] | None = None
    answered_by: frozenset[str] = STAFF
    not_by: Callable[[str], set[int]] | None = None
    anonymous: bool = False
    evidence: Callable[[str, Actor], "Evidence | None"] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part of the page on which an appeal is answered: a template and what it shows."""

    template: str
    context: Mapping[str, Any]


_KINDS: dict[str, Appealable] = {}


def register_appealable(appealable: Appealable) -> None:
    """Let acts of this kind be appealed."""
    _KINDS[appealable.kind] = appealable


def appealable_called(kind: str) -> Appealable | None:
    """The kind of this name."""
    return _KINDS.get(kind)


def kinds_answered_by(actor: Actor) -> list[str]:
    """The kinds whose appeals somebody with these roles may answer."""
    return [kind for kind in sorted(_KINDS) if any(actor.holds(role) for role in _KINDS[kind].answered_by)]


def acts_against(person: Actor) -> list[Act]:
    """Everything that stops this person now and can be appealed, newest first."""
    found = [act for kind in sorted(_KINDS) for act in _KINDS[kind].against(person)]
    return sorted(found, key=lambda act: act.at, reverse=True)
