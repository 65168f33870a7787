"""Frames to film, and disks with too little room."""

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from generation.media.film import FilmFacts, FilmReader, FilmWriter, Frames

Film = Callable[..., FilmFacts]
OnFullDisk = Callable[[str, int], str]

_AS_ROOT = ("unshare", "--mount")
_AS_ANYBODY = ("unshare", "--user", "--map-root-user", "--mount")
_ON_TMPFS = 'mount -t tmpfs -o size="$ROOM" none "$FOLDER" && exec "$0" -c "$1"'
_UNDER_LIMIT = "import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ['ROOM']),) * 2)\n"


def moving_frames(count: int, *, width: int = 96, height: int = 64, seed: int = 0) -> Frames:
    """Frames in which every pixel of every frame matters: drifting colour, a hard edge and grain that never repeats."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    frames = np.empty((count, height, width, 3), dtype=np.uint8)
    for number in range(count):
        frames[number, ..., 0] = (columns * 2 + number * 3 + seed * 40) % 256
        frames[number, ..., 1] = (rows * 3 + number * 5) % 256
        frames[number, ..., 2] = np.where(columns > (number * 7 + seed) % width, 200, 30)
    grain = rng.integers(0, 8, frames.shape, dtype=np.uint8)
    return np.asarray(frames // 2 + grain, dtype=np.uint8)


@pytest.fixture
def frames() -> Callable[..., Frames]:
    """See `moving_frames`."""
    return moving_frames


@pytest.fixture
def decoded() -> Callable[[Path], Frames]:
    """All frames of a film as the decoder gives them, before any conversion: (n, height * 3 / 2, width)."""

    def decode(path: Path) -> Frames:
        with FilmReader(path) as film:
            return np.stack([frame.to_ndarray() for _, frame in film.frames()])

    return decode


@pytest.fixture
def film() -> Film:
    """Write frames as a film: `film(path, frames, fps=8)`."""

    def write(path: Path, frames: Frames, fps: Fraction | int = 8) -> FilmFacts:
        _, height, width, _ = frames.shape
        with FilmWriter(path, width=width, height=height, fps=Fraction(fps)) as writer:
            writer.add(frames)
        return writer.close()

    return write


@cache
def _way_to_mount(folder: Path) -> tuple[str, ...] | None:
    """How a small file system can be mounted for a child process on this machine, if at all."""
    for way in (_AS_ROOT, _AS_ANYBODY):
        tried = subprocess.run(
            [*way, "mount", "-t", "tmpfs", "-o", "size=4k", "none", str(folder)], capture_output=True, check=False
        )
        if tried.returncode == 0:
            return way
    return None


@pytest.fixture
def on_full_disk(tmp_path: Path) -> OnFullDisk:
    """Run Python code in a child whose folder FOLDER (environment) has room for so many bytes; answers what it printed.

    The room is a file system of that size where the machine lets us mount one, else the limit the kernel puts on any
    file the child writes. Both are refusals by the kernel.
    """
    folder = tmp_path / "small"
    folder.mkdir()

    def run(code: str, room: int) -> str:
        way = _way_to_mount(folder)
        if way is None:
            command = [sys.executable, "-c", _UNDER_LIMIT + code]
        else:
            command = [*way, "sh", "-c", _ON_TMPFS, sys.executable, code]
        environment = {**os.environ, "ROOM": str(room), "FOLDER": str(folder)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.stdout.strip()

    return run
