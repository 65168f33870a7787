"""Acts on the roadmap: write an item, name what it came from, move it along; shipped, each author is told once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.models import RoadmapItem, RoadmapSource
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, denied, require
from portal.audit.chain import record
from portal.machine import move

from .news import ItemShipped
from .sources import source_called
from .states import OPEN, STEPS, ItemState

LONGEST_TITLE = 160
LONGEST_TEXT = 4000
LONGEST_VERSION = 80
WRITE = "roadmap.write"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an item goes: a state, the version it is shipped in, and why it is not planned."""

    state: str
    shipped_in: str = ""
    answer: str = ""


def _refusal(code: str, words: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    return Refused(WRITE, denied(code, words, todo=todo, kind=kind))


def _checked(title: str, text: str) -> dict[str, str]:
    said = {"title": title.strip(), "text": text.strip()}
    if not said["title"]:
        raise _refusal("title-missing", _("Say in one line what it is."), _("Nothing was changed."))
    if len(said["title"]) > LONGEST_TITLE:
        raise _refusal("title-long", _("A title has up to 160 characters."), _("Shorten it."))
    if len(said["text"]) > LONGEST_TEXT:
        raise _refusal("text-long", _("The text has up to %(most)s characters.") % {"most": LONGEST_TEXT})
    return said


@transaction.atomic
def add_item(title: str, text: str = "", *, actor: Person) -> RoadmapItem:
    """A new item, considered. Everybody of the program sees it. Raises Refused title-missing, title-long, text-long."""
    require(WRITE, actor)
    now = timezone.now()
    item = RoadmapItem.objects.create(**_checked(title, text), by_label=actor.label[:200], made_at=now, changed_at=now)
    record("roadmap.add", actor=actor, subject=item)
    return item


@transaction.atomic
def edit_item(item: RoadmapItem, title: str, text: str, *, actor: Person) -> RoadmapItem:
    """Other words for it. Raises Refused title-missing, title-long, text-long."""
    require(WRITE, actor, item)
    RoadmapItem.objects.filter(pk=item.pk).update(**_checked(title, text))
    record("roadmap.edit", actor=actor, subject=item)
    return RoadmapItem.objects.get(pk=item.pk)


def _news(item: RoadmapItem, at: datetime) -> ItemShipped:
    return ItemShipped(item.pk, at.isoformat())


@transaction.atomic
def move_item(item: RoadmapItem, step: Step, *, actor: Person) -> RoadmapItem:
    """Put an item into a state. Raises Refused item-state-unknown, version-long, reason-missing, text-long, item-state."""
    way = STEPS.get(ItemState(step.state)) if step.state in ItemState.values else None
    if way is None:
        raise _refusal("item-state-unknown", _("An item cannot be put there."), _("Choose another state."))
    if len(step.shipped_in.strip()) > LONGEST_VERSION:
        raise _refusal("version-long", _("A version has up to 80 characters."), _("Shorten it."))
    if step.state == ItemState.DROPPED and not step.answer.strip():
        words = _("Say why it is not planned: whoever asked for it reads it.")
        raise _refusal("reason-missing", words, _("Nothing was changed."))
    if len(step.answer.strip()) > LONGEST_TEXT:
        raise _refusal("text-long", _("The text has up to %(most)s characters.") % {"most": LONGEST_TEXT})
    now = timezone.now()
    fields = {
        "changed_at": now,
        "ended_at": None if step.state in OPEN else now,
        "shipped_in": step.shipped_in.strip() if step.state == ItemState.SHIPPED else "",
        "answer": step.answer.strip() if step.state == ItemState.DROPPED else "",
    }
    news = _news(item, now) if step.state == ItemState.SHIPPED else None
    done, moved = move(item, way, actor=actor, fields=fields, news=news)
    if not moved:
        require(way.action, actor, done)
        words = _("This item is %(state)s: it cannot be put there.") % {"state": done.get_state_display()}
        raise _refusal("item-state", words, _("Load it again and look."), Kind.CONFLICT)
    return done


@transaction.atomic
def name_source(item: RoadmapItem, kind: str, key: int, *, actor: Person) -> RoadmapSource:
    """Say that an item came from a report or response; twice is once. Of a shipped item its author is told now.

    Raises Refused source-unknown.
    """
    require(WRITE, actor, item)
    source = source_called(kind)
    if source is None or key not in source.people([key]):
        raise _refusal(
            "source-unknown", _("There is none of this number."), _("Look for it in its list."), Kind.MISSING
        )
    locked = RoadmapItem.objects.select_for_update().get(pk=item.pk)
    try:
        with transaction.atomic():
            row = RoadmapSource.objects.create(item=locked, kind=kind, key=key)
    except IntegrityError:
        return RoadmapSource.objects.get(item=locked, kind=kind, key=key)
    record("roadmap.name_source", actor=actor, subject=locked, detail={"kind": kind, "key": key})
    if locked.state == ItemState.SHIPPED:
        happenings.announce(_news(locked, timezone.now()))
    return row


@transaction.atomic
def drop_source(item: RoadmapItem, source: int, *, actor: Person) -> None:
    """It did not come from this after all."""
    require(WRITE, actor, item)
    gone, _rows = RoadmapSource.objects.filter(item=item, pk=source).delete()
    if gone:
        record("roadmap.drop_source", actor=actor, subject=item, detail={"source": source})
