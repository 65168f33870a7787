"""Every colour of the tokens keeps its contrast in both lights, computed from tokens.css (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.ROOT) / "static" / "css" / "tokens.css").read_text()
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SINGLE = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
GROUNDS = ("wall", "room", "plinth")
WORDS = ("ink", "ink-2", "ink-3", "varnish", "ok", "warn", "stop", "info")
ON = (("varnish-ink", "varnish"), ("varnish-ink", "varnish-lit"), ("stage-ink", "stage"), ("tone-ink", "ok"), ("tone-ink", "stop"))  # fmt: skip


def colours() -> dict[str, dict[str, str]]:
    """Light and dark value of every token."""
    found = {"light": {}, "dark": {}}
    for name, light, dark in PAIR.findall(CSS):
        found["light"][name], found["dark"][name] = light, dark
    for name, both in SINGLE.findall(CSS):
        found["light"][name] = found["dark"][name] = both
    return found


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_known_colours() -> None:
    assert (round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)) == (21.0, 4.48)


@pytest.mark.parametrize("light", ["light", "dark"])
def test_words_are_readable_on_every_ground(light: str) -> None:
    token = colours()[light]
    weak = {
        f"{word} on {ground}": round(ratio, 2)
        for word in WORDS
        for ground in GROUNDS
        if (ratio := contrast(token[word], token[ground])) < 4.5
    }
    weak |= {f"{word} on {on}": round(r, 2) for word, on in ON if (r := contrast(token[word], token[on])) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("light", ["light", "dark"])
def test_edges_of_controls_are_seen_on_every_ground(light: str) -> None:
    token = colours()[light]
    weak = {ground: round(r, 2) for ground in GROUNDS if (r := contrast(token["edge"], token[ground])) < 3}
    assert weak == {}


def test_every_colour_of_the_tokens_is_measured_or_named_as_decoration() -> None:
    decoration = {"line"}  # hairlines between things that are told apart without them
    measured = {*WORDS, *GROUNDS, "edge", *(part for pair in ON for part in pair)}
    assert set(colours()["dark"]) - measured == decoration


def test_walls_have_no_hue_in_the_dark() -> None:
    token = colours()["dark"]
    assert [name for name in (*GROUNDS, "line", "edge") if len({token[name][i : i + 2] for i in (1, 3, 5)}) > 1] == []
