"""A thousand idle streams of live news on the real server process: memory, connections, and how soon each hears of a commit."""

from __future__ import annotations

import asyncio
import json
import math
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
STREAMS = int(os.environ.get("STREAMS", "1000"))
EVENTS = int(os.environ.get("EVENTS", "20"))
POSTGRES = os.environ.get("BENCH_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
EACH = 10
AT_ONCE = 50
PATIENCE = 120
# Everybody is a reviewer: one signal on that channel goes to all of them.
SETUP = """
import json
from artists.people.roles import Role
from tests.factories.people import holder_of, signed_in
cookies = [signed_in(holder_of(Role.REVIEWER, f"R{number}")).cookies["session"].value for number in range(PEOPLE)]
print(json.dumps(cookies))
"""
# The subject carries the time of the commit's beginning, so that the delay counts the commit itself too.
TELL = """
import time
from portal.events.publish import publish, role_channel
for _number in range(EVENTS):
    time.sleep(0.5)
    publish(role_channel("reviewer"), f"t-{time.time()}")
"""


def run() -> list[dict[str, Any]]:
    """One row per database; the delay is from before the commit to the line read by each of the streams."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    rows = [_row("SQLite", "")]
    with _database() as url:
        rows.append(_row("PostgreSQL", url))
    return rows


@contextmanager
def _database() -> Iterator[str]:
    """A fresh database on the server, gone afterwards."""
    name = f"vernissage_bench_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _row(name: str, url: str) -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="vernissage-bench-") as home:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("VERNISSAGE_", "DATABASE_URL"))}
        env = kept | {"VERNISSAGE_HOME": home, "VERNISSAGE_BASE_URL": f"http://127.0.0.1:{port}"}
        env |= {"DJANGO_SETTINGS_MODULE": "portal.settings.base"} | ({"DATABASE_URL": url} if url else {})
        _manage(env, "migrate", "-v0")
        _manage(env, "createcachetable", "-v0")
        told = _manage(env, "shell", "-v0", "-c", SETUP.replace("PEOPLE", str(math.ceil(STREAMS / EACH))))
        cookies = json.loads(told.strip().splitlines()[-1])
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--http", "1", "--workers", "1", "--no-ws", "--backlog", "8192", "--backpressure", "8192"]
        command += ["--workers-kill-timeout", "3", "--log-level", "warning", "portal.asgi:application"]
        with (Path(home) / "server.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
            try:
                _until_it_answers(port)
                measured = asyncio.run(_measure(port, cookies, server.pid, env, url))
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(30)
    return {"database": name, **measured}


async def _measure(port: int, cookies: list[str], pid: int, env: dict[str, str], url: str) -> dict[str, Any]:
    tabs = [cookies[number // EACH] for number in range(STREAMS)]
    delays: list[float] = []
    complete = asyncio.Event()
    opened = asyncio.Semaphore(0)
    gate = asyncio.Semaphore(AT_ONCE)

    async def listen(cookie: str) -> None:
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session={cookie}\r\n\r\n".encode())
            while not (line := await reader.readline()).startswith(b"event: begin"):
                assert line, "a stream was not opened"
        opened.release()
        try:
            while line := await reader.readline():
                if line.startswith(b'data: ["t-'):
                    delays.append(time.time() - float(json.loads(line[6:])[0][2:]))
                    if len(delays) == EVENTS * STREAMS:
                        complete.set()
        finally:
            writer.close()

    alone = _memory(pid)
    began = time.monotonic()
    listening = [asyncio.ensure_future(listen(cookie)) for cookie in tabs]
    for _number in tabs:
        await asyncio.wait_for(opened.acquire(), PATIENCE)
    took = time.monotonic() - began
    await asyncio.sleep(5)
    full, held = _memory(pid), _connections(pid, url)
    worked = _worked(pid)
    await asyncio.to_thread(_manage, env, "shell", "-v0", "-c", TELL.replace("EVENTS", str(EVENTS)))
    with suppress(TimeoutError):  # then the table shows how many were heard
        await asyncio.wait_for(complete.wait(), PATIENCE)
    worked = _worked(pid) - worked
    for one in listening:
        one.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    delays.sort()
    return {
        "streams": STREAMS,
        "opened in s": round(took, 1),
        "MB before": round(alone),
        "MB with all": round(full),
        "KB per stream": round((full - alone) * 1024 / STREAMS),
        "connections": held,
        "heard": f"{len(delays)}/{EVENTS * STREAMS}",
        "p50 ms": round(_quantile(delays, 0.5) * 1000),
        "p95 ms": round(_quantile(delays, 0.95) * 1000),
        "max ms": round(delays[-1] * 1000),
        "CPU ms per event": round(worked * 1000 / EVENTS),
    }


def _worker_of(pid: int) -> int:
    """The process that serves: granian's own only watches it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max((int(child) for child in children), key=_rss)


def _rss(pid: int) -> int:
    """Resident kilobytes of one process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _worked(pid: int) -> float:
    """Seconds of processor time of the serving process so far: what a busy machine does not change."""
    user, system = Path(f"/proc/{_worker_of(pid)}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Resident megabytes of the serving process."""
    return _rss(_worker_of(pid)) / 1024


def _connections(pid: int, url: str) -> int:
    """Open connections: those of the server's list, or the open handles of the file."""
    if not url:
        links = [link.readlink() for link in Path(f"/proc/{_worker_of(pid)}/fd").iterdir()]
        return sum(link.name == "vernissage.sqlite3" for link in links)
    with psycopg.connect(url) as database:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        row = database.execute(asked).fetchone()
        assert row is not None
        return int(row[0])


def _until_it_answers(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.1)


def _manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def _quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    return values[max(0, math.ceil(len(values) * share) - 1)]
