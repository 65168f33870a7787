"""The words the small model knows, and how it reads a prompt (for the web tier: standard library).

A prompt is read by rules that the model's tokenizer holds: words that mean the same become the word of the captions
(`synonyms.SAME_AS`), and what is still unknown is left out, so that the rest of the prompt is as the model learned it.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from generation.sketch.synonyms import SAME_AS

# Every table maps the name used in the code to the wordings a caption may use for it. A wording written twice is drawn
# twice as often.
COLOUR_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "red": ("red",),
    "orange": ("orange",),
    "yellow": ("yellow",),
    "green": ("green",),
    "blue": ("blue",),
    "purple": ("purple", "purple", "violet"),
    "pink": ("pink",),
    "white": ("white",),
}

SHAPE_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ball": ("ball", "ball", "sphere"),
    "box": ("box", "box", "square", "cube"),
    "triangle": ("triangle",),
    "star": ("star",),
    "heart": ("heart",),
    "ring": ("ring", "ring", "hoop"),
    "fish": ("fish",),
    "boat": ("boat", "boat", "sailboat"),
}

# "a red ball <wording>"
MOTION_VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "right": ("moves to the right", "drifts right", "travels from left to right", "flies to the right"),
    "left": ("moves to the left", "drifts left", "travels from right to left", "flies to the left"),
    "up": ("rises", "moves up", "floats upward", "goes up"),
    "down": ("falls", "moves down", "sinks down", "drops"),
    "bounce": ("bounces", "bounces up and down", "jumps up and down"),
    "circle": ("circles around", "moves in a circle", "flies in circles"),
    "spin": ("spins", "rotates", "spins in place", "turns around"),
    "grow": ("grows", "gets bigger", "grows larger"),
    "shrink": ("shrinks", "gets smaller", "becomes smaller"),
}

# "a red ball <wording>", and "a <wording> red ball" where the wording is one word
MOTION_PARTICIPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "right": ("moving right", "drifting to the right"),
    "left": ("moving left", "drifting to the left"),
    "up": ("rising", "floating up"),
    "down": ("falling", "sinking"),
    "bounce": ("bouncing",),
    "circle": ("circling",),
    "spin": ("spinning", "rotating"),
    "grow": ("growing",),
    "shrink": ("shrinking",),
}

SETTING_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sea": ("over the sea", "over a blue sea", "at sea", "above the ocean", "over the waves"),
    "night": ("at night", "in the night sky", "under the stars", "in a starry night"),
    "sunset": ("at sunset", "in front of a sunset", "at dusk", "under an orange sunset"),
    "meadow": ("over a meadow", "over green grass", "in a green field", "in a meadow"),
    "desert": ("in the desert", "over sand dunes", "in a sandy desert"),
    "snow": ("in the snow", "in front of snowy mountains", "over the snow", "in a winter landscape"),
}

CAMERA_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "pan right": ("the camera pans right", "camera pans to the right", "panning right"),
    "pan left": ("the camera pans left", "camera pans to the left", "panning left"),
    "zoom in": ("the camera zooms in", "zoom in", "slow zoom in"),
    "zoom out": ("the camera zooms out", "zoom out", "slow zoom out"),
}

COLOURS: Final = tuple(COLOUR_WORDS)
SHAPES: Final = tuple(SHAPE_WORDS)
MOTIONS: Final = tuple(MOTION_VERBS)
SETTINGS: Final = tuple(SETTING_WORDS)
STILL: Final = "still"
CAMERAS: Final = (STILL, *CAMERA_WORDS)

# Words that join others and name nothing to be drawn, beside those that captions have ("and", "over", "to"). They are
# left out, but naming them to an artist would help nobody. Some are read as another word, but not beside a hyphen.
JOINING_WORDS: Final = frozenset(
    (
        *("are", "as", "by", "for", "here", "into", "is", "it", "its", "itself", "on", "onto", "some", "that", "then"),
        *("there", "this", "very", "while", "with"),
    )
)

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_PIECE = re.compile(r"\w+|[^\w\s]")
# Before a thing, or a word that tells more of it, these all say "a", which is what captions say.
_ONE = "the|one|another|this|that|some|my|our"

# Camera moves up and down are not known. Their direction is left out with them, else a thing would take it.
_UNKNOWN_MOVES = ("pan", "tilt")

# These say nothing without a word after them, and no article stands before them.
_SMALL = "and|at|above|from|of|over|to|under"


@functools.cache
def vocabulary() -> frozenset[str]:
    """Return every word, in small letters, that the captions of the drawn world use."""
    tables = (COLOUR_WORDS, SHAPE_WORDS, MOTION_VERBS, MOTION_PARTICIPLES, SETTING_WORDS, CAMERA_WORDS)
    wordings = (wording for table in tables for choices in table.values() for wording in choices)
    return frozenset(word for wording in wordings for word in wording.split()) | {"a", "an", "and"}


@functools.cache
def same_word_rules() -> tuple[tuple[str, str], ...]:
    """Return (pattern, replacement) pairs that put words of the captions for others; to be applied in this order.

    For text in small letters. The patterns mean the same to `re` and to the tokenizers library.
    """
    # Others of more words first: "is moving" before "moving".
    grouped: dict[tuple[int, str], list[str]] = {}
    for wording, others in SAME_AS.items():
        for other in others:
            grouped.setdefault((-len(other.split()), wording), []).append(other)
    in_order = sorted(grouped.items(), key=lambda group: group[0][0])
    colours = sorted({word for choices in COLOUR_WORDS.values() for word in choices})
    shapes = sorted({word for choices in SHAPE_WORDS.values() for word in choices})
    # "one falling red ball"
    participles = sorted({word for choices in MOTION_PARTICIPLES.values() for word in choices if " " not in word})
    return (
        (r"['\u2019]s\b", ""),
        # In captions only a zoom is slow.
        (r"\bslow (?=(?:camera )?pan(?:s|ning)?\b)", ""),
        *(
            (rf"\b(?:(?:the )?camera )?(?:is )?{move}(?:s|n?ed|n?ing)?(?: slowly)? (?:up|down)(?:wards?)?\b", move)
            for move in _UNKNOWN_MOVES
        ),
        *((rf"\b(?<!-)(?:{'|'.join(others)})\b(?!-)", wording) for (_, wording), others in in_order),
        # Many stars are the sky; coloured ones are things.
        *((rf"\b{colour} stars\b", f"{colour} star") for colour in colours),
        (rf"\b(?:{_ONE})(?= (?:{'|'.join((*participles, *colours, *shapes))})\b)", "a"),
        (r"\ba(?= camera\b)", "the"),
    )


@functools.cache
def reading_rules() -> tuple[tuple[str, str], ...]:
    """Return the rules by which a prompt in small letters is brought to what captions say: other words, then none."""
    known = "|".join(sorted(vocabulary()))
    move = r"(?:the )?camera|panning|(?:slow )?zoom"
    return (
        *same_word_rules(),
        # Unknown words go, and what they leave between blanks.
        (rf"\b(?!(?:{known})\b)\w+\b", " "),
        (r"\s+", " "),
        # Small words whose noun went: before a word that takes no article, "of" but in "in front of", before a mark.
        (rf"\b(?:a|an|the) (?=(?:snowy mountains|sand dunes|panning|(?:slow )?zoom|in|{_SMALL})\b)", ""),
        (r"(?<!front )\bof\b", ""),
        (rf"\b(?:a|an|the|{_SMALL})(?= ?(?:[^\w\s]|$))", ""),
        # Captions have commas, a full stop at the end, and no other marks.
        (r"[;:]|[.!?](?=.*\w)", ","),
        (r"[!?]", "."),
        (r"[^\w\s,.]|_", " "),
        (r",(?=\w)", ", "),
        # A camera move follows things as if it were one more, but for the comma.
        (rf"\s*,?\s+and\s+(?={move})", ", "),
        # Blanks again, then marks and blanks at either end, blanks before a mark, and all but the last of several marks.
        (r"\s+", " "),
        (r"^[\s,.]+|\s+(?=[,.])|[,.](?=[\s,.]*[,.])|[\s,]+$", ""),
        # The article that suits the word now behind it.
        (r"\ban(?= [^aeiou])", "a"),
        (r"\ba(?= [aeiou])", "an"),
    )


def read_prompt(prompt: str) -> str:
    """Return a prompt as the model reads it; empty when it knows none of the words."""
    return _apply(reading_rules(), prompt)


def unknown_words(prompt: str) -> list[str]:
    """Return the words of the prompt that the model does not know, in small letters, each once, in their order.

    Case, punctuation and a possessive "'s" do not count, nor do words that only join others ("with", "then"). All
    others that neither the captions nor `synonyms.SAME_AS` have are unknown: the model leaves them out.
    """
    known = vocabulary() | JOINING_WORDS
    found = (match.group() for match in _WORD.finditer(_apply(same_word_rules(), prompt)))
    return list(dict.fromkeys(word for word in found if word not in known))


def left_unread(prompt: str, length: int) -> str:
    """Return the end of what `read_prompt` makes of a prompt that an encoder of so many tokens does not come to.

    Every word and every mark of it is one token of the shipped tokenizer, and one more ends the text.
    """
    reading = read_prompt(prompt)
    pieces = list(_PIECE.finditer(reading))
    return reading[pieces[length - 1].start() :] if len(pieces) >= length else ""


def _apply(rules: tuple[tuple[str, str], ...], prompt: str) -> str:
    text = unicodedata.normalize("NFKC", prompt).lower()
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text
