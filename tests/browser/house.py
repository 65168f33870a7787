"""A whole installation in a folder of its own, and Debian's Chromium: for browser tests, screenshots and page weight."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"wide": (1440, 900), "phone": (390, 844), "narrow": (360, 740)}
PATIENCE = 240  # seconds; a busy machine takes its time to start


@dataclass
class House:
    """A running installation."""

    url: str
    env: dict[str, str]
    _hand: subprocess.Popen[str] | None = field(default=None, repr=False)

    def run(self, *words: str) -> str:
        """What Python says in this installation, started with these words."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *words: str) -> Any:
        """Answer of `manage.py ... --json`."""
        return json.loads(self._command(*words, "--json"))

    def do(self, code: str) -> None:
        """Something that somebody else does, or time."""
        self._command("shell", "-v0", "-c", code)

    def film(self, email: str, title: str) -> str:
        """A finished film of this artist; its id."""
        said = self.run("-m", "tests.browser.numbered", email, title, "8", "12", "12")
        return str(json.loads(said.splitlines()[-1]))

    def link(self, email: str) -> str:
        """A fresh sign-in link of somebody in the demonstration."""
        told = self.manage("demo")
        people = [one for room in ("artists", "reviewers", "staff") for one in told[room]]
        return next(str(one["link"]) for one in people if one["email"] == email)

    def _command(self, *words: str) -> str:
        """What a management command says, in the one process that does them all."""
        if self._hand is None:
            python = [sys.executable, "-m", "tests.browser.hand"]
            self._hand = subprocess.Popen(
                python, cwd=ROOT, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        asked, answers = self._hand.stdin, self._hand.stdout
        assert asked and answers
        print(json.dumps(words), file=asked, flush=True)
        answer = json.loads(answers.readline())
        assert answer["code"] == 0, answer["complained"]
        return str(answer["said"])

    def leave(self) -> None:
        """End that process."""
        if self._hand is not None:
            self._hand.communicate()


# A film that is still under way when somebody looks: half a second a step.
SLOW = """
[[model]]
name = "slow"
title = "Slow card"
kind = "card"
licence = "Apache-2.0"
tier = "draft"
sizes = [[448, 256]]
frames = [16]
fps = 8
steps = 60
seconds_per_step = 0.5
"""


def cards_first(home: Path) -> Path:
    """A registry in `home` whose default is the drawn title card: films in a second, by the same queue and worker."""
    known = (ROOT / "generation" / "backends" / "models.toml").read_text()
    path = home / "models.toml"
    sketch = ROOT / "generation" / "sketch" / "model"
    known = known.replace('default = "sketch"', 'default = "card"').replace('"../sketch/model"', f'"{sketch}"')
    # And one that starts from words only, which a person meets among real models.
    known = known.replace("takes_reference = true\nholds_first = true\n", "", 1)
    path.write_text(known + SLOW)
    return path


@contextmanager
def open_house(home: Path, **more: str) -> Iterator[House]:
    """`manage.py run` on a free port: site and worker, real model, embedded defaults. Ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"} and not name.startswith("VERNISSAGE_")
    }
    env |= {"VERNISSAGE_HOME": str(home), "VERNISSAGE_BASE_URL": url, "PYTHONUNBUFFERED": "1", **more}
    house = House(url, env)
    said = home / "run.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        try:
            end = time.monotonic() + PATIENCE
            while "Sign in" not in said.read_text():
                assert process.poll() is None and time.monotonic() < end, said.read_text()
                time.sleep(0.2)
            yield house
        finally:
            house.leave()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()


def open_browser(playwright: Playwright) -> Browser:
    """Debian's Chromium: it plays H.264."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "No Chromium here. Install it: apt-get install chromium."
    return playwright.chromium.launch(executable_path=found, args=QUIET)
