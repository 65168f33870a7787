"""Pages of gatherings: what each may see, forms that keep what was typed, and nothing typed that could run."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.services import cancel_gathering
from artists.people.models import Person
from portal.program.models import Cohort
from tests.factories.gatherings import DAY, HOUR, gathered, seated
from tests.factories.people import artist_in
from tests.factories.tariff import in_force
from tests.portal.api.test_api import Caller

ClientOf = Callable[[Person], Client]
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) =HYPERLINK("x")'


def typed(**more: Any) -> dict[str, Any]:
    return {
        "kind": "screening", "title": "Twelve films", "text": "An evening.", "zone": "Europe/Berlin",
        "starts_at": "2027-06-01T20:00", "ends_at": "2027-06-01T22:30", "place": "Harbour cinema", "call_link": "",
        "capacity": "30", "contribution": "",
    } | more  # fmt: skip


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_make_a_gathering_on_the_clock_of_its_host(sam: Person, client_of: ClientOf) -> None:
    sent = client_of(sam).post(reverse("staff_gathering_new"), typed())
    one = Gathering.objects.get()
    assert sent["Location"] == reverse("staff_gathering", args=[one.pk])
    assert (one.starts_at.isoformat(), one.ends_at.isoformat()) == (
        "2027-06-01T18:00:00+00:00",
        "2027-06-01T20:30:00+00:00",
    )
    text = page(client_of(sam), "staff_gathering", one.pk)
    assert "Tue 1 Jun 2027, 20:00 – 22:30 CEST (Europe/Berlin)" in text


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ({"place": ""}, 422, "place-missing"),
        ({"call_link": "ftp://x"}, 422, "url-not-web"),
        ({"zone": "Moon/Sea"}, 422, "zone-unknown"),
        ({"ends_at": "2027-06-01T19:00"}, 422, "ends-before"),
        ({"starts_at": "2020-06-01T20:00", "ends_at": "2020-06-01T21:00"}, 422, "starts-past"),
        ({"starts_at": "2027-03-28T02:30"}, 422, "The clocks change there at that hour"),
        ({"ends_at": "2027-10-31T02:30"}, 422, "The clocks change there at that hour"),
        ({"starts_at": "soon"}, 422, "Enter a valid date/time."),
        ({"capacity": "0"}, 422, "greater than or equal to 1"),
        ({"contribution": "bug.new"}, 422, "Select a valid choice"),
        ({"cohorts": "999"}, 422, "Select a valid choice"),
        ({"title": "x" * 161}, 422, "at most 160 characters"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    sam: Person, client_of: ClientOf, more: dict[str, Any], status: int, says: str
) -> None:
    answer = client_of(sam).post(reverse("staff_gathering_new"), typed(text="Kept words.", **more))
    text = answer.content.decode()
    assert (answer.status_code, says in text, "Kept words." in text, Gathering.objects.count()) == (
        status,
        True,
        True,
        0,
    )


def test_editing_shows_the_clock_of_the_host_and_saving_unchanged_changes_nothing(
    sam: Person, client_of: ClientOf
) -> None:
    client = client_of(sam)
    Person.objects.filter(pk=sam.pk).update(time_zone="America/New_York")
    client.post(reverse("staff_gathering_new"), typed())
    one = Gathering.objects.get()
    text = page(client, "staff_gathering_edit", one.pk)
    assert ('value="2027-06-01T20:00"' in text, 'value="2027-06-01T22:30"' in text) == (True, True)
    assert client.post(reverse("staff_gathering_edit", args=[one.pk]), typed()).status_code == 302
    same = Gathering.objects.get()
    assert (same.sequence, same.starts_at) == (0, one.starts_at)


def test_hostile_words_are_shown_and_never_run(ada: Person, sam: Person, client_of: ClientOf) -> None:
    one = gathered(sam, title=HOSTILE, text=HOSTILE, place=HOSTILE)
    seated(one, ada)
    cancel_gathering(gathered(sam, title="Other"), actor=sam, reason=HOSTILE)
    other = Gathering.objects.get(title="Other")
    texts = [
        page(client_of(ada), "gathering", one.pk), page(client_of(ada), "gatherings"), page(client_of(ada), "home"),
        page(client_of(sam), "staff_gathering", one.pk), page(client_of(sam), "staff_gatherings"), page(client_of(sam), "today"),
        page(client_of(sam), "staff_gathering_edit", one.pk), page(client_of(ada), "gathering", other.pk), page(client_of(ada), "inbox"),
    ]  # fmt: skip
    found = [("<script>alert" in text, "<img src=x" in text, 'href="javascript' in text) for text in texts]
    assert found == [(False, False, False)] * len(texts)


def test_artists_see_what_they_are_invited_to(
    cohort_a: Cohort, ada: Person, ben: Person, rhea: Person, sam: Person, client_of: ClientOf
) -> None:
    one = gathered(sam, cohorts=(cohort_a,))
    seen = [client_of(who).get(reverse("gathering", args=[one.pk])).status_code for who in (ada, ben, rhea, sam)]
    assert seen == [200, 404, 404, 200]
    for name in ("gathering_seat", "gathering_ics"):
        call = client_of(ben).post if name == "gathering_seat" else client_of(ben).get
        assert call(reverse(name, args=[one.pk])).status_code == 404
    assert ["How it went" in page(client_of(who), "gatherings") for who in (ada, ben, rhea)] == [True, False, False]


def test_seat_is_taken_waited_for_and_given_up_on_its_page(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    in_force(sam, {"gathering.call": 4000})
    one = gathered(sam, capacity=1, contribution="gathering.call")
    url = reverse("gathering_seat", args=[one.pk])
    first, second = client_of(ada), client_of(ben)
    before = page(first, "gathering", one.pk)
    assert ("Take a seat" in before, "Room 4" in before, "optional, pays EUR 40.00 an hour" in before) == (
        True,
        False,
        True,
    )
    assert first.post(url, {"act": "take"}).status_code == 302
    mine = page(first, "gathering", one.pk)
    assert ("You have a seat" in mine, "Room 4" in mine, "https://call.example.org/abc" in mine) == (True, True, True)
    assert "Join the waiting list" in page(second, "gathering", one.pk)
    second.post(url, {"act": "take"})
    waits = page(second, "gathering", one.pk)
    assert ("You are number 1 on the waiting list" in waits, "Room 4" in waits) == (True, False)
    first.post(url, {"act": "give-up"})
    assert "You have a seat" in page(second, "gathering", one.pk)
    first.post(url, {"act": "give-up"})
    assert sorted(Seat.objects.values_list("state", flat=True)) == ["given_up", "seated"]
    with freeze_time(one.ends_at + HOUR):
        over = client_of(ben).post(url, {"act": "give-up"})
        assert (over.status_code, "gathering-over" in over.content.decode()) == (410, True)


def test_staff_see_who_comes_and_waits_and_write_down_who_came(
    ada: Person, ben: Person, nia: Person, sam: Person, client_of: ClientOf
) -> None:
    one = gathered(sam, starts_at=timezone.now() + DAY)
    seats = seated(one, ada, ben, nia)
    client = client_of(sam)
    text = page(client, "staff_gathering", one.pk)
    assert (text.index("Ada") < text.index("Ben") < text.index("Waiting list") < text.index("Nia"), "Came" in text) == (
        True,
        False,
    )
    url = reverse("staff_gathering_attended", args=[one.pk, seats[0].pk])
    early = client.post(url, {"came": "yes"})
    assert (early.status_code, "gathering-ahead" in early.content.decode()) == (409, True)
    with freeze_time(one.starts_at + HOUR):
        client = client_of(sam)
        assert client.post(url, {"came": "yes"}).status_code == 302
        assert "came" in page(client, "staff_gathering", one.pk)
        other = gathered(sam)
        stray = reverse("staff_gathering_attended", args=[other.pk, seats[0].pk])
        assert client.post(stray, {"came": "yes"}).status_code == 404
    assert client_of(ada).post(url, {"came": "yes"}).status_code == 403


def test_cancelling_needs_words(ada: Person, sam: Person, client_of: ClientOf) -> None:
    one = gathered(sam)
    seated(one, ada)
    client, url = client_of(sam), reverse("staff_gathering_cancel", args=[one.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client_of(ada).post(url, {"reason": "x"}).status_code == 403
    assert client.post(url, {"reason": "The host is ill."}).status_code == 302
    text = page(client_of(ada), "gathering", one.pk)
    assert ("The host is ill." in text, "Room 4" in text, "Take a seat" in text) == (True, False, False)


def test_rail_counts_invitations_without_an_answer(ada: Person, sam: Person, client_of: ClientOf) -> None:
    one = gathered(sam)
    gathered(sam)
    assert "2 invitations without your answer" in page(client_of(ada), "gatherings")
    seated(one, ada)
    assert "1 invitation without your answer" in page(client_of(ada), "gatherings")
    assert "How it went" in page(client_of(ada), "home")


@pytest.mark.parametrize("name", ["gatherings", "staff_gatherings"])
def test_lists_take_as_many_queries_for_thirty_as_for_one(
    name: str, cohort_a: Cohort, ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(ada if name == "gatherings" else sam)
    page(client, name)
    counts = []
    for number in (1, 3, 30):
        while Gathering.objects.count() < number:
            seated(
                gathered(
                    sam, cohorts=(cohort_a,) if Gathering.objects.count() % 2 else (), contribution="gathering.call"
                ),
                ada,
            )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, name)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_page_of_a_gathering_takes_as_many_queries_for_three_seats_as_for_one(
    cohort_a: Cohort, ada: Person, sam: Person, client_of: ClientOf
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one = gathered(sam, capacity=50)
    client = client_of(sam)
    seated(one, ada)
    counts = []
    for number in (1, 3, 30):
        while Seat.objects.count() < number:
            seated(one, artist_in(cohort_a, f"Artist{Seat.objects.count()}"))
        with CaptureQueriesContext(connection) as asked:
            page(client, "staff_gathering", one.pk)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_long_lists_have_pages(ada: Person, sam: Person, client_of: ClientOf) -> None:
    for number in range(25):
        gathered(sam, title=f"Evening {number:02}", starts_at=timezone.now() + (number + 1) * DAY)
    client, url = client_of(ada), reverse("gatherings")
    first, second = (client.get(url, {"page": number}).content.decode() for number in ("1", "2"))
    assert [("Evening 19" in text, "Evening 20" in text) for text in (first, second)] == [(True, False), (False, True)]
    assert [client.get(url, {"page": number}).status_code for number in ("x", "-1", "99999999999999999999")] == [
        200
    ] * 3


def test_api_reads_gatherings_and_the_place_with_a_seat_only(
    ada: Person, ben: Person, cohort_a: Cohort, sam: Person
) -> None:
    one = gathered(sam, cohorts=(cohort_a,))
    caller, other = Caller(ada), Caller(ben)
    before = caller.get(f"/gatherings/{one.pk}").json()
    seated(one, ada)
    after = caller.get("/gatherings").json()["items"][0]
    assert [(said["mine"], said["place"], said["call_link"]) for said in (before, after)] == [
        (None, None, None), ("seated", "Room 4", "https://call.example.org/abc"),
    ]  # fmt: skip
    assert (other.get("/gatherings").json()["items"], other.get(f"/gatherings/{one.pk}").status_code) == ([], 404)
