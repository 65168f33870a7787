"""Keeps one rendering process alive, sweeps every second, and tells the site that a worker is there."""

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from generation.models import WorkerSighting
from generation.queue.lease import release
from generation.queue.sweep import sweep
from generation.runner import OWNER, STOP_FILE, offers

log = logging.getLogger(__name__)
SWEEP_EVERY = 1.0
SEEN_EVERY = 5.0
PATIENCE = 20.0
SUPERVISOR = "VERNISSAGE_SUPERVISOR"


class Supervisor:
    """One worker of this machine. The rendering child is Celery's; it may die at any moment and is started again."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        folder = Path(settings.VERNISSAGE_HOME) / "workers"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.stop_file = folder / f"{self.name}.stop"
        self.child: subprocess.Popen[bytes] | None = None
        self.ending = False
        self._seen = 0.0
        self._born = 0.0

    def run(self) -> None:
        """Until a signal says stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.ending:
                self._keep_child()
                self._be_seen()
                sweep()
                time.sleep(SWEEP_EVERY)
        finally:
            self._end_child()
            self.stop_file.unlink(missing_ok=True)
            WorkerSighting.objects.filter(name=self.name).delete()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.ending = True
        self.stop_file.touch()  # the running take is handed back within a fraction of a second

    def _keep_child(self) -> None:
        if self.child is not None and self.child.poll() is None:
            return
        if self.child is not None:
            log.warning("the rendering process ended with %s; starting it again", self.child.returncode)
            self._kill_group()
            self._release()
            if time.monotonic() - self._born < SWEEP_EVERY * 3:
                time.sleep(SWEEP_EVERY * 2)  # a child that cannot start must not spin
        self._born = time.monotonic()
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--loglevel", "WARNING"]
        command += ["--hostname", f"{self.name}@%h", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        # Its own group, so that nothing of a dead child goes on; its own name, so that its leases are known.
        known = {OWNER: self.name, STOP_FILE: str(self.stop_file), SUPERVISOR: str(os.getpid())}
        self.child = subprocess.Popen(command, env=os.environ | known, start_new_session=True)  # noqa: S603 - fixed words

    def _release(self) -> None:
        try:
            release(self.name)
        except DatabaseError as fault:  # then the lease runs out by itself
            log.warning("could not give back its takes: %s", fault)

    def _be_seen(self) -> None:
        if time.monotonic() - self._seen < SEEN_EVERY:
            return
        self._seen = time.monotonic()
        close_old_connections()
        try:
            seen = {"offers": offers(), "seen_at": timezone.now()}
            WorkerSighting.objects.update_or_create(name=self.name, defaults=seen)
        except DatabaseError as fault:
            log.warning("could not say that this worker is here: %s", fault)

    def _kill_group(self) -> None:
        if self.child is not None:
            try:
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _end_child(self) -> None:
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            log.warning("the rendering process did not end in time")
        self._kill_group()
        self._release()
