"""The queue in the database: one winner, fair order, fences, recovery, and quota that is settled once."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from artists.people.models import Person
from generation.models import Clip, Generation, Reservation, Take
from generation.queue.claim import claim
from generation.queue.endings import assemble, finish_take
from generation.queue.lease import reap
from generation.queue.sweep import resume_paused
from generation.quota import left_today
from generation.runner import render_waiting
from generation.services import cancel, submit
from generation.states import GenerationState, ReservationState, TakeState
from portal.program.models import Cohort
from portal.program.services import close_cohort, open_cohort
from portal.storage.models import StoredFile
from tests.factories.films import MODEL, asked, submitted, write_film
from tests.factories.people import SETUP
from tests.factories.together import at_once

ROOT = Path(__file__).resolve().parents[3]
CARD = """default = "{name}"
[[model]]
name = "{name}"
title = "Test"
kind = "{kind}"
licence = "Apache-2.0"
tier = "draft"
sizes = [[448, 256]]
frames = [8, 16]
default_frames = 8
fps = 8
steps = 40
{more}
"""
FULL_DISK = """import os, django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_NAME"]
from generation.runner import render_waiting
print(render_waiting())
"""


def write_registry(folder: Path, name: str, kind: str, more: str) -> str:
    path = folder / "models.toml"
    path.write_text(CARD.format(name=name, kind=kind, more=more))
    return str(path)


def account(person: Person, cohort: Cohort, generation: Generation) -> tuple[str, int, int]:
    """How the reservation ended, and what is held and spent today."""
    left = left_today(person, cohort)
    return Reservation.objects.get(generation=generation).state, left.held_ms, left.spent_ms


def run_out(take: Take) -> None:
    """The take's worker has not been heard of for longer than its lease."""
    Take.objects.filter(pk=take.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_claim_many_takes_of_one_artist_do_not_hold_up_another(ada: Person, ben: Person) -> None:
    first = [submitted(ada, [f"film {number}, one", f"film {number}, two"]) for number in range(3)]
    second = submitted(ben, ["one shot"])
    taken = [claim(f"worker-{number}", {MODEL}) for number in range(4)]
    assert [take.generation_id for take in taken if take] == [
        first[0].pk,
        second.pk,
        *[take.generation_id for take in taken[2:] if take],
    ]
    assert [take.artist_id for take in taken if take].count(ben.pk) == 1


@pytest.mark.django_db(transaction=True)
def test_claim_two_at_once_one_take_one_winner(ada: Person) -> None:
    generation = submitted(ada)
    results = at_once(2, lambda number: claim(f"worker-{number}", {MODEL}))
    winners = [take.owner for take in results if take is not None]
    take = generation.takes.get()
    assert (len(winners), winners, take.fence, take.attempts) == (1, [take.owner], 1, 1)


def test_finish_take_late_worker_is_refused_and_its_file_thrown_away(ada: Person, tmp_path: Path) -> None:
    submitted(ada)
    late = claim("late", {MODEL})
    assert late is not None
    run_out(late)
    assert reap() == 1
    current = claim("current", {MODEL})
    assert current is not None
    files = StoredFile.objects.count()
    assert finish_take(late, write_film(tmp_path / "late.mp4", late), 1) is False
    assert StoredFile.objects.count() == files
    assert finish_take(current, write_film(tmp_path / "current.mp4", current), 1) is True
    done = Take.objects.get(pk=late.pk)
    assert (done.state, done.owner, done.fence) == (TakeState.DONE, "current", 2)


def test_reap_hands_back_twice_and_fails_after_the_third(ada: Person, cohort_a: Cohort) -> None:
    generation = submitted(ada)
    states = []
    for number in range(3):
        take = claim(f"worker-{number}", {MODEL})
        assert take is not None
        run_out(take)
        assert reap() == 1
        states.append(Take.objects.get(pk=take.pk).state)
    generation.refresh_from_db()
    assert states == [TakeState.QUEUED, TakeState.QUEUED, TakeState.FAILED]
    assert (generation.state, generation.state_code) == (GenerationState.FAILED, "worker-lost")
    assert account(ada, cohort_a, generation) == (ReservationState.RETURNED, 0, 0)


def test_claim_gate_closed_pauses_and_goes_on_when_open(ada: Person, cohort_a: Cohort) -> None:
    generation = submitted(ada)
    cohort, _moved = close_cohort(cohort_a, actor=SETUP, reason="maintenance")
    assert claim("worker", {MODEL}) is None
    generation.refresh_from_db()
    assert (generation.state, generation.takes.get().attempts) == (GenerationState.PAUSED, 0)
    assert resume_paused() == 0
    open_cohort(cohort, actor=SETUP)
    assert resume_paused() == 1
    take = claim("worker", {MODEL})
    assert take is not None
    assert take.generation_id == generation.pk


@pytest.mark.django_db(transaction=True)
def test_render_waiting_film_is_delivered_and_charged_once(ada: Person, cohort_a: Cohort) -> None:
    generation = submitted(ada, ["a red ball", "a blue boat"])
    assert render_waiting() == 2
    results = [assemble(generation), assemble(generation)]
    clip = Clip.objects.get(generation=generation)
    assert (results, clip.frames) == ([False, False], 16)
    assert account(ada, cohort_a, generation) == (ReservationState.SETTLED, 0, 2000)


@pytest.mark.django_db(transaction=True)
def test_assemble_two_at_once_one_clip(ada: Person, cohort_a: Cohort, tmp_path: Path) -> None:
    generation = submitted(ada)
    take = claim("worker", {MODEL})
    assert take is not None
    finish_take(take, write_film(tmp_path / "take.mp4", take), 1)
    results = at_once(2, lambda _number: assemble(Generation.objects.get(pk=generation.pk)))
    assert sorted(map(str, results)) == ["False", "True"]
    assert (Clip.objects.count(), StoredFile.objects.filter(content_type="image/webp").count()) == (1, 2)
    assert account(ada, cohort_a, generation) == (ReservationState.SETTLED, 0, 1000)


@pytest.mark.django_db(transaction=True)
def test_render_waiting_disk_full_fails_and_charges_nothing(ada: Person, cohort_a: Cohort, settings: Any) -> None:
    generation = submitted(ada)
    room = Path(settings.VERNISSAGE_HOME) / "work"
    room.mkdir(exist_ok=True)
    # A room of 8 kB, in a mount namespace of the child's own.
    small = 'mount -t tmpfs -o size=8k none "$1" && exec "$2" -c "$3"'
    known = {"TEST_NAME": str(connection.settings_dict["NAME"]), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = ["unshare", "-rm", "sh", "-c", small, "sh", str(room), sys.executable, FULL_DISK]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | known, check=True, capture_output=True, text=True)
    generation.refresh_from_db()
    assert (done.stdout, generation.state, generation.state_code) == ("1\n", GenerationState.FAILED, "disk-full")
    assert account(ada, cohort_a, generation) == (ReservationState.RETURNED, 0, 0)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("break_it", "code"), [("missing", "model-missing"), ("truncated", "model-broken")])
