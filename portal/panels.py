"""What composed pages show: each subject registers its panels, portal.web puts them on a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.timezone import localtime

from portal.access import Actor

Words: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a composed page; `fill` answers the template's context, or None when there is nothing to show."""

    page: str
    name: str
    template: str
    order: int
    fill: Callable[[Actor], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the rail; `count` answers how many things wait there for this person."""

    name: str
    label: Words
    url_name: str
    order: int
    roles: frozenset[str]
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about somebody: what, how it stands, and where to go on."""

    name: Words
    value: Words
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One part of a person's page for staff; `tell(actor, person)` answers its lines."""

    name: str
    title: Words
    order: int
    tell: Callable[[Actor, Any], list[Fact]]


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line of the first run's checklist; `done` is asked afresh, `hint` says how when it has no page."""

    name: str
    label: Words
    order: int
    done: Callable[[], bool]
    url_name: str = ""
    hint: Words = ""


_PANELS: dict[tuple[str, str], Panel] = {}
_NAV: dict[str, NavItem] = {}
_STATUS: dict[str, Callable[[], dict[str, Any]]] = {}
_DOSSIERS: dict[str, Dossier] = {}
_TO_DO: dict[str, ToDo] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel to a page ("home", "today")."""
    _PANELS[panel.page, panel.name] = panel


def panels_of(page: str) -> list[Panel]:
    """The panels of a page in their order."""
    return sorted((panel for (where, _), panel in _PANELS.items() if where == page), key=lambda panel: panel.order)


def register_nav(item: NavItem) -> None:
    """Add a line to the rail."""
    _NAV[item.name] = item


def nav_for(actor: Actor) -> list[NavItem]:
    """The lines of the rail for this person."""
    mine = (item for item in _NAV.values() if any(actor.holds(role) for role in item.roles))
    return sorted(mine, key=lambda item: item.order)


def register_status(name: str, answer: Callable[[], dict[str, Any]]) -> None:
    """Add a part to `manage.py status` and the operators' page."""
    _STATUS[name] = answer


def status() -> dict[str, dict[str, Any]]:
    """All parts of the status, by name."""
    return {name: _STATUS[name]() for name in sorted(_STATUS)}


def said(value: Any) -> str:
    """A value of the status as a person reads it: moments to the second with their zone, parts in brackets."""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S %Z}"
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {said(one)}' for key, one in value.items())})" if value else "none"
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(said(one) for one in value) or "none"
    return str(value)


def status_read() -> list[tuple[str, list[tuple[str, str]]]]:
    """The status in words: each part with its lines."""
    return [
        (name.replace("_", " "), [(key.replace("_", " "), said(value)) for key, value in part.items()])
        for name, part in status().items()
    ]


def register_dossier(dossier: Dossier) -> None:
    """Add a part to a person's page for staff."""
    _DOSSIERS[dossier.name] = dossier


def dossiers() -> list[Dossier]:
    """The parts of a person's page in their order."""
    return sorted(_DOSSIERS.values(), key=lambda dossier: dossier.order)


def register_to_do(item: ToDo) -> None:
    """Add a line to the first run's checklist."""
    _TO_DO[item.name] = item


def checklist() -> list[tuple[ToDo, bool]]:
    """The first run's checklist in its order, each line with whether it is done."""
    return [(item, item.done()) for item in sorted(_TO_DO.values(), key=lambda item: item.order)]
