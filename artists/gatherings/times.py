"""Times of a gathering in words, on the clock of whoever reads them."""

import zoneinfo
from datetime import datetime

from django.utils import formats, timezone

from .models import Gathering

DAY, HOUR = "D j M Y", "H:i"


def zone_called(name: str) -> zoneinfo.ZoneInfo:
    """The zone, or UTC where this machine does not know it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def span_in(gathering: Gathering, zone: str) -> str:
    """From when to when: "Sun 28 Mar 2027, 18:00 to 20:00 CEST (Europe/Berlin)". Both offsets where they differ."""
    there = zone_called(zone)
    starts, ends = gathering.starts_at.astimezone(there), gathering.ends_at.astimezone(there)

    def said(at: datetime, pattern: str) -> str:
        return formats.date_format(at, pattern)

    first = f"{said(starts, DAY)}, {said(starts, HOUR)}"
    if starts.tzname() != ends.tzname():
        first = f"{first} {starts.tzname()}"
    last = said(ends, HOUR) if starts.date() == ends.date() else f"{said(ends, DAY)}, {said(ends, HOUR)}"
    named = "" if ends.tzname() == there.key else f" ({there.key})"
    return f"{first} – {last} {ends.tzname()}{named}"


def span_here(gathering: Gathering) -> str:
    """The same on the reader's clock."""
    return span_in(gathering, timezone.get_current_timezone_name())