def test_run_take_model_unusable_fails_and_charges_nothing(
    break_it: str, code: str, ada: Person, cohort_a: Cohort, tmp_path: Path, settings: Any
) -> None:
    import shutil

    from generation.runner import run_take

    shutil.copytree(ROOT / "generation" / "sketch" / "model", tmp_path / "model")
    more = 'source = "model"\nguidance = 4.0\nmax_sequence_length = 32\nnative = [112, 64]\ndtype = "float32"'
    settings.VERNISSAGE_MODELS = write_registry(tmp_path, "broken", "wan-t2v", more)
    generation = submit(asked("a red ball"), actor=ada, model="broken")
    take = claim("worker", {"broken"})  # the folder breaks after the claim
    assert take is not None
    if break_it == "missing":
        shutil.rmtree(tmp_path / "model")
    else:
        weights = tmp_path / "model" / "transformer" / "diffusion_pytorch_model.safetensors"
        weights.write_bytes(weights.read_bytes()[:1000])
    run_take(take)
    generation.refresh_from_db()
    assert (generation.state, generation.state_code) == (GenerationState.FAILED, code)
    assert account(ada, cohort_a, generation) == (ReservationState.RETURNED, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_cancel_in_the_middle_stops_within_a_step(ada: Person, cohort_a: Cohort, tmp_path: Path, settings: Any) -> None:
    settings.VERNISSAGE_MODELS = write_registry(tmp_path, "slow", "card", "seconds_per_step = 0.5")  # 20 s in all
    generation = submit(asked("a red ball"), actor=ada, model="slow")

    def work() -> None:
        try:
            render_waiting()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    while not generation.takes.filter(step__gte=1).exists() and worker.is_alive():
        time.sleep(0.05)
    asked_at = time.monotonic()
    cancel(Generation.objects.get(pk=generation.pk), actor=ada)
    worker.join(10)
    assert time.monotonic() - asked_at < 1.0
    assert generation.takes.get().state == TakeState.CANCELLED
    assert account(ada, cohort_a, generation) == (ReservationState.RETURNED, 0, 0)
