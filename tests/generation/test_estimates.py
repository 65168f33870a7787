"""What is said before the button: what fits, what comes first, and a range that holds what was measured."""

from datetime import timedelta

from django.utils import timezone

from artists.people.models import Person
from generation.estimates import Line, Span, place, price, work
from generation.models import Take, WorkerSighting
from generation.pages import job, span_words
from generation.registry import model_called
from generation.services import submit
from generation.storyboards import ShotAsked, plan_shots
from tests.factories import films

CARD = "card"


def worker(name: str = "one", *offers: str) -> None:
    WorkerSighting.objects.update_or_create(
        name=name, defaults={"offers": list(offers or (CARD,)), "seen_at": timezone.now()}
    )


def planned(*seconds: float) -> list:
    return plan_shots(model_called(CARD), [ShotAsked("a ball", seconds=one) for one in seconds])


def measured(person: Person, milliseconds: list[int]) -> None:
    """Takes of 8 frames that worked so long."""
    film = films.submitted(person, ["a"] * len(milliseconds))
    films.render_waiting()
    for take, ms in zip(film.takes.all(), milliseconds, strict=True):
        Take.objects.filter(pk=take.pk).update(work_ms=ms)


def test_price_says_how_many_shots_would_fit(ada: Person) -> None:
    for seconds in (10.0, 8.0):
        submit(films.asked(*["a"] * 5, seconds=seconds), actor=ada, model=CARD)
    found = price(model_called(CARD), planned(*[10.0] * 6), ada)
    assert (found.seconds, found.left.free_seconds, found.fits, found.fitting) == (60.0, 30.0, False, 3)
    assert price(model_called(CARD), planned(10.0, 10.0), ada).fits is True


def test_wait_is_unknown_without_a_worker_for_the_model(ada: Person) -> None:
    worker("other", "sketch")
    assert price(model_called(CARD), planned(1.0), ada).wait is None
    WorkerSighting.objects.update(seen_at=timezone.now() - timedelta(minutes=1), offers=[CARD])
    assert price(model_called(CARD), planned(1.0), ada).wait is None


def test_work_is_the_middle_of_what_was_measured(ada: Person) -> None:
    entry = model_called(CARD)
    guess = entry.seconds_estimate(8)
    assert work(entry, 8) == Span(guess * 0.6, guess * 2.5)
    measured(ada, [1000] * 5 + [2000] * 5 + [60_000])
    assert work(entry, 8) == Span(1.0, 2.0)
    assert work(entry, 80) == Span(10.0, 20.0)


def test_wait_grows_with_shots_and_shrinks_with_workers(ada: Person, ben: Person) -> None:
    measured(ben, [1000] * 5)
    entry = model_called(CARD)
    worker()
    assert price(entry, planned(1.0, 1.0, 1.0, 1.0), ada).wait == Span(4.0, 9.0)
    worker("two")
    assert price(entry, planned(1.0, 1.0, 1.0, 1.0), ada).wait == Span(2.0, 8.0)
    assert price(entry, planned(1.0), ada).wait == Span(1.0, 6.5)


def test_others_come_first_by_turns_only(ada: Person, ben: Person, nia: Person) -> None:
    films.submitted(ben, ["a"] * 9)
    line = Line.of(CARD)
    assert (line.of_others(ada.pk, 1)[:2], line.of_others(ada.pk, 20)[:2]) == ((1, 1), (9, 1))
    assert line.of_others(ben.pk, 5)[:2] == (0, 0)
    assert nia.pk not in line.shots


def test_place_counts_own_earlier_films_and_turns_of_others(ada: Person, ben: Person) -> None:
    worker()
    films.submitted(ada, ["a", "b"])
    films.submitted(ben, ["a"] * 9)
    film = films.submitted(ada, ["c", "d"])
    where = place(model_called(CARD), film, list(film.takes.all()), Line.of(CARD))
    assert (where.own, where.others, where.artists) == (2, 3, 1)
    said = job(film)["said"]
    assert "Before it: 2 shots of your own and at most 3 shots of 1 other artist, who take turns with you." in said


def test_job_that_is_next_says_so_and_one_without_a_worker_says_that(ada: Person) -> None:
    film = films.submitted(ada)
    assert job(film)["said"].startswith("No worker is here now; it waits in the queue.")
    worker()
    assert "It is next." in job(film)["said"]


def test_span_is_said_no_more_exactly_than_it_is() -> None:
    spans = [Span(0.2, 0.4), Span(3, 9), Span(12, 31), Span(80, 400), Span(7000, 7100)]
    assert [span_words(span) for span in spans] == [
        "1 to 2 s",
        "3 to 9 s",
        "10 to 35 s",
        "1 to 7 min",
        "116 to 119 min",
    ]
