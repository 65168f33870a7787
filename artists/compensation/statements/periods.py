"""Months and years of a statement, on the clock of the artist it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import formats, timezone

DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; where it begins and ends depends on a zone."""

    year: int
    number: int

    @property
    def slug(self) -> str:
        """As it stands in an address: 2026-11."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def words(self) -> str:
        """As people read it: November 2026."""
        return str(formats.date_format(date(self.year, self.number, 1), "F Y"))

    @property
    def name(self) -> str:
        """Without its year: November."""
        return str(formats.date_format(date(self.year, self.number, 1), "F"))

    @property
    def after(self) -> "Month":
        """The next one."""
        return Month(self.year + 1, 1) if self.number == DECEMBER else Month(self.year, self.number + 1)

    @property
    def before(self) -> "Month":
        """The one before."""
        return Month(self.year - 1, DECEMBER) if self.number == 1 else Month(self.year, self.number - 1)

    def begins(self, zone: tzinfo) -> datetime:
        """Its first moment in a zone."""
        return datetime(self.year, self.number, 1, tzinfo=zone)

    def ends(self, zone: tzinfo) -> datetime:
        """The first moment that is no longer in it."""
        return self.after.begins(zone)


class MonthConverter:
    """A month in an address."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        """Read 2026-11."""
        return Month(int(value[:4]), int(value[5:]))

    def to_url(self, value: Month | str) -> str:
        """Write it."""
        return value.slug if isinstance(value, Month) else value


class YearConverter:
    """A year in an address."""

    regex = r"20[0-9]{2}"

    def to_python(self, value: str) -> int:
        """Read 2026."""
        return int(value)

    def to_url(self, value: int | str) -> str:
        """Write it."""
        return str(value)


def month_of(moment: datetime, zone: tzinfo) -> Month:
    """The month a moment is in."""
    local = moment.astimezone(zone)
    return Month(local.year, local.month)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """From the last back to the first."""
    here = last
    while here >= first:
        yield here
        here = here.before


def day_span(since: date, until: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of one day, and the first after another, both in a zone."""
    return (
        datetime.combine(since, time.min, tzinfo=zone),
        datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone),
    )


def year_span(year: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of a year, and the first after it."""
    return Month(year, 1).begins(zone), Month(year + 1, 1).begins(zone)


def today_in(zone: tzinfo) -> date:
    """What day it is there."""
    return timezone.now().astimezone(zone).date()
