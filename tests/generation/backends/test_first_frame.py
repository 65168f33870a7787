"""A model of words can hold its first frame where the registry says so: the film then begins with the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.backends.base import Frames, ShotOrder, Unwatched
from generation.backends.opening import open_backend
from generation.backends.reference import carry_over, read_reference
from generation.backends.registry import DEFAULT_PATH, read_registry
from tests.generation.backends.tiny import film

pytestmark = pytest.mark.engine

PROMPTS = ("a red ball rises over green grass", "a red ball falls over green grass")


@pytest.mark.parametrize(("name", "size"), [("sketch", (448, 256)), ("sketch-final", (1280, 720))])
def test_shot_that_holds_its_first_frame_begins_where_the_last_one_ended(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    backend = open_backend(read_registry(DEFAULT_PATH).get(name), threads=1, device="cpu")
    backend.load(Unwatched())
    shot, cut = (film(backend, ShotOrder(prompt, *size, 48, 3)) for prompt in PROMPTS)
    Image.fromarray(shot[-1]).save(tmp_path / "last.png")
    held = film(backend, ShotOrder(PROMPTS[1], *size, 48, 3, reference=tmp_path / "last.png"))
    assert 4 * difference(shot[-1], held[0]) < difference(shot[-1], cut[0])
    # The rest is the model's own: neither a standing picture nor the film it makes from words alone.
    assert difference(held[0], held[-1]) > 1 < difference(held[-1], cut[-1])


def test_picture_of_a_film_comes_back_to_the_size_it_was_drawn_at(tmp_path: Path) -> None:
    drawn = np.zeros((64, 112, 3), np.uint8)
    drawn[:, :4], drawn[:4, :, 1], drawn[:, -4:, 2] = 200, 200, 200  # marks along the edges: nothing is cut off
    Image.fromarray(drawn).resize((1920, 1080), Image.Resampling.LANCZOS).save(tmp_path / "film.png")
    back = read_reference(tmp_path / "film.png", 1920, 1080, drawn_at=(112, 64))
    assert back.size == (112, 64)
    assert difference(np.asarray(back), drawn) < 2


def test_light_of_the_picture_fades_over_the_shot_and_its_outlines_do_not() -> None:
    picture = np.full((64, 112, 3), 100, np.uint8)
    picture[10, 10] = 255
    made = np.full((8, 64, 112, 3), 92, np.uint8)  # as a whole a little darker, and without the dot
    film = np.concatenate(list(carry_over(iter([made[:3], made[3:]]), Image.fromarray(picture), 8)))
    assert np.array_equal(film[0], picture)
    assert film[1:, 40, 80, 0].tolist() == [99, 98, 97, 96, 95, 94, 93]
    assert int(film[1:, 10, 10].max()) < 102


def difference(one: Frames, other: Frames) -> float:
    """Mean difference of two pictures, of 255."""
    return float(np.abs(one.astype(int) - other).mean())
