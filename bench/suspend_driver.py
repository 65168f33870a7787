"""Drives bench/suspend.py from inside the site: load, suspensions, and what each process did after the commit."""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from artists.people.models import Person
from generation.gate import may_generate
from generation.models import Clip, Generation, Take
from generation.services import submit
from generation.states import TakeState
from portal.access import System
from portal.program.lookout import live, wait_until_obeyed
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from tests.factories import films, people

WHO = System("bench")
OTHERS = 3
WORKERS = 3
PATIENCE = 60.0
GATE_ASKED = 300


@dataclass
class Browser:
    """One signed-in person against one process."""

    port: int
    session: str
    csrf: str = "x" * 32
    line: http.client.HTTPConnection | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> int:
        """HTTP status; the connection is kept."""
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"session={self.session}; csrf={self.csrf}", "Accept": "application/json"}
        body = None
        if fields is not None:
            body = urlencode(fields | {"csrfmiddlewaretoken": self.csrf})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = None
            return 0
        return answer.status


class Prober(threading.Thread):
    """Asks one process again and again for what a suspension refuses: (begun, ended, refused)."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(daemon=True)
        self.browser = browser
        self.asked: list[tuple[float, float, bool]] = []
        self.end = threading.Event()

    def run(self) -> None:
        """Until told to end. A shot without words is refused too (422): nothing is ever made by asking."""
        while not self.end.wait(0.02):
            begun = time.time()
            status = self.browser.ask("POST", "/studio/", {"model": "card", "shot-1-prompt": ""})
            self.asked.append((begun, time.time(), status == 403))


class Load(threading.Thread):
    """An artist nobody suspends: pages and films, how long each took, and what failed."""

    def __init__(self, browser: Browser, paths: list[str]) -> None:
        super().__init__(daemon=True)
        self.browser, self.paths = browser, paths
        self.took: list[float] = []
        self.failed = 0
        self.end = threading.Event()

    def run(self) -> None:
        """Until told to end."""
        number = 0
        while not self.end.wait(0.05):
            begun = time.perf_counter()
            status = self.browser.ask("GET", self.paths[number % len(self.paths)])
            self.took.append(time.perf_counter() - begun)
            self.failed += status != 200
            number += 1


def session_of(person: Person) -> str:
    """The cookie of a browser they are signed in with."""
    return str(people.signed_in(person).cookies["session"].value)


def prepare() -> None:
    """The one who is suspended, and others who are not; each with a film of their own. Before any worker runs."""
    people.opened_program()
    agreement = people.published_agreement()
    first = people.opened_cohort("first", daily_seconds=1_000_000, at_once=100)
    second = people.opened_cohort("second", daily_seconds=1_000_000, at_once=100)
    films.finished(people.artist_in(first, "Ada", agreement))
    for number in range(OTHERS):
        films.finished(people.artist_in(second, f"Other{number}", agreement))


def wait_for(what: str, holds: Any) -> None:
    """Until it holds. Raises TimeoutError: a figure without it would be worth nothing."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)


def rendering(victim: Person) -> int:
    """Takes of theirs that a worker holds."""
    return Take.objects.filter(artist=victim, state=TakeState.RENDERING).count()


