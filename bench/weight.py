"""What a page weighs and how soon it is there: bytes as sent, then paint and interactivity with a CPU four times slower."""

from __future__ import annotations

import gzip
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.browser.house import WIDTHS, House, cards_first, open_browser, open_house

SLOWER = 4
ROUNDS = 3
AIMS = {"script": 30_000, "stylesheet": 20_000, "font": 80_000}
PAGES = (
    ("front", "", "/"),
    ("sign in", "", "/accounts/login/"),
    ("home", "ada@demo.example", "/"),
    ("studio", "ada@demo.example", "/studio/"),
    ("library", "ada@demo.example", "/library/"),
    ("clip", "ada@demo.example", "first film"),
    ("agreement", "ada@demo.example", "/agreement/"),
    ("review", "ruth@demo.example", "/review/"),
    ("today", "mara@demo.example", "/staff/"),
)
# Marks of the browser itself, and the longest task before the page answers: no code of ours runs for them.
TIMES = """() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const page = performance.getEntriesByType('navigation')[0];
    return [paint ? paint.startTime : NaN, page.domContentLoadedEventEnd];
}"""


def run() -> list[dict[str, Any]]:
    """One row per page: kB of JavaScript, CSS and fonts as gzip sends them, and milliseconds on a throttled processor."""
    with (
        tempfile.TemporaryDirectory(prefix="vernissage-weight-") as home,
        sync_playwright() as playwright,
        open_house(Path(home), VERNISSAGE_MODELS=str(cards_first(Path(home)))) as house,
    ):
        browser = open_browser(playwright)
        _wait_for_film(house, browser)
        pages = {who: _signed_in(house, browser, who) for who in dict.fromkeys(who for _name, who, _path in PAGES)}
        return [_row(house, pages[who], name, path) for name, who, path in PAGES]


def _signed_in(house: House, browser: Browser, who: str) -> Page:
    across, down = WIDTHS["phone"]
    page = browser.new_context(viewport={"width": across, "height": down}).new_page()
    if who:
        page.goto(house.link(who))
    return page


def _wait_for_film(house: House, browser: Browser) -> None:
    page = _signed_in(house, browser, "ada@demo.example")
    end = time.monotonic() + 120
    while time.monotonic() < end:
        page.goto(house.url + "/library/")
        if page.locator(".take-card").count():
            return
        time.sleep(1)


def _row(house: House, page: Page, name: str, path: str) -> dict[str, Any]:
    if path == "first film":
        page.goto(house.url + "/library/")
        path = urlsplit(str(page.locator(".take-card a").first.get_attribute("href"))).path
    weight = _weigh(page, house.url + path)
    throttle = page.context.new_cdp_session(page)
    throttle.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times = sorted(_timed(page, house.url + path) for _round in range(ROUNDS))
    throttle.detach()
    paint, interactive = times[len(times) // 2]
    over = [kind for kind, most in AIMS.items() if weight[kind] > most]
    return {
        "page": name,
        "JavaScript kB gz": round(weight["script"] / 1000, 1),
        "CSS kB gz": round(weight["stylesheet"] / 1000, 1),
        "fonts kB": round(weight["font"] / 1000, 1),
        "HTML kB gz": round(weight["document"] / 1000, 1),
        "requests": weight["requests"],
        "first paint ms": round(paint),
        "interactive ms": round(interactive),
        "over its aim": ", ".join(over) or "no",
    }


def _weigh(page: Page, url: str) -> dict[str, int]:
    """Bytes per kind of file, compressed as a server sends text (gzip 6; fonts are compressed already)."""
    came: list[Response] = []

    def note(response: Response) -> None:
        came.append(response)

    page.on("response", note)
    _forget(page)
    page.goto(url, wait_until="load")  # live news keep a connection open: the network is never idle
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(500)
    page.remove_listener("response", note)
    weight = {"script": 0, "stylesheet": 0, "font": 0, "document": 0, "requests": len(came)}
    for response in came:
        kind = response.request.resource_type
        if kind in weight:
            body = response.body()
            weight[kind] += len(body) if kind == "font" else len(gzip.compress(body, 6))
    return weight


def _timed(page: Page, url: str) -> tuple[float, float]:
    """(first contentful paint, end of DOMContentLoaded with all modules run) in milliseconds, nothing from the cache."""
    _forget(page)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(200)
    paint, interactive = page.evaluate(TIMES)
    return float(paint), float(interactive)


def _forget(page: Page) -> None:
    """Empty the cache: the first visit is measured."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.detach()
