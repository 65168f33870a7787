"""What every engine promises: an order in, frames out, progress and stop by callback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from generation.backends.errors import OrderRefused, PromptRefused
from generation.backends.registry import ModelEntry

Frames = npt.NDArray[np.uint8]  # (frames, height, width, 3), red green blue, 0 to 255

PHASES = ("load", "read", "denoise", "decode")


@dataclass(frozen=True, slots=True)
class ShotOrder:
    """Everything that decides the picture: the same order on the same build gives the same frames.

    Width and height are pixels of the frames handed over, `frames` their exact number. An empty negative
    prompt means the model's own. `reference` is a picture for the first frame, for models that take one.
    """

    prompt: str
    width: int
    height: int
    frames: int
    seed: int
    negative_prompt: str = ""
    reference: Path | None = None


class Control(Protocol):
    """The caller's side of a running take."""

    def progress(self, phase: str, step: int, steps: int) -> None:
        """`phase` is one of PHASES; `step` of `steps` are done (steps of "decode" are frames)."""

    def checkpoint(self) -> None:
        """Raise `Stopped` when the take must end now. Asked before the start, at every step and decoded chunk."""


class Unwatched:
    """A control that reports nothing and never stops: for measurements and scripts."""

    def progress(self, phase: str, step: int, steps: int) -> None:
        """Report nothing."""

    def checkpoint(self) -> None:
        """Never stop."""


class Backend(Protocol):
    """One loaded model. It renders one order at a time: finish or close an iterator before the next one."""

    entry: ModelEntry

    def load(self, control: Control) -> None:
        """Bring the model into memory. Raises ModelMissing, ModelBroken, ModelMismatch, OutOfMemory, Stopped."""

    def render(self, order: ShotOrder, control: Control) -> Iterator[Frames]:
        """Yield chunks of frames, exactly `order.frames` in all.

        Raises OrderRefused before any work, Stopped when told to end, OutOfMemory, FramesBroken. However it
        ends, the next render is the same as on a fresh engine.
        """

    def close(self) -> None:
        """Give the memory back. A closed engine can be loaded again."""


def check_order(entry: ModelEntry, order: ShotOrder) -> None:
    """Raise OrderRefused unless this model can render exactly this order; asks no file and no device."""
    if not order.prompt.strip():
        raise PromptRefused("The shot has no words. Write what should be seen.")
    if (order.width, order.height) not in entry.sizes:
        offered = ", ".join(f"{width}x{height}" for width, height in entry.sizes)
        raise OrderRefused(
            "size-not-offered",
            f"{entry.title} does not make films of {order.width}x{order.height}. Choose one of {offered}.",
        )
    if order.frames not in entry.frames:
        offered = ", ".join(str(frames) for frames in entry.frames)
        raise OrderRefused(
            "length-not-offered",
            f"{entry.title} does not make shots of {order.frames} frames. Choose one of {offered}.",
        )
    if not 0 <= order.seed < 2**63:
        raise OrderRefused("seed-out-of-range", "A seed is a whole number from 0 to 9223372036854775807.")
    if order.reference is not None and not entry.takes_reference:
        raise OrderRefused(
            "reference-not-taken",
            f"{entry.title} cannot start from a picture. Remove the reference image or choose another model.",
        )
    if order.reference is None and entry.needs_reference:
        raise OrderRefused(
            "reference-needed",
            f"{entry.title} animates a picture. Add a reference image or choose another model.",
        )
