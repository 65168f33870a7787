"""From prompt to public page and back, as people do it."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import House, open_house

pytestmark = [pytest.mark.browser, pytest.mark.journey]
MINUTE = 60_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with the real model."""
    with open_house(tmp_path_factory.mktemp("journey")) as opened:
        yield opened


def links(house: House, role: str) -> list[dict[str, Any]]:
    """People of the demonstration with fresh links."""
    return list(house.manage("demo")[role])


def ask_for_film(artist: Visitor, first: str, second: str) -> None:
    """Two shots in the dock, the price read, the button pressed."""
    page = artist.page
    artist.go("/studio/")
    page.get_by_label("Prompt for shot 1").fill(first)
    page.get_by_role("button", name="Add shot").click()
    page.get_by_label("Prompt for shot 2").fill(second)
    expect(page.locator("[data-quote]")).to_contain_text("Uses 4")
    artist.look()
    page.get_by_role("button", name=re.compile("Generate")).click()
    wait_for_order(page, first)


def wait_for_order(page: Page, title: str) -> None:
    """Until the studio shows the film that was asked for: the script sends it and then opens the page anew."""
    expect(page.get_by_role("heading", name=title, exact=True).first).to_be_visible(timeout=MINUTE)
    page.wait_for_load_state()


def wait_for_film(page: Page) -> None:
    """Until the browser knows the film's length. Asked from outside: waiting inside the page needs eval, which our policy refuses."""
    end = time.monotonic() + 30
    while page.evaluate("document.querySelector('video').readyState") < 1:
        assert time.monotonic() < end, "the film did not load"
        time.sleep(0.1)


@pytest.mark.parametrize(("width", "number"), [("wide", 0), ("phone", 1)])
def test_a_film_from_prompt_to_public_page_and_back(
    house: House, visit: Callable[..., Visitor], width: str, number: int
) -> None:
    artist = visit(width)
    artist.go(links(house, "artists")[number]["link"])
    artist.look()
    title = ("an orange ring bounces at night", "a green star spins over a meadow")[number]
    ask_for_film(artist, title, "a white sailboat drifts left at dusk")
    page = artist.page
    artist.look()

    page.get_by_role("heading", name=title, exact=True).get_by_role("link").first.click()
    artist.look()
    expect(page.locator(".job-card .chip")).to_have_text("done", timeout=3 * MINUTE)
    artist.go("/library/")
    artist.look()
    page.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    wait_for_film(page)
    assert round(page.evaluate("document.querySelector('video').duration"), 1) == 4.0
    artist.look()

    page.get_by_role("link", name="Ask to share").click()
    page.get_by_role("button", name="Send to review").click()
    page.get_by_label("Where it will be shown").fill("my web site")
    page.get_by_label("What is seen").fill("A ball rises, then a boat drifts.")
    artist.look()
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator(".state-line-state")).to_have_text("In review")
    artist.look()
    request_page = page.url

    reviewer = visit(width)
    reviewer.go(links(house, "reviewers")[number]["link"])
    reviewer.go("/review/")
    reviewer.look()
    reviewer.page.get_by_role("link", name=re.compile(re.escape(title))).first.click()
    wait_for_film(reviewer.page)
    reviewer.look()
    reviewer.page.get_by_role("radio", name="Refuse", exact=True).check()
    reviewer.page.get_by_role("button", name="Save", exact=True).click()
    expect(reviewer.page.get_by_text("ground-missing")).to_be_visible()
    reviewer.look()
    reviewer.page.get_by_role("radio", name="Approve", exact=True).check()
    reviewer.page.get_by_role("button", name="Save", exact=True).click()
    reviewer.page.wait_for_url("**/review/")
    artist.go(request_page)
    expect(page.locator(".state-line-state")).to_have_text("In review")
    reviewer.page.get_by_role("button", name=re.compile(f"Tell now.*{title}")).click()
    expect(reviewer.page.get_by_text("Told. The artist reads it now.")).to_be_visible()

    artist.go(request_page)
    expect(page.locator(".state-line-state")).to_have_text("Approved")
    public_page = page.locator('a[href^="/w/"]').get_attribute("href")
    assert public_page is not None

    stranger = visit(width)
    assert stranger.go(public_page) == 200
    expect(stranger.page.get_by_text("Made with AI")).to_be_visible()
    wait_for_film(stranger.page)
    stranger.look()
    plain = visit(width, javascript=False)
    assert plain.go(public_page) == 200
    assert plain.page.locator("video source").get_attribute("src") == f"{public_page}film/"

    page.get_by_role("link", name="Withdraw").click()
    artist.look()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".state-line-state")).to_have_text("Withdrawn")
    assert [stranger.go(public_page), stranger.go(f"{public_page}film/"), stranger.go(f"{public_page}poster/")] == [
        410,
        410,
        410,
    ]
