"""How long one shot of five seconds takes with the model that ships, size by size: rendering and saving; no GPU."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.starters import THREADS
from generation.backends.base import ShotOrder, Unwatched
from generation.backends.opening import open_backend
from generation.backends.registry import DEFAULT_PATH, read_registry
from generation.media.film import FilmWriter

SECONDS = 5
AIMS = {"draft": 8.0, "final": 20.0}  # seconds on two cores, for the first size of a tier and for all of them


def run() -> list[dict[str, Any]]:
    """Return one row a model and size: seconds of the clock and of the processor, and the aim."""
    rows = []
    registry = read_registry(DEFAULT_PATH)
    for name in ("sketch", "sketch-final"):
        entry = registry.get(name)
        backend = open_backend(entry, threads=THREADS, device="cpu")
        backend.load(Unwatched())
        for width, height in entry.sizes:
            order = ShotOrder("a red ball bounces over the sea", width, height, entry.frames_for(SECONDS), 1)
            wall, processor = time.monotonic(), time.process_time()
            with (
                tempfile.TemporaryDirectory() as folder,
                FilmWriter(Path(folder) / "take.mp4", width=width, height=height, fps=entry.fps) as writer,
            ):
                for chunk in backend.render(order, Unwatched()):
                    writer.add(chunk)
            rows.append(
                {
                    "model": name,
                    "size": f"{width}x{height}",
                    "frames": order.frames,
                    "fps": float(entry.fps),
                    "seconds": time.monotonic() - wall,
                    "CPU seconds": time.process_time() - processor,
                    "aim": AIMS[entry.tier],
                }
            )
        backend.close()
    return rows
