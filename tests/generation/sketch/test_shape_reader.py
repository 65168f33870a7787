"""The classifier that reads shapes: its error on the drawn world, and that it does not name what is none."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from generation.sketch import shape_reader
from generation.sketch.judge import read_shape
from generation.sketch.scenes import Scene, Thing
from generation.sketch.shape_reader import (
    build_reader,
    draw_silhouettes,
    main,
    measure_error,
    open_reader,
    read_silhouettes,
    soften,
    teach,
)
from generation.sketch.silhouettes import cut_silhouette, find_colours, find_thing
from generation.sketch.words import COLOURS, SHAPES
from generation.sketch.world import film_scene


def test_shipped_reader_hardly_errs_on_held_out_things_even_softened() -> None:
    plain, soft, named = measure_error(open_reader(), clips=80)
    assert plain < 0.01
    assert soft < 0.05
    assert named < 0.05


def test_untaught_reader_errs() -> None:
    torch.manual_seed(1)
    plain, soft, _ = measure_error(build_reader(), clips=20)
    assert min(plain, soft) > 0.5


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_likelier_than_all_others_together(shape: str) -> None:
    clip = film_scene(Scene((Thing("red", shape, "right"),), "sea"), random.Random(3))
    masks = find_colours(clip[4:10])[:, COLOURS.index("red")]
    likely = read_silhouettes([cut_silhouette(find_thing(mask)) for mask in masks]).mean(0)
    assert likely.sum() < 1.0 + 1e-4  # what is missing is none of them
    assert likely[SHAPES.index(shape)] > 0.5


def test_boat_whose_sails_have_run_together_is_a_boat_still() -> None:
    clip = film_scene(Scene((Thing("red", "boat", "right"),), "sea"), random.Random(3))
    thing = find_thing(find_colours(clip[7:8])[0, COLOURS.index("red")])
    # Every gap of up to four pixels is filled, as a model that draws softly fills it.
    around = [(down, right) for down in range(-2, 3) for right in range(-2, 3)]
    wide = np.maximum.reduce([np.roll(thing, step, (0, 1)) for step in around])
    filled = np.minimum.reduce([np.roll(wide, step, (0, 1)) for step in around])
    assert filled.sum() > 1.3 * thing.sum()
    assert read_shape(filled[None]) == "boat"


def test_what_is_no_shape_has_no_name() -> None:
    for share in (0.1, 0.3, 0.6):
        specks = np.random.default_rng(4).random((8, 64, 112)) < share
        assert read_shape(specks) is None
    assert read_shape(np.zeros((8, 64, 112), bool)) is None


def test_softened_silhouettes_stay_silhouettes_and_a_lot_repeats_itself() -> None:
    drawn, _ = draw_silhouettes(3, 1, held_out=False)
    first, again = (soften(drawn, torch.Generator().manual_seed(seed)) for seed in (2, 2))
    other = soften(drawn, torch.Generator().manual_seed(3))
    assert first.shape == drawn.shape
    assert float(first.min()) >= 0.0
    assert float(first.max()) <= 1.0
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_taught_reader_is_better_than_an_untaught_one() -> None:
    silhouettes, shapes = draw_silhouettes(40, 7, held_out=True)
    named = teach(clips=60, steps=80)(silhouettes).argmax(-1)
    assert (named == shapes).float().mean().item() > 0.5


def test_command_measures_what_ships_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shape_reader, "measure_error", lambda reader: (0.0, float(reader is open_reader()), 0.0))
    before = shape_reader.WEIGHTS.stat().st_mtime_ns
    assert main(["--measure"]) == 0
    assert "0.000 as drawn, 1.000 softened" in capsys.readouterr().out
    assert shape_reader.WEIGHTS.stat().st_mtime_ns == before


def test_command_saves_what_it_taught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    torch.manual_seed(2)
    taught = build_reader()
    monkeypatch.setattr(shape_reader, "WEIGHTS", tmp_path / "reader.safetensors")
    monkeypatch.setattr(shape_reader, "teach", lambda: taught)
    monkeypatch.setattr(shape_reader, "measure_error", lambda reader: (0.0, 0.0, 0.0))
    assert main([]) == 0
    saved = load_file(tmp_path / "reader.safetensors")
    assert saved.keys() == taught.state_dict().keys()
    assert all(torch.equal(saved[name], weight) for name, weight in taught.state_dict().items())
