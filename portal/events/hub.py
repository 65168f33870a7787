"""One hub per process: a thread that hears what was committed and passes it on. Works in the web and in workers."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeAlias

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from .bells import Bell, Heard, bell_of_this_installation
from .models import Signal
from .publish import KEPT, STOPS

log = logging.getLogger(__name__)
LOOK_EVERY = 0.3
LOOK_ANYWAY = 20.0
LATE = timedelta(seconds=15)
MOST_WAITING = 1000
Listener: TypeAlias = Callable[[list[Heard]], None]
Look: TypeAlias = Callable[[], None]


class Subscription:
    """Signals of some channels, for a thread that wants to wait for them. Leave it with `close` or `with`."""

    def __init__(self, hub: "Hub", channels: Collection[str]) -> None:
        self._hub = hub
        self._channels = frozenset(channels)
        self._waiting: queue.Queue[Heard] = queue.Queue(MOST_WAITING)
        hub.listen(self._put)

    def _put(self, heard: list[Heard]) -> None:
        for one in heard:
            if one.channel in self._channels:
                try:
                    self._waiting.put_nowait(one)
                except queue.Full:  # a sleeper finds more than enough reasons to look when it wakes
                    return

    def get(self, timeout: float | None = None) -> Heard | None:
        """The next signal, or None when `timeout` seconds passed without one."""
        try:
            return self._waiting.get(timeout=timeout)
        except queue.Empty:
            return None

    def __iter__(self) -> Iterator[Heard]:
        """Signals for ever."""
        while True:
            yield self._waiting.get()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        del kind, error, trace
        self.close()

    def close(self) -> None:
        """Hear no more."""
        self._hub.forget(self._put)


class Hub:
    """Holds one database connection, in its own thread; listeners never touch it.

    A bell may be lost (Redis restarts, a connection breaks): every LOOK_EVERY seconds the rows themselves are looked
    at, so a lost bell costs that long and no signal. `looks` are asked as often, and at once when anything on the
    channel "stops" is heard: a commit that must end something is obeyed within a second, bell or no bell.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._looks: list[Look] = []
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: set[int] = set()
        self._window = LATE
        self._read_at = self._looked_at = 0.0
        self._changed = False

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every batch of signals, in the hub's thread: it must not block."""
        with self._lock:
            self._listeners.append(listener)
        self.start()

    def forget(self, listener: Listener) -> None:
        """Undo `listen`."""
        with self._lock:
            self._listeners.remove(listener)

    def on_look(self, look: Look) -> None:
        """Call `look` every LOOK_EVERY seconds while anything may have changed, and at once on a stop. It may read the database."""
        with self._lock:
            self._looks.append(look)
        self.start()

    def forget_look(self, look: Look) -> None:
        """Undo `on_look`."""
        with self._lock:
            self._looks.remove(look)

    def subscribe(self, channels: Collection[str]) -> Subscription:
        """Signals of these channels, to wait for or to iterate over."""
        return Subscription(self, channels)

    def start(self) -> None:
        """Begin to hear; from here on no commit is missed. Waits until that is so, five seconds at most."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="events", daemon=True)
                self._thread.start()
        self._ready.wait(5)

    def close(self) -> None:
        """End the thread and give back its connection."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        bell = bell_of_this_installation()
        while not self._end.is_set():
            try:
                self._turn(bell)
            except DatabaseError as fault:
                log.warning("the database did not answer the hub: %s", fault)
                bell.close()
                connection.close()
                self._window = KEPT  # whatever is said meanwhile is read when it is back
                self._end.wait(LOOK_EVERY)
            except Exception:  # nothing else may end the one thread that everybody listens through
                log.exception("hub")
                self._end.wait(LOOK_EVERY)
        bell.close()
        connection.close()

    def _turn(self, bell: Bell) -> None:
        """One wait, one delivery, and a look where one is due."""
        heard, changed = bell.wait(LOOK_EVERY if self._ready.is_set() else 0)
        heard = [one for one in heard if one.number not in self._seen]  # a look may be faster than its bell
        now = time.monotonic()
        if changed or now - self._read_at > (LOOK_EVERY if heard else LOOK_ANYWAY):
            heard = heard + self._unheard({one.number for one in heard})
            self._read_at = now
            self._changed = True
        self._seen.update(one.number for one in heard)
        if not self._ready.is_set():  # what was said before we came is everybody's own to read
            self._ready.set()
            return
        if heard:
            self._tell(heard)
        stop = any(one.channel == STOPS for one in heard)
        if stop or (self._changed and now - self._looked_at >= LOOK_EVERY):
            self._looked_at = now
            self._look()
            self._changed = False  # only then: a look that failed is asked again

    def _unheard(self, just_heard: set[int]) -> list[Heard]:
        """Rows of the last seconds that no bell told of, oldest first."""
        rows = Signal.objects.filter(at__gt=Now() - self._window).order_by("pk").values_list("pk", "channel", "subject")
        found = [Heard(*row) for row in rows]
        new = [one for one in found if one.number not in self._seen and one.number not in just_heard]
        self._seen = {one.number for one in found}
        self._window = LATE
        return new

    def _tell(self, heard: list[Heard]) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(heard)
            except Exception:  # one listener's fault is not another's
                log.exception("listener %s", listener)

    def _look(self) -> None:
        with self._lock:
            looks = list(self._looks)
        for look in looks:
            look()


_hub: tuple[int, Hub] | None = None
_making = threading.Lock()


def hub() -> Hub:
    """The hub of this process; a forked child gets one of its own."""
    global _hub  # noqa: PLW0603 - one per process is the point
    with _making:
        if _hub is None or _hub[0] != os.getpid():
            _hub = (os.getpid(), Hub())
        return _hub[1]


def close_hub() -> None:
    """End this process's hub: at shutdown, and between tests."""
    global _hub  # noqa: PLW0603
    with _making:
        if _hub is not None and _hub[0] == os.getpid():
            _hub[1].close()
        _hub = None
