"""Quota: held, settled, returned; never exceeded, however many ask at once."""

import pytest
from freezegun import freeze_time

from artists.people.models import Person
from generation.models import Allowance, Generation
from generation.queue.endings import end_generation
from generation.quota import left_today
from generation.services import cancel
from generation.states import FAIL, REFUSE
from portal.access import Kind, Refused
from portal.audit.chain import verify
from portal.program.models import Cohort
from portal.program.services import make_cohort
from tests.factories import films
from tests.factories.people import SETUP
from tests.factories.together import at_once

CROWD = 30


def with_quota(person: Person, seconds: int, at_the_same_time: int) -> Cohort:
    """The person's cohort, with other limits."""
    cohort = person.membership.cohort
    return make_cohort(cohort.slug, cohort.name, daily_seconds=seconds, at_once=at_the_same_time, actor=SETUP)


def books(person: Person) -> tuple[int, int]:
    """(held, spent) in milliseconds."""
    row = Allowance.objects.get(artist=person)
    return row.held_ms, row.spent_ms


def code_of(result: object) -> str:
    """The code of a refusal; "taken on" for a generation."""
    if isinstance(result, Refused):
        return result.decision.code
    return "taken on" if isinstance(result, Generation) else repr(result)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("seconds", "together", "code", "taken"), [(7, 100, "quota-spent", 7), (100, 3, "quota-at-once", 3)]
)
def test_quota_with_thirty_submits_at_once_is_never_exceeded(
    ada: Person, seconds: int, together: int, code: str, taken: int
) -> None:
    with_quota(ada, seconds, together)
    codes = [code_of(result) for result in at_once(CROWD, lambda _number: films.submitted(ada))]
    assert sorted(codes) == sorted([code] * (CROWD - taken) + ["taken on"] * taken)
    assert (Generation.objects.count(), books(ada), verify().broken) == (taken, (taken * 1000, 0), None)


def test_quota_spent_says_what_would_fit_and_writes_nothing(ada: Person) -> None:
    cohort = with_quota(ada, 3, 10)
    films.submitted(ada, ["a", "b"])
    with pytest.raises(Refused) as refused:
        films.submitted(ada, ["a", "b"])
    decision = refused.value.decision
    assert (decision.code, decision.kind) == ("quota-spent", Kind.LIMIT)
    assert str(decision.reason) == "Today's quota does not cover this film: 1 s of 3 s are left."
    assert str(decision.todo).startswith("A film of up to 1 s would fit now")
    assert (Generation.objects.count(), left_today(ada, cohort).free_ms) == (1, 1000)


def test_quota_is_returned_once_on_cancel(ada: Person) -> None:
    generation = films.submitted(ada)
    assert books(ada) == (1000, 0)
    cancel(generation, actor=ada)
    cancel(generation, actor=ada)
    assert books(ada) == (0, 0)


@pytest.mark.parametrize("step", [FAIL, REFUSE])
def test_quota_is_returned_once_on_failure_and_refusal(ada: Person, step: object) -> None:
    generation = films.submitted(ada)
    moved = [end_generation(generation, step, "gpu-memory", "Too little memory.") for _time in range(2)]
    assert (moved, books(ada)) == ([True, False], (0, 0))


def test_quota_is_settled_once_on_delivery(ada: Person) -> None:
    clip = films.finished(ada)
    assert (books(ada), cancel(clip.generation, actor=ada)[1], books(ada)) == ((0, 1000), False, (0, 1000))


def test_quota_of_one_artist_leaves_another_one_alone(ada: Person, ben: Person) -> None:
    with_quota(ada, 1, 10)
    films.submitted(ada)
    films.submitted(ben)
    assert (books(ada), books(ben)) == ((1000, 0), (1000, 0))


def test_quota_is_whole_again_the_next_day(ada: Person) -> None:
    cohort = with_quota(ada, 1, 10)
    with freeze_time("2030-01-01 23:59:59+00:00"):
        films.submitted(ada)
        assert left_today(ada, cohort).free_ms == 0
    with freeze_time("2030-01-02 00:00:01+00:00"):
        assert left_today(ada, cohort).free_ms == 1000