def one_round(victim: Person, browsers: list[Browser], target: Target) -> dict[str, float]:
    """Suspend, and say in seconds after the commit when the last process had obeyed."""
    wait_for("every worker renders for the victim", lambda: rendering(victim) == WORKERS)
    probers = [Prober(browser) for browser in browsers]
    for prober in probers:
        prober.start()
    wait_for("every process answers", lambda: all(prober.asked for prober in probers))
    stopped = suspend(target, actor=WHO, reason="A measurement.")
    commit = Suspension.objects.values_list("committed_at", flat=True).get(pk=stopped.pk)
    assert commit is not None
    at = commit.timestamp()
    wait_for("every worker has put it down", lambda: rendering(victim) == 0)
    put_down = time.time()
    obeyed = wait_until_obeyed(stopped, PATIENCE)
    wait_for("every process has refused", lambda: all(prober.asked[-1][2] for prober in probers))
    time.sleep(0.2)
    for prober in probers:
        prober.end.set()
        prober.join()
    kept = [
        browsers[0].ask("GET", f"/library/{Clip.objects.filter(artist=victim).values_list('pk', flat=True)[0]}/film/")
    ]
    slipped = sum(begun > at and not refused for prober in probers for begun, _ended, refused in prober.asked)
    first = [min(ended for _begun, ended, refused in prober.asked if refused) for prober in probers]
    resume(stopped, actor=WHO)
    return {
        "page": max(0.0, max(first) - at),
        "worker": max(0.0, put_down - at),
        "acknowledged": obeyed.milliseconds / 1000,
        "processes": obeyed.processes,
        "missing": len(obeyed.missing),
        "slipped": slipped,
        "own film kept": sum(status == 200 for status in kept),
    }


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def row(what: str, seconds: list[float], **more: Any) -> dict[str, Any]:
    """One line of the table, in milliseconds."""
    figures = {
        f"{name} ms": round(quantile(seconds, share) * 1000, 1)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    }
    return {"what": what, "n": len(seconds), **figures, **more}


def gate_row(person: Person) -> dict[str, Any]:
    """What the gate costs whoever asks it: it is never cached."""
    took = []
    for _each in range(GATE_ASKED):
        fresh = Person.objects.get(pk=person.pk)
        begun = time.perf_counter()
        may_generate(fresh)
        took.append(time.perf_counter() - begun)
    with CaptureQueriesContext(connection) as queries:
        may_generate(Person.objects.get(pk=person.pk))
    return row("the gate, asked once", took, note=f"{len(queries) - 1} queries")


def main(ports: list[int], count: int) -> None:
    """Measure, and print the rows as one line of JSON."""
    victim = Person.objects.get(email="ada@example.org")
    others = list(Person.objects.filter(email__startswith="other").order_by("pk"))
    made = dict(Clip.objects.values_list("artist_id", "pk"))
    targets = [Target(Scope.ARTIST, artist=victim), Target(Scope.COHORT, cohort=victim.membership.cohort)]
    browsers = [Browser(port, session_of(victim)) for port in ports]
    for number in range(WORKERS):
        submit(films.asked(f"a red ball rises {number}", seconds=1), actor=victim, model="card")
    for browser in browsers:
        browser.ask("GET", "/healthz")
    wait_for("every process watches", lambda: live().count() >= len(ports) + WORKERS)
    load = [
        Load(
            Browser(ports[n % len(ports)], session_of(person)),
            ["/library/", "/studio/", f"/library/{made[person.pk]}/film/"],
        )
        for n, person in enumerate(others)
    ]
    wait_for("every worker renders", lambda: rendering(victim) == WORKERS)
    for one in load:
        one.start()
    time.sleep(10)
    quiet = [seconds for one in load for seconds in one.took]
    for one in load:
        one.took = []
    rounds = []
    for number in range(count):
        close_old_connections()
        _keep_going(victim)
        rounds.append(one_round(victim, browsers, targets[number % len(targets)]))
    for one in load:
        one.end.set()
        one.join()
    during = [seconds for one in load for seconds in one.took]
    total = {name: [one[name] for one in rounds] for name in rounds[0]}
    note = f"{sum(total['slipped']):g} slipped; own film kept {sum(total['own film kept']):g} of {count}"
    seen = f"{min(total['processes']):g} processes; {sum(total['missing']):g} silent"
    print(
        json.dumps(
            [
                row("last of 4 web processes refuses", total["page"], note=note),
                row("last of 3 workers has put its take down", total["worker"], note="steps of 500 ms"),
                row("last process has acknowledged", total["acknowledged"], note=seen),
                row("unrelated requests, before", quiet, note="0 suspended"),
                row("unrelated requests, meanwhile", during, note=f"{sum(one.failed for one in load)} failed"),
                gate_row(others[0]),
            ]
        )
    )


def _keep_going(victim: Person) -> None:
    """Takes that came to their end are replaced, so that every round finds every worker busy."""
    under_way = Generation.objects.filter(artist=victim, state__in=["queued", "rendering", "paused"]).count()
    for number in range(WORKERS - under_way):
        submit(films.asked(f"a red ball rises {number}", seconds=1), actor=victim, model="card")
