"""Render takes: open the model, watch the gate and the lease, keep the film."""

import errno
import logging
import os
import socket
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from generation.backends.base import Backend, ShotOrder
from generation.backends.errors import EngineError, PromptRefused, Stopped
from generation.backends.opening import open_backend
from generation.backends.registry import ModelEntry
from generation.gate import may_go_on
from generation.media.errors import MediaError
from generation.media.film import FilmWriter
from generation.media.stills import last_frame
from generation.models import Follows, Generation, Take
from generation.queue.claim import claim, pause
from generation.queue.endings import assemble, fail_take, finish_take, workroom
from generation.queue.lease import beat, hand_back, held, report
from generation.registry import models
from generation.states import GenerationState
from portal.access import Decision
from portal.storage.shelf import fetch_file

log = logging.getLogger(__name__)
LOOK_EVERY = 0.2
GATE_EVERY = 0.8
REPORT_EVERY = 1.0
OWNER = "VERNISSAGE_WORKER"
STOP_FILE = "VERNISSAGE_WORKER_STOP"
DISK_FULL = "There is no room left where films are kept. The operators can see this; try again later."
STORAGE_AWAY = "The place where films are kept did not answer."

_open: tuple[str, Backend] | None = None
_watches: "set[Watch]" = set()


def owner_name() -> str:
    """Who claims: the supervisor's name for this worker, or host and process."""
    return os.environ.get(OWNER) or f"{socket.gethostname()}:{os.getpid()}"


def told_to_stop() -> bool:
    """Whether the supervisor wants this worker to end: it leaves a file, which also outlives a lost signal."""
    path = os.environ.get(STOP_FILE)
    return bool(path) and Path(path or "").exists()


def offers() -> list[str]:
    """Names of the models whose files are on this machine."""
    return [entry.name for entry in models() if entry.present]


class Watch:
    """Keeps the lease of one take and says when it must end; the engine asks at every step.

    A thread of its own looks at the database several times a second, so that a long step delays the answer and never
    the lease. `why` is empty while the take may go on, else "lost", "closed" or "stop".
    """

    def __init__(self, take: Take) -> None:
        self.take = take
        self.why = ""
        self.closed: Decision | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name=f"watch-{take.pk}", daemon=True)
        self._beaten = time.monotonic()
        self._reported = 0.0

    def __enter__(self) -> Self:
        _watches.add(self)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        del kind, error, trace
        _watches.discard(self)
        self._end.set()
        self._thread.join()

    def progress(self, phase: str, step: int, steps: int) -> None:
        """Write how far it is, once a second at most."""
        now = time.monotonic()
        if now - self._reported < REPORT_EVERY and step < steps:
            return
        self._reported = now
        try:
            report(self.take, phase, step, steps)
        except DatabaseError:  # the watch decides how long that may last
            connection.close()

    def checkpoint(self) -> None:
        """Raise Stopped when the take must end now."""
        if not self.why and time.monotonic() - self._beaten > settings.VERNISSAGE_LEASE_SECONDS * 0.8:
            self.why = "lost"  # never compute without a lease
        if self.why:
            raise Stopped

    def ask_gate(self) -> None:
        """Ask whether this take may go on; a no ends it at its next step."""
        decision = may_go_on(self.take.generation)
        if not decision and not self.why:
            self.closed, self.why = decision, "closed"

    def _look(self) -> None:
        beaten = asked = time.monotonic()
        while not self._end.wait(LOOK_EVERY) and not self.why:
            now = time.monotonic()
            try:
                state = held(self.take).values_list("generation__state", flat=True).first()
                if now - beaten > settings.VERNISSAGE_LEASE_SECONDS / 3 and beat(self.take):
                    beaten = self._beaten = now
                if now - asked > GATE_EVERY:
                    asked = now
                    self.ask_gate()
            except DatabaseError:
                connection.close()
                continue
            if state is None:
                self.why = "lost"
            elif state == GenerationState.PAUSED:
                self.why = "closed"
            elif told_to_stop():
                self.why = "stop"
        connection.close()


