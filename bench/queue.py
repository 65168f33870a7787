"""From asking for a film to a worker holding its first take: every broker, and the doorbell lost."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = int(os.environ.get("SAMPLES", "15"))
DEAD = "redis://127.0.0.1:9/0"  # the discard port: nobody listens, so the bell never rings and the sweep must
BROKERS = (
    ("on disk", "", ""),
    ("Redis", os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/9"), ""),
    ("RabbitMQ", os.environ.get("BENCH_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//"), ""),
    ("on disk, bell lost", "", DEAD),
)
SETUP = """
from tests.factories import people
people.opened_program()
people.artist_in(people.opened_cohort("bench", daily_seconds=100000, at_once=100), "Ada", people.published_agreement())
"""
# Both times are written by the database's machine, which is this one: the difference needs no polling.
MEASURE = """
import json, time
from artists.people.models import Person
from generation.services import submit
from generation.states import ENDED
from generation.storyboards import ShotAsked
ada = Person.objects.get(email="ada@example.org")
seconds = []
for number in range({samples} + 1):
    asked = submit([ShotAsked("a red ball rises", seconds=1)], actor=ada, model="card")
    until = time.monotonic() + 60
    while asked.state not in ENDED and time.monotonic() < until:
        time.sleep(0.05)
        asked.refresh_from_db()
    if number:  # the first one pays for the start of the worker
        seconds.append((asked.takes.get().started_at - asked.made_at).total_seconds())
    time.sleep(0.1 + 0.07 * (number % 9))
print(json.dumps(seconds))
"""


def run() -> list[dict[str, Any]]:
    """One row per broker: p50, p95 and the longest time from the request's row to its claim, in milliseconds."""
    return [_row(name, broker, bell) for name, broker, bell in BROKERS]


def _row(name: str, broker: str, bell: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="vernissage-bench-") as home:
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "VERNISSAGE_BROKER_URL"}}
        env = kept | {"VERNISSAGE_HOME": home, "DJANGO_SETTINGS_MODULE": "portal.settings.base"}
        if broker:
            env["VERNISSAGE_BROKER_URL"] = broker
        for words in (("migrate", "-v0"), ("createcachetable", "-v0"), ("shell", "-v0", "-c", SETUP)):
            _manage(env, *words)
        with (Path(home) / "worker.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
            try:
                asking = env | ({"VERNISSAGE_BROKER_URL": bell} if bell else {})
                told = _manage(asking, "shell", "-v0", "-c", MEASURE.format(samples=SAMPLES))
            finally:
                _end(worker)
    seconds = sorted(json.loads(told.strip().splitlines()[-1]))
    return {
        "broker": name,
        "films": len(seconds),
        "p50 ms": round(_quantile(seconds, 0.5) * 1000),
        "p95 ms": round(_quantile(seconds, 0.95) * 1000),
        "max ms": round(seconds[-1] * 1000),
    }


def _manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    until = time.monotonic() + 25
    while worker.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    if worker.poll() is None:
        worker.kill()
        worker.wait()


def _quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    return values[max(0, math.ceil(len(values) * share) - 1)]
