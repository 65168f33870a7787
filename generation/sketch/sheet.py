"""Contact sheets: clips as rows of frames under their captions (numpy and Pillow)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from generation.sketch.world import Clip

_TITLE = 14


def save_sheet(clips: Sequence[Clip], captions: Sequence[str], path: Path, *, columns: int = 6, scale: int = 2) -> None:
    """Save a picture with one row per clip: its caption, and `columns` frames spread over its length.

    All clips have one size; frames are enlarged without smoothing. The format follows the ending of the path.
    """
    height, width = clips[0].shape[1] * scale, clips[0].shape[2] * scale
    sheet = Image.new("RGB", (width * columns, (height + _TITLE) * len(clips)), (20, 20, 20))
    draw = ImageDraw.Draw(sheet)
    for row, (clip, caption) in enumerate(zip(clips, captions, strict=True)):
        top = row * (height + _TITLE)
        draw.text((3, top + 1), caption, fill=(255, 255, 255))
        for column, frame in enumerate(np.linspace(0, len(clip) - 1, columns).round().astype(int)):
            picture = Image.fromarray(clip[frame]).resize((width, height), Image.Resampling.NEAREST)
            sheet.paste(picture, (column * width, top + _TITLE))
    sheet.save(path)
