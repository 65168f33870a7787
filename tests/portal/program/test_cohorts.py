"""Cohorts: dates, models, sizes and quota, and the wall that each artist opens alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from generation.gate import may_generate
from generation.models import Generation, Take
from generation.quota import left_today
from generation.services import cancel
from portal.access import Refused
from portal.program.models import Cohort, Membership
from portal.program.services import CohortTerms, set_cohort, set_member_quota
from tests.factories import films
from tests.factories.people import SETUP
from tests.factories.together import at_once

TERMS = CohortTerms(name="First", daily_seconds=120, at_once=100)
HOUR = timedelta(hours=1)


def with_terms(person: Person, **changes: Any) -> Cohort:
    """The person's cohort with other terms."""
    return set_cohort(person.membership.cohort.slug, replace(TERMS, **changes), actor=SETUP)


def refusal(person: Person, seconds: float = films.SHORTEST, **more: Any) -> tuple[str, str]:
    """(code, what would fit) with which a film is refused; nothing is written."""
    before = Generation.objects.count()
    with pytest.raises(Refused) as refused:
        films.submitted(person, **more) if seconds == films.SHORTEST else films.submitted(person, ["a"] * int(seconds))
    assert Generation.objects.count() == before
    return refused.value.decision.code, str(refused.value.decision.todo)


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (None, None, ""),
        (-HOUR, HOUR, ""),
        (HOUR, None, "cohort-not-begun"),
        (None, -HOUR, "cohort-ended"),
        (-2 * HOUR, -HOUR, "cohort-ended"),
    ],
)
def test_cohort_lets_work_between_its_dates(
    ada: Person, ben: Person, starts: timedelta | None, ends: timedelta | None, code: str
) -> None:
    now = timezone.now()
    with_terms(ada, starts_at=starts and now + starts, ends_at=ends and now + ends)
    assert [may_generate(person).code for person in (ada, ben)] == [code, ""]


def test_cohort_allows_its_models_only(ada: Person, ben: Person) -> None:
    with_terms(ada, allowed_models=["sketch", "other"])
    assert refusal(ada) == ("model-not-in-cohort", "It uses sketch, other.")
    assert films.submitted(ben).model == films.MODEL


def test_cohort_allows_its_sizes_only(ada: Person) -> None:
    with_terms(ada, allowed_sizes=["64x64"])
    assert refusal(ada) == ("size-not-in-cohort", "It makes 64x64.")


def test_total_quota_covers_all_days_and_says_what_would_fit(ada: Person) -> None:
    cohort = with_terms(ada, total_seconds=3)
    with freeze_time("2030-01-01 12:00:00+00:00"):
        films.submitted(ada, ["a", "b"])
    with freeze_time("2030-01-02 12:00:00+00:00"):
        assert left_today(ada, cohort).free_ms == 1000
        assert refusal(ada, 2) == ("quota-total-spent", "A film of up to 1 s would fit.")
        stopped = films.submitted(ada)
        assert refusal(ada) == ("quota-total-spent", "Ask the program staff for more.")
        cancel(stopped, actor=ada)
        assert left_today(ada, cohort).free_ms == 1000


@pytest.mark.django_db(transaction=True)
def test_total_quota_with_twenty_at_once_is_never_exceeded(ada: Person) -> None:
    with_terms(ada, total_seconds=3)
    results = at_once(20, lambda _number: films.submitted(ada))
    codes = [one.decision.code if isinstance(one, Refused) else type(one).__name__ for one in results]
    assert sorted(codes) == ["Generation"] * 3 + ["quota-total-spent"] * 17


def work_of_a_film() -> float:
    """Seconds of GPU work that the registry expects of the shortest film of the test model."""
    from generation.registry import model_called

    entry = model_called(films.MODEL)
    return entry.seconds_estimate(entry.frames_for(films.SHORTEST))


@pytest.mark.parametrize(
    ("field", "code", "later"),
    [
        ("daily_gpu_seconds", "quota-gpu-spent", "All of it is back at midnight UTC."),
        ("total_gpu_seconds", "quota-gpu-total-spent", "Ask the program staff for more."),
    ],
)
def test_gpu_quota_counts_work_done_and_expected(ada: Person, field: str, code: str, later: str) -> None:
    with_terms(ada, **{field: 100})
    first = films.finished(ada)
    Take.objects.filter(generation=first.generation).update(work_ms=100_000)
    assert refusal(ada) == (code, later)
    Take.objects.filter(generation=first.generation).update(work_ms=100_000 - round(work_of_a_film() * 1000) - 1)
    films.submitted(ada)
    assert refusal(ada)[0] == code


