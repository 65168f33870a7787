"""Reading the record: search, one person's trail, and the check of the chain."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from artists.compensation.awards.queries import applications_untold_to
from artists.compensation.models import Application
from artists.people.models import Person
from portal.access import Actor, check
from portal.audit.models import Entry

PAGE = 50
MOST_DIGITS = 18
PERSON, APPLICATION = (model._meta.label_lower for model in (Person, Application))  # noqa: SLF001 - Django's documented Model API


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """The record, newest first, for staff; what a round does with an applicant's rivals and with them is told to all at once."""
    if not check("web.see_record", actor):
        return Entry.objects.none()
    untold = [str(pk) for pk in applications_untold_to(actor).values_list("pk", flat=True)]
    kept = Q(subject_kind=APPLICATION, subject_id__in=untold) & ~Q(actor_id=actor.pk)
    return Entry.objects.exclude(kept).order_by("-number")


def searched(entries: QuerySet[Entry], asked: Mapping[str, str]) -> QuerySet[Entry]:
    """By words in actor and subject (`q`), by the beginning of an action, and by day; what cannot be read narrows nothing."""
    words = asked.get("q", "").strip()
    if words:
        entries = entries.filter(
            Q(actor_label__icontains=words) | Q(subject_label__icontains=words) | Q(subject_id=words[:64])
        )
    action = asked.get("action", "").strip()
    if action:
        entries = entries.filter(action__startswith=action[:80])
    for name, lookup in (("since", "at__date__gte"), ("to", "at__date__lte")):
        day = _day(asked.get(name, ""))
        if day is not None:
            entries = entries.filter(**{lookup: day})
    return entries


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None


def page_of(entries: QuerySet[Entry], before: str) -> tuple[list[Entry], int | None]:
    """So many entries older than number `before`, and the number to go on from."""
    if before.isdecimal() and len(before) <= MOST_DIGITS:
        entries = entries.filter(number__lt=int(before))
    shown = list(entries[: PAGE + 1])
    return shown[:PAGE], shown[PAGE - 1].number if len(shown) > PAGE else None


def trail_of(person: Person, actor: Actor) -> QuerySet[Entry]:
    """What this person did and what was done to them, as far as `actor` reads the record."""
    about = Q(subject_kind=PERSON, subject_id=str(person.pk))
    return entries_visible_to(actor).filter(Q(actor_id=person.pk) | about)


def told(entry: Entry) -> dict[str, Any]:
    """An entry with its detail in reading order."""
    detail = json.loads(entry.body).get("detail", {})
    return {
        "entry": entry,
        "detail": [(name, value) for name, value in detail.items() if value not in (None, "", [], {})],
    }
