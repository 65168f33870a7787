"""Reads the picture a shot starts from, fits it to the film's size, and lets the shot begin with exactly that picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from generation.backends.base import Frames
from generation.backends.errors import OrderRefused

_LIGHT = 16  # pixels: only differences wider than this are carried on, so that no outline stays behind
LARGEST = 50_000_000  # pixels; a small file can claim far more and fill the memory


def read_reference(path: Path, width: int, height: int, *, drawn_at: tuple[int, int] | None = None) -> Image.Image:
    """Return the picture as RGB of exactly width x height pixels, cropped around its middle, never distorted.

    With `drawn_at` it is then brought to that size, the other way round as the model's frames are enlarged: a shot
    that continues a film begins exactly where that ended.
    Raises OrderRefused ("reference-missing", "reference-broken").
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > LARGEST:
                raise OrderRefused(
                    "reference-broken",
                    f"The reference image has {picture.width}x{picture.height} pixels, more than an engine takes. "
                    "Make it smaller.",
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError:
        raise OrderRefused("reference-missing", "The reference image is gone. Add it again.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OrderRefused(
            "reference-broken", "The reference image cannot be read. Save it again as PNG or JPEG."
        ) from error
    fitted = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
    return fitted if drawn_at is None else fitted.resize(drawn_at, Image.Resampling.LANCZOS)


def carry_over(chunks: Iterator[Frames], picture: Image.Image, frames: int) -> Iterator[Frames]:
    """Put the picture in the place of the first of so many frames; what is off in light and colour fades over the rest.

    An autoencoder gives a picture back a little lighter or darker in wide areas: at a cut that is meant to be
    unseen, the eye sees it.
    """
    first = np.asarray(picture, np.float32)
    done, off = 0, np.zeros_like(first)
    for chunk in chunks:
        if done == 0:
            off = _light(first - chunk[0])
        left = np.asarray([max(0.0, 1.0 - (done + index) / frames) for index in range(len(chunk))], np.float32)
        carried = (chunk + off * left[:, None, None, None]).round().clip(0, 255).astype(np.uint8)
        if done == 0:
            carried[0] = np.asarray(picture)
        done += len(chunk)
        yield carried


def _light(pixels: np.ndarray) -> np.ndarray:
    """Return only what is wide in a difference of two pictures, float32 (height, width, 3)."""
    height, width = pixels.shape[:2]
    small = (max(1, width // _LIGHT), max(1, height // _LIGHT))
    channels = [Image.fromarray(np.ascontiguousarray(pixels[..., index])) for index in range(3)]
    wide = [
        channel.resize(small, Image.Resampling.BOX).resize((width, height), Image.Resampling.BICUBIC)
        for channel in channels
    ]
    return np.stack([np.asarray(channel, np.float32) for channel in wide], axis=-1)
