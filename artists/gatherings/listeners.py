"""What follows from news of gatherings: those who come or wait are told, in their own time zone, never where it is."""

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.models import Person
from portal.happenings import listen
from portal.notices.kinds import Kind, register_kind
from portal.notices.services import tell

from .models import Gathering, Seat
from .news import GatheringAnnounced, GatheringCancelled, GatheringChanged, SeatPassedOn, SeatReminded
from .queries import invited_artists, who_answered
from .states import SeatState
from .times import span_in, zone_called

register_kind(Kind("gatherings.announced", gettext_lazy("You are invited to a gathering")))
register_kind(Kind("gatherings.passed_on", gettext_lazy("A seat became free and is yours")))
register_kind(Kind("gatherings.changed", gettext_lazy("A gathering you come to was changed")))
register_kind(Kind("gatherings.cancelled", gettext_lazy("A gathering you come to was cancelled")))
register_kind(Kind("gatherings.reminder", gettext_lazy("A gathering you come to begins soon")))

CHANGES = {
    "kind": gettext_lazy("kind"),
    "title": gettext_lazy("title"),
    "text": gettext_lazy("text"),
    "starts_at": gettext_lazy("beginning"),
    "ends_at": gettext_lazy("end"),
    "zone": gettext_lazy("the host's time zone"),
    "place": gettext_lazy("place"),
    "call_link": gettext_lazy("link of the call"),
    "contribution": gettext_lazy("pay"),
}


def _tell(people: Iterable[Person], kind: str, gathering: Gathering, key: str, title: str, words: str) -> None:
    url = reverse("gathering", args=[gathering.pk])
    for person in people:
        body = words.replace("{when}", span_in(gathering, person.time_zone))
        tell(person, kind, key=key, title=title[:200], body=body, url=url)


def _found(key: str) -> Gathering:
    return Gathering.objects.get(pk=uuid.UUID(key))


@listen(GatheringAnnounced, name="gatherings.tell_invited")
def tell_invited(news: GatheringAnnounced) -> None:
    """Everybody it invites."""
    one = _found(news.gathering)
    title = _("You are invited: %(title)s") % {"title": one.title}
    words = _("{when}. Coming is voluntary.")
    _tell(invited_artists(one), "gatherings.announced", one, f"gathering:{one.pk}", title, words)


@listen(SeatPassedOn, name="gatherings.tell_next")
def tell_next(news: SeatPassedOn) -> None:
    """Whoever was next in line, unless they have given it up since."""
    seat = Seat.objects.select_related("gathering", "person").get(pk=news.seat)
    if seat.state != SeatState.SEATED:
        return
    title = _("You have a seat: %(title)s") % {"title": seat.gathering.title}
    words = _("{when}. A seat became free and is yours. If you cannot come, give it up on the same page.")
    _tell([seat.person], "gatherings.passed_on", seat.gathering, f"seat:{seat.pk}:{news.at}", title, words)


@listen(GatheringChanged, name="gatherings.tell_changed")
def tell_changed(news: GatheringChanged) -> None:
    """Everybody who comes or waits: what is different, and when it is now."""
    one = _found(news.gathering)
    title = _("Changed: %(title)s") % {"title": one.title}
    what = ", ".join(str(CHANGES[name]) for name in news.what if name in CHANGES)
    words = _("Different now: %(what)s. It is on {when}.") % {"what": what}
    _tell(who_answered(one), "gatherings.changed", one, f"changed:{one.pk}:{news.sequence}", title, words)


@listen(GatheringCancelled, name="gatherings.tell_cancelled")
def tell_cancelled(news: GatheringCancelled) -> None:
    """Everybody who would have come or waited."""
    one = _found(news.gathering)
    title = _("Cancelled: %(title)s") % {"title": one.title}
    words = _("It does not take place on {when}. Why is on its page.")
    _tell(who_answered(one), "gatherings.cancelled", one, f"cancelled:{one.pk}", title, words)


@listen(SeatReminded, name="gatherings.tell_reminder")
def tell_reminder(news: SeatReminded) -> None:
    """Whoever has a seat, if it still begins then."""
    seat = Seat.objects.select_related("gathering", "person").get(pk=news.seat)
    one = seat.gathering
    if seat.state != SeatState.SEATED or one.cancelled or one.starts_at.isoformat() != news.starts_at:
        return
    clock = one.starts_at.astimezone(zone_called(seat.person.time_zone))
    title = _("%(day)s at %(time)s: %(title)s") % {
        "day": date_format(clock, "D j M"),
        "time": f"{clock:%H:%M} {clock.tzname()}",
        "title": one.title,
    }
    words = _("{when}. Where it is and how to call in is on its page.")
    key = f"reminder:{news.before}:{seat.pk}:{news.starts_at}"
    _tell([seat.person], "gatherings.reminder", one, key, title, words)
