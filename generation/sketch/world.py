"""The drawn world: a scene and a lot become a clip of coloured shapes moving before a setting (numpy and Pillow)."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generation.sketch.backdrops import Colour, paint_backdrop
from generation.sketch.scenes import Scene, Thing

Clip: TypeAlias = NDArray[np.uint8]  # (frames, height, width, 3)
Point: TypeAlias = tuple[float, float]

# The size and length the model is trained at, 8 frames for a second.
WIDTH: Final = 112
HEIGHT: Final = 64
FRAMES: Final = 16

PALETTE: Final[Mapping[str, Colour]] = {
    "red": (222, 32, 40),
    "orange": (250, 140, 20),
    "yellow": (250, 225, 40),
    "green": (30, 170, 60),
    "blue": (40, 80, 230),
    "purple": (140, 50, 190),
    "pink": (250, 120, 185),
    "white": (246, 246, 246),
}

# Drawn at twice the size and reduced, so that edges are smooth.
_OVERSAMPLING: Final = 2
# The backdrop is this much wider than the view, which is how far a pan travels.
_BACKDROP_WIDTH: Final = 1.7
_ZOOM: Final = 0.75
# A zoom keeps this level of the picture, in heights, where it is.
HORIZON: Final = 0.6
_ASPECT: Final = WIDTH / HEIGHT
# A thing that spins turns this far in a clip, in radians.
_TURN: Final = 2.4
# The lanes of things that cross the picture beside another one, in heights of it: the first named above.
_LANES: Final = (0.27, 0.73)


class Pose(NamedTuple):
    """Where a thing is in one frame: middle and radius in heights of the picture, turn in radians."""

    x: float
    y: float
    radius: float
    turn: float = 0.0


class _Room(NamedTuple):
    """How large a thing may be, where it may rest, and where it begins and ends when it crosses, in heights."""

    smallest: float
    largest: float
    left: float
    right: float
    top: float
    bottom: float
    cross_from: float
    cross_to: float
    cross_level: float | None


class Filmed(NamedTuple):
    """A drawn clip, and where its things were: one track of poses for each thing of the scene."""

    clip: Clip
    tracks: list[list[Pose]]


def film_scene(scene: Scene, rng: random.Random, frames: int = FRAMES, *, span: range | None = None) -> Clip:
    """Draw a scene as uint8 (frames, 64, 112, 3); the lot decides places, sizes and the backdrop.

    The motion fills the clip. With a span only those frames of the clip are drawn.
    """
    return film_with_tracks(scene, rng, frames, span=span).clip


def film_with_tracks(scene: Scene, rng: random.Random, frames: int = FRAMES, *, span: range | None = None) -> Filmed:
    """Draw a scene as `film_scene` does, and tell where its things were in every frame of the clip."""
    width, height = WIDTH * _OVERSAMPLING, HEIGHT * _OVERSAMPLING
    backdrop = paint_backdrop(scene.setting, int(width * _BACKDROP_WIDTH), height, rng)
    tracks = plan_tracks(scene, rng, frames)
    span = range(frames) if span is None else span
    clip = np.empty((len(span), HEIGHT, WIDTH, 3), np.uint8)
    for place, index in enumerate(span):
        image = _look_at(backdrop, scene.camera, index / frames, width, height)
        draw = ImageDraw.Draw(image)
        for thing, track in zip(scene.things, tracks, strict=True):
            draw_thing(draw, thing.shape, PALETTE[thing.colour], track[index], height)
        clip[place] = np.asarray(image.reduce(_OVERSAMPLING))
    return Filmed(clip, tracks)


def cover_places(shape: str, track: Sequence[Pose], place: int) -> NDArray[np.float32]:
    """Return how much of each place of so many pixels a thing covers: (frames, height/place, width/place), 0 to 1."""
    cover = np.empty((len(track), HEIGHT // place, WIDTH // place), np.float32)
    for index, pose in enumerate(track):
        image = Image.new("RGB", (WIDTH, HEIGHT))
        draw_thing(ImageDraw.Draw(image), shape, PALETTE["white"], pose, HEIGHT)
        drawn = np.asarray(image).any(-1).reshape(HEIGHT // place, place, WIDTH // place, place)
        cover[index] = drawn.mean((1, 3))
    return cover


class View(NamedTuple):
    """What the camera sees of the backdrop: how far it has panned in widths of the picture, and how near it is."""

    left: float
    nearness: float


def camera_view(camera: str, moment: float) -> View:
    """Return what a camera move of `words.CAMERAS` sees at a moment (0 first, 1 after the last frame)."""
    spare = _BACKDROP_WIDTH - 1.0
    left = {"pan right": spare * moment, "pan left": spare * (1.0 - moment)}.get(camera, spare * 0.5)
    nearness = 1.0 + _ZOOM * {"zoom in": moment, "zoom out": 1.0 - moment}.get(camera, 0.0)
    return View(left, nearness)


def _look_at(backdrop: Image.Image, camera: str, moment: float, width: int, height: int) -> Image.Image:
    """Cut what the camera sees at a moment out of the backdrop."""
    view = camera_view(camera, moment)
    left = view.left * width
    if not camera.startswith("zoom"):
        return backdrop.crop((int(left), 0, int(left) + width, height))
    seen_width, seen_height = width / view.nearness, height / view.nearness
    middle, level = left + width / 2, height * HORIZON
    top = level - HORIZON * seen_height
    box = (middle - seen_width / 2, top, middle + seen_width / 2, top + seen_height)
    return backdrop.resize((width, height), Image.Resampling.BILINEAR, box=box)


def plan_tracks(scene: Scene, rng: random.Random, frames: int = FRAMES) -> list[list[Pose]]:
    """Plan the poses of every thing of a scene, one per frame; of two things the first named is to the left, or above.

    Were it left to the lot which is where, a model would often draw a thing in both places.
    """
    if len(scene.things) == 1:
        return [_plan_track(scene.things[0], _room_alone(), rng, frames)]
    crossing = [thing.motion in ("left", "right") for thing in scene.things]
    return [
        _plan_track(thing, _room_beside(side, other_crosses=crossing[1 - side]), rng, frames)
        for side, thing in enumerate(scene.things)
    ]


def _room_alone() -> _Room:
    return _Room(
        smallest=0.22,
        largest=0.29,
        left=0.32,
        right=_ASPECT - 0.32,
        top=0.32,
        bottom=0.7,
        cross_from=0.24,
        cross_to=_ASPECT - 0.24,
        cross_level=None,
    )


def _room_beside(side: int, *, other_crosses: bool) -> _Room:
    left, right = ((0.24, _ASPECT / 2 - 0.22), (_ASPECT / 2 + 0.22, _ASPECT - 0.24))[side]
    top, bottom = 0.26, 0.76
    if other_crosses:
        # What rests stays out of the lane of what passes.
        top, bottom = ((top, 0.36), (0.64, bottom))[side]
    return _Room(
        smallest=0.19,
        largest=0.23,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        cross_from=0.2,
        cross_to=_ASPECT - 0.2,
        cross_level=_LANES[side],
    )


def _plan_track(thing: Thing, room: _Room, rng: random.Random, frames: int) -> list[Pose]:
    radius = rng.uniform(room.smallest, room.largest)
    rest = Pose(rng.uniform(room.left, room.right), rng.uniform(room.top, room.bottom), radius)
    return [_pose_at(thing.motion, rest, room, index / frames) for index in range(frames)]


def _pose_at(motion: str, rest: Pose, room: _Room, moment: float) -> Pose:
    """Move a thing from its rest to where it is at a moment from 0 to 1."""
    match motion:
        case "right" | "left":
            way = moment if motion == "right" else 1.0 - moment
            level = rest.y if room.cross_level is None else room.cross_level
            return rest._replace(x=room.cross_from + (room.cross_to - room.cross_from) * way, y=level)
        case "up":
            return rest._replace(y=0.77 - 0.54 * moment)
        case "down":
            return rest._replace(y=0.23 + 0.54 * moment)
        case "bounce":
            return rest._replace(y=0.75 - 0.48 * abs(math.sin(moment * math.tau)))
        case "circle":
            middle = min(max(rest.x, room.left + 0.1), room.right - 0.1)
            angle = moment * math.tau - math.pi / 2
            return rest._replace(x=middle + 0.2 * math.cos(angle), y=0.5 + 0.2 * math.sin(angle))
        case "spin":
            return rest._replace(turn=_TURN * moment)
        case "grow":
            return rest._replace(radius=rest.radius * (0.35 + 1.1 * moment))
        case "shrink":
            return rest._replace(radius=rest.radius * (1.45 - 1.1 * moment))
    raise ValueError(f"No such motion: {motion}.")


def draw_thing(draw: ImageDraw.ImageDraw, shape: str, colour: Colour, pose: Pose, height: int) -> None:
    """Draw a shape of `words.SHAPES`, with a darker outline of two pixels, on a picture that many pixels high."""
    x, y, radius = pose.x * height, pose.y * height, pose.radius * height
    dark = (int(colour[0] * 0.45), int(colour[1] * 0.45), int(colour[2] * 0.45))
    cos, sin = math.cos(pose.turn), math.sin(pose.turn)
    if shape == "ring":
        _draw_ring(draw, (x, y), radius, colour, dark)
        if pose.turn:
            _draw_mark(draw, (x + radius * 0.75 * cos, y + radius * 0.75 * sin), dark)
        return
    for outline in _OUTLINES[shape]:
        corners = [(x + radius * (px * cos - py * sin), y + radius * (px * sin + py * cos)) for px, py in outline]
        draw.polygon(corners, fill=colour, outline=dark, width=2)
    if shape == "ball" and pose.turn:
        # A plain disc would not show that it turns.
        draw.line((x - radius * cos, y - radius * sin, x + radius * cos, y + radius * sin), fill=dark, width=2)


def _draw_ring(draw: ImageDraw.ImageDraw, middle: Point, radius: float, colour: Colour, dark: Colour) -> None:
    x, y = middle
    inner = radius - 1.5
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=dark, width=int(max(2, radius * 0.52)))
    draw.ellipse((x - inner, y - inner, x + inner, y + inner), outline=colour, width=int(max(2, radius * 0.52 - 3)))


def _draw_mark(draw: ImageDraw.ImageDraw, middle: Point, dark: Colour) -> None:
    x, y = middle
    draw.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=dark)


def _spikes(count: int, outer: float, inner: float | None = None) -> list[Point]:
    """Return a regular polygon with its first corner on top; with an inner radius every second corner lies on that."""
    radii = [outer if inner is None or index % 2 == 0 else inner for index in range(count)]
    angles = [math.tau * index / count - math.pi / 2 for index in range(count)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for radius, angle in zip(radii, angles, strict=True)]


def _heart() -> list[Point]:
    # The usual heart curve, https://mathworld.wolfram.com/HeartCurve.html (7), made to fit the unit circle.
    points = []
    for index in range(40):
        t = math.tau * index / 40
        rise = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((16 * math.sin(t) ** 3 / 17, -rise / 17 - 0.1))
    return points


def _fish() -> list[Point]:
    open_to = math.pi * 0.85
    angles = [open_to - 2 * open_to * index / 24 for index in range(25)]
    body = [(0.55 * math.cos(angle) + 0.25, 0.5 * math.sin(angle)) for angle in angles]
    return [*body, (-0.95, -0.55), (-0.75, 0.0), (-0.95, 0.55)]


# In units of the radius, y downwards. The ring is drawn as two circles instead.
_OUTLINES: Final[Mapping[str, Sequence[Sequence[Point]]]] = {
    "ball": (_spikes(32, 1.0),),
    "box": (((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),),
    "triangle": (((0.0, -1.0), (1.0, 0.8), (-1.0, 0.8)),),
    "star": (_spikes(10, 1.1, 0.45),),
    "heart": (_heart(),),
    "fish": (_fish(),),
    "boat": (
        ((-1.0, 0.25), (1.0, 0.25), (0.6, 0.8), (-0.6, 0.8)),
        ((-0.05, -1.0), (-0.05, 0.15), (-0.75, 0.15)),
        ((0.08, -0.8), (0.08, 0.15), (0.75, 0.15)),
    ),
}
