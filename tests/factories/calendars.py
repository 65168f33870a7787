"""Reads iCalendar as a calendar program does (RFC 5545): unfolds, splits, unescapes; anything malformed fails."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]+))*):(.*)', re.DOTALL)
ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "URL", "ORGANIZER")


@dataclass
class Read:
    """A calendar: its own properties, and those of each event; values of text are unescaped."""

    properties: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)


def text_of(value: str) -> str:
    """A value of type TEXT, unescaped."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def lines_of(data: bytes) -> list[str]:
    """Content lines: CRLF everywhere, none longer than 75 octets, each piece whole UTF-8."""
    assert data.endswith(b"\r\n")
    pieces = data[:-2].split(b"\r\n")
    assert all(len(piece) <= 75 and b"\r" not in piece and b"\n" not in piece for piece in pieces)
    lines: list[str] = []
    for piece in pieces:
        text = piece.decode()  # a character cut in two would fail here
        if text.startswith((" ", "\t")):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def moment(value: str) -> datetime:
    """A DATE-TIME in UTC."""
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read(data: bytes) -> Read:
    """One calendar with its events."""
    found, event = Read(), None
    lines = lines_of(data)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    for line in lines[1:-1]:
        match = LINE.fullmatch(line)
        assert match, line
        name, _parameters, value = match.groups()
        if (name, value) == ("BEGIN", "VEVENT"):
            assert event is None
            event = {}
        elif (name, value) == ("END", "VEVENT"):
            assert event is not None and all(one in event for one in ONCE)
            found.events.append(event)
            event = None
        else:
            into = found.properties if event is None else event
            assert name not in into, f"{name} twice"
            into[name] = text_of(value) if name in {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME"} else value
    assert event is None and {"VERSION", "PRODID", "METHOD"} <= set(found.properties)
    return found
