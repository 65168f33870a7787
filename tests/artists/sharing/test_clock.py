"""The clock: working time, what stops it, what happens when it runs out, and who wins when somebody is beside it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.sharing.clock import Calendar, clock_of, merged
from artists.sharing.models import Consequence, Release, ShareRequest, Terms
from artists.sharing.queries import decisions_told
from artists.sharing.services import answer, approve, expire, question, refuse, run_out, tell_rested, undo
from artists.sharing.services.deciding import rest
from artists.sharing.standing import standing, standings
from generation.models import Clip
from portal.access import ANONYMOUS, Refused, check
from portal.happenings import delivery
from portal.notices.models import Notice
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from tests.factories.refusals import code_of
from tests.factories.sharing import REASON, asked_for, released
from tests.factories.together import at_once

HOUR = timedelta(hours=1)
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
OFFICE = Calendar(frozenset({0, 1, 2, 3, 4}), frozenset({date(2027, 3, 3)}), "UTC")


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request, asked on a Monday at nine."""
    with freeze_time(MONDAY):
        return asked_for(clip_of(ada))


def published(**more: object) -> Terms:
    """Terms in force since long ago."""
    return Terms.objects.create(since=MONDAY - 99 * HOUR, by_label="test", **more)


def now_of(request: ShareRequest) -> ShareRequest:
    """The row as it is."""
    return ShareRequest.objects.select_related("terms", "artist").get(pk=request.pk)


def test_working_time_leaves_out_weekends_and_holidays() -> None:
    friday = datetime(2027, 3, 5, 12, tzinfo=UTC)
    day = 86_400
    assert OFFICE.after(friday, day) == datetime(2027, 3, 8, 12, tzinfo=UTC)
    assert OFFICE.after(MONDAY, 2 * day) == datetime(2027, 3, 4, 9, tzinfo=UTC)
    assert OFFICE.between(friday, datetime(2027, 3, 8, 12, tzinfo=UTC)) == day
    assert (OFFICE.between(friday, friday), OFFICE.between(friday, MONDAY)) == (0, 0)


def test_day_without_an_hour_has_only_23_of_them() -> None:
    berlin = Calendar(frozenset({6}), zone="Europe/Berlin")  # Sundays only; clocks go forward on 28 March 2027
    saturday = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert berlin.between(saturday, saturday + timedelta(days=3)) == 23 * 3600
    assert berlin.after(saturday, 22 * 3600) == datetime(2027, 3, 28, 21, tzinfo=UTC)


def test_calendar_in_which_no_day_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no day counts"):
        Calendar(frozenset({0}), frozenset(date(2027, 1, 4) + timedelta(days=7 * n) for n in range(400))).after(
            MONDAY, 1
        )


def test_overlapping_times_count_once() -> None:
    a, b, c, d = (MONDAY + n * HOUR for n in range(4))
    assert merged([(c, d), (a, c), (b, c)]) == [(a, d)]


def test_silence_approves_after_the_published_hours_and_both_sides_are_told(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person
) -> None:
    with freeze_time(MONDAY + 72 * HOUR - timedelta(seconds=1)):
        assert (run_out(), now_of(asked).state) == (0, "in_review")
    with freeze_time(MONDAY + 72 * HOUR):
        assert (run_out(), run_out(), now_of(asked).state) == (1, 0, "approved")
        assert check("sharing.see_release", ANONYMOUS, Release.objects.get()).allowed
        assert [(one.by_clock, one.outcome) for one in decisions_told(asked)] == [(True, "approved")]
        assert code_of(lambda: approve(asked, actor=rhea)) == "already-decided"
        delivery.sweep()
    told = {(one.person_id, one.kind) for one in Notice.objects.filter(kind__in=["sharing.decided", "sharing.late"])}
    assert told == {(ada.pk, "sharing.decided"), (rhea.pk, "sharing.late"), (sam.pk, "sharing.late")}


