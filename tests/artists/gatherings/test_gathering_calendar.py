"""Calendars of gatherings: what RFC 5545 asks, what changes and cancellations do, and who may read them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from artists.gatherings.icalendar import escaped, folded
from artists.gatherings.models import Feed, Gathering
from artists.gatherings.services import cancel_gathering, change_gathering, end_feed, give_up_seat, make_feed
from artists.people.models import Person
from portal.audit.models import Entry
from portal.program.models import Cohort, Program
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.calendars import Read, lines_of, moment, read, text_of
from tests.factories.gatherings import DAY, HOUR, gathered, planned, seated

ClientOf = Callable[[Person], Client]
TITLE = "Films; talks, and a \\ slash: “ænd” 放映会 " + "ü" * 60


def file_of(client: Client, one: Gathering) -> Read:
    answer = client.get(reverse("gathering_ics", args=[one.pk]))
    assert (answer.status_code, answer["Content-Type"].startswith("text/calendar; charset=utf-8")) == (200, True)
    return read(answer.content)


def feed_of(secret: str) -> Read:
    answer = Client().get(reverse("gathering_feed", args=[secret]))
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return read(answer.content)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_out_of_a_calendar_as_it_went_in(text: str) -> None:
    sent = f"BEGIN:VCALENDAR\r\n{folded(f'X:{escaped(text)}')}END:VCALENDAR\r\n"
    lines = lines_of(sent.encode())
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in plain if one == "\n" or (ord(one) > 31 and ord(one) != 127))
    assert (len(lines), text_of(lines[1][2:])) == (3, kept)


def test_file_says_what_when_and_where_in_utc(ada: Person, sam: Person, client_of: ClientOf) -> None:
    starts = datetime(2027, 3, 28, 18, tzinfo=UTC)
    with freeze_time("2027-03-01 10:00"):
        one = gathered(sam, title=TITLE[:160], text="First line\nEND:VEVENT\nsecond", starts_at=starts)
        seated(one, ada)
        found = file_of(client_of(ada), one)
    event = found.events[0]
    assert (found.properties["METHOD"], found.properties["VERSION"]) == ("PUBLISH", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(one.pk), "0", "CONFIRMED")
    assert (moment(event["DTSTART"]), moment(event["DTEND"])) == (starts, starts + 2 * HOUR)
    assert moment(event["DTSTAMP"]) == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert (event["SUMMARY"], event["LOCATION"]) == (TITLE[:160], "Room 4")
    assert event["DESCRIPTION"].startswith("First line\nEND:VEVENT\nsecond\n\nhttps://call.example.org/abc\n\n")
    assert event["URL"].endswith(reverse("gathering", args=[one.pk]))
    assert event["ORGANIZER"].startswith("mailto:")


def test_place_stands_only_in_the_calendar_of_those_who_have_a_seat(
    ada: Person, ben: Person, nia: Person, sam: Person, client_of: ClientOf
) -> None:
    one = gathered(sam, capacity=1)
    seated(one, ada, ben)
    texts = {
        who.name: client_of(who).get(reverse("gathering_ics", args=[one.pk])).content.decode()
        for who in (ada, ben, nia)
    }
    assert {name: ("Room 4" in text, "call.example.org" in text) for name, text in texts.items()} == {
        "Ada": (True, True), "Ben": (False, False), "Nia": (False, False),
    }  # fmt: skip
    event = read(texts["Ben"].encode()).events[0]
    assert (event["STATUS"], event["SUMMARY"]) == ("TENTATIVE", "How it went (waiting list)")


def test_change_raises_the_sequence_and_a_cancelled_one_is_taken_out(
    ada: Person, sam: Person, client_of: ClientOf
) -> None:
    one = gathered(sam)
    seated(one, ada)
    client, secret = client_of(ada), make_feed(actor=ada)
    change_gathering(one, planned(starts_at=one.starts_at + DAY), actor=sam)
    moved = file_of(client, one).events[0]
    assert (moved["UID"], moved["SEQUENCE"], moment(moved["DTSTART"])) == (str(one.pk), "1", one.starts_at + DAY)
    cancel_gathering(one, actor=sam, reason="The host is ill.")
    gone = file_of(client, one)
    assert (gone.properties["METHOD"], gone.events[0]["STATUS"], gone.events[0]["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        "2",
    )
    assert "LOCATION" not in gone.events[0]
    fed = feed_of(secret)
    assert (fed.properties["METHOD"], fed.events[0]["STATUS"]) == ("PUBLISH", "CANCELLED")


def test_feed_has_what_one_comes_to_or_waits_for_and_nothing_else(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    mine, waits, gone, theirs = (gathered(sam, title=name, capacity=1) for name in ("Mine", "Waits", "Gone", "Theirs"))
    seated(mine, ada)
    seated(waits, ben, ada)
    give_up_seat(seated(gone, ada)[0], actor=ada)
    seated(theirs, nia)
    secret = make_feed(actor=ada)
    found = feed_of(secret)
    assert [(one["SUMMARY"], one["STATUS"]) for one in found.events] == [
        ("Mine", "CONFIRMED"), ("Waits (waiting list)", "TENTATIVE"),
    ]  # fmt: skip
    assert found.properties["NAME"] == "Gatherings"
    with freeze_time(mine.ends_at + timedelta(days=29)):
        assert len(feed_of(secret).events) == 2
    with freeze_time(mine.ends_at + timedelta(days=31)):
        assert feed_of(secret).events == []


def test_feed_is_opened_by_its_secret_alone_and_ends_with_it(ada: Person, sam: Person) -> None:
    first = make_feed(actor=ada)
    second = make_feed(actor=ada)
    kept = Feed.objects.get()
    assert (first in kept.digest, second in kept.digest, len(second)) == (False, False, 43)
    assert [
        Client().get(reverse("gathering_feed", args=[one])).status_code for one in (first, second, "x", kept.digest)
    ] == [404, 200, 404, 404]
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    assert Client().get(reverse("gathering_feed", args=[second])).status_code == 200
    assert [end_feed(actor=ada) for _time in range(2)] == [True, False]
    assert Client().get(reverse("gathering_feed", args=[second])).status_code == 404
    third = make_feed(actor=ada)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert Client().get(reverse("gathering_feed", args=[third])).status_code == 404
    body = " ".join(str(one.body) for one in Entry.objects.all())
    assert all(secret not in body for secret in (first, second, third))


def test_feed_takes_as_many_queries_for_three_as_for_one(
    ada: Person, sam: Person, django_assert_num_queries: Callable[[int], object]
) -> None:
    secret = make_feed(actor=ada)
    for number in (1, 3):
        while Gathering.objects.count() < number:
            seated(gathered(sam), ada)
        with django_assert_num_queries(3):  # type: ignore[attr-defined]
            assert len(feed_of(secret).events) == number


def test_calendar_address_is_shown_once_on_a_page_that_is_not_kept(ada: Person, client_of: ClientOf) -> None:
    client, url = client_of(ada), reverse("gathering_calendar")
    assert "/gatherings/feed/" not in client.get(url).content.decode()
    made = client.post(url, {"act": "make"})
    text = made.content.decode()
    start = text.index("/gatherings/feed/")
    path = text[start : text.index(".ics", start) + 4]
    assert (made.status_code, "no-store" in made["Cache-Control"], Client().get(path).status_code) == (200, True, 200)
    assert "/gatherings/feed/" not in client.get(url).content.decode()
    assert (client.post(url, {"act": "end"}).status_code, Client().get(path).status_code) == (302, 404)


@pytest.mark.django_db
def test_name_of_the_program_cannot_break_the_organizer(ada: Person, sam: Person, client_of: ClientOf) -> None:
    Program.objects.update(name='A "quoted"\r\nATTENDEE:mailto:x@example.org', contact="")
    one = gathered(sam, starts_at=timezone.now() + DAY)
    event = file_of(client_of(ada), one).events[0]
    assert ("ATTENDEE" in event, event["ORGANIZER"]) == (False, "mailto:no-reply@127.0.0.1")
