"""Frames filled in between drawn ones: the drawn ones stay, what moves moves on, and it is nearer to the truth than a fade."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from generation.backends.base import Frames
from generation.backends.between import between
from generation.sketch.scenes import Scene, Thing
from generation.sketch.world import film_scene

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def drawn(motion: str, frames: int, camera: str = "still") -> Frames:
    return film_scene(Scene((Thing("red", "star", motion),), "meadow", camera), random.Random(3), frames=frames)


def fill(frames: Frames, wanted: int) -> Frames:
    return np.concatenate(list(between(iter([frames]), len(frames), wanted)))


def noise(one: Frames, other: Frames) -> float:
    """Mean squared difference of two films, of 1."""
    return float(np.square((one.astype(float) - other) / 255.0).mean())


@pytest.mark.parametrize(
    ("motion", "camera", "ratio"),
    [("right", "still", 8), ("spin", "still", 2), ("circle", "pan left", 4), ("bounce", "zoom in", 2)],
)
def test_filled_in_frames_are_nearer_to_the_truth_than_a_fade(motion: str, camera: str, ratio: float) -> None:
    truth = drawn(motion, 64, camera)[:61]
    keys = truth[::4]
    made = fill(keys, 61)
    late = (np.arange(60) % 4 / 4.0)[:, None, None, None]
    fade = np.concatenate([keys[:-1].repeat(4, 0) * (1 - late) + keys[1:].repeat(4, 0) * late, keys[-1:]])
    assert made.shape == truth.shape
    assert np.array_equal(made[::4], keys)
    assert noise(made, truth) * ratio < noise(fade, truth)


@pytest.mark.parametrize("wanted", [16, 17, 24, 48, 120])
def test_every_length_begins_and_ends_with_a_drawn_frame(wanted: int) -> None:
    keys = drawn("grow", 16)
    chunks = list(between((keys[start : start + 3] for start in range(0, 16, 3)), 16, wanted))
    made = np.concatenate(chunks)
    assert (len(made), max(map(len, chunks)) <= 4, made.dtype) == (wanted, True, np.uint8)
    assert np.array_equal(made[0], keys[0])
    assert np.array_equal(made[-1], keys[-1])


def test_what_stands_still_stays_as_it_is() -> None:
    still = np.repeat(drawn("up", 16)[:1], 4, 0)
    assert np.abs(fill(still, 13).astype(int) - still[0]).max() <= 1


def test_as_many_frames_as_drawn_are_the_drawn_ones() -> None:
    keys = drawn("left", 16)
    assert np.array_equal(fill(keys, 16), keys)


@pytest.mark.parametrize(("given", "counted"), [(3, 6), (4, 9), (6, 11)])
def test_whoever_counts_finds_frames_too_few_and_too_many(given: int, counted: int) -> None:
    assert sum(map(len, between(iter([drawn("left", 16)[:given]]), 4, 9))) == counted
