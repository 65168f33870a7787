"""ISO weeks in UTC, the only time that critique knows."""

from datetime import UTC, datetime

from django.utils import timezone


def week_of(moment: datetime | None = None) -> str:
    """The ISO 8601 week of a moment (now, if none is given), as "2026-W48"; such names sort by time."""
    year, week, _day = (moment or timezone.now()).astimezone(UTC).isocalendar()
    return f"{year:04d}-W{week:02d}"
