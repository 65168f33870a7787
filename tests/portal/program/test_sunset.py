"""Sunset: announced in time, counted down, nothing new after it, what runs is finished, reading stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from generation.gate import may_generate
from generation.models import Clip, Generation
from generation.queue.claim import claim
from generation.queue.endings import assemble, finish_take
from portal.access import Refused
from portal.program.sunset import announce_sunset, call_off_sunset, reach_sunset
from tests.factories import films

WORDS = "The model becomes public; the program has done its work."
START = "2027-03-01 12:00"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code


def announce(sam: Person, days: float = 20) -> None:
    announce_sunset(timezone.now() + timedelta(days=days), WORDS, actor=sam)


def test_gate_is_open_before_the_date_and_closed_from_it_on(ada: Person, sam: Person) -> None:
    with freeze_time(START) as clock:
        announce(sam)
        clock.tick(timedelta(days=20) - timedelta(seconds=1))
        before = may_generate(ada).code
        clock.tick(timedelta(seconds=1))
        assert (before, may_generate(ada).code) == ("", "sunset")


def test_what_runs_is_finished_and_what_waited_ends_and_costs_nothing(
    ada: Person, sam: Person, tmp_path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with freeze_time(START) as clock:
        announce(sam)
        clock.tick(timedelta(days=20) - timedelta(seconds=5))
        running = films.submitted(ada)
        take = claim("worker", {films.MODEL})
        assert take is not None
        waiting = films.submitted(ada)
        clock.tick(timedelta(seconds=6))
        with django_capture_on_commit_callbacks(execute=True):
            told = (reach_sunset(), reach_sunset())
        finish_take(take, films.write_film(tmp_path / "one.mp4", take), 1)
        delivered = assemble(Generation.objects.get(pk=running.pk))
    waiting.refresh_from_db()
    assert (told, delivered, waiting.state, waiting.state_code, waiting.reservation.state) == (
        (True, False), True, "refused", "sunset", "returned",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words", "code"),
    [
        (13.9, WORDS, "sunset-too-soon"),
        (-1, WORDS, "sunset-too-soon"),
        (20, " ", "sunset-words-missing"),
        (20, "x" * 601, "sunset-words-long"),
    ],
)
def test_bad_announcement_is_refused(ada: Person, sam: Person, days: float, words: str, code: str) -> None:
    at = timezone.now() + timedelta(days=days)
    assert refusal(lambda: announce_sunset(at, words, actor=sam)) == code


def test_called_off_before_its_date_only(ada: Person, sam: Person) -> None:
    none = refusal(lambda: call_off_sunset(actor=sam))
    with freeze_time(START) as clock:
        announce(sam)
        call_off_sunset(actor=sam)
        open_again = may_generate(ada).allowed
        announce(sam)
        clock.tick(timedelta(days=21))
        late = (refusal(lambda: call_off_sunset(actor=sam)), refusal(lambda: announce(sam)))
    assert (none, open_again, late) == ("no-sunset", True, ("sunset-over", "sunset-over"))


def test_artists_and_reviewers_announce_nothing(ada: Person, rhea: Person) -> None:
    assert [refusal(lambda: announce(ada)), refusal(lambda: announce(rhea))] == ["role", "role"]


def test_date_is_said_to_everybody_and_reading_stays_open_after_it(
    ada: Person, sam: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    with freeze_time(START) as clock:
        announce(sam)
        said = [
            WORDS in Client().get(reverse("status")).content.decode(),
            "The program ends" in Client().get("/").content.decode(),
        ]
        clock.tick(timedelta(days=21))
        client = client_of(ada)
        page = client.get(reverse("clip", args=[clip.pk]))
        film = client.get(reverse("clip_download", args=[clip.pk]))
        made = client.post(reverse("studio"), {"model": films.MODEL, "shot-1-prompt": "a red ball rises"})
    assert (said, page.status_code, film.status_code, made.status_code) == ([True, True], 200, 200, 410)
    assert "The program has ended" in page.content.decode()


def test_page_announces_after_the_name_is_typed(
    ada: Person, sam: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(sam)
    at = f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"
    wrong = client.post(reverse("sunset"), {"at": at, "words": WORDS, "typed": "no"})
    unreadable = client.post(reverse("sunset"), {"at": "soon", "words": WORDS, "typed": "northlight"})
    right = client.post(reverse("sunset"), {"at": at, "words": WORDS, "typed": "northlight"})
    assert [one.status_code for one in (wrong, unreadable, right)] == [422, 422, 302]
