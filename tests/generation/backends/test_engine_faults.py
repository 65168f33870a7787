"""Damaged models, full memory, broken pictures: a clear error each, and the engine goes on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import torch
from PIL import Image

from generation.backends.base import Backend, ShotOrder, Unwatched
from generation.backends.errors import EngineError, FramesBroken, ModelBroken, ModelMismatch, ModelMissing, OutOfMemory
from generation.backends.opening import open_backend
from generation.backends.registry import DEFAULT_PATH, Registry, read_registry
from tests.generation.backends.tiny import SENTENCES, film, open_loaded

pytestmark = pytest.mark.engine

ORDER = ShotOrder(SENTENCES[0], 64, 48, 9, 7)
WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def backend(tiny_registry: Registry) -> Any:
    """One loaded engine whose networks the tests make fail; each test must find it able to work again."""
    return open_loaded(tiny_registry, "tiny-wan")


@pytest.fixture(scope="module")
def expected(backend: Backend) -> np.ndarray:
    return film(backend, ORDER)


def load(registry: Registry, name: str = "tiny-wan") -> None:
    open_backend(registry.get(name), threads=1, device="cpu").load(Unwatched())


def test_model_not_fetched_says_how_to_fetch_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    registry = read_registry(DEFAULT_PATH)
    assert [entry.name for entry in registry if not entry.present] == ["wan2.1-t2v-1.3b", "wan2.2-ti2v-5b"]
    with pytest.raises(ModelMissing) as fault:
        load(registry, "wan2.2-ti2v-5b")
    assert fault.value.code == "model-missing"
    assert fault.value.message == (
        "Wan 2.2 5B is not on this machine. Bring it here with: manage.py models fetch wan2.2-ti2v-5b"
    )


def test_model_in_the_hub_s_cache_is_found(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revision = "a" * 40
    (tmp_path / "hub" / "models--tiny--wan" / "snapshots").mkdir(parents=True)
    (tmp_path / "hub" / "models--tiny--wan" / "snapshots" / revision).symlink_to(tiny_folder / "tiny-wan")
    text = (tiny_folder / "models.toml").read_text()
    text = text.replace('source = "./tiny-wan"', f'source = "tiny/wan"\nrevision = "{revision}"')
    (tmp_path / "models.toml").write_text(text)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    registry = read_registry(tmp_path / "models.toml")
    assert registry.get("tiny-wan").present is True
    load(registry)


def test_missing_folder_is_named(copied_model: Callable[[str], Registry]) -> None:
    registry = copied_model("tiny-wan")
    with pytest.raises(ModelMissing) as fault:
        load(registry, "tiny-experts")
    assert str(registry.get("tiny-experts").folder) in fault.value.message


@pytest.mark.parametrize("kept", [0, 4, 300, -10])
def test_truncated_weights_are_named(copied_model: Callable[[str], Registry], tmp_path: Path, kept: int) -> None:
    registry = copied_model("tiny-wan")
    file = tmp_path / "tiny-wan" / WEIGHTS
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert fault.value.code == "model-broken"
    assert f"{file} is cut off" in fault.value.message


def test_weights_that_are_something_else_are_named(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    (tmp_path / "tiny-wan" / WEIGHTS).write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert f"{WEIGHTS} is not a safetensors file" in fault.value.message


def test_weights_that_went_away_are_named(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    (tmp_path / "tiny-wan" / WEIGHTS).unlink()
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert "transformer holds no .safetensors file" in fault.value.message


def test_missing_shard_is_named(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    index = {"weight_map": {"a": "diffusion_pytorch_model.safetensors", "b": "part-2.safetensors"}}
    part = tmp_path / "tiny-wan" / "transformer"
    (part / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert f"{part / 'part-2.safetensors'} is missing" in fault.value.message


def test_missing_part_is_named(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    (tmp_path / "tiny-wan" / "scheduler" / "scheduler_config.json").unlink()
    (tmp_path / "tiny-wan" / "scheduler").rmdir()
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert "the folder scheduler is missing" in fault.value.message


def test_unreadable_index_is_named(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    (tmp_path / "tiny-wan" / "model_index.json").write_text("{")
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert "model_index.json is not readable JSON" in fault.value.message


def test_another_class_is_told_before_loading(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    file = tmp_path / "tiny-wan" / "model_index.json"
    file.write_text(file.read_text().replace("WanPipeline", "FluxPipeline"))
    with pytest.raises(ModelMismatch) as fault:
        load(registry)
    assert fault.value.code == "model-class"
    assert "holds a FluxPipeline, but Tiny Wan needs a WanPipeline" in fault.value.message


def test_weights_of_another_shape_are_broken(copied_model: Callable[[str], Registry], tmp_path: Path) -> None:
    registry = copied_model("tiny-wan")
    file = tmp_path / "tiny-wan" / "transformer" / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"ffn_dim": 128}))
    with pytest.raises(ModelBroken) as fault:
        load(registry)
    assert fault.value.message.startswith("Tiny Wan cannot be loaded from")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("sizes = [[64, 48]]", "sizes = [[64, 32]]", ""),
        ("sizes = [[64, 32]]", "sizes = [[80, 48]]", "cannot draw at 80x48"),
        ("frames = [5, 9]", "frames = [5, 8]", "cannot make 8 frames"),
        ('tier = "draft"\nsizes = [[64, 48]]', 'tier = "draft"\ntakes_reference = true\nsizes = [[64, 48]]', "picture"),
    ],
)
def test_offer_the_networks_cannot_make_is_told_at_load(tiny_folder: Path, before: str, after: str, said: str) -> None:
    name = "tiny-ti2v" if "[64, 32]" in before else "tiny-wan"
    file = tiny_folder / "other.toml"
    file.write_text((tiny_folder / "models.toml").read_text().replace(before, after))
    if not said:
        load(read_registry(file), name)  # multiples of 16 fit this one
        assert (64, 32) in read_registry(file).get(name).sizes
        return
    with pytest.raises(ModelMismatch) as fault:
        load(read_registry(file), name)
    assert said in fault.value.message


def test_half_precision_on_a_cpu_is_refused(tiny_registry: Registry) -> None:
    entry = dataclasses.replace(tiny_registry.get("tiny-wan"), dtype="float16")
    with pytest.raises(ModelMismatch) as fault:
        open_backend(entry, threads=1, device="cpu").load(Unwatched())
    assert 'Write dtype = "float32" or "bfloat16"' in fault.value.message


def test_render_before_load_is_told(tiny_registry: Registry) -> None:
    with pytest.raises(EngineError) as fault:
        film(open_backend(tiny_registry.get("tiny-wan"), threads=1), ORDER)
    assert (fault.value.code, fault.value.retry) == ("engine-not-loaded", True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "reference-missing"),
        (b"just words", "reference-broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "reference-broken"),
        (b"\x89PNG\r\n\x1a\n cut", "reference-broken"),
    ],
)
@pytest.mark.parametrize(("name", "size"), [("tiny-card", (96, 64)), ("tiny-ti2v", (64, 32))])
def test_unusable_reference_is_told(
    tiny_registry: Registry, tmp_path: Path, name: str, size: tuple[int, int], content: bytes | None, code: str
) -> None:
    file = tmp_path / "picture.png"
    if content is not None:
        file.write_bytes(content)
    engine = open_loaded(tiny_registry, name)
    with pytest.raises(EngineError) as fault:
        film(engine, ShotOrder(SENTENCES[0], *size, 9, 7, reference=file))
    assert fault.value.code == code
    engine.close()


def test_reference_that_is_a_bomb_is_not_opened(tiny_registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "bomb.png"
    Image.new("1", (9000, 9000)).save(file)
    engine = open_loaded(tiny_registry, "tiny-card")
    with pytest.raises(EngineError) as fault:
        film(engine, ShotOrder(SENTENCES[0], 96, 64, 9, 7, reference=file))
    assert fault.value.code == "reference-broken"


def test_model_without_pictures_refuses_one(backend: Backend, tiny_folder: Path) -> None:
    with pytest.raises(EngineError) as fault:
        film(backend, dataclasses.replace(ORDER, reference=tiny_folder / "picture.png"))
    assert fault.value.code == "reference-not-taken"


def test_model_that_animates_pictures_wants_one(tiny_registry: Registry) -> None:
    with pytest.raises(EngineError) as fault:
        film(open_loaded(tiny_registry, "tiny-i2v"), ORDER)
    assert fault.value.code == "reference-needed"


def test_picture_is_the_ground_of_the_first_frame_only(tiny_registry: Registry, tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), (1, 2, 3)).save(tmp_path / "ground.png")
    order = ShotOrder("words", 96, 64, 9, 7, reference=tmp_path / "ground.png")
    frames = film(open_loaded(tiny_registry, "tiny-card"), order)
    assert frames[0, 0, -1].tolist() == [1, 2, 3]
    assert frames[1, 0, -1].tolist() != [1, 2, 3]


class Full:
    """A hook that lets a network run into a full memory, for real, at the calls given (from 1; None: always)."""

    def __init__(self, network: Any, at: tuple[int, ...] | None) -> None:
        self.at, self.calls = at, 0
        self.handle = network.register_forward_pre_hook(self)

    def __call__(self, *_: Any) -> None:
        self.calls += 1
        if self.at is None or self.calls in self.at:
            torch.empty(1 << 55, dtype=torch.uint8)  # the allocator's own error, with its own words

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.handle.remove()


def test_memory_full_once_while_denoising_is_tried_again(backend: Any, expected: np.ndarray) -> None:
    with Full(backend.pipeline.transformer, (4,)) as full:
        assert np.array_equal(film(backend, ORDER), expected)
    assert full.calls == 4 + 2 * 4


def test_memory_full_twice_while_denoising_is_told(backend: Any, expected: np.ndarray) -> None:
    with Full(backend.pipeline.transformer, None), pytest.raises(OutOfMemory) as fault:
        film(backend, ORDER)
    assert (fault.value.code, fault.value.retry) == ("gpu-memory", True)
    assert "64x48 and 9 frames" in fault.value.message
    assert np.array_equal(film(backend, ORDER), expected)


def test_memory_full_while_decoding_ends_the_film_in_tiles(backend: Any, expected: np.ndarray) -> None:
    # This film is smaller than a tile, so that the tiled rest must be what it would have been.
    with Full(backend.pipeline.vae.decoder, (2,)) as full:
        assert np.array_equal(film(backend, ORDER), expected)
    assert full.calls == 2 + 3
    assert backend.pipeline.vae.use_tiling is False


def test_memory_full_in_tiles_as_well_is_told(backend: Any, expected: np.ndarray) -> None:
    with Full(backend.pipeline.vae.decoder, None), pytest.raises(OutOfMemory):
        film(backend, ORDER)
    assert backend.pipeline.vae.use_tiling is False
    assert np.array_equal(film(backend, ORDER), expected)


def test_error_that_is_not_about_memory_is_not_hidden(backend: Any, expected: np.ndarray) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("something else")

    handle = backend.pipeline.transformer.register_forward_pre_hook(fail)
    with pytest.raises(RuntimeError, match="something else"):
        film(backend, ORDER)
    handle.remove()
    assert np.array_equal(film(backend, ORDER), expected)


def test_values_that_are_no_numbers_end_the_render(backend: Any, expected: np.ndarray) -> None:
    weight = backend.pipeline.transformer.proj_out.weight
    kept = weight.detach().clone()
    with torch.no_grad():
        weight[0, 0] = float("nan")
    with pytest.raises(FramesBroken) as fault:
        film(backend, ORDER)
    with torch.no_grad():
        weight.copy_(kept)
    assert fault.value.code == "frames-broken"
    assert fault.value.message == "The model produced values that are not numbers at step 1 of 4."
    assert np.array_equal(film(backend, ORDER), expected)


def test_film_of_one_flat_colour_is_not_finished(backend: Any, expected: np.ndarray) -> None:
    last = backend.pipeline.vae.decoder.conv_out
    kept = {name: value.clone() for name, value in last.state_dict().items()}
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
    with pytest.raises(FramesBroken) as fault:
        film(backend, ORDER)
    last.load_state_dict(kept)
    assert fault.value.message == "Tiny Wan made a film of one flat colour. Try another seed or other words."
    assert np.array_equal(film(backend, ORDER), expected)
