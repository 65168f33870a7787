"""When mail may go out: quiet hours and the hour of the digest, as a person's own clock shows them.

A clock that is set forward jumps over some times, one that is set back shows some twice (PEP 495). A time that is jumped over is
the moment of the jump. Of a time that is shown twice, quiet hours begin at the first and end at the second; the digest
goes out at the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when until when nothing is mailed; over midnight when it ends before it begins."""

    begins: time
    ends: time


def moment_of(day: date, at: time, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment (UTC) at which clocks of this zone show `at` on `day`: the first one, or the `last`."""
    wall = datetime.combine(day, at, zone)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first > second:  # never shown: read by the offset before the jump it lies after it, and the other way round
        return _jump(second, first, zone)
    return second if last else first


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the offset of `after`."""
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def quiet_until(now: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that hold `now` end (UTC); None outside of them."""
    moment = now.astimezone(UTC)
    today = moment.astimezone(zone).date()
    over_midnight = quiet.ends <= quiet.begins
    for day in (today + A_DAY * number for number in range(-1, 3)):
        begins = moment_of(day, quiet.begins, zone)
        ends = moment_of(day + A_DAY if over_midnight else day, quiet.ends, zone, last=True)
        # Where a clock is set back, one night may reach into the next: then it goes on.
        if begins <= moment < ends:
            moment = ends
    return moment if moment > now else None


def next_moment(after: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first moment later than `after` at which clocks of this zone show `at` (UTC); one a day."""
    today = after.astimezone(zone).date()
    coming = (moment_of(today + A_DAY * number, at, zone) for number in range(4))
    return next(moment for moment in coming if moment > after)
