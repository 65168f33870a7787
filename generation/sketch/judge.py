"""The judge: reads setting, colours, shapes and motions of the drawn world out of pixels.

Shapes are read by a small classifier (`shape_reader.py`), all else by rules. It cannot tell white things from white
clouds, flowers and snow (`scenes.is_legible`), and does not mind things of colours that nobody asked for, as long as
those asked for are larger. Its own error is the row "drawn" of `generation.sketch.evaluate`.
"""

import functools
import random
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.sketch.scenes import WHITE_SETTINGS, Scene, choose_scene
from generation.sketch.shape_reader import LEAST_SHAPED, read_silhouettes
from generation.sketch.silhouettes import cut_silhouette, find_colours, find_thing, largest_piece
from generation.sketch.words import CAMERAS, COLOURS, SETTINGS, SHAPES
from generation.sketch.world import HEIGHT, HORIZON, WIDTH, Clip, camera_view, film_scene

# In pixels of a 112x64 frame: less is noise, less on average and the colour is not there.
_LEAST_SEEN: Final = 12
_LEAST_PRESENT: Final = 15.0
# Of the pixels of a thing: more of its colour elsewhere is a second thing.
_MOST_ELSEWHERE: Final = 0.25

# A shape is what the reader holds for likelier than all others, and none, together.
_LEAST_SURE: Final = 0.5

_THUMBNAIL: Final = (14, 8)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a clip got right of a scene: one truth for the clip, or one per thing (shapes, motions, once)."""

    setting: bool
    colours: bool
    shapes: tuple[bool, ...]
    motions: tuple[bool, ...]
    once: tuple[bool, ...]
    camera: bool

    @property
    def whole(self) -> bool:
        """Setting, colours, every shape and every motion are right."""
        return self.setting and self.colours and all(self.shapes) and all(self.motions)


def judge_clip(clip: Clip, scene: Scene) -> Verdict:
    """Judge a clip, uint8 (frames, height, width, 3), by a scene; a clip of another size is brought to 112x64 first."""
    clip = _at_native_size(clip)
    masks = find_colours(clip)
    wanted = [masks[:, COLOURS.index(thing.colour)] for thing in scene.things]
    tracks = [np.stack([find_thing(mask) for mask in track]) for track in wanted]
    return Verdict(
        setting=read_setting(clip) == scene.setting,
        colours=read_colours(masks, len(scene.things), scene.setting) == {thing.colour for thing in scene.things},
        shapes=tuple(read_shape(track) == thing.shape for track, thing in zip(tracks, scene.things, strict=True)),
        motions=tuple(read_motion(track) == thing.motion for track, thing in zip(tracks, scene.things, strict=True)),
        once=tuple(is_seen_once(mask, track) for mask, track in zip(wanted, tracks, strict=True)),
        camera=read_camera(clip, np.logical_or.reduce(wanted)) == scene.camera,
    )


def _at_native_size(clip: Clip) -> Clip:
    if clip.shape[1:3] == (HEIGHT, WIDTH):
        return clip
    return np.stack(
        [np.asarray(Image.fromarray(frame).resize((WIDTH, HEIGHT), Image.Resampling.BOX)) for frame in clip]
    )


def read_colours(masks: NDArray[np.bool_], count: int, setting: str) -> set[str]:
    """Name the `count` colours whose largest piece is largest, on average over every fourth frame.

    Those too small to be there are left out. White is not looked for in settings that are white themselves.
    """
    readable = [colour for colour in COLOURS if colour != "white" or setting not in WHITE_SETTINGS]
    areas = {colour: _mean_area(masks[::4, COLOURS.index(colour)]) for colour in readable}
    largest = sorted(readable, key=areas.__getitem__, reverse=True)[:count]
    return {colour for colour in largest if areas[colour] > _LEAST_PRESENT}


def _mean_area(track: NDArray[np.bool_]) -> float:
    return float(np.mean([largest_piece(mask).sum() for mask in track]))


def read_setting(clip: Clip) -> str:
    """Name the setting whose mean picture is nearest to the median frame, both reduced to 14x8."""
    seen = _thumbnail(clip)
    return min(SETTINGS, key=lambda setting: float(np.abs(seen - _setting_thumbnails()[setting]).mean()))


def read_shape(track: NDArray[np.bool_]) -> str | None:
    """Name the shape that the reader finds likely, on average over every second frame.

    `track` is the mask of one thing, (frames, height, width). None when no frame shows enough of it, or it is none of
    the shapes clearly.
    """
    silhouettes = [cut_silhouette(mask) for mask in track[::2] if mask.sum() >= LEAST_SHAPED]
    if not silhouettes:
        return None
    likely = read_silhouettes(silhouettes).mean(0)
    return SHAPES[int(likely.argmax())] if likely.max() > _LEAST_SURE else None


def read_motion(track: NDArray[np.bool_]) -> str | None:
    """Name the motion of one thing from its middle and its area over time.

    `track` is the mask of the thing, (frames, height, width). Thresholds are in heights of the picture. None when it is
    seen in less than half of the frames.
    """
    seen = [mask for mask in track if mask.sum() >= _LEAST_SEEN]
    if len(seen) * 2 < len(track):
        return None
    middles = np.asarray([np.argwhere(mask).mean(0) for mask in seen]) / track.shape[1]
    areas = np.asarray([mask.sum() for mask in seen], np.float64)
    growth = areas[-2:].mean() / areas[:2].mean()
    span = max(1, len(seen) // 6)
    down, right = middles[-span:].mean(0) - middles[:span].mean(0)
    tall, wide = np.ptp(middles, axis=0)
    rules = (
        ("grow", growth > 2.2 and wide < 0.5),
        ("shrink", growth < 0.45 and wide < 0.5),
        ("right", right > 0.55),
        ("left", right < -0.55),
        ("down", down > 0.3),
        ("up", down < -0.3),
        ("circle", wide > 0.17 and tall > 0.17),
        ("bounce", tall > 0.22),
        ("spin", True),
    )
    return next(motion for motion, holds in rules if holds)


def is_seen_once(colour: NDArray[np.bool_], track: NDArray[np.bool_]) -> bool:
    """Say whether a colour is hardly anywhere but in its thing; both are masks (frames, height, width)."""
    return bool(track.any()) and int((colour & ~track).sum()) < _MOST_ELSEWHERE * int(track.sum())


def read_camera(clip: Clip, things: NDArray[np.bool_]) -> str:
    """Name the camera move under which every frame best foretells the next but one; pixels of things do not count."""
    frames = len(clip)
    pixels, backdrop = clip.astype(np.int16), ~_widen(things)
    errors = dict.fromkeys(CAMERAS, 0.0)
    for camera in errors:
        for first in range(0, frames - 2, 2):
            rows, columns, seen = _where_seen(camera, first / frames, (first + 2) / frames)
            both = seen & backdrop[first + 2] & backdrop[first][rows, columns]
            change = np.abs(pixels[first + 2] - pixels[first][rows, columns]).mean(-1)
            errors[camera] += float(change[both].mean()) if both.any() else 0.0
    return min(errors, key=errors.__getitem__)


def _widen(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Add what lies within two pixels of a mask: the dark outline of a thing is not of its colour."""
    for _ in range(2):
        framed = np.pad(masks, ((0, 0), (1, 1), (1, 1)))
        masks = masks | framed[:, :-2, 1:-1] | framed[:, 2:, 1:-1] | framed[:, 1:-1, :-2] | framed[:, 1:-1, 2:]
    return masks


