"""One file, or one range of it, as an HTTP answer: Django's own answers ignore Range, and browsers then cannot seek."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Protocol

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _

BLOCK = 64 * 1024  # bytes read and sent at a time

_ONE_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)
_MOST_DIGITS = 18  # more digits than any file has bytes; Python refuses to read numbers of thousands of digits


class Seekable(Protocol):
    """An open file of bytes: Django's File on a local disk or on S3, or a plain one."""

    def seek(self, offset: int, /) -> object:
        """Go to the byte `offset` from the start."""

    def read(self, size: int, /) -> bytes:
        """Give up to `size` bytes, none at the end."""

    def close(self) -> None:
        """Let the file go; a second time does nothing."""


def ranged_response(
    request: HttpRequest, opened: Seekable, *, size: int, content_type: str, etag: str, modified: datetime
) -> HttpResponseBase:
    """Answer with the file `opened` of `size` bytes, or the one range of it that was asked for (RFC 9110, section 14).

    `etag` is a strong entity tag with its quotes, `modified` an aware time. Files behind this are never rewritten in
    place, which is why the date too may stand in If-Range. An unknown unit, several ranges or a malformed header is
    answered with the whole file, as the RFC allows. The file is closed at the end, or when the client leaves.
    """
    last_modified = int(modified.timestamp())
    try:
        response = _answer(request, opened, size, etag, last_modified)
        if not response.streaming:
            opened.close()
    except BaseException:
        opened.close()
        raise
    if response.status_code in {200, 206}:
        response["Content-Type"] = content_type
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(last_modified)
    # Who may see a file is decided anew at each request, so no copy may outlive this one.
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def wanted_range(header: str, size: int) -> range | None:
    """Read which bytes a Range header asks for: None for the whole file, empty where `size` bytes have none of them."""
    match = _ONE_RANGE.fullmatch(header.strip(" \t"))
    if match is None or match[0].endswith("=-"):
        return None
    first, last = (_position(digits) for digits in match.groups())
    if first is None:  # the last so many bytes
        if last == 0:
            return range(0)
        return range(max(0, size - (last or 0)), size) if size else None
    if last is None:
        return range(first, size)
    if last < first:
        return None
    return range(first, min(last + 1, size))


def _position(digits: str) -> int | None:
    return int(digits.lstrip("0")[:_MOST_DIGITS] or "0") if digits else None


def _answer(request: HttpRequest, opened: Seekable, size: int, etag: str, last_modified: int) -> HttpResponseBase:
    """Choose among 200, 206, 304, 412 and 416, without the headers they share."""
    unmet = get_conditional_response(request, etag=etag, last_modified=last_modified)
    if unmet is not None:
        return unmet
    span = _span(request, size, etag, last_modified)
    if span is not None and not span:
        words = _("This file has %(size)d bytes. Ask for bytes inside it.") % {"size": size}
        text = f"range-not-satisfiable: {words}\n"
        response = HttpResponse(text, status=416, content_type="text/plain; charset=utf-8")
        response["Content-Range"] = f"bytes */{size}"
        return response
    sent = range(size) if span is None else span
    if request.method == "HEAD":
        answer: HttpResponseBase = HttpResponse()
    else:
        opened.seek(sent.start)
        body = _AsyncBody(opened, len(sent)) if isinstance(request, ASGIRequest) else _Body(opened, len(sent))
        answer = StreamingHttpResponse(body, status=200 if span is None else 206)
    answer["Content-Length"] = str(len(sent))
    if span is not None:
        answer["Content-Range"] = f"bytes {sent.start}-{sent.stop - 1}/{size}"
    return answer


def _span(request: HttpRequest, size: int, etag: str, last_modified: int) -> range | None:
    """Find the range to send, where Range is there, counts for this method and If-Range does not forbid it."""
    header = request.headers.get("Range")
    if header is None or request.method != "GET":
        return None
    condition = request.headers.get("If-Range")
    if condition is not None:
        # A strong comparison, section 13.1.5: a weak tag never matches, a date only exactly.
        same = condition == etag and not etag.startswith("W/")
        if not same and parse_http_date_safe(condition) != last_modified:
            return None
    return wanted_range(header, size)


class _Body:
    """The next so many bytes of an open file, block by block. Django calls `close` also when the client leaves."""

    def __init__(self, opened: Seekable, count: int) -> None:
        self._opened = opened
        self._left = count

    def __iter__(self) -> Iterator[bytes]:
        while self._left:
            yield self._block()
        self.close()

    def close(self) -> None:
        self._opened.close()

    def _block(self) -> bytes:
        block = self._opened.read(min(BLOCK, self._left))
        if not block:
            # The length is promised already: only a broken connection tells the browser that bytes are missing.
            raise OSError(f"the stored file ends {self._left} bytes early")
        self._left -= len(block)
        return block


class _AsyncBody:
    """The same for ASGI, where Django would collect a plain iterator in memory before it sends the first byte."""

    def __init__(self, opened: Seekable, count: int) -> None:
        self._body = _Body(opened, count)
        self._blocks = iter(self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while block := await sync_to_async(self._next, thread_sensitive=False)():
            yield block

    def close(self) -> None:
        self._body.close()

    def _next(self) -> bytes:
        return next(self._blocks, b"")
