"""The registry file: what it offers, and a clear error for everything that cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from generation.backends.errors import OrderRefused, RegistryBroken, UnknownModel
from generation.backends.registry import DEFAULT_PATH, read_registry

CARD = """
[[model]]
name = "card"
title = "Card"
kind = "card"
licence = "none"
tier = "draft"
sizes = [[64, 48]]
frames = [8, 16]
fps = 8
steps = 2
"""
HUB = CARD.replace('"card"', '"big"', 1).replace('kind = "card"', 'kind = "wan-t2v"')
ROOT = Path(__file__).resolve().parents[3]


def test_shipped_registry_offers_the_small_model_first() -> None:
    registry = read_registry(DEFAULT_PATH)
    assert [entry.name for entry in registry] == ["sketch", "sketch-final", "card", "wan2.1-t2v-1.3b", "wan2.2-ti2v-5b"]
    sketch = registry.default
    assert (sketch.name, sketch.note, sketch.demonstration) == ("sketch", "Small demonstration model", True)
    assert (sketch.native, sketch.sizes) == ((112, 64), ((448, 256), (672, 384)))
    assert registry.get("sketch-final").sizes == ((896, 512), (1280, 720), (1920, 1080))
    assert (sketch.drawn, sketch.drawn_for(120), sketch.frames) == (16, 16, (24, 48, 72, 96, 120))
    assert registry.get("card").drawn_for(24) == 24
    assert (sketch.default_frames, sketch.fps, sketch.steps, sketch.guidance) == (48, Fraction(24), 12, 2.0)
    assert sketch.folder == DEFAULT_PATH.parents[1] / "sketch" / "model"
    assert [entry.present for entry in registry][:2] == [True, True]


def test_every_shipped_model_has_a_licence_and_a_pinned_revision() -> None:
    for entry in read_registry(DEFAULT_PATH):
        assert entry.licence == "Apache-2.0"
        assert entry.from_hub is (entry.folder is not None and not entry.source.startswith("."))


def test_environment_names_another_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text(CARD)
    monkeypatch.setenv("VERNISSAGE_MODELS", str(tmp_path / "mine.toml"))
    assert [entry.name for entry in read_registry()] == ["card"]


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(UnknownModel) as fault:
        read_registry(DEFAULT_PATH).get("sora")
    assert fault.value.code == "model-unknown"
    assert fault.value.message == (
        "There is no model named 'sora'. Choose one of sketch, sketch-final, card, wan2.1-t2v-1.3b, wan2.2-ti2v-5b."
    )


@pytest.mark.parametrize(
    ("name", "seconds", "frames"),
    [("sketch", 1, 24), ("sketch", 5.0, 120), ("wan2.1-t2v-1.3b", 5, 81), ("wan2.2-ti2v-5b", Fraction(121, 24), 121)],
)
def test_length_in_seconds_becomes_frames(name: str, seconds: float, frames: int) -> None:
    entry = read_registry(DEFAULT_PATH).get(name)
    assert entry.frames_for(seconds) == frames
    assert entry.seconds(frames) == Fraction(frames) / entry.fps


@pytest.mark.parametrize("seconds", [0, 2.5, 61, 10**9])
def test_length_not_offered_names_those_that_are(seconds: float) -> None:
    with pytest.raises(OrderRefused) as fault:
        read_registry(DEFAULT_PATH).get("sketch").frames_for(seconds)
    assert fault.value.code == "length-not-offered"
    assert fault.value.message.endswith("seconds. Choose 1, 2, 3, 4, 5 seconds.")


def test_estimate_grows_with_the_length() -> None:
    sketch = read_registry(DEFAULT_PATH).get("sketch")
    assert sketch.seconds_estimate(96) == 2 * sketch.seconds_estimate(48) == 2 * sketch.render_seconds


def test_missing_registry_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(RegistryBroken) as fault:
        read_registry(tmp_path / "none.toml")
    assert fault.value.code == "models-file-missing"
    assert str(tmp_path / "none.toml") in fault.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[model", "is not valid TOML"),
        ("", "lists no model"),
        ("model = 3", "lists no model"),
        ("[[model]]\n", "model number 1 has no usable name"),
        ("colour = 1\n" + CARD, "unknown key 'colour'"),
        (CARD + "colour = 1\n", "model 'card' has an unknown key 'colour'"),
        (CARD + CARD, "two models are named 'card'"),
        ('default = "other"\n' + CARD, "the default model 'other' is not in the file"),
        (CARD.replace('name = "card"', 'name = "My Card"'), "no usable name"),
        (CARD.replace('title = "Card"\n', ""), "lacks 'title'"),
        (CARD.replace('"Card"', '" "'), "needs a text for 'title'"),
        (CARD.replace('kind = "card"', 'kind = "sora"'), "has kind 'sora'; use one of wan-t2v, wan-i2v, card"),
        (CARD.replace("[[64, 48]]", "[]"), "offers no size"),
        (CARD.replace("[[64, 48]]", "[[64, 48], [64, 48]]"), "offers one size twice"),
        (CARD.replace("[[64, 48]]", "[64, 48]"), "is not a size; write [width, height]"),
        (CARD.replace("[[64, 48]]", "[[65, 48]]"), "has the size 65x48; width and height are even numbers"),
        (CARD.replace("[[64, 48]]", "[[64, 9000]]"), "has the size 64x9000"),
        (CARD + "native = [64, 64]\n", "offers 64x48, which is not the shape of its native 64x64"),
        (CARD + "native = [66, 48]\n", "offers 64x48, which is not the shape of its native 66x48"),
        (CARD + "drawn = 8\n", "has drawn 8; filling in needs a native size"),
        (CARD + "native = [64, 48]\ndrawn = 1\n", "has drawn 1; filling in needs"),
        (CARD + "native = [64, 48]\ndrawn = 9\n", "has drawn 9; filling in needs"),
        (CARD.replace("[8, 16]", "[]"), "needs frames"),
        (CARD.replace("[8, 16]", "[16, 8]"), "lists its frames out of order"),
        (CARD.replace("[8, 16]", "[0, 8]"), "needs frames"),
        (CARD + "default_frames = 9\n", "has default_frames 9, which is not one of its frames"),
        (CARD.replace("fps = 8", "fps = 0"), "has fps 0"),
        (CARD.replace("fps = 8", 'fps = "1/0"'), "has fps '1/0'"),
        (CARD.replace("fps = 8", "fps = 23.976"), 'use a whole number or a fraction such as "24000/1001"'),
        (CARD.replace("steps = 2", "steps = true"), "has steps True; use a whole number"),
        (CARD + "guidance = -1.0\n", "has guidance -1.0"),
        (CARD + 'takes_reference = "yes"\n', "has takes_reference 'yes'; use true or false"),
        (CARD + 'source = "./x"\n', "is drawn and has no files"),
        (HUB, "needs a 'source'"),
        (HUB + 'source = "./x"\nrevision = "main"\n', "is a folder and has no revision"),
        (HUB + 'source = "org/name/more"\n', "neither a folder (./...) nor a hub id (org/name)"),
        (HUB + 'source = "org/name"\n', "is not pinned; add revision"),
        (HUB + 'source = "org/name"\nrevision = "main"\n', "is not pinned; add revision"),
        (HUB.replace("[[64, 48]]", "[[64, 40]]") + 'source = "./x"\n', "would draw at 64x40"),
    ],
)
def test_registry_that_cannot_be_is_explained(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(text)
    with pytest.raises(RegistryBroken) as fault:
        read_registry(file)
    assert fault.value.code == "models-file-broken"
    assert said in fault.value.message
    assert str(file) in fault.value.message


def test_registry_in_another_encoding_is_explained(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_bytes(b'default = "\xff"')
    with pytest.raises(RegistryBroken, match="is not valid TOML"):
        read_registry(tmp_path / "models.toml")


def test_registry_that_is_a_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(RegistryBroken, match="cannot be read"):
        read_registry(tmp_path)


def test_frame_rate_may_be_a_fraction(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(CARD.replace("fps = 8", 'fps = "24000/1001"'))
    assert read_registry(tmp_path / "models.toml").default.fps == Fraction(24000, 1001)


BLOCK = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked}:
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Refuse())
"""


