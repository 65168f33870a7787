"""The WSGI site inside an ASGI server answers what it answers under WSGI."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

from portal.bridge import WsgiInThreads, environ_of

BLOCK = b"x" * 70_000


def ask(
    application: Callable[..., Iterable[bytes]], *messages: dict[str, Any], gone_after: int = 0, **scope: Any
) -> list[dict[str, Any]]:
    """What the application sent; after `gone_after` messages sending fails, as on a closed connection."""
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        waiting = list(messages or [{"type": "http.request"}])

        async def receive() -> dict[str, Any]:
            return waiting.pop(0)

        async def send(message: dict[str, Any]) -> None:
            if gone_after and len(sent) >= gone_after:
                raise OSError("closed")
            sent.append(message)

        given = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        site = WsgiInThreads(application, 2)
        await site(given | scope, receive, send)
        site.close()

    asyncio.run(run())
    return sent


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("201 Created", [("X-Thread", threading.current_thread().name), ("Set-Cookie", "a=1")])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


def test_body_in_parts_reaches_the_application_whole_in_a_thread_of_the_pool() -> None:
    parts = [
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"two", "more_body": False},
    ]
    start, body = ask(echo, *parts, method="POST")
    assert (start["status"], start["headers"][0][1][:4], start["headers"][1]) == (201, b"site", (b"set-cookie", b"a=1"))
    assert body == {"type": "http.response.body", "body": b"POST one two", "more_body": False}


def test_client_gone_before_its_body_is_whole_runs_nothing() -> None:
    half = [{"type": "http.request", "body": b"one", "more_body": True}, {"type": "http.disconnect"}]
    assert ask(echo, *half, method="POST") == []


class Blocks:
    """A long answer, which says when it was closed."""

    def __init__(self) -> None:
        self.given = 0
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> "Blocks":
        start_response("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        while self.given < 5:
            self.given += 1
            yield BLOCK

    def close(self) -> None:
        self.closed = True


def test_long_answer_is_sent_block_by_block_and_closed() -> None:
    blocks = Blocks()
    sent = ask(blocks)
    assert [len(one.get("body", b"")) for one in sent] == [0, *[len(BLOCK)] * 5, 0]
    assert [one.get("more_body") for one in sent] == [None, *[True] * 5, False]
    assert blocks.closed is True


def test_client_gone_in_the_middle_ends_the_answer_and_closes_it() -> None:
    blocks = Blocks()
    sent = ask(blocks, gone_after=2)
    assert (len(sent), blocks.given, blocks.closed) == (2, 2, True)


def test_environ_of_a_scope_joins_headers_and_drops_spoofed_ones() -> None:
    scope = {
        "method": "GET",
        "path": "/fé/",
        "query_string": b"a=1",
        "client": ("10.0.0.9", 5),
        "server": ("h", 80),
        "scheme": "https",
        "headers": [
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"accept", b"x"),
            (b"accept", b"y"),
            (b"x_forwarded_for", b"1.1.1.1"),
            (b"content-type", b"text/plain"),
        ],
    }
    environ = environ_of(scope, None)  # type: ignore[arg-type]
    assert {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT"))} == {
        "HTTP_COOKIE": "a=1;b=2",
        "HTTP_ACCEPT": "x,y",
        "CONTENT_TYPE": "text/plain",
    }
    assert (environ["PATH_INFO"].encode("latin-1").decode(), environ["wsgi.url_scheme"]) == ("/fé/", "https")
    assert (environ["REMOTE_ADDR"], environ["QUERY_STRING"]) == ("10.0.0.9", "a=1")


@pytest.mark.django_db(transaction=True)
def test_site_answers_the_same_through_the_bridge() -> None:
    from portal.asgi import pages

    plain = Client().get("/healthz")
    start, body = ask(pages._application, path="/healthz", headers=[(b"host", b"127.0.0.1")])
    assert (start["status"], body["body"]) == (plain.status_code, plain.content)
    assert {name.decode() for name, _value in start["headers"]} == {name.lower() for name in plain.headers}
