"""Our render beside the bare documented pipeline call: time, picture, and the memory that saving a film takes."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bench.table import ROOT, show
from generation.backends.base import Frames, ShotOrder, Unwatched
from generation.backends.opening import open_backend
from generation.backends.registry import DEFAULT_PATH, ModelEntry, read_registry

PAIRS = 9
FRAMES = 16
COLOURS = ("red", "blue", "green", "yellow", "white", "orange", "purple", "pink", "black", "grey")
FILM = (64, 704, 400)  # frames, width, height of the film that is saved; 216 MB as the decoder's floats
THREADS = 1  # one process has one core here: other work on the machine then disturbs both sides alike


def run() -> list[dict[str, Any]]:
    """Return one row a measure: what, the library's figure, ours, their ratio, and how it was measured."""
    return [*compare_renders(), *compare_saving()]


def compare_renders() -> list[dict[str, Any]]:
    """Time both ways in alternating pairs on the shipped model; every pair has words and a seed of its own."""
    import torch

    shipped = read_registry(DEFAULT_PATH).get("sketch")
    # At the model's own size and length: the bare call neither enlarges its frames nor fills any in.
    entry = dataclasses.replace(
        shipped, sizes=(shipped.native or shipped.sizes[0],), native=None, drawn=None, frames=(FRAMES,)
    )
    backend = open_backend(entry, threads=THREADS, device="cpu")
    backend.load(Unwatched())
    call = _bare_call(entry)

    def ours(order: ShotOrder) -> Frames:
        return np.concatenate(list(backend.render(order, Unwatched())))

    warm = _order(entry, 0)
    ours(warm), call(warm)
    torch.set_num_threads(THREADS)
    walls: list[tuple[float, float]] = []
    cpus: list[tuple[float, float]] = []
    furthest = 0
    for number in range(1, PAIRS + 1):
        order = _order(entry, number)
        sides: tuple[Callable[[ShotOrder], Any], ...] = (call, ours) if number % 2 else (ours, call)
        timed = [_time(side, order) for side in sides]
        theirs, mine = timed if number % 2 else reversed(timed)
        walls.append((theirs[0], mine[0]))
        cpus.append((theirs[1], mine[1]))
        made = (theirs[2] * 255).round().astype(int)
        furthest = max(furthest, int(np.abs(made - mine[2].astype(int)).max()))
    backend.close()
    how = f"{entry.title} {entry.sizes[0][0]}x{entry.sizes[0][1]}, {FRAMES} frames, {entry.steps} steps, {PAIRS} pairs"
    return [
        _row("render, seconds", *_medians(walls), how, _ratio(walls)),
        _row("render, CPU seconds", *_medians(cpus), how, _ratio(cpus)),
        _row("largest pixel difference, of 255", 0, furthest, "same seeds, every frame of every pair", ""),
    ]


def compare_saving() -> list[dict[str, Any]]:
    """Peak memory above a process that is ready to save, each way in a process of its own."""
    frames, width, height = FILM
    rows = []
    for what, how in (
        (
            "save",
            "from the decoder's float film; library: postprocess, encode_video (x264 medium), ours: x264 veryfast",
        ),
        ("decode-save", "the same from latents on, with the shipped autoencoder"),
    ):
        theirs, mine = (_in_child(what, side) for side in ("library", "ours"))
        note = f"{frames} frames {width}x{height}, {how}"
        rows.append(_row(f"{what}, extra MB at the peak", theirs["megabytes"], mine["megabytes"], note, None))
        rows.append(_row(f"{what}, seconds", theirs["seconds"], mine["seconds"], note, None))
    return rows


