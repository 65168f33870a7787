"""The daily digest: at the person's hour, once and only once, never empty."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from portal.notices.hours import moment_of
from portal.notices.kinds import DIGEST, Delivery
from portal.notices.models import Letter, MailHours, Notice
from portal.notices.services import choose_hours, choose_mail, read_notice, send_letters, write_digests
from portal.notices.services.digests import MOST_LINES
from portal.sweeps import registered
from tests.factories.notices import NEWS, QUIET, in_zone, told
from tests.factories.together import at_once

NO_QUIET = {"quiet_from": None, "quiet_to": None}


def daily(person: Person, zone: str = "Europe/Berlin") -> Person:
    """Somebody who has both kinds in the digest."""
    choose_mail(person, {NEWS: Delivery.DAILY, QUIET: Delivery.DAILY}, actor=person)
    return in_zone(person, zone)


def let_be_due(person: Person, days: int = 1) -> None:
    """Their digest was due at the hour of a day that is past."""
    day = timezone.now().date() - timedelta(days=days)
    MailHours.objects.filter(person=person).update(digest_due_at=moment_of(day, time(8), ZoneInfo("UTC")))


def digests(person: Person) -> list[Letter]:
    return list(Letter.objects.filter(person=person, kind=DIGEST).order_by("pk"))


def test_digest_is_a_part_of_the_sweep() -> None:
    assert write_digests in registered()


def test_digest_comes_at_the_persons_hour_with_what_is_new(ada: Person, ben: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        for key in ("a", "b", "c"):
            told(person, key)
        told(ben, "x")
        read_notice(Notice.objects.get(person=ada, key="b"), actor=ada)
        clock.move_to("2026-06-02 05:59")
        assert write_digests() == 0
        clock.move_to("2026-06-02 06:00")
        assert (write_digests(), write_digests(), len(digests(ben))) == (1, 0, 0)
        letter = digests(ada)[0]
        lines = letter.text.splitlines()
        assert letter.subject == "Your daily digest: 2 notices"
        assert lines[2:9] == [
            "c", "2026-06-01 12:00 CEST", "http://127.0.0.1:8000/library/", "",
            "a", "2026-06-01 12:00 CEST", "http://127.0.0.1:8000/library/",
        ]  # fmt: skip
        clock.move_to("2026-06-03 06:00")
        assert (write_digests(), len(digests(ada))) == (0, 1)  # nothing new: none is sent
        told(person, "d")
        clock.move_to("2026-06-04 06:00")
        assert (write_digests(), [one.subject for one in digests(ada)][1:]) == (1, ["Your daily digest: 1 notice"])


@pytest.mark.parametrize(
    ("day", "before", "at"),
    [("2026-03-28", "2026-03-29 05:59", "2026-03-29 06:00"), ("2026-10-24", "2026-10-25 06:59", "2026-10-25 07:00")],
)
def test_digest_keeps_its_hour_over_a_change_of_the_clock(ada: Person, day: str, before: str, at: str) -> None:
    with freeze_time(f"{day} 10:00") as clock:
        told(daily(ada), "a")
        clock.move_to(before)
        assert write_digests() == 0
        clock.move_to(at)
        assert write_digests() == 1


def test_missed_digest_is_made_up_for_once(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        told(person, "a")
        clock.move_to("2026-06-05 17:00")  # the worker was away for four days
        told(person, "b")
        assert (write_digests(), [one.subject for one in digests(ada)]) == (1, ["Your daily digest: 2 notices"])
        assert MailHours.objects.get(person=ada).digest_due_at == datetime(2026, 6, 6, 6, 0, tzinfo=UTC)
        clock.move_to("2026-06-06 06:00")
        assert write_digests() == 0


def test_digest_after_a_move_to_another_zone_waits_for_the_hour_there(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        told(daily(ada), "a")
        in_zone(ada, "America/New_York")
        clock.move_to("2026-06-02 06:00")  # eight in Berlin, two at night in New York
        assert write_digests() == 0
        clock.move_to("2026-06-02 12:00")
        assert write_digests() == 1


def test_digest_keeps_to_quiet_hours(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        choose_hours(person, actor=person, quiet_from=time(22), quiet_to=time(9, 30), digest=True, digest_at=time(8))
        told(person, "a")
        send_letters()
        mail.outbox.clear()
        clock.move_to("2026-06-02 06:00")
        assert (write_digests(), send_letters(), len(mail.outbox)) == (1, 0, 0)
        clock.move_to("2026-06-02 07:30")
        assert (send_letters(), mail.outbox[0].subject) == (1, "Your daily digest: 1 notice")


def test_long_digest_shows_the_newest_and_counts_the_rest(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        for number in range(MOST_LINES + 2):
            told(person, f"number {number:02}")
        clock.move_to("2026-06-02 06:00")
        write_digests()
        text = digests(ada)[0].text
        assert ("number 31" in text, "number 02" in text, "number 01" in text) == (True, True, False)
        assert "The newest 30 are here; 2 more are in your inbox." in text
        assert not Notice.objects.filter(in_digest=True).exists()


def test_digest_that_was_stopped_waits_for_nothing(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        told(person, "a")
        choose_hours(person, actor=person, **NO_QUIET, digest=False, digest_at=time(8))
        told(person, "b")
        clock.move_to("2026-06-03 06:00")
        assert (write_digests(), Notice.objects.filter(in_digest=True).count()) == (0, 0)
        choose_hours(person, actor=person, **NO_QUIET, digest=True, digest_at=time(8))
        told(person, "c")
        clock.move_to("2026-06-04 06:00")
        assert (write_digests(), digests(ada)[0].subject) == (1, "Your daily digest: 1 notice")


def test_kind_that_is_not_mailed_any_more_leaves_the_digest(ada: Person) -> None:
    with freeze_time("2026-06-01 10:00") as clock:
        person = daily(ada)
        told(person, "a")
        told(person, "b", QUIET)
        choose_mail(person, {QUIET: Delivery.NEVER}, actor=person)
        clock.move_to("2026-06-02 06:00")
        write_digests()
        text = digests(ada)[0].text.splitlines()
        assert ("a" in text, "b" in text) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_twenty_sweeps_at_once_write_one_digest() -> None:
    person = Person.objects.create_user("ada@example.org", name="Ada")
    choose_mail(person, {NEWS: Delivery.DAILY}, actor=person)
    for key in ("a", "b", "c"):
        told(person, key)
    let_be_due(person)
    results = at_once(20, lambda number: write_digests())  # noqa: ARG005 - all do the same
    assert sorted(results) == [0] * 19 + [1]
    assert ([one.subject for one in digests(person)], Notice.objects.filter(in_digest=True).count()) == (
        ["Your daily digest: 3 notices"],
        0,
    )


@pytest.mark.django_db(transaction=True)
def test_notices_told_while_sweeps_run_are_in_exactly_one_digest() -> None:
    person = Person.objects.create_user("ada@example.org", name="Ada")
    choose_mail(person, {NEWS: Delivery.DAILY}, actor=person)
    told(person, "first")

    def act(number: int) -> None:
        if number % 2:
            told(person, f"notice-{number}-told")
        else:
            let_be_due(person, days=20 - number)
            write_digests()

    assert [one for one in at_once(12, act) if one is not None] == []
    let_be_due(person)
    write_digests()
    text = "\n".join(one.text for one in digests(person)).splitlines()
    assert {key: text.count(key) for key in ("first", *(f"notice-{n}-told" for n in range(1, 12, 2)))} == {
        "first": 1,
        **{f"notice-{n}-told": 1 for n in range(1, 12, 2)},
    }
