"""A real worker, killed: the film still ends, nothing is rendered or charged twice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = """default = "slow"
[[model]]
name = "slow"
title = "Slow card"
kind = "card"
licence = "Apache-2.0"
tier = "draft"
sizes = [[448, 256]]
frames = [8]
default_frames = 8
fps = 8
steps = 8
seconds_per_step = 0.25
"""
SETUP = """
from tests.factories import people
people.artist_in((people.opened_program(), people.opened_cohort("first"))[1], "Ada", people.published_agreement())
"""
SUBMIT = """
from artists.people.models import Person
from generation.services import submit
from tests.factories.films import asked
print(submit(asked(*{prompts}), actor=Person.objects.get(email="ada@example.org")).pk)
"""


class House:
    """An installation of its own: folder, database, slow model, and the workers started on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        registry = home / "models.toml"
        registry.write_text(REGISTRY)
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "VERNISSAGE_BROKER_URL"}}
        self.env = kept | {
            "VERNISSAGE_HOME": str(home),
            "VERNISSAGE_MODELS": str(registry),
            "VERNISSAGE_LEASE_SECONDS": "3",
            "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.manage("migrate", "-v0")
        self.manage("createcachetable", "-v0")
        self.manage("shell", "-v0", "-c", SETUP)

    def manage(self, *words: str) -> str:
        """What a command printed."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    def submit(self, *prompts: str) -> str:
        """The id of a new generation, without dashes."""
        return self.manage("shell", "-v0", "-c", SUBMIT.format(prompts=list(prompts))).strip().replace("-", "")

    def start(self) -> subprocess.Popen[bytes]:
        """A worker."""
        with (self.home / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the database file."""
        import sqlite3

        with sqlite3.connect(self.home / "vernissage.sqlite3", timeout=20) as database:
            rows: list[tuple[Any, ...]] = database.execute(query, values).fetchall()
        database.close()
        return rows

    def takes(self, generation: str) -> list[tuple[Any, ...]]:
        """State, fence, attempts and film of each take."""
        query = "select state, fence, attempts, film_id from generation_take where generation_id = ? order by position"
        return self.rows(query, generation)

    def kill(self) -> None:
        """Everything that was started, as a power cut would."""
        for worker in self.workers:
            if worker.poll() is None:
                groups = children_of(worker.pid)
                worker.kill()
                worker.wait()
                for group in groups:
                    kill_group(group)
        self.workers.clear()


def children_of(pid: int) -> list[int]:
    """The processes this one started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_group(pid: int) -> None:
    """A process and its group, if they still are."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> float:
    """Seconds until it held; fails when it does not."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for the file; no worker outlives it."""
    built = House(tmp_path_factory.mktemp("house"))
    yield built
    built.kill()


@pytest.fixture(autouse=True)
def no_worker_left(house: House) -> Iterator[None]:
    """Each test starts its own."""
    yield
    house.kill()


def ended(house: House, generation: str) -> bool:
    return house.rows("select state from generation_generation where id = ?", generation) == [("done",)]


def test_kill_everything_in_shot_two_film_ends_shot_one_kept_charged_once(house: House) -> None:
    generation = house.submit("one", "two")
    house.start()
    query = "select position, step from generation_take where generation_id = ? and state = 'rendering'"
    wait_for(lambda: any(position == 2 and step >= 2 for position, step in house.rows(query, generation)))
    first = house.takes(generation)[0]
    house.kill()
    assert ended(house, generation) is False
    house.start()
    wait_for(lambda: ended(house, generation))
    after = house.takes(generation)
    reservation = house.rows("select state, amount_ms from generation_reservation")
    assert (after[0], first[:3]) == (first, ("done", 1, 1))
    assert after[1][:3] == ("done", 2, 2)
    assert reservation == [("settled", 2000)]
    assert house.rows("select held_ms, spent_ms from generation_allowance") == [(0, 2000)]


def test_kill_rendering_process_only_supervisor_starts_it_again(house: House) -> None:
    generation = house.submit("one")
    worker = house.start()
    wait_for(lambda: house.takes(generation)[0][0] == "rendering")
    (old,) = children_of(worker.pid)
    kill_group(old)
    wait_for(lambda: ended(house, generation))
    assert worker.poll() is None
    assert house.takes(generation)[0][:3] == ("done", 2, 2)
    assert old not in children_of(worker.pid)


def test_broker_folder_deleted_job_starts_and_term_hands_the_take_back(house: House) -> None:
    before = house.submit("one")
    worker = house.start()
    wait_for(lambda: ended(house, before))
    # Moved first: messages that come and go while a folder is emptied would be a fault of the emptying.
    (house.home / "broker").rename(house.home / "gone")
    shutil.rmtree(house.home / "gone", ignore_errors=True)
    generation = house.submit("two")
    assert wait_for(lambda: house.takes(generation)[0][0] == "rendering") < 5
    began = time.monotonic()
    worker.terminate()
    assert worker.wait(15) == 0
    assert time.monotonic() - began < 10
    (take,) = house.takes(generation)
    assert take == ("queued", 1, 0, None)
