"""Our loop against the documented pipeline call: the same seed gives the same film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import WanImageToVideoPipeline, WanPipeline
from PIL import Image

from generation.backends.base import Frames, ShotOrder
from generation.backends.between import between
from generation.backends.reference import read_reference
from generation.backends.registry import DEFAULT_PATH, ModelEntry, Registry, read_registry
from tests.generation.backends.tiny import SENTENCES, film, open_loaded

pytestmark = pytest.mark.engine

# Measured difference: none. One step of 255 is left for a value that lies on the edge between two bytes and is
# added up in another order by another build of torch; a wrong step, seed or guidance moves pixels by tens.
TOLERANCE = 1


def call_pipeline(pipeline: Any, entry: ModelEntry, order: ShotOrder, **more: Any) -> Frames:
    """Call a pipeline as its documentation does and return bytes."""
    width, height = entry.native or (order.width, order.height)
    # Where the autoencoder does not compress time, the library makes one frame more than it is asked for.
    frames = entry.drawn_for(order.frames) - (1 if pipeline.vae_scale_factor_temporal == 1 else 0)
    made = pipeline(
        prompt=order.prompt,
        negative_prompt=order.negative_prompt or entry.negative_prompt,
        width=width,
        height=height,
        num_frames=frames,
        num_inference_steps=entry.steps,
        guidance_scale=entry.guidance,
        max_sequence_length=entry.max_sequence_length,
        generator=torch.Generator("cpu").manual_seed(order.seed),
        output_type="np",
        **more,
    ).frames[0]
    return (made * 255).round().astype(np.uint8)


def check_parity(registry: Registry, name: str, order: ShotOrder, load: Callable[[Path], Any], **more: Any) -> None:
    entry = registry.get(name)
    assert entry.folder is not None
    pipeline = load(entry.folder)
    pipeline.set_progress_bar_config(disable=True)
    theirs = call_pipeline(pipeline, entry, order, **more)
    backend = open_loaded(registry, name)
    ours = film(backend, order)
    backend.close()
    if entry.drawn is not None:
        theirs = np.concatenate(list(between(iter([theirs]), entry.drawn, order.frames)))
    if entry.native is not None:
        theirs = np.stack(
            [np.asarray(Image.fromarray(frame).resize((order.width, order.height), Image.LANCZOS)) for frame in theirs]
        )
    assert ours.shape == theirs.shape
    assert int(np.abs(ours.astype(int) - theirs.astype(int)).max()) <= TOLERANCE
    assert int(theirs.max()) - int(theirs.min()) > 50  # a flat film would be equal to anything like it


def load_words(folder: Path) -> Any:
    return WanPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)


def load_picture(folder: Path) -> Any:
    return WanImageToVideoPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)


@pytest.mark.parametrize(
    ("name", "size"), [("tiny-wan", (64, 48)), ("tiny-ti2v", (64, 32)), ("tiny-experts", (128, 96))]
)
@pytest.mark.parametrize("negative", ["", "overall grey, blurred"])
def test_film_from_words_equals_the_documented_call(
    tiny_registry: Registry, name: str, size: tuple[int, int], negative: str
) -> None:
    order = ShotOrder(SENTENCES[0], *size, 9, 11, negative_prompt=negative)
    check_parity(tiny_registry, name, order, load_words)


def test_film_of_the_shipped_model_equals_the_documented_call() -> None:
    order = ShotOrder(SENTENCES[0], 448, 256, 48, 11)
    check_parity(read_registry(DEFAULT_PATH), "sketch", order, load_words)


@pytest.mark.parametrize(("name", "size"), [("tiny-i2v", (64, 48)), ("tiny-ti2v", (64, 32))])
def test_film_from_a_picture_equals_the_documented_call(
    tiny_registry: Registry, tiny_folder: Path, name: str, size: tuple[int, int]
) -> None:
    picture = tiny_folder / "picture.png"
    order = ShotOrder(SENTENCES[1], *size, 9, 11, reference=picture)
    check_parity(tiny_registry, name, order, load_picture, image=read_reference(picture, *size))


def test_tiled_decoding_gives_the_library_s_tiles(tiny_registry: Registry) -> None:
    from generation.backends.decode import decode_stream, decode_tiled

    backend = open_loaded(tiny_registry, "tiny-wan")
    vae = backend.pipeline.vae  # type: ignore[attr-defined]
    latents = torch.randn((1, 4, 3, 6, 8), generator=torch.Generator().manual_seed(3))
    whole = np.concatenate(list(decode_stream(vae, latents)))
    tiled = np.concatenate(list(decode_tiled(vae, latents)))
    # Smaller than one tile: both ways are the same arithmetic.
    assert np.array_equal(whole, tiled)
    assert vae.use_tiling is False
    backend.close()
