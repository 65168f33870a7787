"""What tells a hub that something was committed: a poll on SQLite, LISTEN on PostgreSQL, or Redis."""

import logging
import time
from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.conf import settings
from django.db import DatabaseError, connection

from .publish import bell_name

log = logging.getLogger(__name__)
POLL_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Heard:
    """One signal as a hub passes it on. `number` grows, and is what a browser names when it comes back."""

    number: int
    channel: str
    subject: str

    @classmethod
    def of(cls, said: str) -> Self | None:
        """The signal in a bell's words; None for words that are not ours."""
        parts = said.split(" ")
        if len(parts) != 3 or not parts[0].isdigit():  # noqa: PLR2004 - number, channel, subject
            return None
        return cls(int(parts[0]), parts[1], parts[2])


class Bell(Protocol):
    """Waits for commits, in the hub's own thread."""

    def wait(self, seconds: float) -> tuple[list[Heard], bool]:
        """What was said within `seconds`, and whether rows may have changed that were not said."""

    def close(self) -> None:
        """Let go of what is held."""


class SqliteBell:
    """Asks the file ten times a second whether anybody else committed: microseconds, and no message can be lost."""

    def __init__(self) -> None:
        self._version: int | None = None

    def wait(self, seconds: float) -> tuple[list[Heard], bool]:
        """Nothing is said here: the hub reads the rows."""
        until = time.monotonic() + seconds
        while True:
            time.sleep(POLL_EVERY)  # first, so that a busy file is not read more often than that
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                version = int(cursor.fetchone()[0])
            if version != self._version:
                self._version = version
                return [], True
            if time.monotonic() >= until:
                return [], False

    def close(self) -> None:
        """Forget what was seen: another connection counts anew."""
        self._version = None


class PostgresBell:
    """LISTEN on the hub's own connection. It must be a direct one: a pooler that shares transactions hears nothing."""

    def __init__(self) -> None:
        self._listening: Any = None

    def wait(self, seconds: float) -> tuple[list[Heard], bool]:
        """Signals as they were committed; rows are looked at once after each (re)connection, and when time is up."""
        connection.ensure_connection()
        raw = connection.connection
        if self._listening is not raw:
            with connection.cursor() as cursor:
                cursor.execute(f'LISTEN "{bell_name()}"')
            self._listening = raw
            return [], True
        said = [Heard.of(one.payload) for one in raw.notifies(timeout=seconds, stop_after=1)]
        return [one for one in said if one is not None], not said

    def close(self) -> None:
        """A pool must not get back a connection that still listens."""
        if self._listening is not None and self._listening is connection.connection:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("UNLISTEN *")
            except DatabaseError as fault:
                log.debug("the listening connection was gone already: %s", fault)
        self._listening = None


class RedisBell:
    """Subscribes to the installation's bell; while Redis is away the hub looks at the rows instead."""

    def __init__(self) -> None:
        self._heard: Any = None

    def wait(self, seconds: float) -> tuple[list[Heard], bool]:
        """As on PostgreSQL."""
        import redis

        try:
            if self._heard is None:
                server = redis.Redis.from_url(
                    settings.VERNISSAGE_REDIS_URL, socket_connect_timeout=1, decode_responses=True
                )
                self._heard = server.pubsub(ignore_subscribe_messages=True)
                self._heard.subscribe(bell_name())
                return [], True
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                message = self._heard.get_message(timeout=left)
                one = Heard.of(message["data"]) if message is not None else None
                if one is not None:
                    return [one], False
        except (redis.RedisError, OSError) as fault:
            log.warning("Redis does not answer, looking at the rows instead: %s", fault)
            self.close()
            time.sleep(seconds)
        return [], True

    def close(self) -> None:
        """Leave the channel."""
        if self._heard is not None:
            self._heard.close()
            self._heard = None


def bell_of_this_installation() -> Bell:
    """Redis where it is set, else the database's own."""
    if settings.VERNISSAGE_REDIS_URL:
        return RedisBell()
    return PostgresBell() if connection.vendor == "postgresql" else SqliteBell()
