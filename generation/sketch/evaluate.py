"""Measures a model on prompts held out of its training: `python -m generation.sketch.evaluate` prints the table."""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import comb, inf, sqrt
from pathlib import Path
from typing import Final

import numpy as np
import torch

from generation.sketch.autoencoder import pass_through
from generation.sketch.judge import Verdict, judge_clip
from generation.sketch.libraries import Pipeline, keep_quiet
from generation.sketch.sampling import Sampling, open_pipeline, sample_clips
from generation.sketch.scenes import Scene, choose_scenes, write_caption
from generation.sketch.sentences import write_sentence
from generation.sketch.sheet import save_sheet
from generation.sketch.words import CAMERAS, COLOURS, MOTIONS, SETTINGS, SHAPES, STILL
from generation.sketch.world import Clip, film_scene

MODEL: Final = Path(__file__).parent / "model"
COLUMNS: Final = ("setting", "colours", "shape", "motion", "all", "once", "camera")
_SHEET_ROWS: Final = 6  # of each test


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the share of clips (for shape, motion and once: of things) that are right, 0 to 1.

    `all` is setting, colours, every shape and every motion. `once`: nothing of the colour is seen beside the thing.
    `camera` is over the clips whose prompt asks for a camera move only; None where none does.
    """

    name: str
    setting: float
    colours: float
    shape: float
    motion: float
    all: float
    once: float | None
    camera: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a section of the table asks for: so many prompts with one or two things, written like this."""

    name: str
    things: int
    prompts: int
    write: Callable[[Scene, random.Random], str] = write_caption


@dataclass(frozen=True, slots=True)
class Section:
    """The rows for one test, how many of its prompts ask for a camera move, and how exact the autoencoder is."""

    name: str
    things: int
    prompts: int
    moves: int
    rows: tuple[Row, ...]
    decibels: float  # signal to noise of drawn clips that went through the autoencoder, at its peak


def choose_prompts(test: Trial, seed: int) -> tuple[list[Scene], list[str]]:
    """Choose held-out, legible scenes, and a text for each."""
    rng = random.Random(f"{seed}/evaluation/{test.name}")
    scenes = choose_scenes(rng, test.prompts, held_out=True, things=test.things, legible=True)
    return scenes, [test.write(scene, rng) for scene in scenes]


def measure(
    pipeline: Pipeline,
    test: Trial,
    seed: int,
    how: Sampling,
    keep: Callable[[list[Clip], list[str]], None] | None = None,
) -> Section:
    """Measure the model on held-out prompts, beside the judge's ceiling, the autoencoder's, and two floors.

    The rows: clips of the model; drawn clips; drawn clips through the model's autoencoder; the model's clips judged by
    the next prompt; guessing. `keep` is given the clips and captions.
    """
    scenes, captions = choose_prompts(test, seed)
    clips = sample_clips(pipeline, captions, [seed + index for index in range(test.prompts)], how)
    rng = random.Random(f"{seed}/drawn/{test.name}")
    drawn = [film_scene(scene, rng, how.frames) for scene in scenes]
    passed = [pass_through(pipeline.vae, clip[None])[0] for clip in drawn]
    if keep:
        keep(clips, captions)
    others = scenes[1:] + scenes[:1]
    rows = (
        _judge_all("generated", clips, scenes),
        _judge_all("drawn", drawn, scenes),
        _judge_all("drawn, through the autoencoder", passed, scenes),
        _judge_all("generated, judged by another prompt", clips, others),
        guess(test.things),
    )
    moves = sum(scene.camera != STILL for scene in scenes)
    return Section(test.name, test.things, test.prompts, moves, rows, decibels(drawn, passed))


def decibels(clips: Sequence[Clip], others: Sequence[Clip]) -> float:
    """Return the peak signal to noise ratio of clips beside others, over all of them together; infinite if equal."""
    error = np.mean([np.square(clip / 255.0 - other / 255.0).mean() for clip, other in zip(clips, others, strict=True)])
    return float(-10.0 * np.log10(error)) if error else inf


def guess(things: int) -> Row:
    """Return what a uniform guess of every attribute gets right."""
    setting, colours = 1 / len(SETTINGS), 1 / comb(len(COLOURS), things)
    shape, motion = 1 / len(SHAPES), 1 / len(MOTIONS)
    whole = setting * colours * (shape * motion) ** things
    return Row("guess", setting, colours, shape, motion, whole, once=None, camera=1 / len(CAMERAS))


def _judge_all(name: str, clips: Sequence[Clip], scenes: Sequence[Scene]) -> Row:
    verdicts = [judge_clip(clip, scene) for clip, scene in zip(clips, scenes, strict=True)]
    moved = [verdict.camera for verdict, scene in zip(verdicts, scenes, strict=True) if scene.camera != STILL]
    return summarise(name, verdicts, moved)


