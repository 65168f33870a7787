"""What the library is narrowed to: read from the address, applied to clips, written back into the address."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.access import Actor

from .holds import held_for, holds
from .models import Clip
from .queries import collections_visible_to
from .registry import models
from .search import matching

SHAPES = {"wide": _("wide"), "tall": _("tall"), "square": _("square")}
LONGEST_SEARCH = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """All empty: the whole library. What cannot be read in an address counts as not given."""

    q: str = ""
    starred: bool = False
    collection: int | None = None
    model: str = ""
    tier: str = ""
    shape: str = ""
    held: str = ""
    since: date | None = None
    until: date | None = None
    stack: uuid.UUID | None = None

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "Filters":
        """Read the query of an address."""
        collection = data.get("collection", "")
        return cls(
            q=data.get("q", "").strip()[:LONGEST_SEARCH],
            starred=data.get("starred") == "yes",
            collection=int(collection) if collection.isdecimal() and len(collection) < len(str(2**63)) else None,
            model=data.get("model", ""),
            tier=data.get("tier", "") if data.get("tier", "") in tiers() else "",
            shape=data.get("shape", "") if data.get("shape", "") in SHAPES else "",
            held=data.get("held", "") if data.get("held", "") in {"none", *(hold.name for hold in holds())} else "",
            since=_day(data.get("since", "")),
            until=_day(data.get("until", "")),
            stack=_key(data.get("stack", "")),
        )

    @property
    def given(self) -> bool:
        """Whether anything is narrowed at all."""
        return self != Filters()

    @property
    def more(self) -> bool:
        """Whether one of those is given that stand behind "more"."""
        return any((self.model, self.tier, self.shape, self.held, self.since, self.until))

    @property
    def query(self) -> str:
        """The same filters as the query of an address."""
        given = {name: value for name, value in asdict(self).items() if value}
        return urlencode({name: "yes" if value is True else value for name, value in given.items()})

    def apply(self, clips: QuerySet[Clip], actor: Actor) -> QuerySet[Clip]:
        """The clips that pass."""
        if self.starred:
            clips = clips.filter(starred=True)
        if self.collection is not None:
            clips = clips.filter(collected__collection__in=collections_visible_to(actor).filter(pk=self.collection))
        if self.model:
            clips = clips.filter(generation__model=self.model)
        if self.tier:
            clips = clips.filter(generation__model__in=tiers()[self.tier])
        if self.shape:
            asked = {"width__gt": F("height")} if self.shape == "wide" else {"width__lt": F("height")}
            clips = clips.filter(**({"width": F("height")} if self.shape == "square" else asked))
        if self.held:
            clips = held_for(clips, self.held)
        if self.since:
            clips = clips.filter(made_at__gte=_midnight(self.since))
        if self.until:
            clips = clips.filter(made_at__lt=_midnight(self.until + timedelta(days=1)))
        if self.stack:
            clips = clips.filter(stack=self.stack)
        return matching(clips, self.q)


def tiers() -> dict[str, list[str]]:
    """Names of the models of each tier of the registry."""
    found: dict[str, list[str]] = {}
    for entry in models():
        found.setdefault(entry.tier, []).append(entry.name)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))  # in the person's own zone


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None  # noqa: PLR2004 - what both databases and every zone can hold


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
