"""Suspensions: what each scope stops, how each ends, who may, and what is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from generation.gate import Asked, may_generate
from generation.models import Generation, Take
from generation.queue.claim import claim
from generation.queue.endings import assemble, finish_take
from generation.queue.sweep import resume_paused
from generation.states import GenerationState
from portal.access import Refused
from portal.program.models import Cohort, Suspension
from portal.program.reach import Target, reach_of
from portal.program.states import Running, Scope, SuspensionEnd, SuspensionState
from portal.program.suspending import confirm, expire_due, ratify, resume, stop_running, suspend
from tests.factories import films, people

MakeTarget = Callable[[Person], Target]
WHY = "A proxy page was found."


def of_artist(person: Person) -> Target:
    return Target(Scope.ARTIST, artist=person)


def of_cohort(person: Person) -> Target:
    return Target(Scope.COHORT, cohort=person.membership.cohort)


def of_model(person: Person) -> Target:
    return Target(Scope.MODEL, model=films.MODEL)


def of_all(person: Person) -> Target:
    return Target(Scope.PROGRAM)


SCOPES = [of_artist, of_cohort, of_model, of_all]
IDS = ["artist", "cohort", "model", "program"]


@pytest.fixture
def stop(django_capture_on_commit_callbacks) -> Callable[..., Suspension]:
    """suspend(), with what follows its commit."""

    def act(*args, **more) -> Suspension:
        with django_capture_on_commit_callbacks(execute=True):
            return suspend(*args, **more)

    return act


def code_for(person: Person) -> str:
    return may_generate(Person.objects.get(pk=person.pk), Asked(films.MODEL)).code


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code


@pytest.mark.parametrize(("make", "name"), list(zip(SCOPES, IDS, strict=True)), ids=IDS)
def test_suspension_closes_the_gate_for_its_scope_and_no_one_else(
    ada: Person, ben: Person, sam: Person, make: MakeTarget, name: str
) -> None:
    suspend(make(ada), actor=sam, reason=WHY)
    others = f"suspended-{name}" if name in {"model", "program"} else ""
    assert (code_for(ada), code_for(ben)) == (f"suspended-{name}", others)


def test_refusal_says_why_until_when_and_what_is_kept(ada: Person, sam: Person) -> None:
    suspend(of_artist(ada), actor=sam, reason=WHY, until=timezone.now() + timedelta(days=2))
    decision = may_generate(ada)
    assert str(decision.reason) == "You are suspended: A proxy page was found."
    assert "It ends by itself on" in str(decision.todo)
    assert "Your own works stay readable" in str(decision.todo)


@pytest.mark.parametrize("make", SCOPES, ids=IDS)
def test_stop_pauses_queued_and_running_and_resume_restores_both(
    ada: Person, stop, sam: Person, make: MakeTarget
) -> None:
    running = films.submitted(ada, prompts=("one", "two"))
    queued = films.submitted(ada)
    claim("worker", {films.MODEL})
    suspension = stop(make(ada), actor=sam, reason=WHY)
    states = [Generation.objects.get(pk=one.pk).state for one in (running, queued)]
    assert (states, claim("worker", {films.MODEL})) == ([GenerationState.PAUSED] * 2, None)
    resume(suspension, actor=sam)
    resume_paused()
    after = Generation.objects.filter(pk__in=[running.pk, queued.pk]).order_by("made_at")
    assert [(one.pk, one.state, one.state_code, one.state_reason) for one in after] == [
        (running.pk, GenerationState.QUEUED, "", ""),
        (queued.pk, GenerationState.QUEUED, "", ""),
    ]


def test_resumed_work_returns_to_its_place_before_later_work(ada: Person, stop, sam: Person) -> None:
    first = films.submitted(ada)
    suspension = stop(of_artist(ada), actor=sam, reason=WHY)
    resume(suspension, actor=sam)
    resume_paused()
    films.submitted(ada)
    take = claim("worker", {films.MODEL})
    assert take is not None
    assert take.generation_id == first.pk


def test_finish_lets_what_runs_end_and_begins_nothing(ada: Person, stop, sam: Person, tmp_path) -> None:
    running = films.submitted(ada, prompts=("one", "two"))
    queued = films.submitted(ada)
    take = claim("worker", {films.MODEL})
    assert take is not None
    stop(of_artist(ada), actor=sam, reason=WHY, running=Running.FINISH)
    finish_take(take, films.write_film(tmp_path / "one.mp4", take), 1)
    second = claim("worker", {films.MODEL})
    assert second is not None
    assert (second.generation_id, second.position) == (running.pk, 2)
    finish_take(second, films.write_film(tmp_path / "two.mp4", second), 1)
    assert assemble(Generation.objects.get(pk=running.pk)) is True
    queued.refresh_from_db()
    assert (claim("worker", {films.MODEL}), queued.state) == (None, GenerationState.PAUSED)


def test_finish_made_a_stop_pauses_what_runs(
    ada: Person, stop, sam: Person, django_capture_on_commit_callbacks
) -> None:
    running = films.submitted(ada)
    claim("worker", {films.MODEL})
    suspension = stop(of_artist(ada), actor=sam, reason=WHY, running=Running.FINISH)
    running.refresh_from_db()
    before = running.state
    with django_capture_on_commit_callbacks(execute=True):
        hardened = stop_running(suspension, actor=sam)
    running.refresh_from_db()
    assert (before, running.state, hardened.running) == (
        GenerationState.RENDERING,
        GenerationState.PAUSED,
        Running.STOP,
    )
    assert hardened.epoch > suspension.epoch


def test_stop_after_the_last_take_hands_nothing_over(ada: Person, stop, sam: Person) -> None:
    generation = films.submitted(ada)
    films.render_waiting()
    stop(of_artist(ada), actor=sam, reason=WHY)
    assert assemble(Generation.objects.get(pk=generation.pk)) is False
    generation.refresh_from_db()
    assert (generation.state, hasattr(generation, "clip"), generation.reservation.state) == ("paused", False, "held")


def test_reach_counts_who_and_what_is_hit(ada: Person, ben: Person, nia: Person) -> None:
    films.submitted(ada)
    films.submitted(ada)
    films.submitted(ben)
    claim("worker", {films.MODEL})
    hit = [reach_of(make(ada)) for make in SCOPES]
    assert [(one["people"], one["generations_running"] + one["generations_queued"]) for one in hit] == [
        (1, 2), (2, 2), (2, 3), (3, 3),
    ]  # fmt: skip


def test_expired_suspension_is_over_before_anything_sweeps(ada: Person, sam: Person) -> None:
    with freeze_time("2027-03-01 12:00") as clock:
        suspension = suspend(of_artist(ada), actor=sam, reason=WHY, until=timezone.now() + timedelta(hours=1))
        before = code_for(ada)
        clock.tick(timedelta(hours=1))
        over = code_for(ada)
        ended = expire_due()
    suspension.refresh_from_db()
    assert (before, over, ended) == ("suspended-artist", "", 1)
    assert (suspension.state, suspension.ended_how) == (SuspensionState.ENDED, SuspensionEnd.EXPIRED)


def test_whole_program_ends_by_itself_without_a_second_person(ada: Person, sam: Person, olga: Person) -> None:
    with freeze_time("2027-03-01 12:00") as clock:
        suspension = suspend(of_all(ada), actor=sam, reason=WHY)
        clock.tick(timedelta(minutes=9, seconds=59))
        before = code_for(ada)
        clock.tick(timedelta(seconds=1))
        after = code_for(ada)
        late = refusal(lambda: ratify(suspension, actor=olga))
        expire_due()
    suspension.refresh_from_db()
    assert (before, after, late, suspension.ended_how) == ("suspended-program", "", "suspension-over", "unratified")


def test_whole_program_ratified_stands_a_day_and_longer_when_confirmed(ada: Person, sam: Person, olga: Person) -> None:
    with freeze_time("2027-03-01 12:00") as clock:
        suspension = suspend(of_all(ada), actor=sam, reason=WHY)
        own = refusal(lambda: ratify(suspension, actor=sam))
        unratified = refusal(lambda: confirm(suspension, actor=olga))
        ratify(suspension, actor=olga)
        twice = refusal(lambda: ratify(suspension, actor=olga))
        clock.tick(timedelta(hours=23))
        confirm(suspension, actor=sam)
        clock.tick(timedelta(hours=23))
        stands = code_for(ada)
        clock.tick(timedelta(hours=1))
        over = code_for(ada)
        expire_due()
    suspension.refresh_from_db()
    assert (own, unratified, twice) == ("second-person", "not-ratified", "already-ratified")
    assert (stands, over, suspension.ended_how) == ("suspended-program", "", "unconfirmed")


@pytest.mark.parametrize(
    ("reason", "until", "code"),
    [
        ("  ", None, "reason-missing"),
        ("x" * 301, None, "reason-long"),
        (WHY, timedelta(seconds=-1), "until-past"),
        (WHY, timedelta(0), "until-past"),
    ],
)
def test_bad_words_stop_nothing(ada: Person, sam: Person, reason: str, until: timedelta | None, code: str) -> None:
    end = None if until is None else timezone.now() + until
    assert refusal(lambda: suspend(of_artist(ada), actor=sam, reason=reason, until=end)) == code
    assert Suspension.objects.count() == 0


def test_the_slower_one_hears_who_was_faster(ada: Person, sam: Person, olga: Person) -> None:
    suspend(of_artist(ada), actor=sam, reason=WHY)
    with pytest.raises(Refused) as refused:
        suspend(of_artist(ada), actor=olga, reason="Another reason.")
    assert refused.value.decision.code == "already-suspended"
    assert (sam.label in str(refused.value.decision.reason), WHY in str(refused.value.decision.reason)) == (True, True)


def test_resumed_twice_tells_the_second(ada: Person, sam: Person, olga: Person) -> None:
    suspension = suspend(of_artist(ada), actor=sam, reason=WHY)
    resume(suspension, actor=sam)
    assert refusal(lambda: resume(suspension, actor=olga)) == "suspension-over"


def test_last_of_the_staff_is_never_suspended(sam: Person) -> None:
    assert refusal(lambda: suspend(of_artist(sam), actor=sam, reason=WHY)) == "last-staff"


def test_suspended_staff_neither_suspends_nor_resumes(sam: Person, olga: Person, ada: Person) -> None:
    suspension = suspend(of_artist(sam), actor=olga, reason=WHY)
    assert [
        refusal(lambda: suspend(of_artist(ada), actor=sam, reason=WHY)),
        refusal(lambda: resume(suspension, actor=sam)),
        refusal(lambda: suspend(of_artist(olga), actor=olga, reason=WHY)),
    ] == ["suspended-yourself", "suspended-yourself", "last-staff"]


@pytest.mark.parametrize("who", ["ada", "rhea"])
def test_only_staff_suspend(who: str, ada: Person, ben: Person, rhea: Person) -> None:
    assert refusal(lambda: suspend(of_artist(ben), actor={"ada": ada, "rhea": rhea}[who], reason=WHY)) == "role"


def test_artist_who_is_staff_too_keeps_the_rest_of_the_staff(ada: Person, sam: Person) -> None:
    grant_role(ada, Role.STAFF, actor=people.SETUP)
    assert suspend(of_artist(ada), actor=sam, reason=WHY).state == SuspensionState.IN_FORCE


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"scope": Scope.PROGRAM},
        {"model": "card"},
        {"artist": None},
        {"state": SuspensionState.ENDED},
        {"running": "perhaps"},
    ],
    ids=str,
)
def test_database_keeps_a_suspension_whole(ada: Person, fields: dict[str, object]) -> None:
    whole = {"scope": Scope.ARTIST, "artist": ada, "reason": WHY, "since": timezone.now(), "by_label": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(**(whole | fields))
    assert Suspension.objects.create(**whole).pk is not None


def test_database_keeps_one_suspension_per_target_and_two_people(cohort_a: Cohort, sam: Person) -> None:
    cohort = {"scope": Scope.COHORT, "cohort": cohort_a, "reason": WHY, "since": timezone.now(), "by_label": "x"}
    Suspension.objects.create(**cohort)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(**cohort)
    whole = {"scope": Scope.PROGRAM, "reason": WHY, "since": timezone.now(), "stands_until": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(**whole, by=sam, ratified_by=sam)
    assert Suspension.objects.create(**whole, by=sam).pk is not None


def test_stop_keeps_finished_takes_and_counts_no_attempt(ada: Person, stop, sam: Person, tmp_path) -> None:
    generation = films.submitted(ada, prompts=("one", "two"))
    take = claim("worker", {films.MODEL})
    assert take is not None
    finish_take(take, films.write_film(tmp_path / "one.mp4", take), 1)
    stop(of_artist(ada), actor=sam, reason=WHY)
    assert [one.state for one in Take.objects.filter(generation=generation).order_by("position")] == ["done", "queued"]