def test_reviewer_who_lost_to_the_clock_is_told_that_it_was_the_clock(asked: ShareRequest, rhea: Person) -> None:
    with freeze_time(MONDAY + 73 * HOUR):
        run_out()
        with pytest.raises(Refused) as late:
            refuse(asked, actor=rhea, ground="rights", reason=REASON)
    assert "The clock ran out" in str(late.value.decision.reason)


def test_program_that_published_it_escalates_instead(
    ada: Person, rhea: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    published(hours=10, consequence=Consequence.ESCALATED)
    with freeze_time(MONDAY):
        asked = asked_for(clip_of(ada))
        assert code_of(lambda: approve(asked, actor=sam)) == "role"
    with freeze_time(MONDAY + 10 * HOUR):
        assert (run_out(), now_of(asked).state, Release.objects.count()) == (1, "escalated", 0)
        assert code_of(lambda: question(asked, actor=rhea, text="Where?")) == "already-decided"
        late = now_of(asked)
        approve(late, actor=sam)
        undo(late, actor=sam)
        assert now_of(asked).state == "escalated"
        assert released(late, sam).request.state == "approved"


def test_terms_published_later_do_not_change_what_was_promised(asked: ShareRequest) -> None:
    Terms.objects.create(since=MONDAY + HOUR, hours=1, consequence=Consequence.ESCALATED, by_label="test")
    with freeze_time(MONDAY + 5 * HOUR):
        assert (run_out(), now_of(asked).state) == (0, "in_review")


def test_question_stops_the_clock_and_the_answer_lets_it_go_on(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    with freeze_time(MONDAY + 70 * HOUR):
        question(asked, actor=rhea, text="Which festival?")
    with freeze_time(MONDAY + 200 * HOUR):
        stopped = now_of(asked)
        assert (run_out(), stopped.state, standing(stopped)["clock"].left) == (0, "question", 2 * 3600)
        assert code_of(lambda: answer(asked, actor=ada, text=" ")) == "answer-missing"
        answer(asked, actor=ada, text="The one in March.")
        assert now_of(asked).due_at == MONDAY + 202 * HOUR
        assert code_of(lambda: answer(asked, actor=ada, text="Again")) == "state-changed"
    with freeze_time(MONDAY + 202 * HOUR):
        assert (run_out(), now_of(asked).state) == (1, "approved")


@pytest.mark.parametrize("scope", [Scope.PROGRAM, Scope.COHORT, Scope.ARTIST])
def test_suspension_stops_the_clock_even_if_nothing_swept_meanwhile(
    asked: ShareRequest, ada: Person, sam: Person, scope: Scope
) -> None:
    target = {
        Scope.PROGRAM: lambda: Target(Scope.PROGRAM),
        Scope.COHORT: lambda: Target(Scope.COHORT, cohort=ada.membership.cohort),
        Scope.ARTIST: lambda: Target(Scope.ARTIST, artist=ada),
    }[scope]()
    with freeze_time(MONDAY + 10 * HOUR):
        stopped = suspend(target, actor=sam, reason="A look at something.")
    with freeze_time(MONDAY + 10 * HOUR + timedelta(minutes=5)):
        assert clock_of(now_of(asked), timezone.now()).stopped_by == "suspension"  # type: ignore[union-attr]
        resume(stopped, actor=sam)
    extra = timedelta(minutes=5)
    with freeze_time(MONDAY + 72 * HOUR + extra - timedelta(seconds=1)):
        assert (run_out(), now_of(asked).state, now_of(asked).due_at) == (0, "in_review", MONDAY + 72 * HOUR + extra)
    with freeze_time(MONDAY + 72 * HOUR + extra):
        assert (run_out(), now_of(asked).state) == (1, "approved")


def test_clock_that_ran_out_before_a_suspension_waits_for_its_end(
    asked: ShareRequest, ada: Person, sam: Person
) -> None:
    with freeze_time(MONDAY + 73 * HOUR):
        stopped = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
        assert (run_out(), now_of(asked).state, Release.objects.count()) == (0, "in_review", 0)
    with freeze_time(MONDAY + 74 * HOUR):
        resume(stopped, actor=sam)
        assert (run_out(), now_of(asked).state) == (1, "approved")


def test_approval_that_rests_waits_for_the_end_of_a_suspension(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person
) -> None:
    with freeze_time(MONDAY + HOUR):
        approve(asked, actor=rhea)
        stopped = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    with freeze_time(MONDAY + HOUR + rest()):
        assert (tell_rested(), now_of(asked).state) == (0, "resting")
        resume(stopped, actor=sam)
    with freeze_time(MONDAY + 2 * HOUR):
        assert (tell_rested(), now_of(asked).state) == (1, "approved")


def test_public_work_is_closed_while_its_artist_is_suspended_and_opens_again(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person
) -> None:
    with freeze_time(MONDAY + HOUR):
        release = released(asked, rhea)
        stopped = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
        during = check("sharing.see_release", ANONYMOUS, release)
        resume(stopped, actor=sam)
        after = check("sharing.see_release", ANONYMOUS, release)
    assert (during.code, during.kind.value, after.allowed) == ("work-suspended", 410, True)


def test_refusal_that_waits_for_its_second_is_no_silence(asked: ShareRequest, rhea: Person) -> None:
    with freeze_time(MONDAY + HOUR):
        refuse(asked, actor=rhea, ground="person", reason=REASON)
    with freeze_time(MONDAY + 73 * HOUR):
        assert (run_out(), now_of(asked).state, Release.objects.count()) == (1, "escalated", 0)


def test_decision_undone_after_the_time_is_over_leaves_it_to_the_clock(asked: ShareRequest, rhea: Person) -> None:
    with freeze_time(MONDAY + 72 * HOUR - timedelta(minutes=1)):
        refuse(asked, actor=rhea, ground="rights", reason=REASON)
    with freeze_time(MONDAY + 72 * HOUR + timedelta(minutes=5)):
        assert (run_out(), now_of(asked).state) == (0, "resting")
        undo(asked, actor=rhea)
        assert (run_out(), now_of(asked).state) == (1, "approved")


@pytest.mark.django_db(transaction=True)
def test_clock_and_decision_at_the_same_moment_have_one_winner(asked: ShareRequest, rhea: Person) -> None:
    with freeze_time(MONDAY + 72 * HOUR):
        acts = [run_out, run_out, lambda: refuse(asked, actor=rhea, ground="rights", reason=REASON)]
        results = at_once(3, lambda number: acts[number]())
    left = now_of(asked)
    by_clock = left.state == "approved"
    assert left.state in {"approved", "resting"}
    assert (isinstance(results[2], Refused), Release.objects.count()) == (by_clock, int(by_clock))
    assert left.decisions.count() == 1


def test_what_nobody_answers_ends_by_itself_and_says_which_time_ran_out(
    ada: Person, ben: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    with freeze_time(MONDAY):
        clip = clip_of(ada)
        waiting = asked_for(clip, collaborators=[ben.email])
        open_question = asked_for(clip, destination="B")
        question(open_question, actor=rhea, text="Where?")
        ends = asked_for(clip, destination="C")
        released(ends, rhea, ends_at=MONDAY + 5 * HOUR)
        assert expire() == 0
    with freeze_time(MONDAY + timedelta(days=31)):
        assert (expire(), expire()) == (3, 0)
    how = {one.destination: (one.state, one.ended_how) for one in ShareRequest.objects.all()}
    assert how == {
        "A festival": ("expired", "confirmation"), "B": ("expired", "answer"), "C": ("expired", "approval"),
    }  # fmt: skip
    assert waiting.state == "waiting"
    assert Release.objects.get(request=ends).state == "withdrawn"


def test_clocks_of_many_cost_as_many_queries_as_one(
    ada: Person,
    ben: Person,
    clip_of: Callable[..., Clip],
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    with freeze_time(MONDAY):
        clips = [clip_of(ada), clip_of(ben)]
        asked = [asked_for(clip, destination=where) for clip in clips for where in "AB"]
        many = list(ShareRequest.objects.select_related("terms", "artist"))
        for requests in (many[:1], many):
            with django_assert_num_queries(2):
                assert [one["clock"].left for one in standings(requests)] == [72 * 3600] * len(requests)
    assert len(many) == len(asked)
