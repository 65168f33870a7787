"""Missions: taken or not, delivered with hours, answered, accepted; the last place has one winner."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.agreements.models import AgreementVersion
from artists.feedback.missions import services
from artists.feedback.missions.queries import missions_visible_to, places_overseen_by
from artists.feedback.models import Mission, MissionPlace
from artists.people.models import Person
from portal.access import Refused
from portal.happenings.models import Happening
from portal.notices.models import Notice
from portal.panels import status
from portal.program.models import Cohort
from tests.factories.missions import delivered, posted, wanted, work
from tests.factories.refusals import code_of
from tests.factories.surveys import making_staff, many
from tests.factories.tariff import in_force
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]
HOSTILE = '<img src=x onerror=alert(1)>"'


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def accepted() -> list[dict[str, Any]]:
    return list(Happening.objects.filter(kind="tariff.accepted").values_list("values", flat=True))


def test_mission_is_taken_delivered_answered_and_accepted(ada: Person, sam: Person) -> None:
    mission = posted(sam)
    place = services.take_place(mission, actor=ada)
    assert (place.seat, services.take_place(mission, actor=ada).pk) == (1, place.pk)
    first = services.deliver_work(place, work(), actor=ada)
    back = services.answer_work(first, "Which film?", actor=sam)
    again = services.deliver_work(back, work("The second one.", "2", "https://example.org/notes"), actor=ada)
    done = services.accept_work(again, actor=sam)
    assert (done.state, done.hours, done.accepted_hours, done.links) == (
        "accepted", Decimal(2), Decimal(2), ["https://example.org/notes"],
    )  # fmt: skip
    assert accepted() == [
        {
            "source": f"mission:{place.pk}", "person": ada.pk, "contribution": "mission.hour", "quantity": "2.00",
            "at": again.delivered_at.isoformat() if again.delivered_at else "", "about": "Try the new tier",
        }
    ]  # fmt: skip
    assert code_of(lambda: services.accept_work(again, actor=sam)) == "place-moved"
    assert (len(accepted()), status()["missions"]) == (1, {"open": 1, "delivered": 0, "accepted": 1})


def test_mission_paid_for_each_counts_one(ada: Person, sam: Person) -> None:
    place = delivered(posted(sam, contribution="interview.each", kind="interview"), ada, hours="0.5")
    services.accept_work(place, actor=sam)
    assert (accepted()[0]["contribution"], accepted()[0]["quantity"]) == ("interview.each", "1")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"title": "x" * 121}, "title-long"),
        ({"about": ""}, "about-missing"),
        ({"about": "x" * 4001}, "about-long"),
        ({"places": 0}, "places-wrong"),
        ({"places": 501}, "places-wrong"),
        ({"hours": Decimal(0)}, "hours-wrong"),
        ({"hours": Decimal(201)}, "hours-wrong"),
        ({"kind": "party"}, "kind-unknown"),
        ({"contribution": "bug.new"}, "contribution-unknown"),
        ({"closes_at": timezone.now() - timedelta(days=900)}, "closes-past"),
    ],
)
def test_mission_that_cannot_be_made_is_refused(more: dict[str, Any], code: str, sam: Person) -> None:
    assert code_of(lambda: services.make_mission(wanted(**more), actor=sam)) == code
    assert Mission.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": " "}, "work-missing"),
        ({"text": "x" * 8001}, "work-long"),
        ({"hours": "0"}, "hours-wrong"),
        ({"hours": "-1"}, "hours-wrong"),
        ({"hours": "NaN"}, "hours-wrong"),
        ({"hours": "2.01"}, "hours-many"),
        ({"links": ("javascript:alert(1)",)}, "link-wrong"),
        ({"links": ("https://",)}, "link-wrong"),
        ({"links": ("https://example.org/" + "x" * 500,)}, "link-wrong"),
        ({"links": tuple(f"https://example.org/{n}" for n in range(11))}, "links-many"),
    ],
)
def test_work_that_cannot_be_taken_is_refused(more: dict[str, Any], code: str, ada: Person, sam: Person) -> None:
    place = services.take_place(posted(sam), actor=ada)
    values: dict[str, Any] = {"text": "It breaks.", "hours": "1", "links": ()} | more
    made = work(values["text"], values["hours"], *values["links"])
    assert code_of(lambda: services.deliver_work(place, made, actor=ada)) == code
    assert MissionPlace.objects.get().state == "taken"


def test_fewer_hours_need_a_reason_and_more_never_count(ada: Person, sam: Person) -> None:
    place = delivered(posted(sam), ada)
    acts = {
        "reply-missing": {"hours": Decimal(1)},
        "hours-more": {"hours": Decimal(2), "reply": "Generous."},
        "hours-wrong": {"hours": Decimal(0), "reply": "Nothing."},
        "place-moved": {"seen": timezone.now() - timedelta(hours=1)},
    }
    assert {code: code_of(lambda more=more: services.accept_work(place, actor=sam, **more)) for code, more in acts.items()} == {
        code: code for code in acts
    }  # fmt: skip
    done = services.accept_work(place, actor=sam, hours=Decimal(1), reply="Half an hour was our fault.")
    assert (done.hours, done.accepted_hours, accepted()[0]["quantity"]) == (Decimal("1.5"), Decimal(1), "1.00")


def test_nobody_accepts_their_own_work(cohort_a: Cohort, agreement: AgreementVersion, sam: Person) -> None:
    theo = making_staff(cohort_a, agreement)
    place = delivered(posted(sam), theo)
    assert [code_of(act) for act in (lambda: services.accept_work(place, actor=theo), lambda: services.answer_work(place, "x", actor=theo))] == ["own-work"] * 2  # fmt: skip


def test_places_are_for_whom_the_mission_asks_and_their_own(
    ada: Person, ben: Person, rhea: Person, sam: Person, cohort_a: Cohort
) -> None:
    draft = services.make_mission(wanted(cohorts=[cohort_a]), actor=sam)
    assert ([*missions_visible_to(ada)], code_of(lambda: services.take_place(draft, actor=ada))) == ([], "not-found")
    mission = services.post_mission(draft, actor=sam)[0]
    assert ([*missions_visible_to(ada)], [*missions_visible_to(ben)], [*places_overseen_by(ada)]) == ([mission], [], [])
    assert [code_of(lambda who=who: services.take_place(mission, actor=who)) for who in (ben, rhea, sam)] == ["not-found", "role", "role"]  # fmt: skip
    place = services.take_place(mission, actor=ada)
    acts: list[Callable[[], object]] = [
        lambda: services.deliver_work(place, work(), actor=ben),
        lambda: services.give_back(place, actor=ben),
        lambda: services.accept_work(place, actor=ada),
        lambda: services.make_mission(wanted(), actor=ada),
        lambda: services.end_mission(mission, actor=ada),
    ]
    assert [code_of(act) for act in acts] == ["not-found", "not-found", "role", "role", "role"]


def test_place_given_back_is_free_again(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    mission = posted(sam)
    first = services.take_place(mission, actor=ada)
    services.take_place(mission, actor=ben)
    assert code_of(lambda: services.take_place(mission, actor=nia)) == "mission-full"
    services.give_back(first, actor=ada)
    assert (services.take_place(mission, actor=nia).seat, code_of(lambda: services.take_place(mission, actor=ada))) == (1, "mission-full")  # fmt: skip
    done = delivered(mission, nia)
    assert code_of(lambda: services.give_back(done, actor=nia)) == "place-moved"


def test_over_is_over_for_taking_and_late_work_is_taken(ada: Person, ben: Person, sam: Person) -> None:
    mission = posted(sam)
    place = services.take_place(mission, actor=ada)
    with freeze_time(timezone.now() + timedelta(days=8)):
        assert code_of(lambda: services.take_place(mission, actor=ben)) == "mission-over"
        assert services.deliver_work(place, work(), actor=ada).state == "delivered"
    other = posted(sam)
    services.end_mission(other, actor=sam)
    assert code_of(lambda: services.take_place(other, actor=ben)) == "mission-over"


def test_what_is_posted_grows_and_never_shrinks(sam: Person) -> None:
    mission = posted(sam)
    later = timezone.now() + timedelta(days=30)
    acts = {
        "places-fewer": {"places": 1, "closes_at": later},
        "places-wrong": {"places": 501, "closes_at": later},
        "closes-past": {"places": 2, "closes_at": timezone.now() - timedelta(days=1)},
    }
    assert {code: code_of(lambda more=more: services.extend_mission(mission, actor=sam, **more)) for code, more in acts.items()} == {
        code: code for code in acts
    }  # fmt: skip
    assert code_of(lambda: services.change_mission(mission, wanted(title="Another"), actor=sam)) == "mission-posted"
    grown = services.extend_mission(mission, places=5, closes_at=later, actor=sam)
    assert (grown.places, grown.closes_at) == (5, later)


def test_seat_beyond_the_places_is_refused_past_all_services(ada: Person, ben: Person, sam: Person) -> None:
    mission = posted(sam, places=1)
    services.take_place(mission, actor=ada)
    now = timezone.now()
    for seat in (1, 2):
        with pytest.raises(DatabaseError), transaction.atomic():
            MissionPlace.objects.create(mission=mission, person=ben, seat=seat, taken_at=now)
    assert MissionPlace.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_last_place_has_one_winner(sam: Person, cohort_a: Cohort) -> None:
    mission = posted(sam, places=1)
    people = many(cohort_a, 6)
    results = at_once(6, lambda n: services.take_place(mission, actor=people[n]))
    lost = [one.decision.code for one in results if isinstance(one, Refused)]
    assert (MissionPlace.objects.count(), lost) == (1, ["mission-full"] * 5)


@pytest.mark.django_db(transaction=True)
def test_two_of_the_staff_accept_at_once_and_it_counts_once(ada: Person, sam: Person, olga: Person) -> None:
    place = delivered(posted(sam), ada)
    results = at_once(2, lambda n: services.accept_work(place, actor=(sam, olga)[n]).state)
    assert (results.count("accepted"), len(accepted())) == (1, 1)
    told = {
        notice.kind: notice.person.name
        for notice in Notice.objects.filter(kind__in=["mission.answered", "mission.accepted"])
    }
    assert told == {"mission.accepted": "Ada"}
    assert "melt" not in "".join(notice.title + notice.body for notice in Notice.objects.all())


def test_pages_from_posting_to_accepting(ada: Person, sam: Person, client_of: ClientOf) -> None:
    in_force(sam, {"mission.hour": 4000})
    staff, artist = client_of(sam), client_of(ada)
    new = {"kind": "test", "title": HOSTILE, "about": HOSTILE, "hours": "2", "contribution": "mission.hour", "places": "1", "closes_at": "2099-01-01T10:00"}  # fmt: skip
    wrong = staff.post(reverse("staff_mission_new"), new | {"closes_at": "2020-01-01T10:00"})
    assert (wrong.status_code, "closes-past" in wrong.content.decode()) == (422, True)
    staff.post(reverse("staff_mission_new"), new)
    mission = Mission.objects.get()
    desk, here = reverse("staff_mission", args=[mission.pk]), reverse("mission", args=[mission.pk])
    staff.post(reverse("staff_mission_change", args=[mission.pk]), new | {"hours": "3"})
    staff.post(reverse("staff_mission_post", args=[mission.pk]))
    shown = [page(artist, path) for path in ("/missions/", here, "/")]
    assert ["optional, pays EUR 40.00 an hour" in one for one in shown] == [True] * 3
    artist.post(reverse("mission_take", args=[mission.pk]))
    place = MissionPlace.objects.get()
    typed = {"text": HOSTILE, "hours": "9", "links": 'https://example.org/?a="><b>'}
    many_ = artist.post(reverse("mission_deliver", args=[mission.pk]), typed)
    assert (many_.status_code, "hours-many" in many_.content.decode(), "&lt;img src=x" in many_.content.decode()) == (
        422,
        True,
        True,
    )
    artist.post(reverse("mission_deliver", args=[mission.pk]), typed | {"hours": "2.5"})
    assert "delivered, to be answered or accepted" in page(staff, reverse("today"))
    answer = reverse("staff_mission_answer", args=[place.pk])
    silent = staff.post(answer, {"act": "answer", "reply": ""})
    assert (silent.status_code, "reply-missing" in silent.content.decode()) == (422, True)
    staff.post(answer, {"act": "answer", "reply": HOSTILE})
    back = page(artist, here)
    artist.post(reverse("mission_deliver", args=[mission.pk]), typed | {"hours": "2.5"})
    waiting = page(staff, desk)
    seen = MissionPlace.objects.get().delivered_at
    staff.post(answer, {"act": "accept", "reply": "", "hours": "", "seen": seen.isoformat() if seen else ""})
    assert (MissionPlace.objects.get().state, accepted()[0]["quantity"]) == ("accepted", "2.50")
    pages = [*shown, back, waiting, page(artist, here), page(staff, desk), page(staff, reverse("staff_missions"))]
    assert ["<img src=x" in one or '"><b>' in one for one in pages] == [False] * len(pages)
    assert client_of(ada).post(reverse("mission_give_back", args=[mission.pk])).status_code == 409
    assert client_of(sam).post(reverse("staff_mission_end", args=[mission.pk])).status_code == 302


def test_table_of_places_holds_no_formula(ada: Person, sam: Person, client_of: ClientOf) -> None:
    place = delivered(posted(sam), ada, text="=1+1")
    text = client_of(sam).get(reverse("staff_mission_csv", args=[place.mission_id])).content.decode("utf-8-sig")
    assert ("'=1+1" in text, ",=1+1" in text, "1.50" in text) == (True, False, True)


def test_lists_take_the_same_queries_for_one_and_three(
    ada: Person, sam: Person, cohort_a: Cohort, client_of: ClientOf
) -> None:
    people = many(cohort_a, 3)
    first = posted(sam, places=9)
    delivered(first, people[0])
    services.take_place(first, actor=ada)
    paths = ((ada, "/missions/"), (sam, reverse("staff_missions")), (sam, reverse("staff_mission", args=[first.pk])))

    def counted() -> list[int]:
        found = []
        for who, path in paths:
            client = client_of(who)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    before = counted()
    for person in people[1:]:
        delivered(first, person)
        delivered(posted(sam), person)
        services.take_place(posted(sam), actor=ada)
    assert counted() == before
