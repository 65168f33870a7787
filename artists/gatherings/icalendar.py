"""Gatherings as iCalendar (RFC 5545, methods after RFC 5546): what any calendar program reads.

Times are written in UTC, which needs no definition of a zone and is right on both sides of a change of the clocks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.notices.services import address
from portal.program.queries import the_program

from .models import Gathering
from .queries import Entry

PRODUCT = "-//Vernissage//Gatherings//EN"
WIDEST = 75  # octets of a line, without its end (RFC 5545, 3.1)
_NOT_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NOT_A_PARAMETER = re.compile(r'[\x00-\x1f\x7f"]')


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who invites: the program."""

    name: str
    email: str


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    plain = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """One content line as it is sent: no piece longer than 75 octets, no character cut in two."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > WIDEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += width
    return "\r\n".join([*pieces, piece]) + "\r\n"


def moment(at: datetime) -> str:
    """A DATE-TIME in UTC (RFC 5545, 3.3.5, form 2)."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def organizer() -> Organizer:
    """The program, with an address people may answer to."""
    program = the_program()
    name = program.name if program is not None else "Vernissage"
    contact = program.contact if program is not None else ""
    return Organizer(name, contact or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _event(entry: Entry, host: Organizer, now: datetime, *, with_place: bool) -> Iterator[str]:
    one = entry.gathering
    page = address(reverse("gathering", args=[one.pk]))
    title = one.title if entry.seated or one.cancelled else _("%(title)s (waiting list)") % {"title": one.title}
    words = [one.text, *([one.call_link] if with_place and one.call_link else []), page]
    yield "BEGIN:VEVENT"
    yield f"UID:{one.pk}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTAMP:{moment(now)}"
    yield f"CREATED:{moment(one.made_at)}"
    yield f"LAST-MODIFIED:{moment(one.changed_at)}"
    yield f"DTSTART:{moment(one.starts_at)}"
    yield f"DTEND:{moment(one.ends_at)}"
    yield f"SUMMARY:{escaped(title)}"
    yield "DESCRIPTION:" + escaped("\n\n".join(part for part in words if part))
    if with_place and (one.place or one.call_link):
        yield f"LOCATION:{escaped(one.place or one.call_link)}"
    yield f"URL:{page}"
    yield f'ORGANIZER;CN="{_NOT_A_PARAMETER.sub("", host.name)}":mailto:{host.email}'
    yield "STATUS:" + ("CANCELLED" if one.cancelled else "CONFIRMED" if entry.seated else "TENTATIVE")
    yield "END:VEVENT"


def calendar(entries: Iterable[Entry], *, method: str, places: bool = True, name: str = "") -> str:
    """A whole calendar. `places`: with place and link of the call, for those who have a seat."""
    host, now = organizer(), timezone.now()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for entry in entries:
        with_place = places and entry.seated and not entry.gathering.cancelled
        lines += _event(entry, host, now, with_place=with_place)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines)


def gathering_file(gathering: Gathering, *, seated: bool, place: bool) -> str:
    """One gathering: to be put into a calendar, or out of it where it was cancelled."""
    method = "CANCEL" if gathering.cancelled else "PUBLISH"
    return calendar([Entry(gathering, seated)], method=method, places=place)
