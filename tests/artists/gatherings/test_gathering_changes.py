"""Gatherings are made, changed, cancelled, announced and reminded of, in each reader's zone; who came is written down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.services import (
    cancel_gathering,
    change_gathering,
    give_up_seat,
    make_gathering,
    mark_attended,
    remind_due,
    take_seat,
)
from artists.people.models import Person
from artists.tariff.news import ContributionAccepted
from portal.audit.models import Entry
from portal.happenings import delivery
from portal.happenings.models import Happening
from portal.notices.models import Letter, Notice
from portal.panels import status
from portal.program.models import Cohort
from tests.factories.gatherings import DAY, HOUR, gathered, planned, seated
from tests.factories.people import artist_in
from tests.factories.refusals import code_of
from tests.factories.together import at_once

MINUTE = timedelta(minutes=1)
SPRING = datetime(2027, 3, 27, 23, tzinfo=UTC)  # in Europe the clocks go forward on 28 March 2027, 01:00 UTC


def notices(person: Person, kind: str) -> list[Notice]:
    delivery.sweep()
    return list(Notice.objects.filter(person=person, kind=f"gatherings.{kind}").order_by("pk"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"title": "x" * 161}, "text-long"),
        ({"text": "x" * 8001}, "text-long"),
        ({"kind": "party"}, "kind-unknown"),
        ({"place": " ", "call_link": ""}, "place-missing"),
        ({"call_link": "javascript:alert(1)"}, "url-not-web"),
        ({"zone": "Europe/Atlantis"}, "zone-unknown"),
        ({"zone": "../../etc/passwd"}, "zone-unknown"),
        ({"capacity": 0}, "capacity-wrong"),
        ({"capacity": 1001}, "capacity-wrong"),
        ({"contribution": "bug.new"}, "contribution-unknown"),
        ({"starts_at": datetime(2020, 1, 1, tzinfo=UTC)}, "starts-past"),
        ({"starts_at": datetime(2090, 1, 1, tzinfo=UTC)}, "gathering-far"),
        ({"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, "ends-before"),
        ({"ends_at": timezone.now() + timedelta(days=60)}, "gathering-long"),
    ],
)
def test_what_could_not_take_place_is_refused(sam: Person, more: dict[str, object], code: str) -> None:
    assert (code_of(lambda: make_gathering(planned(**more), actor=sam)), Gathering.objects.count()) == (code, 0)


def test_only_staff_arrange(ada: Person, rhea: Person, sam: Person, olga: Person) -> None:
    assert [code_of(lambda who=who: make_gathering(planned(), actor=who)) for who in (ada, rhea)] == ["role", "role"]
    one = make_gathering(planned(), actor=olga)
    assert code_of(lambda: change_gathering(one, planned(), actor=ada)) == "role"
    assert code_of(lambda: cancel_gathering(one, actor=ada, reason="x")) == "role"
    assert Entry.objects.filter(action="gatherings.make").count() == 1


def test_invitation_reaches_its_cohorts_and_nobody_else(
    cohort_a: Cohort, ada: Person, nia: Person, ben: Person, rhea: Person, sam: Person
) -> None:
    gathered(sam, cohorts=(cohort_a,))
    assert [len(notices(who, "announced")) for who in (ada, nia, ben, rhea, sam)] == [1, 1, 0, 0, 0]
    gathered(sam)
    assert [len(notices(who, "announced")) for who in (ada, nia, ben, rhea, sam)] == [2, 2, 1, 0, 0]


def test_change_is_told_to_all_who_come_or_wait_and_never_where_it_is(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    one = gathered(sam, capacity=1)
    seats = seated(one, ada, ben, nia)
    give_up_seat(seats[2], actor=nia)
    later = planned(starts_at=one.starts_at + DAY, place="Room 9", capacity=1)
    changed = change_gathering(one, later, actor=sam)
    assert (changed.sequence, [len(notices(who, "changed")) for who in (ada, ben, nia)]) == (1, [1, 1, 0])
    said = notices(ada, "changed")[0]
    assert ("Different now: beginning, end, place." in said.body, "Room 9" in said.body) == (True, False)
    letters = " ".join(Letter.objects.values_list("text", flat=True)) + " ".join(
        Letter.objects.values_list("html", flat=True)
    )
    assert ("Room" in letters, "call.example.org" in letters) == (False, False)
    same = change_gathering(changed, later, actor=sam)
    assert (same.sequence, len(notices(ada, "changed"))) == (1, 1)


def test_change_keeps_its_bounds(ada: Person, sam: Person) -> None:
    one = gathered(sam, contribution="gathering.call")
    seated(one, ada)
    same = {"starts_at": one.starts_at, "contribution": "gathering.call"}
    assert code_of(lambda: change_gathering(one, planned(**same | {"contribution": ""}), actor=sam)) == "pay-promised"
    with freeze_time(one.starts_at + HOUR):
        assert (
            code_of(lambda: change_gathering(one, planned(**same | {"starts_at": one.starts_at + MINUTE}), actor=sam))
            == "starts-past"
        )
        assert change_gathering(one, planned(**same, call_link="https://call.example.org/new"), actor=sam).sequence == 1
    with freeze_time(one.ends_at):
        assert code_of(lambda: change_gathering(one, planned(), actor=sam)) == "gathering-over"
        assert code_of(lambda: cancel_gathering(one, actor=sam, reason="Too late.")) == "gathering-over"


def test_cancellation_needs_a_reason_and_is_told_once_to_all(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    one = gathered(sam, capacity=1)
    seated(one, ada, ben)
    assert [code_of(lambda text=text: cancel_gathering(one, actor=sam, reason=text)) for text in (" ", "x" * 601)] == [
        "reason-missing", "reason-long",
    ]  # fmt: skip
    assert [cancel_gathering(one, actor=sam, reason="The host is ill.") for _time in range(2)] == [True, False]
    one.refresh_from_db()
    assert (one.state, one.sequence) == ("cancelled", 1)
    assert [len(notices(who, "cancelled")) for who in (ada, ben, nia)] == [1, 1, 0]
    assert code_of(lambda: change_gathering(one, planned(), actor=sam)) == "gathering-cancelled"


def test_reminders_come_a_day_and_an_hour_before_each_once(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    one = gathered(sam, starts_at=timezone.now() + 3 * DAY)
    seats = seated(one, ada, ben, nia)
    told: list[tuple[int, int, int]] = []
    for left in (DAY + MINUTE, DAY, DAY - MINUTE, HOUR + MINUTE, HOUR, HOUR - MINUTE, timedelta(0)):
        with freeze_time(one.starts_at - left):
            remind_due()
            remind_due()
            told.append(tuple(len(notices(who, "reminder")) for who in (ada, ben, nia)))
        if left == DAY - MINUTE:
            with freeze_time(one.starts_at - left):
                give_up_seat(seats[1], actor=ben)
    assert told == [(0, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 0), (2, 1, 1), (2, 1, 1), (2, 1, 1)]


def test_whoever_came_late_is_not_reminded_of_what_they_have_just_done(ada: Person, sam: Person) -> None:
    one = gathered(sam, starts_at=timezone.now() + 3 * DAY)
    with freeze_time(one.starts_at - 30 * MINUTE):
        take_seat(one, actor=ada)
        assert (remind_due(), notices(ada, "reminder")) == (0, [])


def test_moved_gathering_is_reminded_of_again_and_a_cancelled_one_never(ada: Person, sam: Person) -> None:
    one, other = gathered(sam), gathered(sam)
    seated(one, ada)
    seated(other, ada)
    cancel_gathering(other, actor=sam, reason="The host is ill.")
    with freeze_time(one.starts_at - DAY):
        assert (remind_due(), len(notices(ada, "reminder"))) == (1, 1)
        change_gathering(one, planned(starts_at=one.starts_at + 2 * DAY), actor=sam)
    with freeze_time(one.starts_at + DAY):
        assert remind_due() == 1
        assert len(notices(ada, "reminder")) == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once(ada: Person, sam: Person) -> None:
    one = gathered(sam, starts_at=timezone.now() + DAY + timedelta(seconds=2))
    seated(one, ada)
    Gathering.objects.filter(pk=one.pk).update(starts_at=timezone.now() + DAY)
    Seat.objects.update(seated_at=timezone.now() - HOUR)
    results = at_once(3, lambda _number: remind_due())
    assert (sum(results), len(notices(ada, "reminder"))) == (1, 1)


def test_times_are_told_on_the_clock_of_whoever_reads_across_a_change_of_the_clocks(
    cohort_a: Cohort, ada: Person, nia: Person, sam: Person
) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Europe/Berlin")
    Person.objects.filter(pk=nia.pk).update(time_zone="America/New_York")
    third = artist_in(cohort_a, "Tove")
    Person.objects.filter(pk=third.pk).update(time_zone="No/Where")
    with freeze_time(SPRING - 3 * DAY):
        one = gathered(sam, starts_at=SPRING, ends_at=SPRING + 3 * HOUR)
        said = [notices(who, "announced")[0].body.partition(". ")[0] for who in (ada, nia, third)]
    assert said == [
        "Sun 28 Mar 2027, 00:00 CET – 04:00 CEST (Europe/Berlin)",
        "Sat 27 Mar 2027, 19:00 – 22:00 EDT (America/New_York)",
        "Sat 27 Mar 2027, 23:00 – Sun 28 Mar 2027, 02:00 UTC",
    ]
    later = SPRING + DAY
    with freeze_time(SPRING - 2 * DAY):
        seated(one, Person.objects.get(pk=ada.pk))
        change_gathering(one, planned(starts_at=later, ends_at=later + HOUR), actor=sam)
    with freeze_time(later - DAY):
        remind_due()
        reminder = notices(ada, "reminder")[0]
    assert reminder.title == "Mon 29 Mar at 01:00 CEST: How it went"


def test_who_came_is_written_down_once_it_has_begun_and_paid_once(ada: Person, ben: Person, sam: Person) -> None:
    one = gathered(
        sam, contribution="gathering.call", ends_at=timezone.now().replace(microsecond=0) + 3 * DAY + 90 * MINUTE
    )
    mine, theirs = seated(one, ada, ben)
    assert code_of(lambda: mark_attended(mine, actor=sam, came=True)) == "gathering-ahead"
    with freeze_time(one.starts_at):
        assert code_of(lambda: mark_attended(mine, actor=ada, came=True)) == "role"
        for _time in range(2):
            mark_attended(mine, actor=sam, came=True)
        mark_attended(theirs, actor=sam, came=False)
        assert code_of(lambda: mark_attended(mine, actor=sam, came=False)) == "attendance-paid"
        assert code_of(lambda: give_up_seat(mine, actor=ada)) == "attended-already"
    news = [one.values for one in Happening.objects.filter(kind=ContributionAccepted.kind)]
    assert [(one["source"], one["person"], one["contribution"], one["quantity"], one["about"]) for one in news] == [
        (f"gathering:{one.pk}:{ada.pk}", ada.pk, "gathering.call", "1.50", "How it went")
    ]
    assert Entry.objects.filter(action="gatherings.mark").count() == 2


def test_unpaid_attendance_is_no_contribution_and_can_be_corrected(ada: Person, sam: Person) -> None:
    one = gathered(sam)
    mine = seated(one, ada)[0]
    with freeze_time(one.ends_at + DAY):
        assert mark_attended(mine, actor=sam, came=True).attended is True
        assert mark_attended(mine, actor=sam, came=False).attended is False
    assert Happening.objects.filter(kind=ContributionAccepted.kind).count() == 0


def test_whoever_gave_the_seat_up_cannot_have_come(ada: Person, sam: Person) -> None:
    one = gathered(sam)
    mine = seated(one, ada)[0]
    give_up_seat(mine, actor=ada)
    with freeze_time(one.starts_at):
        assert code_of(lambda: mark_attended(mine, actor=sam, came=True)) == "seat-gone"


def test_status_counts_what_lies_ahead(ada: Person, ben: Person, sam: Person) -> None:
    one = gathered(sam, capacity=1)
    seated(one, ada, ben)
    gathered(sam)
    cancel_gathering(gathered(sam), actor=sam, reason="x")
    assert status()["gatherings"] == {"ahead": 2, "seats_taken": 1, "waiting": 1}
