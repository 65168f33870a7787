"""Drawn frames under the same contract as a model, without torch: for tests, load runs and faults."""

from __future__ import annotations

import colorsys
import hashlib
import textwrap
import time
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from generation.backends.base import Control, Frames, ShotOrder, check_order
from generation.backends.reference import read_reference
from generation.backends.registry import ModelEntry

_CHUNK = 4  # frames drawn between two checkpoints
_NAP = 0.25  # seconds; a slow step asks this often whether it must stop


class CardBackend:
    """Draws the prompt on a coloured card with a moving marker and the frame's number burnt in."""

    def __init__(self, entry: ModelEntry) -> None:
        self.entry = entry

    def load(self, control: Control) -> None:
        """Nothing to bring into memory."""
        control.checkpoint()
        control.progress("load", 1, 1)

    def render(self, order: ShotOrder, control: Control) -> Iterator[Frames]:
        """Yield uint8 chunks of up to four frames; `seconds_per_step` of the entry stretches the steps."""
        check_order(self.entry, order)
        control.checkpoint()
        control.progress("read", 0, 1)
        card = _Card(order)
        control.progress("read", 1, 1)

        steps = self.entry.steps
        control.progress("denoise", 0, steps)
        for step in range(1, steps + 1):
            control.checkpoint()
            self._work(control)
            control.progress("denoise", step, steps)

        control.progress("decode", 0, order.frames)
        for start in range(0, order.frames, _CHUNK):
            control.checkpoint()
            end = min(start + _CHUNK, order.frames)
            chunk = np.stack([card.draw(frame) for frame in range(start, end)])
            control.progress("decode", end, order.frames)
            yield chunk

    def close(self) -> None:
        """Nothing to give back."""

    def _work(self, control: Control) -> None:
        """Let a step last as long as the entry says, without being deaf to a stop meanwhile."""
        end = time.monotonic() + self.entry.seconds_per_step
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _NAP))
            control.checkpoint()


class _Card:
    """The still parts of one shot, drawn once; each frame adds its marker and number."""

    def __init__(self, order: ShotOrder) -> None:
        self.order = order
        width, height = order.width, order.height
        # Seed and words decide colour and path, so that another seed of the same words is another film.
        digest = hashlib.sha256(f"{order.seed}\0{order.prompt}\0{order.negative_prompt}".encode()).digest()
        hue, self.phase, self.speed = digest[0] / 256, digest[1] / 256, 0.6 + digest[2] / 256
        self.ground = _colour(hue, 0.55, 0.35)
        self.marker = _colour(hue + 0.5, 0.75, 0.95)
        self.plain = Image.new("RGB", (width, height), self.ground)
        # A band that depends on the whole digest: two seeds can share a hue, but not all of it.
        band = np.frombuffer(digest, dtype=np.uint8)[np.arange(width) * len(digest) // width]
        rows = np.repeat(band[None, :, None], max(2, height // 40), axis=0).repeat(3, axis=2)
        self.plain.paste(Image.fromarray(np.ascontiguousarray(rows)), (0, 0))
        self.first = self.plain
        if order.reference is not None:
            self.first = read_reference(order.reference, width, height)
        self.font = ImageFont.load_default(size=max(10, height // 14))
        columns = max(8, int(width / (max(10, height // 14) * 0.62)))
        self.words = "\n".join(textwrap.wrap(order.prompt, columns)[:5])

    def draw(self, frame: int) -> Frames:
        """Return frame number `frame`, counted from 0, as (height, width, 3)."""
        width, height = self.order.width, self.order.height
        image = (self.first if frame == 0 else self.plain).copy()
        pen = ImageDraw.Draw(image)
        pen.multiline_text((width * 0.06, height * 0.16), self.words, font=self.font, fill="white")
        radius = max(4, height // 16)
        way = (self.phase + self.speed * frame / self.order.frames) % 1.0
        x, y = radius + way * (width - 2 * radius), height * 0.72
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self.marker)
        label = f"{frame + 1}/{self.order.frames}  seed {self.order.seed}"
        pen.text((width * 0.06, height * 0.86), label, font=self.font, fill="white")
        return np.asarray(image, dtype=np.uint8)


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    """A colour in 0 to 255 for Pillow; the hue is a turn, 1.0 is the same as 0.0."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
