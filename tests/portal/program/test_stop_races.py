"""Stops that race with the acts they stop: nothing slips past the commit, and quota is never exceeded."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from artists.people.models import Person
from artists.sharing.models import Release, ShareRequest
from artists.sharing.services import approve, request_share, run_out, tell_now
from artists.sharing.services.deciding import CLOCK
from generation.models import Allowance, Clip, Generation, Take
from generation.queue.claim import claim
from generation.queue.endings import assemble
from portal.access import Refused
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope, SuspensionState
from portal.program.suspending import resume, suspend
from tests.factories import films, people
from tests.factories.people import SETUP
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def cast(at_once_limit: int = 100, daily_seconds: int = 1000) -> Person:
    people.opened_program()
    cohort = people.opened_cohort("first", daily_seconds=daily_seconds, at_once=at_once_limit)
    return people.artist_in(cohort, "Ada", people.published_agreement())


def stop(artist: Person) -> Suspension:
    return suspend(Target(Scope.ARTIST, artist=artist), actor=SETUP, reason="A proxy page was found.")


def racing(stopping: Callable[[], Suspension], acts: list[Callable[[], Any]]) -> list[Any]:
    """All at the same moment, the stop among them, one after another's head start."""
    middle = len(acts) // 2
    everything: list[Callable[[], Any]] = [*acts[:middle], stopping, *acts[middle:]]

    def one(number: int) -> Any:
        time.sleep(0.004 * number)
        return everything[number]()

    return at_once(len(everything), one)


def code_of(result: Any) -> str:
    return result.decision.code if isinstance(result, Refused) else ""


def test_fifty_submissions_at_once_never_exceed_the_quota() -> None:
    ada = cast(daily_seconds=20)
    results = at_once(50, lambda number: films.submitted(Person.objects.get(pk=ada.pk)))
    made = [one for one in results if isinstance(one, Generation)]
    refused = sorted({code_of(one) for one in results if not isinstance(one, Generation)})
    held = Allowance.objects.get(artist=ada)
    assert (len(made), refused, Generation.objects.count(), held.held_ms) == (
        20000 // made[0].milliseconds,
        ["quota-spent"],
        len(made),
        sum(one.milliseconds for one in made),
    )


