"""Seats and the waiting list: first come, first seated, passed on in order, and never more than the room has."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from freezegun import freeze_time

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.queries import place_in_line
from artists.gatherings.services import cancel_gathering, change_gathering, give_up_seat, release_seats, take_seat
from artists.people.looks import Viewer
from artists.people.models import Look, Person
from portal.access import Refused, check
from portal.audit.models import Entry
from portal.happenings import delivery
from portal.notices.models import Notice
from portal.program.models import Cohort
from portal.program.reach import Target
from portal.program.services import leave
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.gatherings import DAY, HOUR, gathered, planned, seated
from tests.factories.people import artist_in
from tests.factories.refusals import code_of
from tests.factories.together import at_once


def states(gathering: Gathering) -> dict[str, tuple[str, int | None]]:
    rows = Seat.objects.filter(gathering=gathering).order_by("pk")
    return {one.person.name: (one.state, one.chair) for one in rows.select_related("person")}


def told(person: Person, kind: str) -> int:
    delivery.sweep()
    return Notice.objects.filter(person=person, kind=f"gatherings.{kind}").count()


def test_first_come_have_seats_and_the_others_wait_in_order(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    tove = artist_in(cohort_a, "Tove")
    one = gathered(sam)
    seats = seated(one, ada, ben, nia, tove)
    assert states(one) == {
        "Ada": ("seated", 1),
        "Ben": ("seated", 2),
        "Nia": ("waiting", None),
        "Tove": ("waiting", None),
    }
    assert [place_in_line(seats[2]), place_in_line(seats[3])] == [1, 2]
    again = take_seat(one, actor=ada)
    assert (again.pk, Seat.objects.count()) == (seats[0].pk, 4)


def test_seat_given_up_passes_to_the_next_who_alone_is_told(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    tove = artist_in(cohort_a, "Tove")
    one = gathered(sam)
    mine = seated(one, ada, ben, nia, tove)[0]
    assert [give_up_seat(mine, actor=ada) for _time in range(2)] == [True, False]
    assert states(one) == {
        "Ada": ("given_up", None),
        "Ben": ("seated", 2),
        "Nia": ("seated", 1),
        "Tove": ("waiting", None),
    }
    assert [told(person, "passed_on") for person in (ada, ben, nia, tove)] == [0, 0, 1, 0]
    back = take_seat(one, actor=ada)
    assert (back.state, place_in_line(back)) == ("waiting", 2)
    assert Entry.objects.filter(action="gatherings.give_up").count() == 1


def test_leaving_the_waiting_list_gives_nobody_a_seat(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    one = gathered(sam)
    waits = seated(one, ada, ben, nia)[2]
    assert give_up_seat(waits, actor=nia)
    assert (states(one)["Nia"], told(ben, "passed_on")) == (("given_up", None), 0)


@pytest.mark.django_db(transaction=True)
def test_two_people_for_the_last_seat_at_once_have_one_winner(ada: Person, ben: Person, sam: Person) -> None:
    one = gathered(sam, capacity=1)
    people = (ada, ben)
    results = at_once(2, lambda number: take_seat(one, actor=people[number]).state)
    assert sorted(results) == ["seated", "waiting"]
    assert sorted(state for state, _chair in states(one).values()) == ["seated", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_many_who_come_and_go_at_once_never_exceed_the_room(cohort_a: Cohort, sam: Person) -> None:
    one = gathered(sam, capacity=3)
    people = [artist_in(cohort_a, f"Artist{number}") for number in range(8)]

    def come_and_go(number: int) -> str:
        seat = take_seat(one, actor=people[number])
        if number % 2:
            give_up_seat(seat, actor=people[number])
        return "done"

    assert at_once(8, come_and_go) == ["done"] * 8
    found = Seat.objects.filter(gathering=one)
    chairs = sorted(found.filter(state="seated").values_list("chair", flat=True))
    assert (chairs, found.filter(state="waiting").count(), found.filter(state="given_up").count()) == ([1, 2, 3], 1, 4)


def test_database_refuses_a_seat_that_the_room_does_not_have(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    one = gathered(sam)
    seated(one, ada, ben, nia)
    waits = Seat.objects.filter(gathering=one, person=nia)
    fields = {"gathering": one, "asked_at": timezone.now()}

    def raw(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    tried = [
        lambda: waits.update(state="seated", chair=3),
        lambda: waits.update(state="seated", chair=2),
        lambda: waits.update(state="seated", chair=None),
        lambda: waits.update(state="seated", chair=0),
        lambda: Seat.objects.create(**fields, person=sam, state="seated", chair=3),
        lambda: Seat.objects.create(**fields, person=ada),
        lambda: raw("UPDATE gatherings_seat SET state = 'seated', chair = 7 WHERE state = 'waiting'"),
        lambda: raw("UPDATE gatherings_gathering SET capacity = 1"),
        lambda: raw("UPDATE gatherings_gathering SET capacity = 0"),
    ]

    def refused(act: object) -> bool:
        try:
            with transaction.atomic():
                act()  # type: ignore[operator]
        except DatabaseError:
            return True
        return False

    assert [refused(act) for act in tried] == [True] * len(tried)


def test_more_seats_go_to_those_who_wait_and_fewer_keep_everybody(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    tove = artist_in(cohort_a, "Tove")
    plan = planned()
    one = gathered(sam, starts_at=plan.starts_at)
    first = seated(one, ada, ben, nia, tove)[0]

    def with_seats(number: int) -> None:
        change_gathering(one, planned(starts_at=plan.starts_at, capacity=number), actor=sam)

    with_seats(3)
    assert (states(one)["Nia"], told(nia, "passed_on"), told(ada, "changed")) == (("seated", 3), 1, 0)
    assert code_of(lambda: with_seats(2)) == "capacity-taken"
    give_up_seat(first, actor=ada)
    with_seats(4)
    give_up_seat(Seat.objects.get(gathering=one, person=ben), actor=ben)
    with_seats(2)
    assert states(one) == {
        "Ada": ("given_up", None),
        "Ben": ("given_up", None),
        "Nia": ("seated", 2),
        "Tove": ("seated", 1),
    }


def test_who_may_take_a_seat(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, rhea: Person, sam: Person
) -> None:
    one = gathered(sam, cohorts=(cohort_a,))
    assert [code_of(lambda who=who: take_seat(one, actor=who)) for who in (ben, rhea, sam)] == [
        "not-found",
        "role",
        "role",
    ]
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    assert code_of(lambda: take_seat(one, actor=ada)) == "suspended-artist"
    leave(actor=nia)
    assert code_of(lambda: take_seat(one, actor=nia)) == "leaving"
    assert Seat.objects.count() == 0


def test_suspended_artist_still_gives_a_seat_up(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    one = gathered(sam)
    mine = seated(one, ada, ben, nia)[0]
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    assert give_up_seat(mine, actor=ada)
    assert states(one)["Nia"] == ("seated", 1)


def test_nobody_gives_up_or_hands_out_the_seat_of_somebody_else(ada: Person, ben: Person, sam: Person) -> None:
    one = gathered(sam, capacity=1)
    mine, waits = seated(one, ada, ben)
    assert [code_of(lambda who=who: give_up_seat(mine, actor=who)) for who in (ben, sam)] == ["not-found"] * 2
    assert check("gatherings.seat", sam, waits).code == "line-only"


def test_over_or_cancelled_takes_and_gives_no_seat(ada: Person, ben: Person, sam: Person) -> None:
    one, other = gathered(sam), gathered(sam)
    mine = seated(one, ada)[0]
    with freeze_time(one.ends_at):
        assert code_of(lambda: take_seat(one, actor=ben)) == "gathering-over"
        assert code_of(lambda: give_up_seat(mine, actor=ada)) == "gathering-over"
    with freeze_time(one.starts_at + HOUR):
        assert take_seat(one, actor=ben).state == "seated"
    assert cancel_gathering(other, actor=sam, reason="The host is ill.")
    assert code_of(lambda: take_seat(other, actor=ada)) == "gathering-cancelled"
    assert not cancel_gathering(other, actor=sam, reason="Again.")


def test_place_is_for_those_who_have_a_seat(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    one = gathered(sam)
    mine = seated(one, ada, ben, nia)[0]
    assert [bool(check("gatherings.see_place", who, one)) for who in (ada, ben, nia, sam)] == [True, True, False, True]
    give_up_seat(mine, actor=ada)
    assert [bool(check("gatherings.see_place", who, one)) for who in (ada, ben, nia)] == [False, True, True]
    cancel_gathering(one, actor=sam, reason="The host is ill.")
    one.refresh_from_db()
    assert not check("gatherings.see_place", ben, one)


def test_reading_while_viewing_takes_no_seat(ada: Person, sam: Person) -> None:
    viewer = Viewer(ada, sam, Look(person=ada, by=sam))
    one = gathered(sam)
    assert check("gatherings.take_seat", viewer, one).code == "viewing-only"
    with pytest.raises(Refused):
        take_seat(one, actor=viewer)  # type: ignore[arg-type]


def test_when_the_seats_are_counted_everybody_who_waits_has_a_number(sam: Person, ada: Person, ben: Person) -> None:
    one = gathered(sam, capacity=1, starts_at=timezone.now() + 2 * DAY)
    now = timezone.now()
    with freeze_time(now):
        seats = seated(one, ada, ben)
    with freeze_time(now + timedelta(seconds=1)):
        give_up_seat(seats[0], actor=ada)
        back = take_seat(one, actor=ada)
    assert (states(one)["Ben"], back.state, place_in_line(back)) == (("seated", 1), "waiting", 1)


def test_seats_of_those_who_left_or_are_no_longer_here_pass_on(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    tove = artist_in(cohort_a, "Tove")
    one = gathered(sam, starts_at=timezone.now() + 30 * DAY)
    seated(one, ada, ben, nia, tove)
    leaving = leave(actor=ada)
    Person.objects.filter(pk=ben.pk).update(is_active=False)
    assert (release_seats(), states(one)["Ada"], states(one)["Nia"]) == (1, ("seated", 1), ("seated", 2))
    with freeze_time(leaving.effective_at):
        assert (release_seats(), release_seats()) == (1, 0)
    assert states(one) == {
        "Ada": ("given_up", None),
        "Ben": ("given_up", None),
        "Nia": ("seated", 2),
        "Tove": ("seated", 1),
    }
