"""A browser tab that listens to live news, on the ASGI application itself."""

import asyncio
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from django.db import connection

from artists.people.models import Person
from tests.factories.people import signed_in

PATIENCE = 20.0


def cookie_of(person: Person) -> str:
    """The session cookie of a fresh sign-in."""
    return signed_in(person).cookies["session"].value


async def in_thread(act: Callable[..., Any], *words: Any) -> Any:
    """What `act` returned, run beside the loop in a connection of its own."""

    def run() -> Any:
        try:
            return act(*words)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


class Tab:
    """One request to /events/; `said` are the events in order, without pings."""

    def __init__(
        self, app: Any, cookie: str = "", *, query: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        given = {"host": "127.0.0.1", "cookie": f"session={cookie}", **(headers or {})}
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/events/",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }
        self._app = app
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.headers: dict[str, str] = {}
        self.status = 0

    async def __aenter__(self) -> Self:
        await self._in.put({"type": "http.request", "body": b"", "more_body": False})
        self._running = asyncio.ensure_future(self._app(self._scope, self._in.get, self._out.put))
        start = await self._next()
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._in.put({"type": "http.disconnect"})
        await asyncio.wait_for(self._running, PATIENCE)

    async def _next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._out.get(), PATIENCE)

    async def body(self) -> Any:
        """The JSON of a refusal."""
        return json.loads((await self._next())["body"])

    async def hear(self) -> tuple[str, Any]:
        """The next event: its name ("" for a signal) and what it says."""
        while True:
            text = (await self._next())["body"].decode()
            lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
            if "id" in lines:
                self.last = lines["id"]
            if "data" in lines:
                return lines.get("event", ""), json.loads(lines["data"])

    async def begun(self) -> list[str]:
        """What it had missed when it was opened."""
        event, missed = await self.hear()
        assert event == "begin"
        return list(missed)
