"""The WSGI site inside an ASGI server: each request whole in one thread of a small pool, as a WSGI server would run it.

Django's own ASGI handler would change threads at every synchronous middleware; this changes once each way.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import IO, Any, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Problem: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None

log = logging.getLogger(__name__)
IN_MEMORY = 256 * 1024
JOINED = 64 * 1024


class ClientGone(Exception):
    """Nobody is left to answer."""


class WsgiInThreads:
    """An ASGI application of a WSGI one."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="site")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Take the body, run the application in a thread, pass on what it answers."""
        loop = asyncio.get_running_loop()
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            if not await _take_body(receive, body):
                return
            answer = _Answer(loop, send)
            environ = environ_of(scope, body)
            await loop.run_in_executor(self._pool, answer.run, self._application, environ)

    def close(self) -> None:
        """The process ends; what runs is finished."""
        self._pool.shutdown(wait=False)


async def _take_body(receive: Receive, body: IO[bytes]) -> bool:
    """Write the request's body into `body`; False when the client left before it was whole."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    body.seek(0)
    return True


def environ_of(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environment of an ASGI scope (PEP 3333): bytes of the address as latin-1, headers joined by commas."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    path = scope["path"].encode("utf-8", "surrogateescape").decode("latin-1")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name:  # would be taken for the same name with hyphens
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        said = value.decode("latin-1")
        environ[key] = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{said}" if key in environ else said
    return environ


class _Answer:
    """One answer on its way from its thread to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self._start: Message | None = None
        self._started = False

    def run(self, application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
        """In the thread: call the application and send its blocks; small ones together."""
        parts = application(environ, self.start_response)
        try:
            waiting = b""
            for part in parts:
                waiting += part
                if len(waiting) >= JOINED:
                    self._tell(waiting, more=True)
                    waiting = b""
            self._tell(waiting, more=False)
        except ClientGone:
            log.debug("the client left before its answer was whole")
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def start_response(
        self, status: str, headers: list[tuple[str, str]], problem: Problem = None
    ) -> Callable[[bytes], None]:
        """PEP 3333; the write it returns is for old applications, and Django is none."""
        if problem is not None and problem[1] is not None and self._started:
            raise problem[1]
        self._start = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
        return lambda block: self._tell(block, more=True)

    def _tell(self, block: bytes, *, more: bool) -> None:
        asyncio.run_coroutine_threadsafe(self._say(block, more=more), self._loop).result()

    async def _say(self, block: bytes, *, more: bool) -> None:
        try:
            if not self._started and self._start is not None:
                self._started = True
                await self._send(self._start)
            await self._send({"type": "http.response.body", "body": block, "more_body": more})
        except (OSError, RuntimeError) as fault:  # what servers raise when the connection is closed
            raise ClientGone from fault
