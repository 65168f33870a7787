"""Live news in a browser: by stream, by polling when there is none, over a lost network, and after signing out."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import House, Visitor

pytestmark = pytest.mark.browser
SLOW = 60_000


@pytest.fixture
def artist(house: House, visit: Callable[..., Visitor]) -> Callable[[], Visitor]:
    """artist(): the first artist of the demonstration, signed in anew in a browser profile of their own."""
    mail = "ada@demo.example"

    def come() -> Visitor:
        (found,) = [one for one in house.manage("demo")["artists"] if one["email"] == mail]
        visitor = visit("wide")
        visitor.go(found["link"])
        return visitor

    return come


def asked_for(house: House) -> str:
    """The page of a new generation."""
    asked = house.manage(
        "generate", "a red ball rises over a blue sea", "--artist", "ada@demo.example", "--model", "slow"
    )
    return f"/studio/generations/{asked['generation']}/"


def heard_of(page: Page) -> list[str]:
    """Addresses of live news that the page opens from here on."""
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if "/events/" in request.url else None)
    return opened


def stop(visitor: Visitor, address: str) -> None:
    visitor.go(address)
    visitor.page.get_by_role("button", name=re.compile("Stop")).click()
    visitor.page.wait_for_load_state()


def refuse(route: Route) -> None:
    route.fulfill(status=503, content_type="application/json", body="{}")


@pytest.mark.parametrize("stream", [True, False])
def test_card_follows_what_another_browser_does(house: House, artist: Callable[[], Visitor], stream: bool) -> None:
    first, second = artist(), artist()
    page = first.page
    if not stream:
        page.route("**/events/**", refuse)
    opened = heard_of(page)
    address = asked_for(house)
    first.go(address)
    expect(page.locator(".job-card .chip")).to_have_text(re.compile("queued|rendering"))
    stop(second, address)
    expect(page.locator(".job-card .chip")).to_have_text("cancelled", timeout=SLOW)
    expect(page.locator("#live")).to_have_text("cancelled", timeout=SLOW)
    expect(page.locator("#network")).to_be_hidden()
    assert (len(opened) >= 1, page.locator("[data-poll]").count()) == (True, 0)
    if stream:
        first.look()


def test_lost_network_is_said_and_so_is_that_it_is_back(house: House, artist: Callable[[], Visitor]) -> None:
    first, second = artist(), artist()
    page = first.page
    address = asked_for(house)
    first.go(address)
    expect(page.locator(".job-card .chip")).to_have_text(re.compile("queued|rendering"))
    page.context.set_offline(True)
    expect(page.locator("#network")).to_contain_text("The connection is lost", timeout=SLOW)
    expect(page.locator("#live")).to_contain_text("The connection is lost")
    stop(second, address)
    page.context.set_offline(False)
    expect(page.locator(".job-card .chip")).to_have_text("cancelled", timeout=SLOW)
    expect(page.locator("#network")).to_contain_text("The connection is back", timeout=SLOW)


def test_page_whose_session_ended_says_so_and_keeps_what_was_typed(house: House, artist: Callable[[], Visitor]) -> None:
    first = artist()
    page = first.page
    first.go("/studio/")
    other = page.context.new_page()
    with page.expect_response(re.compile("/events/")):
        page.bring_to_front()
        page.reload()
    page.get_by_label("Prompt for shot 1").fill("a yellow star spins at night")
    other.goto(house.url)
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_load_state()
    expect(page.locator("#network")).to_contain_text("You are signed out", timeout=SLOW)
    assert page.get_by_label("Prompt for shot 1").input_value() == "a yellow star spins at night"


def hide(page: Page, *, hidden: bool) -> None:
    """As when the person looks at another tab, or comes back."""
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_hidden_tab_asks_for_nothing_and_catches_up_when_seen(house: House, artist: Callable[[], Visitor]) -> None:
    first, second = artist(), artist()
    page = first.page
    address = asked_for(house)
    opened = heard_of(page)
    # The first stream asks for all parts once: that answer shows that it has begun.
    with page.expect_response(re.compile("/rail/")):
        first.go(address)
    expect(page.locator(".job-card progress").first).to_be_visible()
    hide(page, hidden=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    stop(second, address)
    assert asked == []
    hide(page, hidden=False)
    expect(page.locator(".job-card .chip")).to_have_text("cancelled", timeout=SLOW)
    assert re.search(r"/events/\?after=\d+$", opened[-1]) is not None
