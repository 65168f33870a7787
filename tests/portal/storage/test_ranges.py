"""Files and ranges of files over HTTP."""

import asyncio
import io
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import pytest
from django.core.files import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from portal.storage.ranges import BLOCK, ranged_response, wanted_range

DATA = bytes(range(256)) * 4
ETAG = '"0123456789abcdef"'
MODIFIED = datetime(2026, 11, 24, 10, 20, 30, 123456, tzinfo=UTC)
DATE = "Tue, 24 Nov 2026 10:20:30 GMT"


def answer(
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    *,
    data: bytes = DATA,
    request: HttpRequest | None = None,
) -> tuple[HttpResponseBase, io.BytesIO]:
    """Ask for `data`; answers the response and the file behind it."""
    opened = io.BytesIO(data)
    request = request or RequestFactory().generic(method, "/", headers=headers)
    response = ranged_response(request, opened, size=len(data), content_type="video/mp4", etag=ETAG, modified=MODIFIED)
    return response, opened


def body_of(response: HttpResponseBase) -> bytes:
    """Collect the bytes that are sent."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(cast("Iterator[bytes]", response.streaming_content))
    return cast("HttpResponse", response).content


def seen(**headers: str) -> tuple[int, bytes, str | None, str]:
    """Give status, body, Content-Range and Content-Length of a GET with headers like `If_Range=...`."""
    response, _ = answer("GET", {name.replace("_", "-"): value for name, value in headers.items()})
    return response.status_code, body_of(response), response.get("Content-Range"), response["Content-Length"]


WHOLE = (200, DATA, None, "1024")


def part(first: int, last: int) -> tuple[int, bytes, str, str]:
    """Give what `seen` shows for the bytes first to last, both included."""
    return 206, DATA[first : last + 1], f"bytes {first}-{last}/1024", str(last - first + 1)


def test_file_without_range_is_sent_whole() -> None:
    assert seen() == WHOLE


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=100-199", 100, 199),
        ("bytes=0-0", 0, 0),
        ("bytes=1023-1023", 1023, 1023),
        ("bytes=0-", 0, 1023),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-1024", 0, 1023),
        ("bytes=-9999", 0, 1023),
        ("bytes=0-1023", 0, 1023),
        ("bytes=0-1024", 0, 1023),
        ("bytes=1000-99999", 1000, 1023),
        ("bytes=000100-0000199", 100, 199),
        ("Bytes=100-199", 100, 199),
        ("BYTES=-1", 1023, 1023),
        (" bytes=100-199\t", 100, 199),
        ("bytes=5-" + "9" * 5000, 5, 1023),
        ("bytes=-" + "9" * 5000, 0, 1023),
        ("bytes=" + "0" * 5000 + "7-8", 7, 8),
    ],
)
def test_one_range_is_sent_as_a_part(header: str, first: int, last: int) -> None:
    assert seen(Range=header) == part(first, last)


@pytest.mark.parametrize(
    "header", ["bytes=1024-", "bytes=1024-2000", "bytes=99999-", "bytes=-0", "bytes=" + "9" * 5000 + "-"]
)
def test_range_outside_the_file_is_refused(header: str) -> None:
    response, opened = answer("GET", {"Range": header})
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert body_of(response) == b"range-not-satisfiable: This file has 1024 bytes. Ask for bytes inside it.\n"
    assert opened.closed


@pytest.mark.parametrize(
    "header",
    [
        *["bytes=5-4", "bytes=0-1,5-6", "bytes=0-1,", "bytes=,0-1", "bytes=0-1, 1000-", "items=0-1", "seconds=1-2"],
        *["bytes=", "bytes=-", "bytes", "", "x", "0-1", "bytes=a-b", "bytes=1-b", "bytes=--1", "bytes=-1-2", "bytes=1"],
        *["bytes = 0-1", "bytes=0 - 1", "bytes= 0-1", "bytes=+0-1", "bytes=0x0-1", "bytes=0.0-1", "bytes=1_0-20"],
        *["bytes=\u00b2-\u00b3", "bytes=\u0661-\u0662", "bytes=0-1\n", "bytes=0-1;q=1", "bytes=0-1 bytes=2-3"],
    ],
)
def test_range_that_is_not_one_range_of_bytes_is_ignored(header: str) -> None:
    assert seen(Range=header) == WHOLE


def test_every_answer_forbids_keeping_and_guessing() -> None:
    asked: list[tuple[str, dict[str, str]]] = [
        ("GET", {}),
        ("GET", {"Range": "bytes=0-1"}),
        ("GET", {"Range": "bytes=1024-"}),
        ("GET", {"If-None-Match": ETAG}),
        ("GET", {"If-Match": '"other"'}),
        ("HEAD", {}),
    ]
    statuses = []
    for method, headers in asked:
        response, _ = answer(method, headers)
        statuses.append(response.status_code)
        shared = ("Cache-Control", "X-Content-Type-Options", "Accept-Ranges", "ETag", "Last-Modified")
        assert [response[name] for name in shared] == ["private, no-store", "nosniff", "bytes", ETAG, DATE]
        response.close()
    assert statuses == [200, 206, 416, 304, 412, 200]


@pytest.mark.parametrize("header", ["bytes=0-1", None])
def test_content_type_is_the_one_given(header: str | None) -> None:
    response, _ = answer("GET", {"Range": header} if header else {})
    assert response["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("condition", [ETAG, DATE, "Tuesday, 24-Nov-26 10:20:30 GMT", "Tue Nov 24 10:20:30 2026"])
def test_range_of_the_same_file_is_sent(condition: str) -> None:
    assert seen(Range="bytes=10-19", If_Range=condition) == part(10, 19)


@pytest.mark.parametrize(
    "condition",
    [
        *['"other"', f"W/{ETAG}", ETAG.strip('"'), f'{ETAG}, "other"', "*", "", "nonsense"],
        *["Tue, 24 Nov 2026 10:20:29 GMT", "Tue, 24 Nov 2026 10:20:31 GMT"],
    ],
)
def test_range_of_another_file_is_answered_with_the_whole(condition: str) -> None:
    assert seen(Range="bytes=10-19", If_Range=condition) == WHOLE
    assert seen(Range="bytes=9999-", If_Range=condition) == WHOLE


def test_weak_tag_never_matches_if_range() -> None:
    weak = f"W/{ETAG}"
    request = RequestFactory().get("/", headers={"Range": "bytes=0-1", "If-Range": weak})
    response = ranged_response(
        request, io.BytesIO(DATA), size=len(DATA), content_type="video/mp4", etag=weak, modified=MODIFIED
    )
    assert response.status_code == 200


def test_if_range_without_range_changes_nothing() -> None:
    assert seen(If_Range=ETAG) == WHOLE
    assert seen(If_Range='"other"') == WHOLE


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 206),
        ({"If-Modified-Since": DATE}, 304),
        ({"If-Modified-Since": "Mon, 23 Nov 2026 10:20:30 GMT"}, 206),
        ({"If-Match": ETAG}, 206),
        ({"If-Match": '"other"'}, 412),
        ({"If-Unmodified-Since": DATE}, 206),
        ({"If-Unmodified-Since": "Mon, 23 Nov 2026 10:20:30 GMT"}, 412),
    ],
)
def test_preconditions_come_before_the_range(headers: dict[str, str], status: int) -> None:
    response, opened = answer("GET", {"Range": "bytes=0-1", **headers})
    assert response.status_code == status
    assert opened.closed == (status != 206)
    response.close()


@pytest.mark.parametrize("header", [None, "bytes=0-1", "bytes=9999-"])
def test_head_tells_of_the_whole_file_and_sends_nothing(header: str | None) -> None:
    response, opened = answer("HEAD", {"Range": header} if header else {})
    assert (response.status_code, body_of(response), response["Content-Length"]) == (200, b"", "1024")
    assert (response["Content-Type"], response["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert "Content-Range" not in response
    assert opened.closed


def test_range_counts_for_get_only() -> None:
    response, _ = answer("POST", {"Range": "bytes=0-1"})
    assert (response.status_code, body_of(response)) == (200, DATA)


@pytest.mark.parametrize(
    ("header", "status", "content_range"),
    [
        (None, 200, None),
        ("bytes=-5", 200, None),  # satisfiable, but no Content-Range can name a part of nothing
        ("bytes=0-", 416, "bytes */0"),
        ("bytes=0-0", 416, "bytes */0"),
        ("bytes=-0", 416, "bytes */0"),
    ],
)
def test_empty_file_has_no_ranges(header: str | None, status: int, content_range: str | None) -> None:
    response, _ = answer("GET", {"Range": header} if header else {}, data=b"")
    assert (response.status_code, response.get("Content-Range")) == (status, content_range)
    assert status == 416 or body_of(response) == b""


@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_long_file_is_sent_in_blocks(size: int) -> None:
    data = bytes(range(251)) * (size // 251 + 1)
    data = data[:size]
    response, _ = answer(data=data)
    blocks = list(cast("Iterator[bytes]", response))
    assert b"".join(blocks) == data
    assert [len(block) for block in blocks[:-1]] == [BLOCK] * (len(blocks) - 1)


def test_modified_in_another_zone_is_the_same_moment() -> None:
    there = MODIFIED.astimezone(timezone(timedelta(hours=9)))
    response = ranged_response(
        RequestFactory().get("/"), io.BytesIO(DATA), size=1024, content_type="video/mp4", etag=ETAG, modified=there
    )
    assert response["Last-Modified"] == DATE


def test_file_is_closed_at_the_end() -> None:
    response, opened = answer("GET", {"Range": "bytes=0-1"})
    assert not opened.closed
    assert body_of(response) == DATA[:2]
    assert opened.closed


def test_file_is_closed_when_the_client_leaves() -> None:
    for blocks_read in (0, 1):
        response, opened = answer(data=bytes(3 * BLOCK))
        blocks = iter(cast("Iterator[bytes]", response))
        assert [len(next(blocks)) for _ in range(blocks_read)] == [BLOCK] * blocks_read
        assert not opened.closed
        response.close()  # what WSGI servers call when the connection is gone
        assert opened.closed


def test_file_shorter_than_promised_breaks_the_connection() -> None:
    opened = io.BytesIO(DATA[:1000])
    response = ranged_response(
        RequestFactory().get("/"), opened, size=1024, content_type="video/mp4", etag=ETAG, modified=MODIFIED
    )
    blocks = iter(cast("Iterator[bytes]", response))
    assert next(blocks) == DATA[:1000]
    with pytest.raises(OSError, match="the stored file ends 24 bytes early"):
        next(blocks)


def test_file_is_closed_when_it_cannot_seek() -> None:
    class Stuck(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise OSError("no seeking here")

    opened = Stuck(DATA)
    with pytest.raises(OSError, match="no seeking here"):
        ranged_response(
            RequestFactory().get("/"), opened, size=1024, content_type="video/mp4", etag=ETAG, modified=MODIFIED
        )
    assert opened.closed


def test_files_that_give_less_than_asked_are_read_to_the_end() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 7))

    response = ranged_response(
        RequestFactory().get("/", headers={"Range": "bytes=3-99"}),
        Slow(DATA),
        size=1024,
        content_type="video/mp4",
        etag=ETAG,
        modified=MODIFIED,
    )
    assert body_of(response) == DATA[3:100]


def test_files_of_a_storage_are_served(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(DATA)
    spooled = tempfile.SpooledTemporaryFile(max_size=10)  # noqa: SIM115 - as S3 files are, once opened; closing is tested
    spooled.write(DATA)
    for opened in (File(path.open("rb")), File(spooled)):
        response = ranged_response(
            RequestFactory().get("/", headers={"Range": "bytes=100-199"}),
            opened,
            size=1024,
            content_type="video/mp4",
            etag=ETAG,
            modified=MODIFIED,
        )
        assert body_of(response) == DATA[100:200]
        assert opened.closed


def test_async_servers_get_blocks_as_they_are_read() -> None:
    data = bytes(range(256)) * (BLOCK // 128)  # two blocks
    request = AsyncRequestFactory().get("/", headers={"Range": f"bytes=1-{2 * BLOCK - 1}"})
    response, opened = answer(data=data, request=request)

    async def read() -> list[bytes]:
        blocks: list[bytes] = []
        async for block in cast("StreamingHttpResponse", response):
            if not blocks:  # the second block is still in the file
                assert opened.tell() == BLOCK + 1
            blocks.append(block)
        return blocks

    assert b"".join(asyncio.run(read())) == data[1:]
    assert response.status_code == 206
    assert opened.closed


def test_async_client_that_leaves_lets_the_file_go() -> None:
    response, opened = answer(data=bytes(3 * BLOCK), request=AsyncRequestFactory().get("/"))

    async def read_one() -> int:
        async for block in cast("StreamingHttpResponse", response):
            return len(block)
        return 0

    assert asyncio.run(read_one()) == BLOCK
    response.close()
    assert opened.closed


@given(
    data=st.binary(max_size=60),
    first=st.none() | st.integers(0, 80),
    last=st.none() | st.integers(0, 80),
    zeros=st.integers(0, 3),
)
def test_any_single_range_agrees_with_counting_bytes(
    data: bytes, first: int | None, last: int | None, zeros: int
) -> None:
    def shown(number: int | None) -> str:
        return "" if number is None else "0" * zeros + str(number)

    # The oracle goes through every byte of the file and asks whether it is meant.
    if first is not None:
        meant = [at for at in range(len(data)) if first <= at and (last is None or at <= last)]
    else:
        meant = [at for at in range(len(data)) if last is not None and at >= len(data) - last]
    malformed = first is None and last is None
    backwards = first is not None and last is not None and last < first
    nothing_to_name = not data and first is None and last != 0
    response, _ = answer("GET", {"Range": f"bytes={shown(first)}-{shown(last)}"}, data=data)
    if malformed or backwards or nothing_to_name:
        assert (response.status_code, body_of(response)) == (200, data)
    elif not meant:
        assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(data)}")
    else:
        assert (response.status_code, body_of(response)) == (206, bytes(data[at] for at in meant))
        assert response["Content-Range"] == f"bytes {meant[0]}-{meant[-1]}/{len(data)}"
        assert response["Content-Length"] == str(len(meant))


@given(header=st.text(alphabet="bytes=0123456789-, \t;ab", max_size=24), size=st.integers(0, 40))
def test_any_header_names_bytes_of_the_file_or_none(header: str, size: int) -> None:
    span = wanted_range(header, size)
    assert span is None or set(span) <= set(range(size))
    if "," in header or header.count("-") != 1:
        assert span is None
