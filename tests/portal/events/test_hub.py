"""The hub: every bell tells a thread what was committed; a lost bell costs a moment and no signal."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from artists.people.models import Person
from generation.models import Generation
from generation.queue.claim import claim
from generation.queue.lease import report
from generation.services import cancel
from portal.events import bells, publish
from portal.events.bells import Heard
from portal.events.hub import Hub, close_hub, hub
from portal.events.models import Signal
from portal.events.publish import prune
from tests.factories.films import MODEL, submitted
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REDIS = os.environ.get("VERNISSAGE_TEST_REDIS", "redis://127.0.0.1:6379/9")
NOBODY = "redis://127.0.0.1:9/0"  # the discard port


@pytest.fixture(params=["database", "redis", "redis away"])
def bell(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """The hub under each bell; SQLite or PostgreSQL by the run's database."""
    settings.VERNISSAGE_REDIS_URL = {"database": "", "redis": REDIS, "redis away": NOBODY}[request.param]
    publish._redis.cache_clear()
    yield request.param
    close_hub()
    publish._redis.cache_clear()


def tell(number: int) -> bool:
    return publish.publish("stops", f"s-{number}")


def test_subscription_in_a_thread_hears_commits_of_other_threads(bell: str) -> None:
    with hub().subscribe({"stops"}) as waiting:
        publish.publish("person:1", "not-asked-for")
        at_once(5, tell)
        heard = [waiting.get(20) for _number in range(5)]
        assert sorted(one.subject for one in heard if one) == [f"s-{number}" for number in range(5)]
        assert waiting.get(0.5) is None


def test_iterator_goes_on_until_it_is_left(bell: str) -> None:
    with hub().subscribe({"stops"}) as waiting:
        for number in (1, 2):
            tell(number)
        found = []
        for one in waiting:
            found.append(one.subject)
            if len(found) == 2:
                break
    assert sorted(found) == ["s-1", "s-2"]  # one that was looked up may come after one that was rung


def test_look_follows_a_stop_and_a_listeners_fault_is_its_own(bell: str) -> None:
    looked = threading.Event()
    heard: list[Heard] = []

    def broken(batch: list[Heard]) -> None:
        raise ValueError("broken")

    hub().listen(broken)
    hub().listen(heard.extend)
    hub().on_look(looked.set)
    looked.clear()
    tell(1)
    assert looked.wait(20)
    assert [one.subject for one in heard] == ["s-1"]


def test_hub_goes_on_after_its_connection_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    real = bells.bell_of_this_installation()
    broken = threading.Event()

    class Breaking:
        def wait(self, seconds: float) -> tuple[list[Heard], bool]:
            if not broken.is_set() and done.is_set():
                broken.set()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT nothing FROM nowhere")
            return real.wait(seconds)

        def close(self) -> None:
            real.close()

    done = threading.Event()
    monkeypatch.setattr("portal.events.hub.bell_of_this_installation", Breaking)
    mine = Hub()
    try:
        with mine.subscribe({"stops"}) as waiting:
            done.set()
            assert broken.wait(20)
            tell(1)
            heard = waiting.get(20)
            assert heard is not None and heard.subject == "s-1"
    finally:
        mine.close()


def test_row_read_before_its_bell_rings_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    class Late:
        """Says a signal again and again after the look has found its row."""

        def wait(self, seconds: float) -> tuple[list[Heard], bool]:
            if not told.wait(seconds):
                return [], True
            time.sleep(seconds)
            return [Heard(*row) for row in Signal.objects.values_list("pk", "channel", "subject")], False

        def close(self) -> None:
            return

    monkeypatch.setattr("portal.events.hub.bell_of_this_installation", Late)
    mine = Hub()
    try:
        with mine.subscribe({"stops"}) as waiting:
            tell(1)
            first = waiting.get(20)
            told.set()
            assert (first is not None and first.subject, waiting.get(1)) == ("s-1", None)
    finally:
        mine.close()


@pytest.mark.parametrize("said", ["", "x", "1 person:1", "a person:1 job", "1 person:1 job more"])
def test_foreign_words_on_a_bell_are_no_signal(said: str) -> None:
    assert (Heard.of(said), Heard.of("7 person:1 job-2")) == (None, Heard(7, "person:1", "job-2"))


def subjects() -> list[tuple[str, str]]:
    return list(Signal.objects.values_list("channel", "subject"))


def test_progress_is_told_once_a_second_and_moves_always(ada: Person) -> None:
    made = submitted(ada)
    take = claim("w", {MODEL})
    assert take is not None
    Signal.objects.all().delete()
    assert [report(take, "denoise", step, 9) for step in range(3)] == [True] * 3
    mine = (f"person:{ada.pk}", f"job-{made.pk}")
    assert subjects() == [mine]
    cancel(Generation.objects.get(pk=made.pk), actor=ada)
    assert set(subjects()) == {mine} and len(subjects()) == 3  # the generation, and its take
    assert report(take, "denoise", 4, 9) is False
    assert len(subjects()) == 3


def test_signal_rolls_back_with_its_act(ada: Person) -> None:
    before = subjects()
    with transaction.atomic():
        publish.publish("person:1", "x")
        transaction.set_rollback(True)
    assert subjects() == before


def test_prune_forgets_only_what_nobody_can_have_missed() -> None:
    from django.db.models.functions import Now

    for minutes in (25, 16, 14, 0):
        told = Signal.objects.create(channel="c", subject=f"{minutes}")
        Signal.objects.filter(pk=told.pk).update(at=Now() - timedelta(minutes=minutes))
    assert (prune(), [subject for _channel, subject in subjects()], prune()) == (2, ["14", "0"], 0)
