"""The words the small model knows, against its captions and against the tokenizer it ships with."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

import generation.sketch
from generation.sketch.recipe import FULL
from generation.sketch.scenes import choose_scene, write_caption
from generation.sketch.sentences import write_sentence
from generation.sketch.synonyms import SAME_AS
from generation.sketch.words import JOINING_WORDS, left_unread, read_prompt, unknown_words, vocabulary

LENGTH = FULL.text.length  # tokens
SHIPPED = Path(generation.sketch.__file__).parent / "model"


@pytest.fixture(scope="module")
def shipped_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(SHIPPED / "tokenizer" / "tokenizer.json"))


def test_vocabulary_is_exactly_what_captions_say() -> None:
    rng = random.Random(1)
    captions = (write_caption(choose_scene(rng), rng) for _ in range(5000))
    said = {word for caption in captions for word in re.findall(r"[a-z]+", caption.lower())}
    assert said == vocabulary()


def test_vocabulary_has_one_token_per_word_in_the_shipped_tokenizer(shipped_tokenizer: Tokenizer) -> None:
    # Between two words that stay, for small words at an end are left out.
    lengths = {
        word: len(shipped_tokenizer.encode(f"red {word} red", add_special_tokens=False).ids) - 2
        for word in vocabulary() - {"of", "a", "an", "the"}
    }
    assert {word: length for word, length in lengths.items() if length != 1} == {}


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("a red ball rises over a blue sea", []),
        ("A RED BALL, rises; over a blue sea!", []),
        ("An elephant walks with a red ball", ["elephant", "walks"]),
        ("an elephant's ball and the elephant", ["elephant"]),
        ("a crimson ball moved", []),
        ("3 balls", ["3"]),
        ("a sailing boat, a sailing lesson", ["sailing", "lesson"]),
        ("a slow pan over the sea", ["pan"]),
        ("a red ball grows, slow pan up", ["pan"]),
        ("a red ball grows, the camera tilts slowly downwards", ["tilt"]),
        ("ein roter Ball über dem Meer", ["ein", "roter", "über", "dem", "meer"]),
        ("紅い ball", ["紅い"]),
        ("\uff52\uff45\uff44 ball", []),
        ("", []),
        ("... !? --", []),
    ],
    ids=[
        "known",
        "case and punctuation",
        "two unknown",
        "said twice",
        "near words",
        "number and plural",
        "part of a phrase",
        "pan nowhere",
        "pan up",
        "tilt down",
        "german",
        "japanese",
        "full width",
        "empty",
        "punctuation",
    ],
)
def test_unknown_words_of_a_prompt(prompt: str, unknown: list[str]) -> None:
    assert unknown_words(prompt) == unknown


def test_unknown_words_of_300_words_are_named_once() -> None:
    assert unknown_words("whale ball " * 150) == ["whale"]


# What the model was asked to know at least, word by word, with near names of colours and the ways to ask for a camera.
@pytest.mark.parametrize(
    ("prompt", "read"),
    [
        *(
            (f"a {shape}", f"a {shape}")
            for shape in ("ball", "box", "star", "heart", "ring", "triangle", "fish", "sailboat")
        ),
        *(
            (f"a {colour} box", f"a {colour} box")
            for colour in ("red", "green", "blue", "yellow", "purple", "pink", "white")
        ),
        ("an orange box", "an orange box"),
        ("a crimson box", "a red box"),
        ("a violet box", "a violet box"),
        ("a golden box", "a yellow box"),
        ("the sea", "the sea"),
        ("the night sky", "the night sky"),
        ("the desert", "the desert"),
        ("snow mountains", "snowy mountains"),
        ("a green field", "a green field"),
        ("at dusk", "at dusk"),
        *((f"a ball moves {way}", f"a ball moves {way}") for way in ("left", "right", "up", "down")),
        *((f"a ball {moves}", f"a ball {moves}") for moves in ("grows", "shrinks", "spins", "circles", "bounces")),
        ("a red ball rises, pan left", "a red ball rises, panning left"),
        ("a red ball rises and a slow pan to the left.", "a red ball rises, panning left."),
        ("camera pan left", "camera pans left"),
        ("a camera pan to the left", "the camera pans to the left"),
        ("pan right", "panning right"),
        ("pan from left to right", "panning right"),
        ("camera pan right", "camera pans right"),
        ("zoom in", "zoom in"),
        ("with a slow zoom out", "slow zoom out"),
        ("one ball rises", "a ball rises"),
        ("one red ball", "a red ball"),
        ("one falling red ball", "a falling red ball"),
        ("a ball and a box", "a ball and a box"),
        ("one ball and another box", "a ball and a box"),
    ],
)
def test_words_asked_for_are_known_and_kept(prompt: str, read: str) -> None:
    assert (unknown_words(prompt), read_prompt(prompt)) == ([], read)


def test_joining_words_are_never_named() -> None:
    assert JOINING_WORDS & vocabulary() == set()
    joining = JOINING_WORDS | {"a", "an", "and", "at", "from", "in", "of", "over", "the", "to", "under", "up"}
    # Beside a hyphen no word is read as another.
    assert [word for word in joining if unknown_words(f"red {word} ball, {word}-{word}")] == []


@pytest.mark.parametrize(
    ("prompt", "read"),
    [
        ("A Red Ball rises", "a red ball rises"),
        ("The crimson orbs moved to the right across the ocean.", "a red ball moves to the right over the ocean."),
        ("an emerald box as a navy heart tumbles", "a green box and a blue heart falls"),
        ("the camera pulls back; it's midnight!", "the camera zooms out, night."),
        ("Show me a film: over the water, a golden star is spinning", "over the sea, a yellow star spins"),
        ("a big, friendly red ball quickly rises", "red ball rises"),
        ("three red stars under the stars", "red star under the stars"),
        ("a red ball,over the sea;at night", "a red ball, over the sea, at night"),
        ("Pan over the sea", "over the sea"),
        ("a slow pan over the sea", "over the sea"),
        ("a red ball grows over the sea, slow pan up", "a red ball grows over the sea"),
        ("the camera is panning upwards, a red ball grows", "a red ball grows"),
        ("a red ball grows while the camera tilts slowly down", "a red ball grows"),
        ("An elephant walks through Paris", ""),
        ("Ein roter Elefant", ""),
        ("...!? --", ""),
        ("", ""),
    ],
)
def test_prompt_is_read_in_the_words_of_captions(shipped_tokenizer: Tokenizer, prompt: str, read: str) -> None:
    assert read_prompt(prompt) == read
    assert shipped_tokenizer.normalizer.normalize_str(prompt) == read


def test_shipped_tokenizer_reads_as_the_web_tier_does(shipped_tokenizer: Tokenizer) -> None:
    rng = random.Random(6)
    others = [f"{form} red {form}, {form}!" for forms in SAME_AS.values() for form in forms]
    sentences = [write_sentence(choose_scene(rng), rng) for _ in range(200)]
    read = {text: shipped_tokenizer.normalizer.normalize_str(text) for text in (*others, *sentences)}
    assert read == {text: read_prompt(text) for text in read}


def test_end_left_unread_is_what_the_shipped_tokenizer_cuts_off(shipped_tokenizer: Tokenizer) -> None:
    rng = random.Random(7)
    prompts = [" ".join(write_sentence(choose_scene(rng), rng) for _ in range(rng.randint(1, 4))) for _ in range(200)]
    cut = [shipped_tokenizer.encode(prompt).ids[LENGTH - 1 :] for prompt in prompts]
    ends = [shipped_tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in cut]
    assert [left_unread(prompt, LENGTH) for prompt in prompts] == ends
    assert 20 < ends.count("") < 180


def test_captions_are_read_as_they_stand() -> None:
    rng = random.Random(2)
    captions = [write_caption(choose_scene(rng), rng) for _ in range(3000)]
    assert [caption for caption in captions if read_prompt(caption) != caption.lower()] == []


def test_other_words_stand_once_and_for_words_of_captions() -> None:
    others = [other for others in SAME_AS.values() for other in others]
    assert len(others) == len(set(others))
    assert {word for wording in SAME_AS for word in wording.split()} - vocabulary() == set()


def test_sentences_for_evaluation_are_no_captions_and_lose_nothing() -> None:
    rng = random.Random(4)
    scenes = [choose_scene(rng) for _ in range(500)]
    sentences = [write_sentence(scene, rng) for scene in scenes]
    assert [sentence for sentence in sentences if read_prompt(sentence) == sentence.lower()] == []
    # What is left out are the words around; none of them says what is in the scene.
    left_out = {word for sentence in sentences for word in unknown_words(sentence)}
    around = {"we", "see", "how", "show", "me", "film", "story", "slowly", "gently", "cartoon", "scene", "where"}
    assert left_out == around


def test_reading_300_words_twice_changes_nothing_more() -> None:
    prompt = "a crimson globe, slowly, climbed over the wavy water; " * 30
    assert read_prompt(read_prompt(prompt)) == read_prompt(prompt)


def loaded_by(module: str, suspects: set[str]) -> set[str]:
    code = f"import sys, {module}; print(*sorted({suspects!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("module", ["words", "synonyms", "scenes", "sentences", "recipe"])
def test_words_load_nothing_heavy(module: str) -> None:
    heavy = {"torch", "diffusers", "transformers", "tokenizers", "numpy", "PIL", "django"}
    assert loaded_by(f"generation.sketch.{module}", heavy) == set()


@pytest.mark.parametrize("module", ["world", "silhouettes", "sheet"])
def test_drawing_and_finding_load_no_torch(module: str) -> None:
    heavy = {"torch", "diffusers", "transformers", "tokenizers", "django"}
    assert loaded_by(f"generation.sketch.{module}", heavy) == set()
