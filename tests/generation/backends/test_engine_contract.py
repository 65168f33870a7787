"""The contract every engine keeps, whatever draws the frames."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from generation.backends.errors import EngineError, OrderRefused, PromptRefused, Stopped
from tests.generation.backends.tiny import Subject, Watcher, film

pytestmark = pytest.mark.engine


@pytest.fixture(scope="session")
def expected(subject: Subject) -> np.ndarray:
    """What a fresh engine makes of the order: every later render is compared with it, bit by bit."""
    fresh = subject.open()
    frames = film(fresh, subject.order)
    fresh.close()
    return frames


def test_render_gives_exactly_the_frames_asked_for(subject: Subject) -> None:
    order = subject.order
    chunks = list(subject.loaded.render(order, Watcher()))
    assert {(chunk.dtype, chunk.shape[1:]) for chunk in chunks} == {(np.dtype("uint8"), (order.height, order.width, 3))}
    assert sum(len(chunk) for chunk in chunks) == order.frames
    assert min(len(chunk) for chunk in chunks) >= 1
    assert max(len(chunk) for chunk in chunks) <= 4


def test_render_gives_each_length_the_entry_offers(subject: Subject) -> None:
    for frames in subject.loaded.entry.frames:
        assert len(film(subject.loaded, dataclasses.replace(subject.order, frames=frames))) == frames


def test_same_order_gives_the_same_frames(subject: Subject, expected: np.ndarray) -> None:
    assert np.array_equal(film(subject.loaded, subject.order), expected)
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_another_seed_gives_other_frames(subject: Subject, expected: np.ndarray) -> None:
    other = film(subject.loaded, dataclasses.replace(subject.order, seed=8))
    assert not np.array_equal(other, expected)


def test_other_words_give_other_frames(subject: Subject, expected: np.ndarray) -> None:
    other = film(subject.loaded, dataclasses.replace(subject.order, prompt="a white sailboat drifts left at dusk"))
    assert not np.array_equal(other, expected)


def test_another_negative_prompt_gives_other_frames(subject: Subject, expected: np.ndarray) -> None:
    other = film(
        subject.loaded, dataclasses.replace(subject.order, negative_prompt="a blue box at night, overall grey")
    )
    assert not np.array_equal(other, expected)


def test_frames_move(subject: Subject, expected: np.ndarray) -> None:
    assert not np.array_equal(expected[0], expected[-1])


def test_progress_rises_through_the_phases(subject: Subject) -> None:
    watcher = Watcher()
    film(subject.loaded, subject.order, watcher)
    order = ["read", "denoise", "decode"]
    places = [(order.index(phase), step) for phase, step, _ in watcher.told]
    assert places == sorted(set(places))
    last = {phase: (step, steps) for phase, step, steps in watcher.told}
    steps = subject.loaded.entry.steps
    frames = subject.order.frames
    assert last == {"read": (1, 1), "denoise": (steps, steps), "decode": (frames, frames)}
    assert [step for phase, step, _ in watcher.told if phase == "denoise"] == list(range(steps + 1))


def test_load_tells_progress_and_may_be_repeated(subject: Subject) -> None:
    watcher = Watcher()
    fresh = subject.open()
    fresh.close()
    fresh.load(watcher)
    assert watcher.told[-1][1] == watcher.told[-1][2]
    assert {phase for phase, _, _ in watcher.told} == {"load"}
    fresh.close()


def test_load_stops_when_told(subject: Subject) -> None:
    fresh = subject.open()
    fresh.close()
    with pytest.raises(Stopped):
        fresh.load(Watcher(stop_now=True))


def test_closed_engine_loads_and_renders_again(subject: Subject, expected: np.ndarray) -> None:
    if subject.name == "wan-step-cache":  # a step cache is switched on after loading, so a reload is without it
        expected = film(subject.open(), subject.order)
    else:
        subject.loaded.close()
        subject.loaded.load(Watcher())
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_stop_before_the_start_does_nothing(subject: Subject, expected: np.ndarray) -> None:
    watcher = Watcher(stop_now=True)
    with pytest.raises(Stopped):
        film(subject.loaded, subject.order, watcher)
    assert (watcher.told, watcher.asked) == ([], 1)
    assert np.array_equal(film(subject.loaded, subject.order), expected)


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_stop_while_denoising_ends_within_the_step(subject: Subject, expected: np.ndarray, step: int) -> None:
    watcher = Watcher(stop_at=("denoise", step))
    with pytest.raises(Stopped):
        film(subject.loaded, subject.order, watcher)
    assert watcher.told[-1][:2] == ("denoise", step)
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_stop_while_denoising_leaves_other_sizes_alone(subject: Subject) -> None:
    shorter = dataclasses.replace(subject.order, frames=subject.loaded.entry.frames[0])
    longer = dataclasses.replace(subject.order, frames=subject.loaded.entry.frames[1])
    fresh = subject.open()
    wanted = film(fresh, shorter)
    fresh.close()
    with pytest.raises(Stopped):
        film(subject.loaded, longer, Watcher(stop_at=("denoise", 2)))
    assert np.array_equal(film(subject.loaded, shorter), wanted)


def test_stop_while_decoding_ends_at_the_chunk(subject: Subject, expected: np.ndarray) -> None:
    watcher = Watcher()
    seen = []
    with pytest.raises(Stopped):
        for chunk in subject.loaded.render(subject.order, watcher):
            seen.append(chunk)
            watcher.stop = True
    assert len(seen) == 1
    assert np.array_equal(seen[0], expected[: len(seen[0])])
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_caller_that_walks_away_leaves_nothing_behind(subject: Subject, expected: np.ndarray) -> None:
    frames = subject.loaded.render(subject.order, Watcher())
    next(frames)
    frames.close()  # type: ignore[attr-defined]
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_dropped_iterator_closed_late_leaves_the_next_film_alone(subject: Subject, expected: np.ndarray) -> None:
    dropped = subject.loaded.render(subject.order, Watcher())
    next(dropped)

    class Late(Watcher):
        def progress(self, phase: str, step: int, steps: int) -> None:
            if (phase, step) == ("denoise", 2):
                dropped.close()  # type: ignore[attr-defined]

    assert np.array_equal(film(subject.loaded, subject.order, Late()), expected)


def test_checkpoint_is_asked_at_every_step_and_chunk(subject: Subject) -> None:
    watcher = Watcher()
    chunks = list(subject.loaded.render(subject.order, watcher))
    assert watcher.asked >= 1 + subject.loaded.entry.steps + len(chunks)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prompt": "  "}, "prompt-empty"),
        ({"width": 4096}, "size-not-offered"),
        ({"frames": 7}, "length-not-offered"),
        ({"seed": -1}, "seed-out-of-range"),
    ],
)
def test_order_outside_the_offer_is_refused_before_any_work(
    subject: Subject, expected: np.ndarray, change: dict[str, object], code: str
) -> None:
    watcher = Watcher()
    with pytest.raises(OrderRefused) as refusal:
        film(subject.loaded, dataclasses.replace(subject.order, **change), watcher)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.retry, watcher.told) == (code, False, [])
    assert refusal.value.message.endswith(".")
    assert np.array_equal(film(subject.loaded, subject.order), expected)


def test_refused_words_are_told_apart() -> None:
    assert issubclass(PromptRefused, EngineError)
    assert str(PromptRefused("Write something.")) == "prompt-empty: Write something."
