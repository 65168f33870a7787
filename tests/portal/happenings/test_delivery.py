"""News: with the act or not at all, after commit, again until heard, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.happenings import News, announce, listen
from portal.happenings.delivery import sweep
from portal.happenings.models import Delivery, Happening
from portal.happenings.news import _LISTENERS


@dataclass(frozen=True, slots=True)
class Rang(News):
    """A bell rang."""

    kind: ClassVar[str] = "tests.rang"
    times: int


@pytest.fixture
def heard(transactional_db: None) -> Iterator[list[int]]:
    """What the listener heard."""
    notes: list[int] = []
    before = dict(_LISTENERS)

    @listen(Rang, name="tests.note")
    def note(news: Rang) -> None:
        notes.append(news.times)

    yield notes
    _LISTENERS.clear()
    _LISTENERS.update(before)


@pytest.fixture
def faults(heard: list[int]) -> list[Exception]:
    """Faults a second listener raises, the first one first."""
    left: list[Exception] = []

    @listen(Rang, name="tests.fail")
    def fail(news: Rang) -> None:
        if left:
            raise left.pop(0)
        heard.append(-news.times)

    return left


def due_now() -> None:
    """Let the waiting time of postponed deliveries pass."""
    Delivery.objects.filter(heard_at=None).update(due_at=timezone.now())


def test_news_is_heard_after_commit(heard: list[int]) -> None:
    with transaction.atomic():
        announce(Rang(1))
        assert heard == []
    assert heard == [1]


def test_news_rolled_back_is_never_heard(heard: list[int]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        announce(Rang(1))
        raise RuntimeError
    sweep()
    assert (heard, Happening.objects.count()) == ([], 0)


def test_news_told_twice_is_heard_once(heard: list[int]) -> None:
    announce(Rang(1))
    announce(Rang(1))
    sweep()
    assert heard == [1]


def test_news_survives_a_process_that_ends_before_delivery(heard: list[int]) -> None:
    announce(Rang(1))
    Delivery.objects.update(heard_at=None)
    heard.clear()
    assert (sweep(), heard, sweep()) == (1, [1], 0)


def test_listener_that_fails_hears_it_once_later(heard: list[int], faults: list[Exception]) -> None:
    faults.extend([RuntimeError("away"), RuntimeError("still away")])
    announce(Rang(3))
    assert heard == [3]
    assert sweep() == 0  # not due yet
    due_now()
    assert (sweep(), heard) == (0, [3])
    due_now()
    assert (sweep(), sweep(), heard) == (1, 0, [3, -3])
    assert Delivery.objects.get(listener="tests.fail").attempts == 2


def test_listener_that_breaks_a_constraint_holds_nobody_up(heard: list[int], faults: list[Exception]) -> None:
    faults.append(IntegrityError("not unique"))
    announce(Rang(4))
    assert (heard, Delivery.objects.get(listener="tests.fail").attempts) == ([4], 1)
