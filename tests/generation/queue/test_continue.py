"""Shots that continue: four of them by the shipped model, through the queue, become one film that does not jump there."""

from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from artists.people.models import Person
from generation.media.film import FilmReader, as_pixels
from generation.models import Clip, Follows
from generation.registry import model_called
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
    # The first frame of a continued shot is the last one before it, so a jump would lie between that and the next drawn
    # frame, spread over those filled in: seen are the steps from the cut to the first frame that is no earlier.
    drawn = model_called("sketch").drawn_for(FRAMES)
    reach = ceil((FRAMES - 1) / (drawn - 1))
    joins = [slice(FRAMES * number - 1, FRAMES * number + reach) for number in (1, 3)]
    hard = FRAMES * 2 - 1
    largest = max(steps[join].max() for join in joins)
    within = np.delete(steps, [hard, *np.r_[*joins]])
    # The quickest moment within the shots is the measure: the picture may change a quarter more there, and not as at a
    # hard cut.
    told = (steps[hard], [steps[join] for join in joins], np.quantile(within, [0.5, 0.9, 1.0]))
    assert largest <= 1.25 * within.max(), told
    assert steps[hard] > 5 * largest, told


def read_steps(film: Path) -> np.ndarray:
    """How much each frame of a film differs from the one before, of 255."""
    with FilmReader(film) as reader:
        converter = VideoReformatter()
        frames = [as_pixels(frame, converter).astype(int) for _, frame in reader.frames()]
    return np.asarray([np.abs(one - other).mean() for one, other in pairwise(frames)])
