"""`python -m tests.browser.numbered`: a clip whose every frame says its number, in the installation of the environment.

Made through the queue's own services for a model only this process knows, so that no worker renders it.
"""

import argparse
import json
import os
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

BITS = 12
WIDTH, HEIGHT, BLOCK = 320, 180, 20
REGISTRY = """
[[model]]
name = "numbered"
title = "Numbered"
kind = "card"
licence = "Apache-2.0"
tier = "draft"
sizes = [[{width}, {height}]]
frames = {frames}
fps = "{fps}"
steps = 1
"""


def numbered(frame: int, hue: int = 0) -> NDArray[np.uint8]:
    """One picture (1, height, width, 3): the number in numerals, and in white and black blocks, highest bit first."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (40 + hue, 60, 90))
    pen = ImageDraw.Draw(image)
    pen.text((WIDTH / 2, HEIGHT * 0.6), str(frame), font=ImageFont.load_default(size=70), fill="white", anchor="mm")
    for bit in range(BITS):
        colour = "white" if frame >> (BITS - 1 - bit) & 1 else "black"
        pen.rectangle((bit * BLOCK, 0, (bit + 1) * BLOCK - 1, BLOCK - 1), fill=colour)
    return np.asarray(image, dtype=np.uint8)[None]


def make(email: str, title: str, fps: str, shots: list[int], hue: int) -> str:
    """The clip's id."""
    import django

    django.setup()
    from artists.people.models import Person
    from generation.media.film import FilmWriter
    from generation.models import Clip
    from generation.queue.claim import claim
    from generation.queue.endings import assemble, finish_take
    from generation.services import submit
    from generation.storyboards import ShotAsked

    artist = Person.objects.get(email=email)
    asked = [
        ShotAsked(prompt=f"shot {n}", seconds=float(frames / Fraction(fps)), seed=n) for n, frames in enumerate(shots)
    ]
    generation = submit(asked, actor=artist, model="numbered", title=title)
    first = 0
    with tempfile.TemporaryDirectory() as room:
        for _shot in shots:
            take = claim("tests", {"numbered"})
            assert take is not None
            path = Path(room) / f"{take.position}.mp4"
            with FilmWriter(path, width=WIDTH, height=HEIGHT, fps=Fraction(fps)) as writer:
                for frame in range(first, first + take.frames):
                    writer.add(numbered(frame, hue))
            first += take.frames
            assert finish_take(take, path, 1)
    assemble(generation)  # or the worker of the installation was faster: one of the two wins
    return str(Clip.objects.get(generation=generation).pk)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("email")
    parser.add_argument("title")
    parser.add_argument("fps")
    parser.add_argument("shots", type=int, nargs="+", help="frames of each")
    parser.add_argument("--hue", type=int, default=0)
    wanted = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.base"
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "models.toml"
        registry.write_text(
            REGISTRY.format(width=WIDTH, height=HEIGHT, frames=sorted(set(wanted.shots)), fps=wanted.fps)
        )
        os.environ["VERNISSAGE_MODELS"] = str(registry)
        clip = make(wanted.email, wanted.title, wanted.fps, wanted.shots, wanted.hue)
    sys.stdout.write(json.dumps(clip))
