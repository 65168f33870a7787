"""The staff's desk: people and their trail, looks that are never secret, viewing that can do nothing, and the record."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.looks import begin_look, live_look, looks_at
from artists.people.models import Look, Person
from artists.people.models.looks import LookKind
from generation.models import Clip, Generation
from portal.access import Refused
from portal.audit.models import Entry
from portal.happenings.delivery import sweep
from portal.notices.models import Letter, Notice
from tests.factories import films, people

ClientOf = Callable[[Person], Client]
WHY = "A worker failed on one of the films."


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_people_are_found_by_name_mail_and_role(
    ada: Person, ben: Person, rhea: Person, sam: Person, client_of: ClientOf
) -> None:
    client = client_of(sam)

    def names(query: str) -> list[str]:
        return [one.name for one in client.get(f"{reverse('people')}?{query}").context["page"].object_list]

    assert (names("q=ADA"), names("role=reviewer"), names("q=nobody"), len(names(""))) == (["Ada"], ["Rhea"], [], 4)


def test_list_of_people_costs_the_same_for_any_number(sam: Person, cohort_a: object, client_of: ClientOf) -> None:
    client = client_of(sam)
    counts = []
    for name in ("Ann", "Bo"):
        people.artist_in(cohort_a, name)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("people"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_person_shows_counts_and_trail_and_no_prompt(ada: Person, sam: Person, client_of: ClientOf) -> None:
    films.submitted(ada, ["a very private prompt"], title="A very private title")
    shown = page(client_of(sam), "person", ada.pk)
    assert ("generation.submit" in shown, ada.email in shown, "very private" in shown) == (True, True, False)


def test_prompts_want_a_reason_which_the_artist_reads(ada: Person, sam: Person, client_of: ClientOf) -> None:
    films.submitted(ada, ["a very private prompt"])
    client, address = client_of(sam), reverse("person_prompts", args=[ada.pk])
    assert client.get(address)["Location"] == reverse("person", args=[ada.pk])
    blank = client.post(address, {"reason": "  "})
    assert (blank.status_code, Look.objects.count()) == (422, 0)
    shown = client.post(address, {"reason": WHY}, follow=True).content.decode()
    sweep()
    assert "a very private prompt" in shown
    told = Notice.objects.get(person=ada, kind="people.look")
    assert (WHY in page(client_of(ada), "looks"), told.url, WHY in Letter.objects.latest("pk").text) == (
        True,
        "/me/looks/",
        False,
    )
    assert Entry.objects.filter(action="people.look", actor_id=sam.pk, subject_id=str(ada.pk)).count() == 1


def test_look_ends_after_an_hour_and_is_one_person_s_own(
    ada: Person, sam: Person, olga: Person, client_of: ClientOf
) -> None:
    begin_look(ada, LookKind.PROMPTS, reason=WHY, actor=sam)
    address = reverse("person_prompts", args=[ada.pk])
    assert (client_of(sam).get(address).status_code, client_of(olga).get(address).status_code) == (200, 302)
    with freeze_time(timezone.now() + timedelta(minutes=61)):
        assert live_look(sam, LookKind.PROMPTS, person=ada) is None


@pytest.mark.parametrize("who", ["ada", "rhea"])
def test_look_is_for_staff(who: str, ben: Person, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    person: Person = request.getfixturevalue(who)
    assert client_of(person).post(reverse("person_view", args=[ben.pk]), {"reason": WHY}).status_code == 403
    with pytest.raises(Refused):
        begin_look(ben, LookKind.PAGES, reason=WHY, actor=person)
    assert looks_at(ben).count() == 0


def test_viewing_as_an_artist_shows_their_pages_and_sends_nothing(
    ada: Person, sam: Person, clip_of: Callable[..., Clip], client_of: ClientOf
) -> None:
    clip, client = clip_of(ada), client_of(sam)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": WHY})
    assert (
        "You view this as Ada" in page(client, "library"),
        client.get(reverse("clip", args=[clip.pk])).status_code,
    ) == (True, 200)
    before = Entry.objects.count()
    refused = [
        client.post(reverse("studio"), {"shots-TOTAL_FORMS": "1", "shots-0-prompt": "a ball"}),
        client.post(reverse("tokens"), {"name": "x"}),
        client.post(reverse("inbox_read")),
        client.post("/accounts/password/change/", {}),
        client.get("/accounts/password/change/"),
        client.get(reverse("clip_download", args=[clip.pk])),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    assert (Generation.objects.count(), Entry.objects.count(), client.get(reverse("people")).status_code) == (
        1,
        before,
        403,
    )
    stopped = client.post(reverse("viewing_stop"))
    assert (stopped["Location"], client.get(reverse("people")).status_code) == (reverse("person", args=[ada.pk]), 200)
    assert "You view this as" not in page(client, "home")


def test_viewing_ends_with_its_hour(ada: Person, sam: Person, client_of: ClientOf) -> None:
    client = client_of(sam)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": WHY})
    with freeze_time(timezone.now() + timedelta(minutes=61)):
        assert client.get(reverse("people")).status_code == 200


def test_nobody_views_as_themselves_or_as_staff(sam: Person, olga: Person, client_of: ClientOf) -> None:
    client = client_of(sam)
    refused = [client.post(reverse("person_view", args=[one.pk]), {"reason": WHY}).status_code for one in (sam, olga)]
    assert (refused, Look.objects.count()) == ([422, 422], 0)


def test_record_is_searched_and_paged(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (ada, ben, ada):
        films.submitted(person)
    monkeypatch.setattr("portal.web.record.PAGE", 2)
    client = client_of(sam)

    def shown(query: str) -> tuple[list[str], int | None]:
        context = client.get(f"{reverse('record')}?{query}").context
        return [row["entry"].actor_label for row in context["rows"]], context["more"]

    first, more = shown("action=generation.submit")
    second, end = shown(f"action=generation.submit&before={more}")
    assert ([first, second], end) == ([[ada.label, ben.label], [ada.label]], None)
    assert shown(f"q={quote(ben.label)}&action=generation.submit")[0] == [ben.label]
    assert shown("to=2001-01-01")[0] == []
    assert len(shown("since=never&before=x")[0]) == 2


def test_record_is_checked_and_a_change_is_said(ada: Person, sam: Person, client_of: ClientOf) -> None:
    films.submitted(ada)
    client = client_of(sam)
    assert "The record is whole" in client.post(reverse("record_check"), follow=True).content.decode()
    with connection.cursor() as cursor:  # as somebody with the database's password would
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE audit_entry SET actor_label = 'nobody' WHERE number = 1")
    assert "entry 1 its columns were altered" in client.post(reverse("record_check"), follow=True).content.decode()


def test_first_run_lists_what_is_left_until_all_is_done(ada: Person, sam: Person, client_of: ClientOf) -> None:
    left = [item.name for item in client_of(sam).get(reverse("today")).context["left"]]
    assert left == ["sharing", "tariff", "staff", "reviewer", "worker"]
