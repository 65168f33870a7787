"""The open streams of this process: who hears what, how many each, and how they end. Lives on the event loop."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import connection

from .bells import Heard
from .hub import Hub
from .publish import to_person
from .standing import Pass, out_of_standing

PING_EVERY = 15.0
LONGEST = 15 * 60.0
MOST_SUBJECTS = 100
EVERYTHING = "*"
RENEW = "renew"
GONE = "gone"
Result = TypeVar("Result")


class TooMany(Exception):
    """This person has as many streams as one person may have."""


class Stream:
    """One browser tab. Signals wait as subjects, each once: a slow reader costs no memory and misses nothing."""

    __slots__ = ("_alarm", "_waiter", "held", "newest", "over", "since", "subjects")

    def __init__(self, held: Pass, now: float) -> None:
        self.held = held
        self.since = now
        self.subjects: dict[str, None] = {}
        self.newest = 0
        self.over = ""
        self._alarm = False
        self._waiter: asyncio.Future[None] | None = None

    def put(self, number: int, subject: str) -> None:
        """Something to tell."""
        if len(self.subjects) >= MOST_SUBJECTS:
            self.subjects = {EVERYTHING: None}
        elif EVERYTHING not in self.subjects:
            self.subjects[subject] = None
        self.newest = max(self.newest, number)
        self.wake()

    def end(self, code: str) -> None:
        """Tell nothing more but why."""
        self.over = self.over or code
        self.wake()

    def wake(self) -> None:
        """Let the writer look."""
        self._alarm = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> list[str]:
        """What there is to tell, when there is something; an empty list is a ping, or the end (see `over`)."""
        if not self._alarm:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        self._alarm = False
        told, self.subjects = list(self.subjects), {}
        return told


class Streams:
    """All of them. Everything here runs on the loop, except what is given to `off_loop`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._by_channel: dict[str, set[Stream]] = {}
        self._all: set[Stream] = set()
        self._counted = threading.Lock()  # the hub's thread reads what the loop changes
        # One thread: however many browsers come back at once, they hold one database connection.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="events-open")
        self._pinging = self._loop.create_task(self._ping())
        self._listening: asyncio.Future[None] | None = None

    async def off_loop(self, act: Callable[[], Result]) -> Result:
        """Run what reads the database in the reading thread; its connection is given back before the answer."""
        return await self._loop.run_in_executor(self._reader, _and_let_go, act)

    async def listen(self) -> None:
        """Begin to hear the hub; the first stream waits for that, so that it misses nothing."""
        if self._listening is None:
            self._listening = asyncio.ensure_future(self.off_loop(self._attach))
        await asyncio.shield(self._listening)

    def _attach(self) -> None:
        self._hub.listen(self._hear)
        self._hub.on_look(self._look)

    def _detach(self) -> None:
        self._hub.forget(self._hear)
        self._hub.forget_look(self._look)

    def open(self, held: Pass) -> Stream:
        """A stream for this pass. Raises TooMany."""
        if len(self._by_channel.get(to_person(held.person), ())) >= settings.VERNISSAGE_STREAMS_PER_PERSON:
            raise TooMany
        stream = Stream(held, self._loop.time())
        with self._counted:
            self._all.add(stream)
        for channel in held.channels:
            self._by_channel.setdefault(channel, set()).add(stream)
        return stream

    def shut(self, stream: Stream) -> None:
        """Forget a stream."""
        with self._counted:
            self._all.discard(stream)
        for channel in stream.held.channels:
            those = self._by_channel.get(channel, set())
            those.discard(stream)
            if not those:
                self._by_channel.pop(channel, None)

    def __len__(self) -> int:
        """How many are open."""
        return len(self._all)

    async def close(self) -> None:
        """The process ends: browsers come back to its successor."""
        self._pinging.cancel()
        self._end_all([(one, RENEW) for one in self._all])
        if self._listening is not None:
            await self.off_loop(self._detach)
        self._reader.shutdown(wait=False)

    async def _ping(self) -> None:
        """Wake every writer now and then, so that a dead connection is noticed; old streams are opened anew."""
        while True:
            await asyncio.sleep(PING_EVERY)
            now = self._loop.time()
            for stream in list(self._all):
                if now - stream.since > LONGEST:
                    stream.end(RENEW)
                else:
                    stream.wake()

    def _hear(self, heard: list[Heard]) -> None:
        """In the hub's thread: hand over to the loop."""
        self._loop.call_soon_threadsafe(self._deliver, heard)

    def _deliver(self, heard: list[Heard]) -> None:
        for one in heard:
            for stream in self._by_channel.get(one.channel, ()):
                stream.put(one.number, one.subject)

    def _look(self) -> None:
        """In the hub's thread: end the streams of those that may not listen any more."""
        with self._counted:
            streams = list(self._all)
        out = out_of_standing({stream.held for stream in streams})
        ended = [(stream, out[stream.held]) for stream in streams if stream.held in out]
        if ended:
            self._loop.call_soon_threadsafe(self._end_all, ended)

    def _end_all(self, ended: Iterable[tuple[Stream, str]]) -> None:
        for stream, code in ended:
            stream.end(code)


def _and_let_go(act: Callable[[], Result]) -> Result:
    try:
        return act()
    finally:
        connection.close()
