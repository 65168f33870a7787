"""Which reports one may see: one's own, and the board of staff with its filters.

What has ended grows for ever, so it is never counted whole, and a page of it is found by an index however deep the past.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.http import urlencode

from artists.feedback.models import BugMessage, BugReport
from artists.people.models import Person
from generation.registry import models
from portal.access import Actor, check

from .states import OPEN, BugState, Severity

OPEN_TAB, ALL_TAB = "open", "all"
COUNTED = 500  # beyond it a tab says "more than"
LONGEST_SEARCH = 100


def bugs_visible_to(actor: Actor) -> QuerySet[BugReport]:
    """One's own reports, newest first, each with the one it was merged into."""
    mine = BugReport.objects.filter(author_id=actor.pk) if actor.pk else BugReport.objects.none()
    return mine.select_related("duplicate_of").order_by("-made_at", "-pk")


def bugs_known_to(actor: Actor) -> QuerySet[BugReport]:
    """Reports whose files one may be handed, if the rule agrees: one's own; all for staff."""
    return bugs_overseen_by(actor) if check("bugs.oversee", actor) else bugs_visible_to(actor)


def bugs_overseen_by(actor: Actor) -> QuerySet[BugReport]:
    """Every report, for staff."""
    every = BugReport.objects.select_related("author", "duplicate_of").order_by("-made_at", "-pk")
    return every if check("bugs.oversee", actor) else every.none()


def messages_of(bug: BugReport) -> list[BugMessage]:
    """Its thread; the caller found the report among those they may see."""
    return list(bug.messages.select_related("by"))


def duplicates_of(bug: BugReport) -> list[BugReport]:
    """Reports that were merged into it, with their authors; for staff."""
    return list(bug.duplicates.select_related("author").order_by("made_at", "pk"))


def duplicate_counts(bugs: Collection[BugReport]) -> dict[int, int]:
    """How many reports were merged into each of these."""
    found = BugReport.objects.filter(duplicate_of__in=[bug.pk for bug in bugs]).order_by()
    return dict(found.values_list("duplicate_of").annotate(number=Count("pk")).values_list("duplicate_of", "number"))


def authors_of(keys: Collection[int]) -> dict[int, set[int]]:
    """Who said so, by report: its author and those of its duplicates, or of the first report where it is one itself."""
    rows = BugReport.objects.filter(pk__in=keys).values_list("pk", "author_id", "duplicate_of_id")
    found = {pk: {author} for pk, author, _first in rows}
    firsts = {pk: first or pk for pk, _author, first in rows}
    same: dict[int, set[int]] = {first: set() for first in firsts.values()}
    others = BugReport.objects.filter(Q(pk__in=same) | Q(duplicate_of__in=same))
    for pk, author, first in others.values_list("pk", "author_id", "duplicate_of_id"):
        same[first or pk].add(author)
    return {pk: authors | same[firsts[pk]] for pk, authors in found.items()}


def waiting(actor: Actor) -> int:
    """How many reports nobody has looked into yet, up to COUNTED; for the rail."""
    found = bugs_overseen_by(actor).filter(state=BugState.RECEIVED).order_by()
    return found.values("pk")[:COUNTED].count()


@dataclass(frozen=True, slots=True)
class Filters:
    """What staff chose to see."""

    state: str = OPEN_TAB
    severity: str = ""
    model: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """From an address; what is no choice is left out."""
        state, severity, model = (asked.get(name, "") for name in ("state", "severity", "model"))
        return cls(
            state if state in {*BugState.values, OPEN_TAB, ALL_TAB} else OPEN_TAB,
            severity if severity in Severity.values else "",
            model if model in {entry.name for entry in models()} else "",
            asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        )

    def query(self, **more: Any) -> str:
        """The same choice as a part of an address."""
        values = {"state": self.state, "severity": self.severity, "model": self.model, "q": self.words, **more}
        return urlencode({name: value for name, value in values.items() if value})

    def at(self, state: str) -> "Filters":
        """The same choice in another state."""
        return replace(self, state=state)

    @property
    def narrows(self) -> bool:
        """Whether anything but a state is chosen."""
        return bool(self.severity or self.model or self.words)


def board(actor: Actor, chosen: Filters) -> QuerySet[BugReport]:
    """The list, newest first."""
    found = bugs_overseen_by(actor)
    if chosen.state == OPEN_TAB:
        found = found.filter(ended_at=None)
    elif chosen.state != ALL_TAB:
        found = found.filter(state=chosen.state)
    if chosen.severity:
        found = found.filter(severity=chosen.severity)
    if chosen.model:
        found = found.filter(model=chosen.model)
    if chosen.words:
        number = chosen.words.removeprefix("#")
        named = Q(title__icontains=chosen.words) | Q(author__name__icontains=chosen.words)
        if number.isascii() and number.isdigit() and len(number) < 10:  # noqa: PLR2004 - fits a key
            named |= Q(pk=int(number))
        found = found.filter(named)
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports a tab has; `more`: more than that."""

    name: str
    label: Any
    number: int
    more: bool = False


def tallies(actor: Actor) -> list[Tally]:
    """How many are in each state, up to COUNTED."""
    found = bugs_overseen_by(actor).order_by()
    counts = []
    for state in BugState:
        number = found.filter(state=state).values("pk")[: COUNTED + 1].count()
        counts.append(Tally(str(state), state.label, min(number, COUNTED), number > COUNTED))
    return counts


def bug_counts() -> dict[str, int]:
    """For `manage.py status`: how many are in each open state."""
    rows = BugReport.objects.filter(ended_at=None).order_by().values("state").annotate(number=Count("pk"))
    there = {row["state"]: row["number"] for row in rows}
    return {state.value: there.get(state.value, 0) for state in OPEN}


def counts_of(person: Person) -> dict[str, int]:
    """How many an artist reported, and how many of them counted as a contribution."""
    mine = BugReport.objects.filter(author=person)
    return {"reported": mine.count(), "accepted": mine.filter(accepted_at__isnull=False).count()}
