"""How a gathering and one's seat stand, in words: the first line of its page, the chip in a list."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from artists.tariff.queries import Price

from .models import Gathering, Seat
from .states import SeatState
from .times import span_here


@dataclass(frozen=True, slots=True)
class Stands:
    """State, whose turn, tone."""

    state: str
    next: str
    tone: str
    yours: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One gathering in a list."""

    gathering: Any
    span: str
    price: Price | None
    chip: str
    tone: str
    room: str


def _room(one: Any) -> str:
    free = max(0, one.capacity - one.seated)
    if free:
        return ngettext("%(n)d seat free of %(all)d", "%(n)d seats free of %(all)d", free) % {
            "n": free,
            "all": one.capacity,
        }
    return ngettext("all seats taken, %(n)d waits", "all seats taken, %(n)d wait", one.waiting) % {"n": one.waiting}


def line_of(one: Any, prices: dict[str, Price]) -> Line:
    """A gathering with its counts (see queries.gatherings_visible_to)."""
    chips = {
        SeatState.SEATED: (_("you have a seat"), "ok"),
        SeatState.WAITING: (_("waiting list"), "info"),
        SeatState.GIVEN_UP: (_("you gave it up"), "plain"),
    }
    chip, tone = chips.get(one.mine, ("", "plain"))
    if one.cancelled:
        chip, tone = _("cancelled"), "stop"
    return Line(one, span_here(one), prices.get(one.contribution), chip, tone, _room(one))


def stands(one: Any, seat: Seat | None, place: int) -> Stands:
    """The first line of its page. `place`: how many get a seat before this person, counted from 1."""
    if one.cancelled:
        return Stands(_("Cancelled"), _("It does not take place"), "stop")
    if one.is_over():
        return Stands(_("Over"), _("Nothing is left to do"), "plain")
    if seat is not None and seat.state == SeatState.SEATED:
        return Stands(_("You have a seat"), _("If you cannot come, give it up: somebody may be waiting"), "ok")
    if seat is not None and seat.state == SeatState.WAITING:
        return Stands(
            _("You are number %(n)d on the waiting list") % {"n": place}, _("We tell you when a seat is yours"), "info"
        )
    if one.seated >= one.capacity:
        return Stands(_("All seats are taken"), _("You may join the waiting list"), "warn")
    return Stands(_room_words(one), _("Coming is voluntary"), "info")


def _room_words(one: Gathering) -> str:
    words = _room(one)
    return words[:1].upper() + words[1:]
