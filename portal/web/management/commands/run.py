"""`manage.py run`: site and worker together with the embedded defaults, until Ctrl-C."""

import io
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command

from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand
from portal.web.demonstration import complete, load, sign_in_links

PATIENCE = 30.0
LOOK_AGAIN = 3.0  # seconds between looks at the demonstration's films


class Command(ProgramCommand):
    """Keeps both alive; a dead one is started again."""

    help = "Serve the site and render, with the demonstration program."
    acts_as_person = False
    migrates = True

    def arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=8000)

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Start, print where to sign in, watch."""
        port = options["port"]
        self._check_port(port)
        call_command("setup", verbosity=0, json=True, stdout=io.StringIO())
        load(generate=True)
        python = [sys.executable]
        self.commands = {
            "site": [
                *python, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "2", "--no-ws", "--backpressure", "1024", "--workers-kill-timeout", "3",
                "--log-level", "warning", "portal.asgi:site",
            ],
            "worker": [*python, "manage.py", "worker"],
        }  # fmt: skip
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            self._watch(port)
        finally:
            self._end()
        return {"stopped": True}, ["Stopped. Nothing was lost; `make run` goes on from here."]

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                words = f"Something else listens on port {port}."
                raise Refused(
                    "run", denied("port-taken", words, todo="Choose another: PORT=8010 make run.", kind=Kind.CONFLICT)
                )

    def _watch(self, port: int) -> None:
        told, whole, look_at = False, False, 0.0
        while not self.ending:
            for name, command in self.commands.items():
                child = self.children.get(name)
                if child is None or child.poll() is not None:
                    if child is not None:
                        self.stderr.write(f"{name} ended with {child.returncode}; starting it again.")
                    self.children[name] = subprocess.Popen(command, cwd=settings.ROOT, start_new_session=True)  # noqa: S603 - fixed words
            if not told and self._answers(port):
                self._tell()
                told = True
            if not whole and time.monotonic() >= look_at:
                whole, look_at = complete(), time.monotonic() + LOOK_AGAIN
            time.sleep(0.5)

    def _answers(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _tell(self) -> None:
        self.stdout.write(
            f"\nVernissage is open at {settings.VERNISSAGE_BASE_URL}/\nSign in (each link works once, on this machine only):"
        )
        for role, name, link in sign_in_links():
            self.stdout.write(f"  {role:9} {name:16} {link}")
        self.stdout.write("Fresh links: manage.py demo. Ctrl-C ends everything.\n")
        self.stdout.flush()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.ending = True

    def _end(self) -> None:
        for child in self.children.values():
            child.terminate()
        for name, child in self.children.items():
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.stderr.write(
                    f"{name} did not end in time and was killed; what it had begun goes on at the next start."
                )
                child.kill()
