"""Stills of a film: the poster, the filmstrip a player scrubs over, the frame the next shot continues from."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.video.reformatter import VideoReformatter
from PIL import Image

from generation.media.errors import MediaError
from generation.media.film import FilmReader, Frames, as_pixels
from generation.media.whole import whole_file

POSTER_QUALITY, STRIP_QUALITY = 82, 70  # of 100, WebP
_WEBP_EFFORT = 4  # 0 fast to 6 small


@dataclass(frozen=True, slots=True)
class FilmstripFacts:
    """How to read a filmstrip: tile i (from 0, row by row, `columns` in a row) shows frame i * `every`.

    `tile_width` and `tile_height` in pixels; `size` of the file in bytes.
    """

    tiles: int
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    every: int
    size: int


def write_poster(film: Path, out: Path, *, frame: int | None = None) -> None:
    """Write one frame as WebP at the film's own size: number `frame` from 0, or the one a third in.

    Raises MediaError: `frame-missing`, `film-missing`, `film-broken`, `disk-full`, `film-unwritten`.
    """
    with FilmReader(film) as reader:
        number = reader.stream.frames // 3 if frame is None else frame
        pixels = _one_frame(reader, number)
    _write_webp(pixels, out, quality=POSTER_QUALITY)


def write_filmstrip(film: Path, out: Path, *, tiles: int = 48, columns: int = 8, longest: int = 160) -> FilmstripFacts:
    """Write small pictures of the film, evenly spaced from the first frame on, as one WebP sheet.

    At most `tiles` pictures, at most `columns` in a row, the longer side of each `longest` pixels (a film smaller than
    that keeps its size). Raises MediaError: `film-missing`, `film-broken`, `disk-full`, `film-unwritten`.
    """
    converter = VideoReformatter()
    with FilmReader(film) as reader:
        facts = reader.facts()
    scale = min(1.0, longest / max(facts.width, facts.height))
    width, height = max(1, round(facts.width * scale)), max(1, round(facts.height * scale))
    every = -(-facts.frames // tiles)
    count = -(-facts.frames // every)
    across = min(columns, count)
    rows = -(-count // across)
    sheet = np.zeros((rows * height, across * width, 3), dtype=np.uint8)
    with FilmReader(film) as reader:
        for number, frame in reader.frames():
            if number % every:
                continue
            row, column = divmod(number // every, across)
            tile = as_pixels(frame, converter, size=(width, height))
            sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = tile
    _write_webp(sheet, out, quality=STRIP_QUALITY)
    return FilmstripFacts(count, across, rows, width, height, every, out.stat().st_size)


def last_frame(film: Path) -> bytes:
    """Give the last frame as a PNG, exactly as it decodes: what the next shot continues from.

    Raises MediaError: `film-missing`, `film-broken`.
    """
    with FilmReader(film) as reader:
        pixels = _one_frame(reader, reader.stream.frames - 1)
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG")
    return png.getvalue()


def _one_frame(reader: FilmReader, number: int) -> Frames:
    """Decode the pixels of frame `number` from 0; raises `frame-missing`."""
    count = reader.stream.frames
    if 0 <= number < count:
        for at, frame in reader.frames(start=number):
            if at == number:
                return as_pixels(frame, VideoReformatter())
    message = f"The film {reader.path.name} has frames 0 to {count - 1}, not {number}. Choose one of these."
    raise MediaError("frame-missing", message)


def _write_webp(pixels: Frames, out: Path, *, quality: int) -> None:
    with whole_file(out) as part:
        Image.fromarray(pixels).save(part, "WEBP", quality=quality, method=_WEBP_EFFORT)
