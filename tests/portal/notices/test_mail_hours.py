"""Quiet hours and the hour of the digest on clocks that are set forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.notices.hours import Quiet, moment_of, next_moment, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")  # 2026-03-29 02:00 to 03:00; 2026-10-25 03:00 back to 02:00
HAVANA = ZoneInfo("America/Havana")  # 2026-03-08 00:00 to 01:00; 2026-11-01 01:00 back to 00:00
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour: 2026-10-04 02:00 to 02:30; 2026-04-05 02:00 back to 01:30
NIGHT = Quiet(time(22), time(7))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "quiet", "zone", "ends"),
    [
        # An ordinary night, over midnight; the first moment is inside, the last is not.
        ("2026-06-01 20:00", NIGHT, BERLIN, "2026-06-02 05:00"),
        ("2026-06-01 19:59", NIGHT, BERLIN, None),
        ("2026-06-02 04:59", NIGHT, BERLIN, "2026-06-02 05:00"),
        ("2026-06-02 05:00", NIGHT, BERLIN, None),
        # Hours of one day.
        ("2026-06-02 11:30", Quiet(time(13), time(14)), BERLIN, "2026-06-02 12:00"),
        ("2026-06-02 12:00", Quiet(time(13), time(14)), BERLIN, None),
        # Forward: the night is an hour shorter, and ends by the new clock.
        ("2026-03-28 21:30", NIGHT, BERLIN, "2026-03-29 05:00"),
        # Its end is jumped over: it ends with the jump.
        ("2026-03-29 00:30", Quiet(time(22), time(2, 30)), BERLIN, "2026-03-29 01:00"),
        ("2026-03-29 01:00", Quiet(time(22), time(2, 30)), BERLIN, None),
        # Its beginning is jumped over: it begins with the jump.
        ("2026-03-29 00:59", Quiet(time(2, 30), time(6)), BERLIN, None),
        ("2026-03-29 01:00", Quiet(time(2, 30), time(6)), BERLIN, "2026-03-29 04:00"),
        # All of it is jumped over: there is none that night.
        ("2026-03-29 00:59", Quiet(time(2, 15), time(2, 45)), BERLIN, None),
        ("2026-03-29 01:00", Quiet(time(2, 15), time(2, 45)), BERLIN, None),
        ("2026-03-29 01:15", Quiet(time(2, 15), time(2, 45)), BERLIN, None),
        # Back: the night is an hour longer.
        ("2026-10-24 20:30", NIGHT, BERLIN, "2026-10-25 06:00"),
        # Its end is shown twice: the second one counts, and it is quiet all the way there.
        ("2026-10-25 00:15", Quiet(time(22), time(2, 30)), BERLIN, "2026-10-25 01:30"),
        ("2026-10-25 00:45", Quiet(time(22), time(2, 30)), BERLIN, "2026-10-25 01:30"),
        ("2026-10-25 01:30", Quiet(time(22), time(2, 30)), BERLIN, None),
        # Its beginning is shown twice: the first one counts.
        ("2026-10-25 00:30", Quiet(time(2, 30), time(6)), BERLIN, "2026-10-25 05:00"),
        ("2026-10-25 01:00", Quiet(time(2, 30), time(6)), BERLIN, "2026-10-25 05:00"),
        # Two nights that meet because the clock goes back: it goes on to the end of the second.
        ("2026-10-25 00:10", Quiet(time(2, 30), time(2, 15)), BERLIN, "2026-10-26 01:15"),
        # The jump is at midnight.
        ("2026-03-08 04:30", Quiet(time(23), time(0, 30)), HAVANA, "2026-03-08 05:00"),
        ("2026-11-01 03:30", Quiet(time(23), time(0, 30)), HAVANA, "2026-11-01 05:30"),
        # Half an hour, on the other side of the world.
        ("2026-10-03 15:00", Quiet(time(23), time(2, 10)), LORD_HOWE, "2026-10-03 15:30"),
        ("2026-04-04 14:45", Quiet(time(23), time(1, 40)), LORD_HOWE, "2026-04-04 15:10"),
    ],
)
def test_quiet_hours_end(now: str, quiet: Quiet, zone: ZoneInfo, ends: str | None) -> None:
    assert quiet_until(utc(now), quiet, zone) == (None if ends is None else utc(ends))


@pytest.mark.parametrize(
    ("after", "at", "zone", "comes"),
    [
        ("2026-06-01 05:59", time(8), BERLIN, "2026-06-01 06:00"),
        ("2026-06-01 06:00", time(8), BERLIN, "2026-06-02 06:00"),
        ("2026-03-28 07:00", time(8), BERLIN, "2026-03-29 06:00"),  # 23 hours later
        ("2026-10-24 06:00", time(8), BERLIN, "2026-10-25 07:00"),  # 25 hours later
        ("2026-03-28 01:30", time(2, 30), BERLIN, "2026-03-29 01:00"),  # not shown: with the jump
        ("2026-03-29 01:00", time(2, 30), BERLIN, "2026-03-30 00:30"),
        ("2026-10-24 00:30", time(2, 30), BERLIN, "2026-10-25 00:30"),  # shown twice: the first
        ("2026-10-25 00:30", time(2, 30), BERLIN, "2026-10-26 01:30"),  # and not again an hour later
        ("2026-03-07 05:15", time(0, 15), HAVANA, "2026-03-08 05:00"),
    ],
)
def test_hour_of_the_digest_comes_once_a_day(after: str, at: time, zone: ZoneInfo, comes: str) -> None:
    assert next_moment(utc(after), at, zone) == utc(comes)


def test_day_that_never_was_is_its_jump() -> None:
    # Samoa went from 2011-12-29 to 2011-12-31.
    assert moment_of(date(2011, 12, 30), time(8), ZoneInfo("Pacific/Apia")) == utc("2011-12-30 10:00")


ZONES = st.sampled_from([BERLIN, HAVANA, LORD_HOWE, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu"), UTC])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 - the strategy wants bare bounds
CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@settings(max_examples=300, deadline=None)
@given(now=MOMENTS, begins=CLOCKS, ends=CLOCKS, zone=ZONES)
def test_quiet_hours_hold_exactly_what_the_clock_shows(now: datetime, begins: time, ends: time, zone: ZoneInfo) -> None:
    """Far from a change of the clock the rule is the plain one, and no end is itself quiet."""
    if begins == ends:
        return
    end = quiet_until(now, Quiet(begins, ends), zone)
    if end is not None:
        assert now < end
        assert quiet_until(end, Quiet(begins, ends), zone) is None
    days = (now - timedelta(days=2), now + timedelta(days=2))
    if len({day.astimezone(zone).utcoffset() for day in days}) == 1:
        shown = now.astimezone(zone).time()
        inside = begins <= shown < ends if begins < ends else shown >= begins or shown < ends
        assert (end is not None) == inside


@settings(max_examples=200, deadline=None)
@given(after=MOMENTS, at=CLOCKS, zone=ZONES)
def test_digests_are_a_day_apart(after: datetime, at: time, zone: ZoneInfo) -> None:
    first = next_moment(after, at, zone)
    second = next_moment(first, at, zone)
    assert first > after
    assert timedelta(hours=22) < second - first < timedelta(hours=26)
    assert (second.astimezone(zone).date() - first.astimezone(zone).date()).days == 1
