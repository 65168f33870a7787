"""Every live process watches the epoch of suspensions: it obeys, then says so.

Nothing is allowed because of it: the gate asks the database each time. It ends what is open already (progress streams,
running takes), and tells staff when the last process has seen a stop.
"""

import atexit
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from .models import Epoch, Lookout, Suspension
from .suspending import database_now

log = logging.getLogger(__name__)
LOOK_EVERY = 0.2
SEEN_EVERY = 2.0
# Longer than two signs of life, so that one slow write makes nobody dead.
ALIVE = timedelta(seconds=6)
FORGOTTEN = timedelta(hours=1)
PATIENCE = 10.0

_EARS: list[Callable[[], object]] = []
_watching: "Watchman | None" = None


def hear(ear: Callable[[], object]) -> None:
    """Let `ear` be called in every process that watches, after a suspension began or ended and before it is acknowledged.

    It must be quick and may be called for nothing; it asks the gate itself.
    """
    if ear not in _EARS:
        _EARS.append(ear)


def current_epoch() -> int:
    """The newest epoch; 0 before the first suspension."""
    return Epoch.objects.filter(id=1).values_list("number", flat=True).first() or 0


def live() -> QuerySet[Lookout]:
    """Processes that gave a sign of life lately."""
    return Lookout.objects.filter(seen_at__gte=timezone.now() - ALIVE).order_by("name")


class Watchman(threading.Thread):
    """One thread of a process that looks at the epoch several times a second."""

    def __init__(self, kind: str, name: str = "") -> None:
        super().__init__(name="lookout", daemon=True)
        self.kind = kind
        self.called = name or f"{kind}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self.epoch = -1
        self._seen = 0.0
        self._began_at = timezone.now()
        self._end = threading.Event()

    def run(self) -> None:
        """Until the process ends."""
        while not self._end.wait(LOOK_EVERY):
            try:
                self.look()
            except DatabaseError as fault:  # then nothing is allowed either: the gate cannot be asked
                log.debug("lookout: %s", fault)
                connection.close()
        connection.close()

    def look(self) -> None:
        """Once: obey a new epoch, then acknowledge it; else only give a sign of life now and then."""
        epoch = current_epoch()
        news = epoch != self.epoch
        if news:
            for ear in _EARS:
                self._obey(ear)
        now = time.monotonic()
        if not news and now - self._seen < SEEN_EVERY:
            return
        fields = {"kind": self.kind, "epoch": epoch, "began_at": self._began_at, "seen_at": timezone.now()}
        if news:
            fields["obeyed_at"] = database_now()
        Lookout.objects.update_or_create(name=self.called, defaults=fields)
        self.epoch, self._seen = epoch, now

    def _obey(self, ear: Callable[[], object]) -> None:
        try:
            ear()
        except DatabaseError:
            raise
        except Exception:  # one listener's fault must not keep the others from obeying
            log.exception("lookout: %s", ear)

    def leave(self) -> None:
        """Say that this process is gone."""
        self._end.set()
        try:
            Lookout.objects.filter(name=self.called).delete()
        except DatabaseError:
            connection.close()


def watch(kind: str, name: str = "") -> Watchman:
    """Begin to watch in this process; a second call is the first one."""
    global _watching  # noqa: PLW0603 - one per process
    if _watching is None or not _watching.is_alive():
        _watching = Watchman(kind, name)
        _watching.start()
        atexit.register(_watching.leave)
    return _watching


@dataclass(frozen=True, slots=True)
class Obeyed:
    """How long after its commit the last live process obeyed; names of those that have not (yet)."""

    milliseconds: int
    processes: int
    missing: list[str]


def obeyed(suspension: Suspension) -> Obeyed:
    """Who has seen it by now."""
    rows = list(live())
    seen = [row for row in rows if row.epoch >= suspension.epoch]
    begun = suspension.committed_at or suspension.since
    # One that began later, or has acknowledged something newer since, obeys too, but its time says nothing of this stop.
    told = [row for row in seen if row.epoch == suspension.epoch and row.began_at <= begun]
    last = max((row.obeyed_at for row in told if row.obeyed_at), default=begun)
    missing = [row.name for row in rows if row.epoch < suspension.epoch]
    return Obeyed(max(0, round((last - begun).total_seconds() * 1000)), len(seen), missing)


def wait_until_obeyed(suspension: Suspension, patience: float = PATIENCE) -> Obeyed:
    """Wait for every live process; those that stay silent are named."""
    end = time.monotonic() + patience
    while (now := obeyed(suspension)).missing and time.monotonic() < end:
        time.sleep(0.02)
    return now


def forget_the_dead() -> int:
    """Remove processes that have been silent for long."""
    return Lookout.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()[0]