def test_fifty_submissions_at_once_never_exceed_what_runs_at_once() -> None:
    ada = cast(at_once_limit=3)
    results = at_once(50, lambda number: films.submitted(Person.objects.get(pk=ada.pk)))
    assert (sum(isinstance(one, Generation) for one in results), Generation.objects.count()) == (3, 3)
    assert sorted({code_of(one) for one in results if not isinstance(one, Generation)}) == ["quota-at-once"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_stop_racing_submit_leaves_nothing_moving(number: int) -> None:
    ada = cast()
    results = racing(lambda: stop(ada), [lambda: films.submitted(Person.objects.get(pk=ada.pk))] * 8)
    accepted = [one for one in results if isinstance(one, Generation)]
    refused = [one for one in results if isinstance(one, Refused)]
    assert {code_of(one) for one in refused} <= {"suspended-artist"}
    assert len(accepted) + len(refused) == 8
    assert sorted({one.state for one in Generation.objects.all()} - {"paused"}) == []
    assert claim("worker", {films.MODEL}) is None


@pytest.mark.parametrize("number", range(ROUNDS))
def test_stop_racing_claims_lets_no_worker_begin_after_it(number: int) -> None:
    ada = cast()
    for _each in range(4):
        films.submitted(ada)
    results = racing(lambda: stop(ada), [lambda: claim("worker", {films.MODEL})] * 6)
    begun = [one for one in results if isinstance(one, Take)]
    stopped = next(one for one in results if isinstance(one, Suspension))
    after = Take.objects.filter(started_at__gt=F("lease_until")).count()
    late = [one for one in begun if stopped.committed_at and one.started_at and one.started_at > stopped.committed_at]
    states = sorted({one.state for one in Generation.objects.all()})
    assert (late, after, states, claim("worker", {films.MODEL})) == ([], 0, ["paused"], None)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_stop_racing_the_hand_over_gives_a_clip_before_it_or_none(number: int) -> None:
    ada = cast()
    generation = films.submitted(ada)
    films.render_waiting()
    results = racing(
        lambda: stop(ada), [lambda: assemble(Generation.objects.select_related("artist").get(pk=generation.pk))] * 2
    )
    stopped = next(one for one in results if isinstance(one, Suspension))
    generation.refresh_from_db()
    clip = Clip.objects.filter(generation=generation).first()
    assert (generation.state, clip is None) in {("paused", True), ("done", False)}
    assert clip is None or (stopped.committed_at is not None and clip.made_at <= stopped.committed_at)


@pytest.mark.parametrize("by_clock", [False, True])
@pytest.mark.parametrize("number", range(ROUNDS))
def test_stop_racing_an_approval_releases_before_it_or_not_at_all(number: int, by_clock: bool) -> None:
    ada = cast()
    rhea = people.holder_of(people.Role.REVIEWER, "Rhea")
    asked = request_share(films.finished(ada), actor=ada, title="Sea", destination="A festival")
    if by_clock:
        long_ago = timezone.now() - timedelta(hours=100)
        ShareRequest.objects.filter(pk=asked.pk).update(clock_from=long_ago, due_at=long_ago)
    else:
        approve(asked, actor=rhea)
    publish = run_out if by_clock else lambda: tell_now(asked, actor=CLOCK)
    results = racing(lambda: stop(ada), [publish] * 2)
    stopped = next(one for one in results if isinstance(one, Suspension))
    assert {code_of(one) for one in results} - {""} <= {"state-changed", "artist-suspended"}
    release = Release.objects.first()
    asked.refresh_from_db()
    waits = "in_review" if by_clock else "resting"
    assert (asked.state, Release.objects.count()) in {("approved", 1), (waits, 0)}
    assert release is None or (stopped.committed_at is not None and release.released_at <= stopped.committed_at)


def test_two_of_the_staff_suspend_at_once_and_one_wins() -> None:
    ada = cast()
    sam, olga = people.holder_of(people.Role.STAFF, "Sam"), people.holder_of(people.Role.STAFF, "Olga")
    target = Target(Scope.ARTIST, artist=ada)
    results = at_once(2, lambda n: suspend(target, actor=(sam, olga)[n], reason=f"Reason {n}."))
    won = [one for one in results if isinstance(one, Suspension)]
    lost = [one for one in results if isinstance(one, Refused)]
    assert (len(won), [code_of(one) for one in lost]) == (1, ["already-suspended"])
    assert won[0].reason in str(lost[0].decision.reason)


def test_two_of_the_staff_resume_at_once_and_one_wins() -> None:
    stopped = stop(cast())
    staff = [people.holder_of(people.Role.STAFF, name) for name in ("Sam", "Olga")]
    results = at_once(2, lambda number: resume(stopped, actor=staff[number]))
    assert sorted(code_of(one) for one in results) == ["", "suspension-over"]


def test_two_of_the_staff_suspend_each_other_and_one_is_left() -> None:
    cast()
    staff = [people.holder_of(people.Role.STAFF, name) for name in ("Sam", "Olga")]
    results = at_once(
        2, lambda n: suspend(Target(Scope.ARTIST, artist=staff[1 - n]), actor=staff[n], reason="A quarrel.")
    )
    done, refused = sorted(code_of(one) for one in results)
    # Which of the two is said first depends on the moment at which the loser sees the other's stop; both are true.
    assert (done, refused in {"suspended-yourself", "last-staff"}) == ("", True)
    assert Suspension.objects.filter(state=SuspensionState.IN_FORCE).count() == 1


def test_an_act_that_has_asked_the_gate_holds_a_stop_off_until_it_ends() -> None:
    """What `nothing slips` rests on: without the lock, the stop below would commit in the middle of the act."""
    from django.db import transaction

    from generation.gate import may_generate

    ada = cast()
    asked, order = threading.Event(), []

    def act() -> None:
        with transaction.atomic():
            assert may_generate(ada).allowed
            Allowance.objects.update_or_create(artist=ada, day="2027-01-01")
            asked.set()
            time.sleep(0.3)
            order.append("act")
        connection.close()

    def stopping() -> None:
        asked.wait(5)
        stop(ada)
        order.append("stop")
        connection.close()

    threads = [threading.Thread(target=one) for one in (act, stopping)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == ["act", "stop"]
