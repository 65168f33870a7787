"""A film of two shots by keyboard alone, by somebody who knows only what a screen reader says."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.test_journey import wait_for_order

pytestmark = pytest.mark.browser
MOST_TABS = 120


@dataclass
class Reader:
    """Presses keys and hears roles and names; has no pointer and knows no selector."""

    visitor: Visitor
    tree: CDPSession
    pressed: int = 0

    def heard(self) -> list[tuple[str, str, bool]]:
        """(role, name, focused) of everything the page says."""
        nodes = self.tree.send("Accessibility.getFullAXTree")["nodes"]
        said = []
        for node in nodes:
            if not node.get("ignored"):
                properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
                name = node.get("name", {}).get("value", "")
                said.append((node["role"]["value"], name, bool(properties.get("focused"))))
        return said

    def here(self) -> tuple[str, str]:
        """Role and name of what has the focus."""
        focused = [(role, name) for role, name, has in self.heard() if has]
        return focused[-1] if focused else ("", "")

    def press(self, key: str) -> None:
        """One key."""
        self.pressed += 1
        self.visitor.page.keyboard.press(key)

    def tab_to(self, role: str, name: str) -> None:
        """Tab until the focus is on this."""
        met = []
        for _press in range(MOST_TABS):
            now = self.here()
            if now[0].lower() == role and re.search(name, now[1]):
                return
            met.append(now)
            self.press("Tab")
        raise AssertionError((role, name, met))

    def wait_to_hear(self, words: str, seconds: float = 90) -> None:
        """Until the page says these words anywhere."""
        end = time.monotonic() + seconds
        while not any(re.search(words, name) for _role, name, _has in self.heard()):
            assert time.monotonic() < end, (words, self.heard())
            time.sleep(0.2)


def test_a_film_of_two_shots_by_keyboard_alone(house: House, visit: Callable[..., Visitor]) -> None:
    visitor = visit("wide")
    reader = Reader(visitor, visitor.page.context.new_cdp_session(visitor.page))
    reader.tree.send("Accessibility.enable")
    link = house.link("omar@demo.example")
    began = time.monotonic()
    visitor.go(link)
    reader.tab_to("link", "^Skip to content$")
    reader.tab_to("link", "^Studio")
    reader.press("Enter")
    reader.wait_to_hear("Prompt for shot 1")
    reader.tab_to("textbox", "^Prompt for shot 1$")
    visitor.page.keyboard.type("a paper boat crosses a square")
    reader.tab_to("button", "^Add shot")
    reader.press("Enter")
    reader.tab_to("textbox", "^Prompt for shot 2$")
    visitor.page.keyboard.type("the square fills with water")
    reader.tab_to("button", "^Generate")
    reader.press("Enter")
    wait_for_order(visitor.page, "a paper boat crosses a square")
    asked = time.monotonic()
    visitor.go("/library/")
    while not any(role == "link" and "a paper boat" in name for role, name, _has in reader.heard()):
        assert time.monotonic() < asked + 90, reader.heard()
        visitor.go("/library/")
        time.sleep(0.3)
    reader.tab_to("link", "a paper boat crosses a square, 4")
    reader.press("Enter")
    reader.wait_to_hear("Ask to share")
    titles = [name for role, name, _has in reader.heard() if role == "heading"]
    assert titles[0] == "a paper boat crosses a square"
    print(
        f"\nA film of two shots from sign-in by keyboard: {time.monotonic() - began:.1f} s "
        f"({asked - began:.1f} s of it until asked for), {reader.pressed} keys besides the prompts."
    )
