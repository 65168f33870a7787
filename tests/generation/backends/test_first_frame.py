"""A model of words can hold its first frame where the registry says so: the film then begins with the picture."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.backends.base import Frames, ShotOrder, Unwatched
from generation.backends.opening import open_backend
from generation.backends.registry import DEFAULT_PATH, read_registry
from tests.generation.backends.tiny import film

pytestmark = pytest.mark.engine

PROMPTS = ("a red ball rises over green grass", "a red ball falls over green grass")


def test_shot_that_holds_its_first_frame_begins_where_the_last_one_ended(tmp_path: Path) -> None:
    entry = dataclasses.replace(read_registry(DEFAULT_PATH).get("sketch"), takes_reference=True, holds_first=True)
    backend = open_backend(entry, threads=1, device="cpu")
    backend.load(Unwatched())
    shot, cut = (film(backend, ShotOrder(prompt, 448, 256, 16, 3)) for prompt in PROMPTS)
    Image.fromarray(shot[-1]).save(tmp_path / "last.png")
    held = film(backend, ShotOrder(PROMPTS[1], 448, 256, 16, 3, reference=tmp_path / "last.png"))
    assert 4 * difference(shot[-1], held[0]) < difference(shot[-1], cut[0])
    # The rest is the model's own: neither a standing picture nor the film it makes from words alone.
    assert difference(held[0], held[-1]) > 1 < difference(held[-1], cut[-1])


def difference(one: Frames, other: Frames) -> float:
    """Mean difference of two pictures, of 255."""
    return float(np.abs(one.astype(int) - other).mean())
