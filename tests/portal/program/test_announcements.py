"""Announcements: to everybody or a cohort, put away by each for all their devices."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from portal.access import Refused
from portal.program.announcing import announce, announcements_for, put_away, take_down
from portal.program.models import Announcement, Cohort

ClientOf = Callable[[Person], Client]


def titles(person: Person) -> list[str]:
    return [one.title for one in announcements_for(person)]


def test_announcement_reaches_everybody_or_one_cohort(
    ada: Person, ben: Person, rhea: Person, sam: Person, cohort_a: Cohort
) -> None:
    announce("All of you", "", cohort=None, until=None, actor=sam)
    announce("Harbour", "", cohort=cohort_a, until=None, actor=sam)
    assert [titles(one) for one in (ada, ben, rhea, sam)] == [
        ["Harbour", "All of you"],
        ["All of you"],
        ["All of you"],
        ["Harbour", "All of you"],
    ]


def test_announcement_put_away_is_gone_on_every_device_and_for_this_person_only(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    made = announce("All of you", "Read this.", cohort=None, until=None, actor=sam)
    here, there = client_of(ada), client_of(ada)
    assert "Read this." in there.get("/library/").content.decode()
    back = here.post(reverse("announcement_put_away", args=[made.pk]), {"next": "/library/"})
    put_away(made, actor=ada)
    assert (back["Location"], "Read this." in there.get("/library/").content.decode(), titles(ben)) == (
        "/library/",
        False,
        ["All of you"],
    )


def test_announcement_ends_by_itself_or_is_taken_down_once(ada: Person, sam: Person) -> None:
    made = announce("Short", "", cohort=None, until=timezone.now() + timedelta(hours=1), actor=sam)
    with freeze_time(timezone.now() + timedelta(hours=2)):
        assert titles(ada) == []
    assert (take_down(made, actor=sam), take_down(made, actor=sam), titles(ada)) == (True, False, [])


@pytest.mark.parametrize(
    ("title", "text", "hours", "code"),
    [
        (" ", "", None, "title-missing"),
        ("x" * 121, "", None, "text-long"),
        ("x", "y" * 2001, None, "text-long"),
        ("x", "", -1, "until-past"),
    ],
)
def test_announcement_of_bad_input_is_refused(sam: Person, title: str, text: str, hours: int | None, code: str) -> None:
    until = None if hours is None else timezone.now() + timedelta(hours=hours)
    with pytest.raises(Refused) as refused:
        announce(title, text, cohort=None, until=until, actor=sam)
    assert (refused.value.decision.code, Announcement.objects.count()) == (code, 0)


def test_only_staff_announce(ada: Person, sam: Person, cohort_a: Cohort, client_of: ClientOf) -> None:
    page = reverse("announcements")
    typed = {"title": "Harbour", "text": "Come in.", "cohort": cohort_a.pk, "until": ""}
    assert (client_of(ada).post(page, typed).status_code, Announcement.objects.count()) == (403, 0)
    wrong = client_of(sam).post(page, typed | {"title": "", "text": "Kept."})
    assert (wrong.status_code, "Kept." in wrong.content.decode()) == (422, True)
    assert client_of(sam).post(page, typed).status_code == 302
    made = Announcement.objects.get()
    assert (made.cohort, made.by) == (cohort_a, sam)
    client_of(sam).post(reverse("announcement_end", args=[made.pk]))
    assert titles(ada) == []


def test_announcement_of_another_cohort_cannot_be_put_away(
    ben: Person, sam: Person, cohort_a: Cohort, client_of: ClientOf
) -> None:
    made = announce("Harbour", "", cohort=cohort_a, until=None, actor=sam)
    assert client_of(ben).post(reverse("announcement_put_away", args=[made.pk])).status_code == 404
