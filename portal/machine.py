"""The only writer of a state: compare-and-set under lock, asked on the fresh row, recorded, announced after commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction

from portal import happenings
from portal.access import Actor, require
from portal.audit.chain import record
from portal.events.publish import signal_of_move

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Move:
    """One way from some states to another; `action` names its rule and its entry in the record.

    `recorded` is False only for moves that happen many times a minute (takes of the queue): the generation
    they belong to is in the record.
    """

    action: str
    sources: frozenset[str]
    target: str
    recorded: bool = True

    @classmethod
    def of(cls, action: str, sources: Iterable[str], target: str, *, recorded: bool = True) -> "Move":
        """A move from any of `sources` to `target`."""
        return cls(action, frozenset(str(source) for source in sources), str(target), recorded=recorded)


def move(
    row: Row,
    step: Move,
    *,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
    where: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    news: happenings.News | None = None,
) -> tuple[Row, bool]:
    """Take `row` along `step`, write `fields` with it, and say whether it was this call that moved it.

    `where` adds conditions to the compare-and-set (a fence, say). Not in a source state, or lost to somebody faster:
    the fresh row and False, nothing written. Raises Refused when the rule says no.
    """
    model = type(row)
    manager = model._default_manager  # noqa: SLF001 - Django's documented Model API
    with transaction.atomic():
        fresh = manager.select_for_update(of=("self",)).get(pk=row.pk)
        if fresh.state not in step.sources:  # type: ignore[attr-defined]
            return fresh, False
        require(step.action, actor, fresh)
        before = fresh.state  # type: ignore[attr-defined]
        # select_for_update does nothing on SQLite: the state in the WHERE is what decides a race.
        changed = manager.filter(pk=row.pk, state=before, **(where or {})).update(state=step.target, **(fields or {}))
        if not changed:
            return manager.get(pk=row.pk), False
        fresh = manager.get(pk=row.pk)
        if step.recorded:
            record(
                step.action, actor=actor, subject=fresh, detail={"from": before, "to": step.target, **(detail or {})}
            )
        if news is not None:
            happenings.announce(news)
        signal_of_move(fresh)
    return fresh, True
