"""Reads the picture a shot starts from and fits it to the film's size."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from generation.backends.errors import OrderRefused

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