def save_in_this_process(what: str, side: str) -> dict[str, float]:
    """Save one film in this process; return extra `megabytes` at the peak and `seconds`."""
    import torch
    from diffusers import AutoencoderKLWan
    from diffusers.utils.export_utils import encode_video
    from diffusers.video_processor import VideoProcessor

    from generation.backends.decode import decode_stream, to_bytes
    from generation.media.film import FilmWriter

    torch.set_num_threads(THREADS)
    frames, width, height = FILM
    folder = read_registry(DEFAULT_PATH).get("sketch").folder
    library: Any = AutoencoderKLWan  # its loading is not typed
    vae = library.from_pretrained(folder, subfolder="vae", dtype=torch.float32, local_files_only=True)
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn((1, vae.config.z_dim, frames, height // 8, width // 8), generator=generator)
    film = torch.empty(0)
    if what == "save":
        film = torch.empty((1, 3, frames, height, width))
        for frame in range(frames):  # a frame at a time, so that making the film leaves no peak behind
            film[:, :, frame] = torch.sin(torch.arange(height * width).view(height, width) / (50.0 + frame))
    for _ in decode_stream(vae, latents[:, :, :2]):
        pass

    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "film.mp4"
        before, start = _peak(), time.perf_counter()
        if side == "library":
            with torch.no_grad():
                made = vae.decode(latents, return_dict=False)[0] if what == "decode-save" else film
                video = VideoProcessor(vae_scale_factor=8).postprocess_video(made, output_type="np")[0]
            encode_video(video, fps=8, output_path=str(out))
        else:
            chunks: Iterator[Frames] = (
                decode_stream(vae, latents)
                if what == "decode-save"
                else (to_bytes(film[:, :, at : at + 4]) for at in range(0, frames, 4))
            )
            with FilmWriter(out, width=width, height=height, fps=Fraction(8)) as writer:
                for chunk in chunks:
                    writer.add(chunk)
        return {"megabytes": _peak() - before, "seconds": time.perf_counter() - start}


def _in_child(what: str, side: str) -> dict[str, float]:
    made = subprocess.run(
        [sys.executable, "-m", "bench.engine", what, side],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": str(THREADS)},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return {key: float(value) for key, value in json.loads(made.stdout.splitlines()[-1]).items()}


def _peak() -> float:
    """The most memory this process has had so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _bare_call(entry: ModelEntry) -> Callable[[ShotOrder], Any]:
    """The call as the library's documentation shows it, on the same folder."""
    import diffusers.utils.logging
    import torch
    from diffusers import DiffusionPipeline

    diffusers.utils.logging.set_verbosity_error()  # it warns at each call of the very quirk worked around below
    pipeline: Any = DiffusionPipeline.from_pretrained(str(entry.folder), dtype=torch.float32, local_files_only=True)  # type: ignore[no-untyped-call]
    pipeline.set_progress_bar_config(disable=True)

    def call(order: ShotOrder) -> Any:
        return pipeline(
            prompt=order.prompt,
            width=order.width,
            height=order.height,
            num_frames=order.frames - 1,  # this autoencoder does not compress time: the library then makes one more
            num_inference_steps=entry.steps,
            guidance_scale=entry.guidance,
            max_sequence_length=entry.max_sequence_length,
            generator=torch.Generator("cpu").manual_seed(order.seed),
        ).frames[0]

    return call


def _order(entry: ModelEntry, number: int) -> ShotOrder:
    words = f"a {COLOURS[number % len(COLOURS)]} ball rises over a blue sea"
    return ShotOrder(words, *entry.sizes[0], FRAMES, 100 + number)


def _time(side: Callable[[ShotOrder], Any], order: ShotOrder) -> tuple[float, float, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    made = side(order)
    return time.perf_counter() - wall, time.process_time() - cpu, made


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(theirs for theirs, _ in pairs), statistics.median(mine for _, mine in pairs)


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(mine / theirs for theirs, mine in pairs)


def _row(what: str, theirs: float, mine: float, how: str, ratio: float | str | None) -> dict[str, Any]:
    shown = (mine / theirs if theirs else "") if ratio is None else ratio
    return {"measure": what, "library": theirs, "ours": mine, "ours / library": shown, "how": how}


if __name__ == "__main__":
    if sys.argv[1:]:
        with contextlib.redirect_stdout(sys.stderr):  # the answer is the only thing on stdout
            answer = save_in_this_process(*sys.argv[1:])
        print(json.dumps(answer))
    else:
        show("engine", run())
