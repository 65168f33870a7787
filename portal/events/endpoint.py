"""/events/ as an ASGI application: admits once, then only waits and writes. No stream ever holds a database connection.

Plain ASGI and not a Django view: Django's handler keeps a thread and two tasks for as long as a response lasts.
"""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any, TypeAlias

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError
from django.utils.translation import gettext as _

from .hub import close_hub, hub
from .missed import latest_number, missed_since
from .standing import Pass, admit, out_of_standing
from .streams import GONE, Stream, Streams, TooMany

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
COME_BACK_MS = 2000
PING = b": ping\n\n"


class Refusal(Exception):
    """A stream that is not opened: HTTP status, stable code, a sentence."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.words = words


class Events:
    """The endpoint of one process."""

    def __init__(self) -> None:
        self._streams: Streams | None = None

    @property
    def open_streams(self) -> int:
        """How many browsers listen now."""
        return len(self._streams) if self._streams is not None else 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._streams is None:
            self._streams = Streams(hub())
        streams = self._streams
        try:
            held = await self._admit(scope, streams)
            await streams.listen()
            stream = streams.open(held)
        except TooMany:
            words = _("You have too many pages open for live news; this one looks by itself every two seconds.")
            await _refuse(send, Refusal(429, "streams-limit", words))
            return
        except Refusal as refusal:
            await _refuse(send, refusal)
            return
        leaving = asyncio.ensure_future(_until_gone(receive, stream))
        try:
            # Read only now that it is open: a signal from here on is told twice rather than missed, and a stop is either
            # read here or finds the stream.
            subjects, number = await streams.off_loop(lambda: _begin(scope, held))
            await _write(send, stream, subjects, number)
        except Refusal as refusal:
            await _refuse(send, refusal)
        except DatabaseError:
            await _refuse(send, Refusal(503, "database-away", _("The database did not answer. Try again in a moment.")))
        finally:
            leaving.cancel()
            streams.shut(stream)

    async def close(self) -> None:
        """The process ends."""
        if self._streams is not None:
            await self._streams.close()
        await asyncio.get_running_loop().run_in_executor(None, close_hub)
        self._streams = None

    async def _admit(self, scope: Message, streams: Streams) -> Pass:
        if scope["method"] != "GET":
            raise Refusal(405, "method-not-allowed", _("A stream is opened with GET."))
        try:
            request = ASGIRequest(scope, io.BytesIO())
            request.get_host()
        except (DisallowedHost, BadRequest) as fault:
            raise Refusal(400, "host-unknown", _("This site does not answer to that name.")) from fault
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise Refusal(403, "other-origin", _("Live news is for the pages of this site."))
        try:
            return await streams.off_loop(lambda: _pass_of(request))
        except DatabaseError as fault:
            words = _("The database did not answer. Try again in a moment.")
            raise Refusal(503, "database-away", words) from fault


def _pass_of(request: ASGIRequest) -> Pass:
    """Read session and person. In the reading thread."""
    sessions = import_module(settings.SESSION_ENGINE)
    request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    held = admit(request)
    if held is None:
        raise Refusal(401, "sign-in", _("You are not signed in."))
    return held


def _begin(scope: Message, held: Pass) -> tuple[list[str], int]:
    """What was missed since the signal the browser names, and the number it goes on from. In the reading thread.

    Raises Refusal for somebody who may not listen.
    """
    code = out_of_standing([held]).get(held)
    if code is not None:
        raise Refusal(403, code, _("Live news is closed for this account now."))
    request = ASGIRequest(scope, io.BytesIO())
    last = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    number = latest_number()
    return (missed_since(last, held.channels) if last else []), number


async def _write(send: Send, stream: Stream, subjects: list[str], number: int) -> None:
    """Lines of one stream until it ends."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _say(send, f"retry: {COME_BACK_MS}\nid: {number}\nevent: begin\ndata: {json.dumps(subjects)}\n\n".encode())
    while not stream.over:
        subjects = await stream.wait()
        if subjects:
            number = max(number, stream.newest)
            await _say(send, f"id: {number}\ndata: {json.dumps(subjects)}\n\n".encode())
        elif not stream.over:
            await _say(send, PING)
    if stream.over != GONE:
        await _say(send, f"event: end\ndata: {json.dumps(stream.over)}\n\n".encode())
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _until_gone(receive: Receive, stream: Stream) -> None:
    """End the stream when its browser left."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end(GONE)


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = json.dumps({"code": refusal.code, "message": refusal.words, "action": ""}).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if refusal.status in {429, 503}:
        headers.append((b"retry-after", b"30"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
