"""Sentences for evaluation, in words and orders that no caption of the training has (standard library)."""

import random
from collections.abc import Mapping
from typing import Final

from generation.sketch.scenes import Scene, Thing
from generation.sketch.words import STILL

_COLOURS: Final[Mapping[str, tuple[str, ...]]] = {
    "red": ("crimson", "scarlet"),
    "orange": ("tangerine", "orange"),
    "yellow": ("golden", "lemon"),
    "green": ("emerald", "lime"),
    "blue": ("azure", "navy"),
    "purple": ("lilac", "violet"),
    "pink": ("magenta", "rosy"),
    "white": ("ivory", "snow-white"),
}

_SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "ball": ("globe", "orb"),
    "box": ("block", "crate"),
    "triangle": ("triangle", "pyramid"),
    "star": ("star",),
    "heart": ("heart",),
    "ring": ("ring", "doughnut"),
    "fish": ("goldfish", "fish"),
    "boat": ("ship", "sailing boat"),
}

# "a crimson globe <wording>"
_MOTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "right": ("headed to the right", "glides rightwards", "rolled towards the right"),
    "left": ("headed to the left", "glides leftwards", "rolled towards the left"),
    "up": ("climbed", "is rising", "soars upwards"),
    "down": ("tumbled", "is falling", "descends"),
    "bounce": ("hopped up and down", "is bouncing", "leaps up and down"),
    "circle": ("orbits", "flew in a circle", "is circling"),
    "spin": ("twirls", "is spinning", "whirled in place"),
    "grow": ("expands", "got larger and larger", "is growing"),
    "shrink": ("contracts", "got smaller and smaller", "is shrinking"),
}

_SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "sea": ("over the water", "across the ocean"),
    "night": ("in the starlit sky", "at midnight"),
    "sunset": ("at twilight", "at sundown"),
    "meadow": ("over the lawn", "on a green pasture"),
    "desert": ("on a sand dune", "across the desert"),
    "snow": ("near the snow-capped peaks", "in a wintry landscape"),
}

_CAMERAS: Final[Mapping[str, tuple[str, ...]]] = {
    "pan right": ("while the camera is panning to the right", "and the camera panned right"),
    "pan left": ("while the camera is panning to the left", "and the camera panned left"),
    "zoom in": ("while the camera pushes in", "and the camera zoomed in"),
    "zoom out": ("while the camera pulls back", "and the camera zoomed out"),
}

# Each in another order than captions have; the words between are ones that people write and the model does not know.
_ORDERS: Final = (
    "{place}, we see how {things}{camera}.",
    "Show me a film: {things} {place}{camera}!",
    "There is a story {place}{camera}. {things}.",
    "{things}, slowly and gently, {place}{camera}",
    "Cartoon of a scene {place} where {things}{camera}",
)


def write_sentence(scene: Scene, rng: random.Random) -> str:
    """Write a sentence about a scene that says the same as its captions, and like none of them."""
    things = " while ".join(_write_thing(thing, rng) for thing in scene.things)
    camera = "" if scene.camera == STILL else f", {rng.choice(_CAMERAS[scene.camera])}"
    order = rng.choice(_ORDERS)
    return order.format(things=things, place=rng.choice(_SETTINGS[scene.setting]), camera=camera)


def _write_thing(thing: Thing, rng: random.Random) -> str:
    words = f"{rng.choice(_COLOURS[thing.colour])} {rng.choice(_SHAPES[thing.shape])}"
    return f"{rng.choice(('the', 'one', 'this'))} {words} {rng.choice(_MOTIONS[thing.motion])}"
