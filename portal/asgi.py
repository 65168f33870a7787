"""ASGI: `application` serves /events/ alone, beside the WSGI workers; `site` serves everything, on one machine."""

from typing import Any

from portal.bridge import Receive, Send, WsgiInThreads
from portal.wsgi import (
    pages as wsgi,
)  # sets up Django and checks the configuration; the lookout begins with the process

from portal.events.endpoint import Events  # isort: skip - needs the apps
from portal.program.lookout import watch  # isort: skip - likewise

EVENTS = "/events/"
THREADS = 4
NOT_HERE = b'{"code": "not-here", "message": "This process serves live news only.", "action": ""}'

events = Events()
pages = WsgiInThreads(wsgi, THREADS)


async def _live(scope: Any, receive: Receive, send: Send) -> None:
    """Startup and shutdown of the process."""
    del scope
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            watch("web")
            await send({"type": "lifespan.startup.complete"})
        else:
            await events.close()
            pages.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope: Any, receive: Receive, send: Send) -> None:
    """Live news alone: the proxy sends /events/ here."""
    if scope["type"] == "lifespan":
        await _live(scope, receive, send)
    elif scope["path"] == EVENTS:
        await events(scope, receive, send)
    else:
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": NOT_HERE})


async def site(scope: Any, receive: Receive, send: Send) -> None:
    """Everything: live news on the loop, pages in threads."""
    if scope["type"] == "lifespan" or scope["path"] == EVENTS:
        await application(scope, receive, send)
    else:
        await pages(scope, receive, send)