def test_gpu_quota_of_a_day_is_whole_again_the_next(ada: Person) -> None:
    with_terms(ada, daily_gpu_seconds=100)
    with freeze_time("2030-01-01 12:00:00+00:00"):
        first = films.finished(ada)
    Take.objects.filter(generation=first.generation).update(work_ms=100_000)
    with freeze_time("2030-01-01 13:00:00+00:00"):
        assert refusal(ada)[0] == "quota-gpu-spent"
    with freeze_time("2030-01-02 00:00:01+00:00"):
        assert films.submitted(ada).state == "queued"


def test_gpu_quota_is_not_used_by_what_was_stopped(ada: Person) -> None:
    with_terms(ada, total_gpu_seconds=100)
    stopped = films.submitted(ada)
    Take.objects.filter(generation=stopped).update(work_ms=100_000)
    cancel(stopped, actor=ada)
    assert films.submitted(ada).state == "queued"


def test_quota_agreed_with_one_artist_holds_for_that_one(ada: Person, nia: Person) -> None:
    cohort = with_terms(ada, daily_seconds=2)
    set_member_quota(ada.membership, 5, actor=SETUP)
    assert [left_today(person, cohort).limit_ms for person in (ada, nia)] == [5000, 2000]
    films.submitted(ada, ["a", "b", "c"])
    assert left_today(ada, cohort).free_ms == 2000
    set_member_quota(ada.membership, None, actor=SETUP)
    assert refusal(ada)[0] == "quota-spent"


def test_wall_is_off_until_the_artist_turns_it_on(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    closed = client.post("/me/cohort/wall/", {"shown": "yes"}, headers={"Accept": "application/json"})
    assert (closed.status_code, closed.json()["code"]) == (409, "wall-closed")
    with_terms(ada, wall=True)
    assert Membership.objects.get(person=ada).on_wall is False
    client.post("/me/cohort/wall/", {"shown": "yes"})
    assert Membership.objects.get(person=ada).on_wall is True
    with_terms(ada, wall=False)
    client.post("/me/cohort/wall/", {"shown": "no"})
    assert Membership.objects.get(person=ada).on_wall is False


FORM = {"name": "Third", "slug": "third", "daily_seconds": "60", "at_once": "2", "pay": "Each film pays 50 EUR."}


def test_desk_makes_changes_opens_and_closes_a_cohort(sam: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(sam)
    assert client.post("/staff/cohorts/new/", FORM)["Location"] == "/staff/cohorts/third/"
    made = Cohort.objects.get(slug="third")
    assert (made.state, made.pay, made.total_seconds, made.allowed_models) == ("closed", FORM["pay"], None, [])
    changed = FORM | {"total_seconds": "600", "allowed_models": [films.MODEL], "starts_at": "2030-01-01T10:00"}
    assert client.post("/staff/cohorts/third/", changed).status_code == 302
    client.post("/staff/cohorts/third/open/")
    made.refresh_from_db()
    kept = (made.state, made.total_seconds, made.allowed_models, made.starts_at.isoformat())
    assert kept == ("open", 600, [films.MODEL], "2030-01-01T10:00:00+00:00")
    assert client.post("/staff/cohorts/third/close/", {"reason": ""}).status_code == 422
    client.post("/staff/cohorts/third/close/", {"reason": "A pause."})
    made.refresh_from_db()
    assert (made.state, made.state_reason) == ("closed", "A pause.")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"slug": "first"},
        {"slug": "not a slug"},
        {"daily_seconds": "-1"},
        {"daily_seconds": "86401"},
        {"at_once": "0"},
        {"total_seconds": "many"},
        {"allowed_models": ["nothing"]},
        {"allowed_sizes": ["1x1"]},
        {"starts_at": "2030-01-02T10:00", "ends_at": "2030-01-01T10:00"},
        {"starts_at": "soon"},
        {"pay": "x" * 301},
    ],
)
def test_desk_with_bad_input_writes_nothing(
    cohort_a: Cohort, sam: Person, client_of: Callable[[Person], Client], change: dict[str, Any]
) -> None:
    page = client_of(sam).post("/staff/cohorts/new/", FORM | change)
    assert (page.status_code, Cohort.objects.count()) == (422, 1)


@pytest.mark.parametrize(("typed", "kept"), [("30", 30), ("", None), ("-1", 7), ("x", 7)])
def test_desk_sets_the_quota_of_one_artist(
    ada: Person, sam: Person, client_of: Callable[[Person], Client], typed: str, kept: int | None
) -> None:
    set_member_quota(ada.membership, 7, actor=SETUP)
    path = f"/staff/cohorts/{ada.membership.cohort.slug}/members/{ada.membership.pk}/"
    client_of(sam).post(path, {"daily_seconds": typed})
    assert Membership.objects.get(person=ada).daily_seconds == kept
