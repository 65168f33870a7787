"""The inbox: pages, filters, reading, counting, saving, and the API."""

import json
import re
from collections.abc import Callable
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from artists.people.models import Person
from portal.access import ANONYMOUS
from portal.notices import queries
from portal.notices.models import Notice
from portal.notices.services import choose_hours, choose_mail, read_notice, read_notices
from tests.factories.notices import LEGAL, NEWS, told
from tests.factories.refusals import code_of
from tests.portal.api.test_api import Caller

TITLES = re.compile(r'notice-row-title"[^>]*>([^<]+)<')


def shown(client: Client, query: str = "") -> list[str]:
    return TITLES.findall(client.get(reverse("inbox") + query).content.decode())


@pytest.fixture
def ten(ada: Person, ben: Person) -> list[Notice]:
    """Ten of Ada's, oldest first, the third and fourth of another kind, the first five read; one of Ben's."""
    Notice.objects.all().delete()
    made = []
    for number in range(10):
        with freeze_time(f"2026-06-01 10:{number:02}"):
            made.append(told(ada, f"n{number}", LEGAL if number in {3, 4} else NEWS))
    for one in made[:5]:
        read_notice(one, actor=ada)
    told(ben, "bens")
    return made


def test_pages_show_every_notice_once_newest_first(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notices.views.people.A_PAGE", 4)
    client, query, seen = client_of(ada), "", []
    for _page in range(3):
        page = client.get(reverse("inbox") + query).content.decode()
        seen += TITLES.findall(page)
        older = re.findall(r'href="([^"]+)" rel="next"', page)
        query = older[0].replace("&amp;", "&") if older else ""
    assert (seen, query) == ([f"n{number}" for number in reversed(range(10))], "")


def test_notices_of_one_moment_are_all_shown(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Notice.objects.all().delete()
    with freeze_time("2026-06-01 10:00"):
        made = [told(ada, f"n{number}") for number in range(5)]
    rows = queries.notices_visible_to(ada)
    assert list(queries.behind(rows, made[3])) == [made[2], made[1], made[0]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?unread=on", ["n9", "n8", "n7", "n6", "n5"]),
        (f"?kind={LEGAL}", ["n4", "n3"]),
        (f"?kind={LEGAL}&unread=on", []),
        ("?kind=no.such", [f"n{n}" for n in reversed(range(10))]),
        ("?after=x", [f"n{n}" for n in reversed(range(10))]),
        (f"?after={'9' * 40}", [f"n{n}" for n in reversed(range(10))]),
    ],
)
def test_filters(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client], query: str, expected: list[str]
) -> None:
    assert shown(client_of(ada), query) == expected


def test_filter_is_kept_on_the_next_page(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notices.views.people.A_PAGE", 3)
    client = client_of(ada)
    page = client.get(reverse("inbox") + "?unread=on").content.decode()
    older = re.findall(r'href="([^"]+)" rel="next"', page)[0].replace("&amp;", "&")
    assert (TITLES.findall(page), shown(client, older)) == (["n9", "n8", "n7"], ["n6", "n5"])


def test_somebody_elses_place_in_the_list_is_no_place(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client]
) -> None:
    theirs = Notice.objects.get(key="bens")
    assert len(shown(client_of(ada), f"?after={theirs.pk}")) == 10


def test_one_is_read_and_the_page_returns_to_where_it_was(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    answers = [
        client.post(reverse("notice_read", args=[ten[9].pk]), {"next": where})["Location"]
        for where in ("/inbox/?unread=on", "https://example.org/", "//example.org/", "")
    ]
    assert answers == ["/inbox/?unread=on", "/inbox/", "/inbox/", "/inbox/"]
    assert (queries.unread_count(ada), shown(client, "?unread=on")) == (4, ["n8", "n7", "n6", "n5"])


def test_one_of_somebody_elses_is_not_there(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client]
) -> None:
    theirs = Notice.objects.get(key="bens")
    assert client_of(ada).post(reverse("notice_read", args=[theirs.pk])).status_code == 404
    assert code_of(lambda: read_notice(theirs, actor=ada)) == "not-yours"
    assert Notice.objects.get(pk=theirs.pk).read_at is None


def test_all_are_read_at_once_and_only_ones_own(ada: Person, ben: Person, ten: list[Notice]) -> None:
    assert (read_notices(ada, actor=ada), read_notices(ada, actor=ada), queries.unread_count(ada)) == (5, 0, 0)
    assert queries.unread_count(ben) >= 1
    assert code_of(lambda: read_notices(ben, actor=ada)) == "not-yours"


