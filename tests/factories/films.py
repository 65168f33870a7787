"""Generations and clips, made the way the queue makes them, with small real films and no model."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from artists.people.models import Person
from generation.media.film import FilmWriter
from generation.models import Clip, Generation, ReferenceImage, Take
from generation.queue.claim import claim
from generation.queue.endings import assemble, finish_take
from generation.services import keep_reference, submit
from generation.storyboards import ShotAsked

MODEL = "card"
SHORTEST = 1.0


def asked(*prompts: str, seconds: float = SHORTEST) -> list[ShotAsked]:
    """Shots with these prompts."""
    return [ShotAsked(prompt=prompt, seconds=seconds, seed=number) for number, prompt in enumerate(prompts)]


def submitted(
    person: Person, prompts: Sequence[str] = ("a red ball rises over a blue sea",), **more: str
) -> Generation:
    """A generation of this person, queued."""
    return submit(asked(*prompts), actor=person, model=MODEL, **more)


def write_film(path: Path, take: Take) -> Path:
    """A real H.264 film as long and as large as the take asks for: a grey that brightens."""
    made = take.generation
    with FilmWriter(path, width=made.width, height=made.height, fps=made.fps) as writer:
        for number in range(take.frames):
            grey = np.full((1, made.height, made.width, 3), 40 + number, dtype=np.uint8)
            writer.add(grey)
    return path


def render_waiting(model: str = MODEL) -> None:
    """Claim and deliver every take that waits for this model."""
    with tempfile.TemporaryDirectory() as room:
        while (take := claim("tests", {model})) is not None:
            finish_take(take, write_film(Path(room) / f"{take.pk}.mp4", take), 1)


def finished(person: Person, **more: str) -> Clip:
    """A clip of this person, with real files."""
    generation = submitted(person, **more)
    render_waiting()
    assemble(generation)
    return Clip.objects.get(generation=generation)


def deliver_waiting(model: str = MODEL) -> None:
    """Render and assemble every generation that waits for this model."""
    waiting = list(Generation.objects.filter(model=model))
    render_waiting(model)
    for generation in waiting:
        assemble(generation)


def picture_file(name: str = "sea.png", kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    data = io.BytesIO()
    Image.new("RGB", size, (20, 60, 120)).save(data, kind)
    return SimpleUploadedFile(name, data.getvalue(), content_type=f"image/{kind.lower()}")


def pictured(person: Person) -> ReferenceImage:
    """A reference image of this person."""
    return keep_reference(picture_file(), actor=person)