def run_blocked(blocked: set[str], code: str) -> str:
    """Run code in a new process in which some packages cannot be imported; return what it printed."""
    made = subprocess.run(
        [sys.executable, "-c", BLOCK.format(blocked=sorted(blocked)) + code],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.stderr == ""
    return made.stdout.strip()


def test_registry_and_drawn_frames_need_neither_torch_nor_django() -> None:
    code = """
from generation.backends.registry import read_registry
from generation.backends.opening import open_backend
from generation.backends.base import ShotOrder, Unwatched
entry = read_registry().get("card")
engine = open_backend(entry)
engine.load(Unwatched())
print(sum(len(chunk) for chunk in engine.render(ShotOrder("a card", 448, 256, 8, 1), Unwatched())))
"""
    blocked = {"torch", "diffusers", "transformers", "accelerate", "django", "av"}
    assert run_blocked(blocked, code) == "8"


def test_engine_for_wan_needs_no_django() -> None:
    code = "from generation.backends.wan import WanBackend; print(WanBackend.__name__)"
    assert run_blocked({"django", "celery", "portal", "artists"}, code) == "WanBackend"


LOOK = """
[[look]]
name = "dusk"
title = "Dusk"
suffix = "at dusk"
"""


def test_looks_add_words_and_are_offered_with_their_models(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(CARD + LOOK + LOOK.replace("dusk", "small").replace("suffix", "models = ['card']\nsuffix"))
    registry = read_registry(file)
    assert [look.name for look in registry.looks_for("card")] == ["dusk", "small"]
    assert [look.name for look in registry.looks_for("other")] == ["dusk"]
    assert registry.looks[0].applied("a boat") == "a boat, at dusk"


def test_every_shipped_look_suits_its_models() -> None:
    registry = read_registry(DEFAULT_PATH)
    assert [look.name for look in registry.looks_for("sketch")] == ["dusk", "winter", "slow-pan"]
    assert [look.name for look in registry.looks_for("sketch-final")] == ["dusk", "winter", "slow-pan"]
    assert [(look.name, look.size) for look in registry.looks_for("card")] == [("upright", (256, 448))]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (LOOK.replace('"dusk"', '"Dusk!"', 1), "look number 1 has no usable name"),
        (LOOK + LOOK, "two looks are named 'dusk'"),
        (LOOK + "colour = 1", "look 'dusk' has an unknown key 'colour'"),
        (LOOK.replace('title = "Dusk"', ""), "look 'dusk' needs a text for 'title'"),
        (LOOK + "models = ['sora']", "look 'dusk' names a model that is not in the file"),
        (LOOK + "size = [1, 1]", "look 'dusk' has a size that one of its models does not make"),
        (LOOK + "size = 5", "look 'dusk' has a size that one of its models does not make"),
        (LOOK + "seconds = 9", "look 'dusk' has a length that one of its models does not make"),
        (LOOK.replace('suffix = "at dusk"', ""), "look 'dusk' changes nothing"),
        ("look = 5", "looks are written as [[look]] tables"),
    ],
)
def test_broken_look_names_file_look_and_fault(tmp_path: Path, table: str, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"{table}\n{CARD}" if table.startswith("look =") else CARD + table)
    with pytest.raises(RegistryBroken) as fault:
        read_registry(file)
    assert (str(file) in fault.value.message, words in fault.value.message) == (True, True)
