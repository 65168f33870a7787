"""The model that ships: its size, that it loads as an ordinary pipeline, that it follows prompts it never saw."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from generation.sketch.evaluate import MODEL, Row, Trial, choose_prompts, decibels, guess, main, summarise, wilson
from generation.sketch.judge import Verdict, judge_clip
from generation.sketch.libraries import Pipeline
from generation.sketch.sampling import Sampling, open_pipeline, sample_clips
from generation.sketch.sentences import write_sentence

MEGABYTE = 1_000_000
SEED = 4242


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    """The shipped model, on one thread."""
    torch.set_num_threads(1)
    return open_pipeline(MODEL, torch.device("cpu"))


def test_shipped_model_is_at_most_40_megabytes() -> None:
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) <= 40 * MEGABYTE


def test_shipped_model_is_safetensors_and_text_only() -> None:
    assert {path.suffix for path in MODEL.rglob("*") if path.is_file()} == {".json", ".safetensors", ".md"}


def test_shipped_model_names_no_machine() -> None:
    keys = {key for path in MODEL.glob("*/*config.json") for key in json.loads(path.read_text(encoding="utf-8"))}
    assert keys & {"_name_or_path", "name_or_path", "is_local", "local_files_only"} == set()


def test_shipped_model_loads_as_a_plain_pipeline(pipeline: Pipeline) -> None:
    parts = {name: type(part).__name__ for name, part in pipeline.components.items() if part is not None}
    assert type(pipeline).__name__ == "WanPipeline"
    assert parts == {
        "tokenizer": "TokenizersBackend",
        "text_encoder": "UMT5EncoderModel",
        "transformer": "WanTransformer3DModel",
        "vae": "AutoencoderKLWan",
        "scheduler": "UniPCMultistepScheduler",
    }


def test_shipped_model_repeats_a_seed_and_heeds_it(pipeline: Pipeline) -> None:
    how = Sampling(steps=2)
    one, again, other = (sample_clips(pipeline, ["a red ball rises"], [seed], how)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def measure_setting_and_colours(pipeline: Pipeline, test: Trial) -> Row:
    scenes, captions = choose_prompts(test, SEED)
    clips = sample_clips(pipeline, captions, [SEED + index for index in range(test.prompts)], Sampling())
    return summarise("generated", [judge_clip(clip, scene) for clip, scene in zip(clips, scenes, strict=True)], [])


def test_shipped_model_follows_held_out_prompts(pipeline: Pipeline) -> None:
    row = measure_setting_and_colours(pipeline, Trial("captions, one thing", 1, 12))
    assert (row.setting >= 0.9, row.colours >= 0.8) == (True, True), row


def test_shipped_model_follows_sentences_in_other_words(pipeline: Pipeline) -> None:
    row = measure_setting_and_colours(pipeline, Trial("sentences, one thing", 1, 12, write_sentence))
    assert (row.setting >= 0.9, row.colours >= 0.8) == (True, True), row


def test_words_it_does_not_know_change_nothing(pipeline: Pipeline) -> None:
    how = Sampling(steps=2)
    prompts = ("a red ball rises over the sea", "Please: a red BALL quickly rises over the stormy sea, wow")
    one, other = (sample_clips(pipeline, [prompt], [1], how)[0] for prompt in prompts)
    assert np.array_equal(one, other)


@pytest.mark.parametrize(
    "prompt",
    ["An elephant walks through Paris", "...!? --", "Ein roter Elefant läuft über das Meer", "a red ball and " * 75],
    ids=["unknown words", "punctuation", "another language", "300 words"],
)
def test_whatever_is_typed_becomes_a_film(pipeline: Pipeline, prompt: str) -> None:
    [clip] = sample_clips(pipeline, [prompt], [3], Sampling(steps=3))
    assert clip.shape == (16, 64, 112, 3)
    # No frame is of one flat colour.
    assert min(int(np.ptp(frame, axis=(0, 1)).max()) for frame in clip) > 64


def test_evaluation_prints_json_that_a_program_may_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--prompts", "2", "--steps", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    names = [[row["name"] for row in section["rows"]] for section in printed["sections"]]
    rows = ["generated", "drawn", "drawn, through the autoencoder", "generated, judged by another prompt", "guess"]
    assert names == [rows, rows, rows]
    asked = [(section["name"], section["things"], section["prompts"]) for section in printed["sections"]]
    assert asked == [("captions, one thing", 1, 2), ("captions, two things", 2, 2), ("sentences, one thing", 1, 1)]


def test_evaluation_prints_a_table_and_saves_a_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--prompts", "1", "--steps", "1", "--sheet", str(tmp_path / "sheet.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 held-out captions, one thing (0 with a camera move)"
    assert lines[1].split() == ["setting", "colours", "shape", "motion", "all", "once", "camera"]
    assert lines[3].split() == ["drawn", *["1.00"] * 6, "-"]
    assert lines[8].split()[::2] == ["autoencoder:", "dB"]
    assert (tmp_path / "sheet.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--model", "/nowhere"], "/nowhere is not a pipeline folder: it has no model_index.json."),
        (["--prompts", "0"], "--prompts must be 1 or more."),
        (["--frames", "15"], "--frames must be a multiple of 2."),
        (["--size", "100x64"], "argument --size: 100x64 is not WIDTHxHEIGHT in multiples of 16."),
        (["--size", "wide"], "argument --size: wide is not WIDTHxHEIGHT in multiples of 16."),
    ],
)
def test_evaluation_refuses_with_the_reason(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"python -m generation.sketch.evaluate: error: {told}"


def test_summary_counts_things_and_clips() -> None:
    first = Verdict(True, True, (True, True), (True, False), once=(True, True), camera=False)
    verdicts = [first, dataclasses.replace(first, colours=False, shapes=(True, False), motions=(False, False))]
    row = summarise("two", verdicts, [True, False])
    assert (row.setting, row.colours, row.shape, row.motion, row.all) == (1.0, 0.5, 0.75, 0.25, 0.0)
    assert (row.once, row.camera) == (1.0, 0.5)


def test_guess_of_two_things() -> None:
    row = guess(2)
    assert (row.setting, row.colours, row.shape, row.motion) == (1 / 6, 1 / 28, 1 / 8, 1 / 9)
    assert row.all == pytest.approx(1 / 6 / 28 / 64 / 81)


def test_decibels_of_clips() -> None:
    clip = np.zeros((2, 4, 4, 3), np.uint8)
    # Off by 51 of 255 everywhere is an error of 0.04: 14 dB.
    assert decibels([clip], [clip + 51]) == pytest.approx(13.979, abs=0.001)
    assert decibels([clip], [clip]) == float("inf")


def test_interval_of_a_share() -> None:
    # The textbook case: 8 of 10.
    assert [round(edge, 3) for edge in wilson(0.8, 10)] == [0.49, 0.943]