def obey() -> None:
    """Called by this process's lookout the moment a suspension begins or ends."""
    for watch in list(_watches):
        watch.ask_gate()


def engine_for(entry: ModelEntry, watch: Watch) -> Backend:
    """The open engine of a model, kept warm; another model's is closed first. Raises EngineError, Stopped."""
    global _open  # noqa: PLW0603 - one engine per process: loading is what costs
    if _open is not None and _open[0] == entry.name:
        return _open[1]
    if _open is not None:
        _open[1].close()
        _open = None
    backend = open_backend(entry, threads=settings.VERNISSAGE_TORCH_THREADS or None)
    backend.load(watch)
    _open = (entry.name, backend)
    return backend


def _reference(take: Take, room: Path) -> Path | None:
    """The picture a shot starts from: its own, or the last frame of the shot it continues."""
    if take.follows == Follows.CONTINUE:
        before = Take.objects.select_related("film").get(generation=take.generation_id, position=take.position - 1)
        if before.film is not None:
            film = fetch_file(before.film, room / "before.mp4")
            still = room / "reference.png"
            still.write_bytes(last_frame(film))
            return still
    if take.reference is not None:
        return fetch_file(take.reference.file, room / "reference.png")
    return None


def _render(take: Take, watch: Watch, room: Path) -> Path:
    generation = take.generation
    entry = models().get(take.model)
    engine = engine_for(entry, watch)
    order = ShotOrder(
        prompt=take.prompt,
        width=generation.width,
        height=generation.height,
        frames=take.frames,
        seed=take.seed,
        negative_prompt=entry.negative_prompt,
        reference=_reference(take, room),
    )
    film = room / "take.mp4"
    with FilmWriter(film, width=generation.width, height=generation.height, fps=generation.fps) as writer:
        for chunk in engine.render(order, watch):
            writer.add(chunk)
    watch.checkpoint()
    return film


def run_take(take: Take) -> None:
    """Render one claimed take to its end, whatever the end is."""
    began = time.monotonic()
    with Watch(take) as watch, tempfile.TemporaryDirectory(dir=workroom()) as folder:
        try:
            film = _render(take, watch, Path(folder))
            finish_take(take, film, round((time.monotonic() - began) * 1000))
        except Stopped:
            _put_down(take, watch)
            return
        except PromptRefused as fault:
            fail_take(take, fault.code, fault.message, retry=False, refused=True)
        except (EngineError, MediaError) as fault:
            fail_take(take, fault.code, fault.message, retry=fault.retry)
        except OSError as fault:
            log.exception("%s: storage", take)
            full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
            code, words = ("disk-full", DISK_FULL) if full else ("storage-away", STORAGE_AWAY)
            fail_take(take, code, words, retry=not full)
        except DatabaseError:
            raise
        except Exception:  # an engine's own fault must not stop the queue
            log.exception("%s: engine", take)
            fail_take(take, "engine-fault", "The model stopped with an error of its own.", retry=True)
    try:
        assemble(Generation.objects.select_related("artist").get(pk=take.generation_id))
    except OSError as fault:  # the takes are safe; the sweep tries again every second
        log.warning("%s is not assembled yet: %s", take.generation, fault)


def _put_down(take: Take, watch: Watch) -> None:
    """Leave a take that must not go on."""
    if watch.why == "lost":
        return
    if watch.why == "closed" and watch.closed is not None:
        pause(take.generation, watch.closed)
    hand_back(take, counted=False)


def render_waiting() -> int:
    """Claim and render until nothing waits; returns how many takes were run. What the doorbell calls."""
    count, owner = 0, owner_name()
    while not told_to_stop():
        close_old_connections()
        try:
            take = claim(owner, offers())
            if take is None:
                return count
            run_take(take)
        except DatabaseError as fault:  # the lease brings the take back; the sweep rings again
            log.warning("the database did not answer: %s", fault)
            connection.close()
            return count
        count += 1
    return count
