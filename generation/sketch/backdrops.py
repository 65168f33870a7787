"""The six settings of the drawn world, painted wide enough for the camera to pan (numpy and Pillow)."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour: TypeAlias = tuple[int, int, int]

# Stars and flowers are strewn in numbers per this many heights of width: a wide backdrop is as dense as a narrow one.
_VIEW_WIDTH: Final = 1.75


def paint_backdrop(setting: str, width: int, height: int, rng: random.Random) -> Image.Image:
    """Paint a setting of `words.SETTINGS` as RGB of that many pixels; the lot places stars, waves, hills and clouds."""
    return _PAINTERS[setting](width, height, rng)


def _paint_sea(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 0.42, ((150, 205, 240), (200, 230, 245)), ((20, 105, 160), (8, 55, 105)))
    draw = ImageDraw.Draw(image)
    for wave in range(3):
        level = int(height * (0.52 + 0.17 * wave))
        line = _wavy(width, 3, level, height * 0.018, height * (0.22 + 0.08 * wave), rng)
        draw.line(line, fill=(70, 150, 195), width=2)
    return image


def _paint_night(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 1.0, ((8, 8, 32), (28, 26, 66)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(26 * _views(width, height))):
        _dot(draw, rng.random() * width, rng.random() * height * 0.95, 1.4, (215, 215, 200))
    _dot(draw, rng.random() * width, height * 0.19, height * 0.09, (238, 236, 205))
    return image


def _paint_sunset(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 0.72, ((94, 52, 110), (250, 150, 90)), ((74, 40, 62), (45, 25, 45)))
    middle, radius = width * (0.3 + 0.4 * rng.random()), height * 0.17
    box = (middle - radius, height * 0.72 - radius, middle + radius, height * 0.72 + radius)
    ImageDraw.Draw(image).pieslice(box, 180, 360, fill=(255, 214, 130))
    return image


def _paint_meadow(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 0.6, ((140, 200, 250), (205, 232, 250)), ((122, 200, 90), (70, 150, 55)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(18 * _views(width, height))):
        _dot(draw, rng.random() * width, height * (0.66 + 0.32 * rng.random()), 1.6, (250, 240, 200))
    for _ in range(max(1, int(2 * _views(width, height)))):
        left, level = rng.random() * width, height * (0.1 + 0.2 * rng.random())
        for puff in range(3):
            middle = left + puff * height * 0.09
            draw.ellipse(
                (middle - height * 0.1, level - height * 0.05, middle + height * 0.1, level + height * 0.05),
                fill=(245, 250, 255),
            )
    return image


def _paint_desert(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 0.55, ((120, 205, 215), (235, 235, 205)), ((235, 235, 205), (235, 235, 205)))
    draw = ImageDraw.Draw(image)
    for dune, colour in enumerate(((226, 190, 120), (210, 168, 98))):
        ridge = _wavy(width + 4, 4, height * (0.56 + 0.16 * dune), height * 0.06, height * (1.1 + 0.3 * dune), rng)
        draw.polygon([*ridge, (width, height), (0, height)], fill=colour)
    return image


def _paint_snow(width: int, height: int, rng: random.Random) -> Image.Image:
    image = _banded(width, height, 0.6, ((120, 140, 165), (196, 206, 218)), ((196, 206, 218), (196, 206, 218)))
    draw = ImageDraw.Draw(image)
    count = int(3 * _views(width, height)) + 1
    start, foot = rng.random() * width / count, height * 0.64
    for peak in range(-1, count + 1):
        middle, rise = peak * width / count + start, height * (0.25 + 0.2 * rng.random())
        draw.polygon(
            [(middle - height * 0.45, foot), (middle, foot - rise), (middle + height * 0.45, foot)], fill=(90, 108, 135)
        )
        snowline = foot - rise * 0.7
        draw.polygon(
            [(middle - height * 0.13, snowline), (middle, foot - rise), (middle + height * 0.13, snowline)],
            fill=(225, 232, 240),
        )
    draw.rectangle((0, foot, width, height), fill=(214, 222, 232))
    return image


_PAINTERS: Final[Mapping[str, Callable[[int, int, random.Random], Image.Image]]] = {
    "sea": _paint_sea,
    "night": _paint_night,
    "sunset": _paint_sunset,
    "meadow": _paint_meadow,
    "desert": _paint_desert,
    "snow": _paint_snow,
}


def _banded(width: int, height: int, horizon: float, *bands: tuple[Colour, Colour]) -> Image.Image:
    """Shade from the top to the horizon (a part of the height) with the first two colours, below with the next two."""
    rows = np.linspace(0.0, 1.0, height)[:, None]
    column = _shade(rows / horizon, *bands[0])
    if len(bands) > 1:
        column = np.where(rows < horizon, column, _shade((rows - horizon) / (1.0 - horizon), *bands[1]))
    return Image.fromarray(np.broadcast_to(column[:, None, :], (height, width, 3)).astype(np.uint8))


def _shade(amount: NDArray[np.float64], first: Colour, last: Colour) -> NDArray[np.float64]:
    part = np.clip(amount, 0.0, 1.0)
    return np.asarray(first, np.float64) * (1.0 - part) + np.asarray(last, np.float64) * part


def _wavy(
    width: int, step: int, level: float, swell: float, length: float, rng: random.Random
) -> Sequence[tuple[float, float]]:
    phase = rng.random() * math.tau
    return [(x, level + math.sin(x / length * math.tau + phase) * swell) for x in range(0, width, step)]


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _views(width: int, height: int) -> float:
    return width / (height * _VIEW_WIDTH)
