"""A browser that fails on anything a person should never meet.

axe.min.js beside this file is axe-core 4.14.1 (MPL-2.0, see axe-LICENSE.txt): for tests only, never served.
"""

import os
import re
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.house import WIDTHS, House, cards_first, open_browser, open_house

AXE = (Path(__file__).parent / "axe.min.js").read_text()
# The rule of WCAG 2.2 (targets of 24 px) is off by default in axe-core.
RUN_AXE = """async rules => (await axe.run(rules.length ? {runOnly: rules} : {rules: {'target-size': {enabled: true}}}))
    .violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))"""
# A busy machine takes its time; what is waited for is a state and never a moment.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# What still fades in has other colours than those it is read in; what never ends is not waited for.
STAND_STILL = """() => Promise.all(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .map(one => one.finished.catch(() => null))).then(() => null)"""
# What follows the size of the window by script does so before the next picture, not at once.
BEYOND = """() => new Promise(told => requestAnimationFrame(() => requestAnimationFrame(() =>
    told(document.documentElement.scrollWidth - document.documentElement.clientWidth))))"""
ZONES = "zones"  # in the house's folder: time zones that a test makes up
ON_PURPOSE = re.compile(r"status of (?:401|403|404|409|410|422|429)")


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for all browser tests; films are drawn title cards, so that nobody waits."""
    home = tmp_path_factory.mktemp("house")
    zones = os.pathsep.join((str(home / ZONES), *zoneinfo.TZPATH))
    with open_house(home, VERNISSAGE_MODELS=str(cards_first(home)), PYTHONTZPATH=zones) as opened:
        yield opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    with sync_playwright() as playwright:
        chromium = open_browser(playwright)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody at a browser; `look` fails on what a page must never have."""

    page: Page
    house: House
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open an address; the status."""
        answer = self.page.goto(path if path.startswith("http") else self.house.url + path)
        assert answer is not None
        return answer.status

    def look(self) -> None:
        """No console error, no violation of the content policy, no other host, no axe violation, no sideways scroll."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(AXE)
        # Read once: the studio gives its page another address when it has kept the draft.
        url = self.page.url
        assert (url, self.complaints, self.axe(), self.wider()) == (url, [], [], 0)

    def look_closely(self) -> list[str]:
        """Everything `look` sees, in both lights, wide and on two phones; what was found, in words."""
        page, before = self.page, self.page.viewport_size
        page.wait_for_load_state("load")
        page.evaluate(AXE)
        found = []
        for light in ("dark", "light"):
            page.evaluate("light => document.documentElement.dataset.theme = light", light)
            for width in WIDTHS:
                across, down = WIDTHS[width]
                page.set_viewport_size({"width": across, "height": down})
                seen = [f"{self.wider()} px sideways"] if self.wider() else []
                if width != "narrow":
                    # What depends on light is asked in every light; the rest of the rules once a width.
                    seen += self.axe() if light == "dark" else self.axe("color-contrast")
                found += [f"{urlsplit(page.url).path} {light} {width}: {one}" for one in seen]
        if before is not None:
            page.set_viewport_size(before)
        found += [f"{urlsplit(page.url).path}: {one}" for one in self.complaints]
        self.complaints.clear()
        return found

    def axe(self, *rules: str) -> list[str]:
        """Violations of accessibility rules as axe-core sees them; all of its rules, or those named."""
        self.page.evaluate(STAND_STILL)
        return list(self.page.evaluate(RUN_AXE, list(rules)))

    def wider(self) -> int:
        """By how many pixels the page is wider than the window."""
        return max(0, self.page.evaluate(BEYOND))


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a fresh browser profile: visit("phone"), visit("wide", javascript=False), visit("wide", calm=True)."""
    opened = []

    def come(width: str, *, javascript: bool = True, calm: bool = False) -> Visitor:
        w, h = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": w, "height": h},
            java_script_enabled=javascript,
            reduced_motion="reduce" if calm else "no-preference",
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        visitor = Visitor(context.new_page(), house)

        def complain(said: ConsoleMessage) -> None:
            # A page or picture that is gone or refused on purpose is reported by Chromium too; its status is asserted instead.
            if said.type == "error" and not ON_PURPOSE.search(said.text):
                visitor.complaints.append(said.text)

        def watch(asked: Request) -> None:
            if not asked.url.startswith((house.url + "/", "data:", "blob:")):
                visitor.complaints.append(f"asks another host: {asked.url}")

        visitor.page.on("console", complain)
        visitor.page.on("request", watch)
        visitor.page.on("pageerror", lambda fault: visitor.complaints.append(str(fault)))
        return visitor

    yield come
    for context in opened:
        context.close()
