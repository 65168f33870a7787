"""Shots that continue: four of them by the shipped model, through the queue, become one film that does not jump there."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from artists.people.models import Person
from generation.media.film import FilmReader, as_pixels
from generation.models import Clip, Follows
from generation.runner import render_waiting
from generation.services import submit
from generation.storyboards import ShotAsked
from portal.program.models import Cohort
from portal.storage.shelf import fetch_file

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

SHOTS = (
    ("a red ball rises over the sea", Follows.CUT),
    ("a red ball falls over the sea", Follows.CONTINUE),
    ("a yellow star grows in the night sky", Follows.CUT),
    ("a yellow star shrinks in the night sky", Follows.CONTINUE),
)
FRAMES = 24  # of each shot


def test_continued_shots_make_one_film_without_a_jump(ada: Person, cohort_a: Cohort, tmp_path: Path) -> None:
    asked = [ShotAsked(prompt, 1.0, 7 + number, follows) for number, (prompt, follows) in enumerate(SHOTS)]
    generation = submit(asked, actor=ada, model="sketch")
    while render_waiting():
        pass
    steps = read_steps(fetch_file(Clip.objects.get(generation=generation).film, tmp_path / "film.mp4"))
    assert len(steps) == len(SHOTS) * FRAMES - 1
    cuts = [steps[FRAMES * number - 1] for number in (1, 2, 3)]
    within = np.delete(steps, [FRAMES * number - 1 for number in (1, 2, 3)])
    # At a continued cut the picture changes no more than it does elsewhere within the shots; at a hard one far more.
    assert max(cuts[0], cuts[2]) <= np.quantile(within, 0.9), (cuts, np.quantile(within, [0.5, 0.9, 1.0]))
    assert cuts[1] > 5 * max(cuts[0], cuts[2])


def read_steps(film: Path) -> np.ndarray:
    """How much each frame of a film differs from the one before, of 255."""
    with FilmReader(film) as reader:
        converter = VideoReformatter()
        frames = [as_pixels(frame, converter).astype(int) for _, frame in reader.frames()]
    return np.asarray([np.abs(one - other).mean() for one, other in pairwise(frames)])