@functools.cache
def _where_seen(camera: str, before: float, now: float) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Return, for every pixel of a moment, its row and column a moment before, and whether it was in the picture."""
    down, right = np.indices((HEIGHT, WIDTH), dtype=np.float64) + 0.5
    then, here = camera_view(camera, before), camera_view(camera, now)
    closer = then.nearness / here.nearness
    right = WIDTH / 2 + (right - WIDTH / 2) * closer + (here.left - then.left) * WIDTH
    down = HORIZON * HEIGHT + (down - HORIZON * HEIGHT) * closer
    rows, columns = np.floor(down).astype(np.intp), np.floor(right).astype(np.intp)
    seen = (rows >= 0) & (rows < HEIGHT) & (columns >= 0) & (columns < WIDTH)
    return rows.clip(0, HEIGHT - 1), columns.clip(0, WIDTH - 1), seen


@functools.cache
def _setting_thumbnails() -> dict[str, NDArray[np.float32]]:
    """Return the mean thumbnail of 25 drawn clips of every setting."""
    rng = random.Random(77)
    return {
        setting: np.mean(
            [_thumbnail(film_scene(Scene(choose_scene(rng).things, setting), rng)) for _ in range(25)], axis=0
        )
        for setting in SETTINGS
    }


def _thumbnail(clip: Clip) -> NDArray[np.float32]:
    median = Image.fromarray(np.median(clip, axis=0).astype(np.uint8))
    return np.asarray(median.resize(_THUMBNAIL, Image.Resampling.BOX), np.float32)
