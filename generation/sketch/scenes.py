"""What a clip of the drawn world is about: scenes by lot, their captions, and the part held out of training."""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generation.sketch.words import (
    CAMERA_WORDS,
    CAMERAS,
    COLOUR_WORDS,
    COLOURS,
    MOTION_PARTICIPLES,
    MOTION_VERBS,
    MOTIONS,
    SETTING_WORDS,
    SETTINGS,
    SHAPE_WORDS,
    SHAPES,
    STILL,
)

# How often a scene has one thing, and how often the camera keeps still.
ONE_THING_SHARE: Final = 0.62
STILL_CAMERA_SHARE: Final = 0.72

# Never drawn for training, so that evaluation can ask for something new: colours and shapes are known, the pair is not.
HELD_OUT_PAIRS: Final = frozenset(
    {
        ("green", "heart"),
        ("purple", "boat"),
        ("orange", "star"),
        ("white", "ring"),
        ("pink", "fish"),
        ("blue", "triangle"),
    }
)
# And one in eight of all (colour, shape, motion, setting), by a hash that does not change from run to run.
_HELD_OUT_BELOW: Final = 256 // 8

# White flowers, clouds and snow are the same white as a white thing: pixels cannot tell them apart there.
WHITE_SETTINGS: Final = frozenset({"meadow", "snow"})

_NOUN = re.compile(
    rf"\b({'|'.join(sorted({word for choices in SHAPE_WORDS.values() for word in choices}))})\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One moving object; the fields are names out of `words.COLOURS`, `words.SHAPES` and `words.MOTIONS`."""

    colour: str
    shape: str
    motion: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One or two things of different colours, a setting (`words.SETTINGS`) and a camera move (`words.CAMERAS`)."""

    things: tuple[Thing, ...]
    setting: str
    camera: str = STILL


def choose_scene(rng: random.Random, *, things: int | None = None, motions: Sequence[str] = MOTIONS) -> Scene:
    """Draw a scene by lot, with that many things (1 or 2) or as many as the lot says.

    The motions are drawn from those given: one that is there twice comes twice as often.
    """
    count = things or (1 if rng.random() < ONE_THING_SHARE else 2)
    setting = rng.choice(SETTINGS)
    camera = STILL if rng.random() < STILL_CAMERA_SHARE else rng.choice(CAMERAS[1:])
    colours = rng.sample(COLOURS, count)
    return Scene(tuple(Thing(colour, rng.choice(SHAPES), rng.choice(motions)) for colour in colours), setting, camera)


def choose_scenes(
    rng: random.Random, count: int, *, held_out: bool, things: int | None = None, legible: bool = False
) -> list[Scene]:
    """Draw scenes until `count` are held out of training (or are not), only legible ones if that is asked."""
    chosen: list[Scene] = []
    while len(chosen) < count:
        scene = choose_scene(rng, things=things)
        if is_held_out(scene) == held_out and (is_legible(scene) or not legible):
            chosen.append(scene)
    return chosen


def is_held_out(scene: Scene) -> bool:
    """Say whether training never draws this scene: a held-out pair, or one held out with its motion and setting."""
    return any(_is_thing_held_out(thing, scene.setting) for thing in scene.things)


def _is_thing_held_out(thing: Thing, setting: str) -> bool:
    if (thing.colour, thing.shape) in HELD_OUT_PAIRS:
        return True
    key = f"{thing.colour}|{thing.shape}|{thing.motion}|{setting}"
    return hashlib.md5(key.encode(), usedforsecurity=False).digest()[0] < _HELD_OUT_BELOW


def is_legible(scene: Scene) -> bool:
    """Say whether colours can be read from the pixels of this scene (white things on meadow and snow cannot)."""
    return scene.setting not in WHITE_SETTINGS or all(thing.colour != "white" for thing in scene.things)


def write_caption(scene: Scene, rng: random.Random) -> str:
    """Write one of the many captions of a scene; things are named in their order, the setting before or after them."""
    things = " and ".join(_write_thing(thing, rng) for thing in scene.things)
    place = _word(SETTING_WORDS, scene.setting, rng)
    text = things + rng.choice((" ", ", ", " ")) + place if rng.random() < 0.75 else f"{place}, {things}"
    if scene.camera != STILL:
        move = _word(CAMERA_WORDS, scene.camera, rng)
        text = f"{text}, {move}" if rng.random() < 0.8 else f"{move}, {text}"
    if rng.random() < 0.15:
        text += "."
    return text[0].upper() + text[1:] if rng.random() < 0.3 else text


def _write_thing(thing: Thing, rng: random.Random) -> str:
    noun = f"{_word(COLOUR_WORDS, thing.colour, rng)} {_word(SHAPE_WORDS, thing.shape, rng)}"
    if rng.random() < 0.7:
        return f"{_with_article(noun)} {_word(MOTION_VERBS, thing.motion, rng)}"
    participle = _word(MOTION_PARTICIPLES, thing.motion, rng)
    if " " not in participle and rng.random() < 0.5:
        return _with_article(f"{participle} {noun}")
    return f"{_with_article(noun)} {participle}"


def _word(table: Mapping[str, tuple[str, ...]], name: str, rng: random.Random) -> str:
    return rng.choice(table[name])


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def noun_ends(caption: str) -> list[int]:
    """Return, for each thing named in a caption, the index of the last character of its noun."""
    return [match.end() - 1 for match in _NOUN.finditer(caption)]