def test_reading_once_more_keeps_when_it_was_read(ada: Person, ten: list[Notice]) -> None:
    with freeze_time("2026-06-02"):
        assert read_notice(ten[9], actor=ada)
    first = Notice.objects.get(pk=ten[9].pk).read_at
    assert not read_notice(ten[9], actor=ada)
    assert Notice.objects.get(pk=ten[9].pk).read_at == first


def test_counting_goes_as_far_as_it_says(ada: Person, client_of: Callable[[Person], Client]) -> None:
    Notice.objects.bulk_create(
        Notice(person=ada, kind=NEWS, key=f"n{number}", title="n") for number in range(queries.MOST_COUNTED + 5)
    )
    assert queries.unread_count(ada) == 1000
    page = client_of(ada).get(reverse("inbox")).content.decode()
    assert ("More than 999 new" in page, ">999+<" in page) == (True, True)
    assert queries.unread_count(ANONYMOUS) == 0


def test_inbox_costs_the_same_for_three_and_for_thirty(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client, counts = client_of(ada), []
    for number in (3, 30):
        for one in range(number):
            told(ada, f"{number}-{one}")
        client.get(reverse("inbox"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("inbox"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["", "?unread=on", f"?kind={NEWS}"])
def test_inbox_seeks_by_an_index(ada: Person, client_of: Callable[[Person], Client], query: str) -> None:
    if connection.vendor != "sqlite":
        assert {index.name for index in Notice._meta.indexes} >= {"notices_newest_of_person", "notices_newest_unread"}
        return
    client = client_of(ada)
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("inbox") + query)
    asked = [one["sql"] for one in seen if 'FROM "notices_notice"' in one["sql"] and "COUNT" not in one["sql"]]
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert ("USING INDEX notices_newest" in plan, "TEMP B-TREE" in plan) == (True, False), plan


def test_html_in_a_notice_is_text(ada: Person, client_of: Callable[[Person], Client]) -> None:
    told(ada, "a", title="<img src=x onerror=alert(1)>", body="<script>alert(2)</script>")
    page = client_of(ada).get(reverse("inbox")).content.decode()
    assert ("<img src=x" in page, "alert(2)</script>" in page) == (False, False)


def test_saved_inbox_has_everything_of_ones_own_and_what_was_chosen(
    ada: Person, ten: list[Notice], client_of: Callable[[Person], Client]
) -> None:
    choose_mail(ada, {NEWS: "daily"}, actor=ada)
    choose_hours(ada, actor=ada, quiet_from=time(22), quiet_to=time(7), digest=True, digest_at=time(9))
    answer = client_of(ada).get(reverse("inbox_export"))
    saved = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert [one["title"] for one in saved["notices"]] == [f"n{number}" for number in reversed(range(10))]
    assert saved["notices"][9]["read_at"] is not None
    choices = saved["choices"]
    assert (choices["kinds"][NEWS], choices["kinds"][LEGAL], choices["quiet_from"], choices["digest_at"]) == (
        "daily",
        "now",
        "22:00",
        "09:00",
    )
    assert answer["Content-Disposition"] == 'attachment; filename="inbox.json"'


def test_saved_inbox_of_somebody_new_is_whole(ada: Person, client_of: Callable[[Person], Client]) -> None:
    Notice.objects.all().delete()
    saved = json.loads(b"".join(client_of(ada).get(reverse("inbox_export")).streaming_content))  # type: ignore[attr-defined]
    assert (saved["notices"], saved["choices"]["quiet_from"], saved["choices"]["digest"]) == ([], None, True)


def test_api_reads_the_inbox_and_marks_nothing(ada: Person, ten: list[Notice], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.notices.api.PAGE", 6)
    caller = Caller(ada)
    first = caller.get("/inbox").json()
    second = caller.get(f"/inbox?after={first['next']}").json()
    titles = [one["title"] for one in first["items"] + second["items"]]
    assert (titles, second["next"], first["unread"]) == ([f"n{n}" for n in reversed(range(10))], None, 5)
    assert [one["title"] for one in caller.get(f"/inbox?unread=true&kind={NEWS}").json()["items"]] == [
        "n9", "n8", "n7", "n6", "n5",
    ]  # fmt: skip
    theirs = Notice.objects.get(key="bens")
    assert (caller.get(f"/inbox?after={theirs.pk}").status_code, queries.unread_count(ada)) == (404, 5)
