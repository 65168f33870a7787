"""Works as staff may name them: what is public by its title; everything else by whose it is and its date.

A film without a title of its own carries its first prompt as title, and prompts are the artist's own.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from generation.models import Clip
from portal.access import Actor, check

Titles = Callable[[str, Collection[uuid.UUID] | None], dict[uuid.UUID, str]]
_TITLES: dict[str, Titles] = {}
MOST = 50


@dataclass(frozen=True, slots=True)
class Work:
    """A work as staff read it."""

    clip: Clip
    title: str
    public: bool


def register_titles(name: str, titles: Titles) -> None:
    """Let a subject name works that anybody sees: titles(words, clips) answers clip and title."""
    _TITLES[name] = titles


def _public(words: str = "", clips: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, str]:
    found: dict[uuid.UUID, str] = {}
    for titles in _TITLES.values():
        found |= titles(words, clips)
    return found


def _said(clip: Clip) -> str:
    made = date_format(localtime(clip.made_at), "j M Y, H:i")
    return _("Film of %(made)s, %(seconds)s s") % {"made": made, "seconds": f"{clip.seconds:g}"}


def named(clips: Collection[Clip]) -> list[Work]:
    """These works, in their order, as staff may name them before anybody agreed to anything."""
    public = _public(clips=[clip.pk for clip in clips])
    return [Work(clip, public.get(clip.pk) or _said(clip), clip.pk in public) for clip in clips]


def works_to_ask_for(actor: Actor, words: str = "") -> list[Work]:
    """Works one may ask for: public ones by title or artist, all others only by their artist's name or mail address."""
    if not check("consent.ask", actor):
        return []
    wanted = Q(pk__in=list(_public(words)))
    if words:
        wanted |= (
            Q(artist__name__icontains=words) | Q(artist__credit_name__icontains=words) | Q(artist__email__iexact=words)
        )
    found = Clip.objects.filter(wanted, deleted_at=None).select_related("artist")
    return named(list(found.order_by("-made_at", "-pk")[:MOST]))


def works_chosen_by(actor: Actor, chosen: Collection[str]) -> list[Work]:
    """The works of these numbers that one may ask for, in the order of the choice; unreadable numbers are nothing."""
    if not check("consent.ask", actor):
        return []
    numbers = [number for one in chosen if (number := _number(one)) is not None]
    found = Clip.objects.filter(deleted_at=None).select_related("artist").in_bulk(numbers[:MOST])
    return named([found[number] for number in dict.fromkeys(numbers) if number in found])


def _number(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