def summarise(name: str, verdicts: Sequence[Verdict], moved: Sequence[bool]) -> Row:
    """Return the shares that verdicts come to; `moved` says of the clips with a camera move whether it is right."""
    return Row(
        name,
        setting=float(np.mean([verdict.setting for verdict in verdicts])),
        colours=float(np.mean([verdict.colours for verdict in verdicts])),
        shape=float(np.mean([verdict.shapes for verdict in verdicts])),
        motion=float(np.mean([verdict.motions for verdict in verdicts])),
        all=float(np.mean([verdict.whole for verdict in verdicts])),
        once=float(np.mean([verdict.once for verdict in verdicts])),
        camera=float(np.mean(moved)) if moved else None,
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share seen in `count` trials (Wilson 1927, doi 10.1080/01621459.1927.10502953)."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def format_section(section: Section) -> str:
    """Lay a section out as text, with the 95 % interval of its first row below it."""
    title = f"{section.prompts} held-out {section.name} ({section.moves} with a camera move)"
    lines = [title, f"{'':34}" + "".join(f"{name:>11}" for name in COLUMNS)]
    for row in section.rows:
        shares = [getattr(row, name) for name in COLUMNS]
        lines.append(f"{row.name:34}" + "".join(f"{'-' if share is None else f'{share:.2f}':>11}" for share in shares))
    lines.append(f"{'  95 % interval of ' + section.rows[0].name:34}" + "".join(_intervals(section)))
    lines.append(f"  autoencoder: {section.decibels:.1f} dB")
    return "\n".join(lines)


def _intervals(section: Section) -> list[str]:
    spans = []
    for name in COLUMNS:
        share, count = getattr(section.rows[0], name), section.moves if name == "camera" else section.prompts
        spans.append("-" if share is None else "{:.2f}-{:.2f}".format(*wilson(share, count)))
    return [f"{span:>11}" for span in spans]


def choose_tests(prompts: int) -> list[Trial]:
    """Return the tests of the whole table for so many prompts with one thing, as many with two, and half as many sentences."""
    tests = [
        Trial("captions, one thing", 1, prompts),
        Trial("captions, two things", 2, prompts),
        Trial("sentences, one thing", 1, prompts // 2, write_sentence),
    ]
    return [test for test in tests if test.prompts]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _read_options(arguments)
    keep_quiet()
    torch.set_num_threads(options.threads)
    width, height = options.size
    how = Sampling(width, height, options.frames, options.steps, options.guidance)
    pipeline = open_pipeline(options.model, torch.device(options.device))
    kept: list[tuple[list[Clip], list[str]]] = []
    start = time.process_time()
    sections = [
        measure(pipeline, test, options.seed, how, lambda clips, captions: kept.append((clips, captions)))
        for test in choose_tests(options.prompts)
    ]
    spent = time.process_time() - start
    if options.sheet:
        rows = [row for clips, texts in kept for row in list(zip(clips, texts, strict=True))[:_SHEET_ROWS]]
        save_sheet([clip for clip, _ in rows], [text for _, text in rows], options.sheet)
    if options.json:
        result = {"sampling": asdict(how), "seed": options.seed, "sections": [asdict(section) for section in sections]}
        text = json.dumps(result, indent=2)
    else:
        text = "\n\n".join(
            [*map(format_section, sections), f"{asdict(how)} seed {options.seed}, {spent:.0f} CPU seconds"]
        )
    sys.stdout.write(text + "\n")
    return 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    usual = Sampling()
    parser = argparse.ArgumentParser(prog="python -m generation.sketch.evaluate", description=__doc__)
    parser.add_argument(
        "--prompts",
        type=int,
        default=100,
        help="captions with one thing; as many with two, and half as many sentences",
    )
    parser.add_argument("--model", type=Path, default=MODEL, help="pipeline folder (default: the model that ships)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--frames", type=int, default=usual.frames)
    parser.add_argument("--size", type=_read_size, default=(usual.width, usual.height), metavar="WIDTHxHEIGHT")
    parser.add_argument("--steps", type=int, default=usual.steps)
    parser.add_argument("--guidance", type=float, default=usual.guidance)
    parser.add_argument("--seed", type=int, default=4242)
    parser.add_argument("--sheet", type=Path, help="save a contact sheet of the first clips of each test")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    if not (options.model / "model_index.json").is_file():
        parser.error(f"{options.model} is not a pipeline folder: it has no model_index.json.")
    if options.prompts < 1:
        parser.error("--prompts must be 1 or more.")
    if options.frames < 2 or options.frames % 2:
        parser.error("--frames must be a multiple of 2.")
    return options


def _read_size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    sides = [int(side) for side in (width, height) if side.isdecimal()]
    if len(sides) != 2 or any(side < 16 or side % 16 for side in sides):
        message = f"{text} is not WIDTHxHEIGHT in multiples of 16."
        raise argparse.ArgumentTypeError(message)
    return sides[0], sides[1]


if __name__ == "__main__":
    sys.exit(main())
