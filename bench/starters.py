"""How long the three starter storyboards take with the model that ships: opening it, rendering, saving, joining; no GPU."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from generation.backends.base import ShotOrder, Unwatched
from generation.backends.opening import open_backend
from generation.backends.registry import DEFAULT_PATH, read_registry
from generation.media.film import FilmWriter
from generation.media.join import join_takes
from generation.starters import STARTERS

THREADS = 2  # a small machine


def run() -> list[dict[str, Any]]:
    """Return one row a starter and model of each tier; the first of a model also opens it."""
    rows = []
    registry = read_registry(DEFAULT_PATH)
    for name in ("sketch", "sketch-final"):
        entry = registry.get(name)
        began = time.monotonic()
        backend = open_backend(entry, threads=THREADS, device="cpu")
        backend.load(Unwatched())
        opened = time.monotonic() - began
        width, height = entry.sizes[0]
        for number, (_title, prompts) in enumerate(STARTERS, start=1):
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                takes = []
                for seed, prompt in enumerate(prompts):
                    order = ShotOrder(prompt, width, height, entry.default_frames, seed)
                    takes.append(Path(folder) / f"{seed}.mp4")
                    with FilmWriter(takes[-1], width=width, height=height, fps=entry.fps) as writer:
                        for chunk in backend.render(order, Unwatched()):
                            writer.add(chunk)
                join_takes(takes, Path(folder) / "film.mp4")
            rows.append(
                {
                    "model": name,
                    "starter": number,
                    "shots": len(prompts),
                    "film s": float(entry.seconds(entry.default_frames)) * len(prompts),
                    "opening s": opened if number == 1 else 0.0,
                    "making s": time.monotonic() - began,
                }
            )
        backend.close()
    return rows
