"""Taking, keeping and comparing pictures: what must differ (films, times, progress) is masked on both sides."""

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "shots"
QUALITY: Final = 88
VARIES: Final = "video, vn-player, .frame, .stage, .job-card, time, code, .num, .stat, .facts dd, .dock-quote, .rail-count, .main a[href^='/w/']"
NOTICED: Final = 24  # of 255, in any channel: below it is a rounding of the encoder
# Pictures further down load when they come near: scrolled past once. A film shows its poster, without a spinner.
SETTLED: Final = """async () => {
    await document.fonts.ready;
    for (const picture of document.images) picture.loading = "eager";
    await Promise.all([...document.images].map(picture => picture.complete ? 0 : new Promise(done => {
        picture.onload = picture.onerror = done;
    })));
    const end = performance.now() + 15000;
    const film = document.querySelector("video");
    if (film) film.preload = "auto";
    while (film && film.readyState < 2 && performance.now() < end) await new Promise(done => setTimeout(done, 50));
}"""
BOXES: Final = """selector => [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect())
    .filter(r => r.width && r.height && r.bottom > 0 && r.top < innerHeight)
    .map(r => [r.left, r.top, r.right, r.bottom].map(v => v * devicePixelRatio))"""


def encoded(png: bytes) -> bytes:
    """The picture as it is kept."""
    room = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(room, "WEBP", quality=QUALITY, method=6)
    return room.getvalue()


def taken(page: Page) -> tuple[bytes, list[list[float]]]:
    """(WebP of what the window shows, boxes of what may differ in device pixels)."""
    page.evaluate(SETTLED)
    return encoded(page.screenshot(animations="disabled")), page.evaluate(BOXES, VARIES)


def share_that_differs(kept: bytes, fresh: bytes, boxes: list[list[float]]) -> float:
    """Share of the unmasked pixels whose colour differs noticeably, 0 to 1; another size differs wholly."""
    left, right = _pixels(kept), _pixels(fresh)
    if left.shape != right.shape:
        return 1.0
    looked_at = np.ones(left.shape[:2], dtype=bool)
    for x0, y0, x1, y1 in boxes:
        looked_at[max(0, int(y0) - 2) : int(y1) + 3, max(0, int(x0) - 2) : int(x1) + 3] = False
    differs = np.abs(left - right).max(axis=2) > NOTICED
    return float((differs & looked_at).sum() / max(1, looked_at.sum()))


def _pixels(picture: bytes) -> NDArray[Any]:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=np.int16)
