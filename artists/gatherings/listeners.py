"""What follows from news of gatherings: those who come or wait are told, in their own time zone, never where it is."""

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.happenings import listen
from portal.notices.kinds import ARTISTS, VOICE, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.panels import Words

from .models import Gathering, Seat
from .news import GatheringAnnounced, GatheringCancelled, GatheringChanged, SeatPassedOn, SeatReminded
from .queries import invited_artists, who_answered
from .states import SeatState
from .times import span_in, zone_called

INVITED = _("You are invited: %(title)s")
VOLUNTARY = _("%(when)s. Coming is voluntary.")
SEATED = _("You have a seat: %(title)s")
PASSED_ON = _("%(when)s. A seat became free and is yours. If you cannot come, give it up on the same page.")
CHANGED = _("Changed: %(title)s")
DIFFERENT = _("Different now: %(what)s. It is on %(when)s.")
CANCELLED = _("Cancelled: %(title)s")
NOT_ON = _("It does not take place on %(when)s. Why is on its page.")
SOON = _("%(day)s at %(time)s: %(title)s")
WHERE = _("%(when)s. Where it is and how to call in is on its page.")
EXAMPLE = {
    "title": _("Open screening"), "when": "Fri 5 Mar 2027, 18:00 – 20:00 CET", "what": _("beginning"),
    "day": "Fri 5 Mar", "time": "18:00 CET",
}  # fmt: skip


def _kind(name: str, label: Words, title: Words, body: Words) -> None:
    register_kind(
        Kind(name, label, family=VOICE, concerns=ARTISTS, sample=Sample(title, body, "/gatherings/", fill=EXAMPLE))
    )


_kind("gatherings.announced", _("You are invited to a gathering"), INVITED, VOLUNTARY)
_kind("gatherings.passed_on", _("A seat became free and is yours"), SEATED, PASSED_ON)
_kind("gatherings.changed", _("A gathering you come to was changed"), CHANGED, DIFFERENT)
_kind("gatherings.cancelled", _("A gathering you come to was cancelled"), CANCELLED, NOT_ON)
_kind("gatherings.reminder", _("A gathering you come to begins soon"), SOON, WHERE)

CHANGES = {
    "kind": _("kind"),
    "title": _("title"),
    "text": _("text"),
    "starts_at": _("beginning"),
    "ends_at": _("end"),
    "zone": _("the host's time zone"),
    "place": _("place"),
    "call_link": _("link of the call"),
    "contribution": _("pay"),
}


def _tell(
    people: Iterable[Person], kind: str, gathering: Gathering, key: str, title: Words, body: Words, **more: Words
) -> None:
    url = reverse("gathering", args=[gathering.pk])
    for person in people:
        # Said in the language and on the clock of whoever reads it.
        when = lazy(span_in, str)(gathering, person.time_zone)
        tell(
            person,
            kind,
            key=key,
            title=title,
            body=body,
            url=url,
            fill={"title": gathering.title, "when": when, **more},
        )


def _found(key: str) -> Gathering:
    return Gathering.objects.get(pk=uuid.UUID(key))


@listen(GatheringAnnounced, name="gatherings.tell_invited")
def tell_invited(news: GatheringAnnounced) -> None:
    """Everybody it invites."""
    one = _found(news.gathering)
    _tell(invited_artists(one), "gatherings.announced", one, f"gathering:{one.pk}", INVITED, VOLUNTARY)


@listen(SeatPassedOn, name="gatherings.tell_next")
def tell_next(news: SeatPassedOn) -> None:
    """Whoever was next in line, unless they have given it up since."""
    seat = Seat.objects.select_related("gathering", "person").get(pk=news.seat)
    if seat.state != SeatState.SEATED:
        return
    _tell([seat.person], "gatherings.passed_on", seat.gathering, f"seat:{seat.pk}:{news.at}", SEATED, PASSED_ON)


@listen(GatheringChanged, name="gatherings.tell_changed")
def tell_changed(news: GatheringChanged) -> None:
    """Everybody who comes or waits: what is different, and when it is now."""
    one = _found(news.gathering)
    known = [CHANGES[name] for name in news.what if name in CHANGES]
    what = format_lazy(", ".join("{}" for _name in known), *known)
    key = f"changed:{one.pk}:{news.sequence}"
    _tell(who_answered(one), "gatherings.changed", one, key, CHANGED, DIFFERENT, what=what)


@listen(GatheringCancelled, name="gatherings.tell_cancelled")
def tell_cancelled(news: GatheringCancelled) -> None:
    """Everybody who would have come or waited."""
    one = _found(news.gathering)
    _tell(who_answered(one), "gatherings.cancelled", one, f"cancelled:{one.pk}", CANCELLED, NOT_ON)


@listen(SeatReminded, name="gatherings.tell_reminder")
def tell_reminder(news: SeatReminded) -> None:
    """Whoever has a seat, if it still begins then."""
    seat = Seat.objects.select_related("gathering", "person").get(pk=news.seat)
    one = seat.gathering
    if seat.state != SeatState.SEATED or one.cancelled or one.starts_at.isoformat() != news.starts_at:
        return
    clock = one.starts_at.astimezone(zone_called(seat.person.time_zone))
    day, time = lazy(date_format, str)(clock, "D j M"), f"{clock:%H:%M} {clock.tzname()}"
    key = f"reminder:{news.before}:{seat.pk}:{news.starts_at}"
    _tell([seat.person], "gatherings.reminder", one, key, SOON, WHERE, day=day, time=time)
