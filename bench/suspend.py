"""How fast a suspension is in force: every web process and worker, under load, on both databases. COUNT= suspensions (100)."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
WEB, WORKERS = 4, 3
SECONDS_PER_STEP = 0.5
# The card of the registry, with steps as long as those of a real model on a slow device, and takes of a minute.
SLOW = re.compile(r"\[\[model\]\]\nname = \"card\".*?(?=\n\[\[model\]\]|\Z)", re.DOTALL)
DRIVE = "from bench.suspend_driver import main; main({ports!r}, {count})"


def run() -> list[dict[str, Any]]:
    """Rows per database: how long after its commit the last process refused, and what unrelated requests felt."""
    return [*_rows("SQLite", ""), *_rows("PostgreSQL", _fresh_database())]


def _fresh_database() -> str:
    """A database of this run's own on the server; its address."""
    parts = urlsplit(SERVER)
    return urlunsplit(parts._replace(path=f"/bench_suspend_{os.getpid()}"))


def _server(statement: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _rows(name: str, database: str) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="vernissage-bench-", ignore_cleanup_errors=True))
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "VERNISSAGE_BROKER_URL"}}
        env = kept | {
            "VERNISSAGE_HOME": home,
            "DJANGO_SETTINGS_MODULE": "portal.settings.base",
            "VERNISSAGE_MODELS": str(_slow_models(Path(home))),
            "VERNISSAGE_DATABASE_POOL": "4",
            "VERNISSAGE_LOG_LEVEL": "ERROR",
        }
        if database:
            named = urlsplit(database).path.strip("/")
            _server(f"CREATE DATABASE {named}")
            stack.callback(_server, f"DROP DATABASE IF EXISTS {named} WITH (FORCE)")
            env["DATABASE_URL"] = database
        _manage(env, "setup")
        _manage(env, "shell", "-v0", "-c", "from bench.suspend_driver import prepare; prepare()")
        ports = [_free_port() for _each in range(WEB)]
        log = stack.enter_context((Path(home) / "log").open("wb"))
        commands = [_web(port) for port in ports] + [[sys.executable, "manage.py", "worker"]] * WORKERS
        for command in commands:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
            stack.callback(_end, process)
        told = _manage(env, "shell", "-v0", "-c", DRIVE.format(ports=ports, count=int(os.environ.get("COUNT", "100"))))
    return [{"database": name, **row} for row in json.loads(told.strip().splitlines()[-1])]


def _web(port: int) -> list[str]:
    words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return [sys.executable, "-m", "granian", *words, "--blocking-threads", "4", "--no-ws", "portal.wsgi:application"]


def _slow_models(home: Path) -> Path:
    text = (ROOT / "generation" / "backends" / "models.toml").read_text(encoding="utf-8")
    slow = SLOW.sub(
        lambda found: re.sub(r"steps = \d+", f"steps = 120\nseconds_per_step = {SECONDS_PER_STEP}", found.group()), text
    )
    # Paths of models are relative to the registry: only the card, which has none, is kept.
    card = SLOW.search(slow)
    assert card is not None
    file = home / "models.toml"
    head = slow[: slow.index("[[model]]")]
    file.write_text(
        re.sub(r"^default = .*$", 'default = "card"', head, flags=re.MULTILINE) + card.group(), encoding="utf-8"
    )
    return file


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    until = time.monotonic() + 25
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
