"""Critique is severed from its author: a dump of everything before and after shows the text, its week, a count; no more."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from freezegun import freeze_time

from artists.feedback.critique.services import publish_weeks, write_critique
from artists.feedback.critique.weeks import week_of
from artists.feedback.models import Critique, CritiqueWeek
from artists.people.models import Person
from portal.audit.models import Entry
from portal.happenings.models import Happening
from portal.notices.models import Notice
from tests.factories.critique import dump, files, places
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]
TEXT = "Nobody answers when we ask about pay."
BROWSER = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Netscape 3"}
OURS = {"feedback_critique", "feedback_critiqueweek"}


def write(client: Client, text: str = TEXT) -> str:
    """As a browser does it: read the page, send the form, follow to the page after it."""
    client.get("/critique/", **BROWSER)  # type: ignore[arg-type]
    answer = client.post("/critique/", {"text": text}, follow=True, **BROWSER)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_nothing_but_the_text_its_week_and_a_count_is_left(
    ada: Person, ben: Person, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(ada)
    client_of(ben).get("/critique/")
    before, shelves, cookies = dump(), files(), set(client.cookies)
    with caplog.at_level(logging.DEBUG):
        shown = write(client)
    after = dump()
    assert {table for table in after if after[table] != before.get(table)} == OURS
    week = week_of()
    (text,) = after["feedback_critique"]
    assert sorted(str(cell) for cell in text[1:]) == sorted([week, TEXT, "", "", "", ""])
    assert after["feedback_critiqueweek"] == [(week, "open", 1)]
    assert (files(), "Your text is kept" in shown, TEXT in shown) == (shelves, True, False)
    # No line of any logger, down to DEBUG, tells of the text or of who sent it; statements are the database's own.
    lines = [one.getMessage() for one in caplog.records if not one.name.startswith("django.db.backends")]
    told = [
        line
        for line in lines
        if any(word in line for word in (TEXT, "Ada", "ada@", "203.0.113.77", "Netscape", "POST"))
    ]
    assert told == []
    # What the browser keeps is what it had: its sign-in and its form token, neither of which the page changed.
    assert set(client.cookies) - cookies <= {"csrf"}


def test_a_refused_attempt_leaves_no_line_and_no_row(
    ada: Person, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(ada)
    before = dump()
    with caplog.at_level(logging.INFO):
        refused = [client.post("/critique/", {"text": text}).status_code for text in (" ", "x" * 4001)]
        refused.append(Client().post("/critique/", {"text": TEXT}).status_code)
    assert (refused, [one.getMessage() for one in caplog.records], dump() == before) == ([422, 422, 403], [], True)


@pytest.mark.django_db(transaction=True)
def test_the_same_text_by_another_leaves_the_same(ada: Person, ben: Person, client_of: ClientOf) -> None:
    kept = []
    for person in (ada, ben):
        write(client_of(person))
        rows = dump()
        kept.append([sorted(map(str, row[1:])) for row in rows["feedback_critique"]])
        Critique.objects.all().delete()
        CritiqueWeek.objects.all().delete()
    assert kept[0] == kept[1]


def test_no_column_could_hold_an_author_or_a_moment() -> None:
    columns = {
        model.__name__: {field.name: type(field).__name__ for field in model._meta.get_fields() if field.concrete}
        for model in (Critique, CritiqueWeek)
    }
    assert columns == {
        "Critique": {
            "id": "UUIDField", "week": "ForeignKey", "text": "TextField", "answer": "TextField",
            "answered_by": "CharField", "answered_in": "CharField", "withheld": "CharField",
        },
        "CritiqueWeek": {"week": "CharField", "state": "CharField", "count": "PositiveIntegerField"},
    }  # fmt: skip
    assert Critique._meta.get_field("week").related_model is CritiqueWeek
    pointing = [model.__name__ for model in apps.get_models() for field in model._meta.get_fields() if field.concrete and field.related_model is Critique]  # fmt: skip
    assert pointing == []


@pytest.mark.django_db(transaction=True)
def test_rows_keep_neither_their_order_nor_their_age(ada: Person) -> None:
    orders = set()
    for _round in range(12):
        Critique.objects.all().delete()
        CritiqueWeek.objects.all().delete()
        for number in range(4):
            before = set(Critique.objects.values_list("pk", flat=True))
            write_critique(f"text {number}", actor=ada)
            assert not before & set(Critique.objects.values_list("pk", flat=True))  # no number lives on
        rows = places()
        assert len({age for _text, _place, age in rows}) == 1  # all of one transaction
        orders.add(tuple(text for text, _place, _age in rows))
    # Four texts in twelve weeks: that all of them lie in one order has a chance of 1 in 24 to the eleventh.
    assert len(orders) > 1


@pytest.mark.django_db(transaction=True)
def test_a_week_is_read_by_nobody_before_it_is_over_and_then_at_once(
    ada: Person, sam: Person, client_of: ClientOf
) -> None:
    friday = datetime(2027, 3, 5, 15, tzinfo=UTC)
    with freeze_time(friday):
        write_critique(TEXT, actor=ada)
        write_critique("Longer shots, please.", actor=ada)
        ids = set(Critique.objects.values_list("pk", flat=True))
        assert publish_weeks() == 0
        pages = [Client().get("/critique/"), client_of(sam).get("/critique/"), client_of(sam).get("/staff/feedback/critique/?show=all")]  # fmt: skip
        assert [TEXT in one.content.decode() for one in pages] == [False] * 3
        one = Critique.objects.first()
        assert one is not None
        assert client_of(sam).get(f"/staff/feedback/critique/{one.pk}/").status_code == 404
    with freeze_time(friday + timedelta(days=3)):
        assert (publish_weeks(), publish_weeks()) == (1, 0)
        assert not ids & set(Critique.objects.values_list("pk", flat=True))
        shown = Client().get("/critique/").content.decode()
        assert (TEXT in shown, "2027-W09" in shown, "2 texts" in shown) == (True, True, True)
    assert list(Entry.objects.filter(action__startswith="critique").values_list("action", "actor_label", "subject_id")) == [
        ("critique.publish", "system: critique", "2027-W09")
    ]  # fmt: skip
    assert [one.values for one in Happening.objects.filter(kind__startswith="critique")] == [{"week": "2027-W09"}]
    assert [(one.person, one.title, TEXT in one.body) for one in Notice.objects.filter(kind="critique.published")] == [
        (sam, "2 anonymous texts came in", False)
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_no_text_and_count_right(ada: Person, ben: Person) -> None:
    at_once(6, lambda n: write_critique(f"text {n}", actor=(ada, ben)[n % 2]))
    assert sorted(Critique.objects.values_list("text", flat=True)) == [f"text {n}" for n in range(6)]
    assert CritiqueWeek.objects.get().count == 6


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 3, 23, 59, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "2027-W01"),
    ],
)
def test_weeks_are_those_of_iso_8601(moment: datetime, week: str) -> None:
    assert week_of(moment) == week


def test_database_statements_are_not_logged_by_default() -> None:
    assert (logging.getLogger("django.db.backends").getEffectiveLevel() > logging.DEBUG, connection.force_debug_cursor) == (True, False)  # fmt: skip
