"""Without JavaScript: accept, sign, generate, read, ask, decide with plain forms."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
SECONDS = timedelta(seconds=90).total_seconds()


def until_listed(visitor: Visitor, path: str, title: str) -> None:
    """Load a page again, as one does without scripts, until it names the work."""
    end = time.monotonic() + SECONDS
    while visitor.go(path) != 200 or not visitor.page.get_by_role("link", name=re.compile(title)).count():
        assert time.monotonic() < end, f"{title} is not on {path}"
        time.sleep(0.5)


def test_from_invitation_to_decision_with_plain_forms(house: House, visit: Callable[..., Visitor]) -> None:
    invited = house.manage("invite", "noor@demo.example", "--cohort", "harbour")
    artist = visit("phone", javascript=False)
    page = artist.page
    artist.go(invited["url"])
    page.get_by_role("button", name="Accept").click()
    page.get_by_label("Your name").fill("Noor Idris")
    page.get_by_label("Password", exact=True).fill("a long way round the harbour")
    page.get_by_role("button", name=re.compile("Sign up|Continue|Join", re.IGNORECASE)).click()

    artist.go("/agreement/")
    page.get_by_label("Type your name to sign").fill("Noor Idris")
    page.get_by_role("button", name="Accept and sign").click()
    artist.go("/agreement/")
    expect(page.locator(".chip", has_text="Signed").first).to_be_visible()

    artist.go("/studio/")
    title = "a green box drifts right over a meadow"
    page.get_by_label("Prompt for shot 1").fill(title)
    page.get_by_role("button", name=re.compile("Generate")).click()
    until_listed(artist, "/library/", title)
    page.get_by_role("link", name=re.compile(title)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)

    page.get_by_role("link", name="Ask to share").click()
    page.get_by_label("Where it will be shown").fill("my web site")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator(".state-line-state")).to_have_text("In review")

    reviewer = visit("wide", javascript=False)
    reviewer.go(house.link("paul@demo.example"))
    until_listed(reviewer, "/review/", title)
    reviewer.page.get_by_role("link", name=re.compile(title)).first.click()
    reviewer.page.get_by_role("radio", name="Approve", exact=True).check()
    reviewer.page.get_by_role("button", name="Save", exact=True).click()
    reviewer.page.get_by_role("button", name=re.compile(f"Tell now.*{title}")).click()
    page.reload()
    expect(page.locator(".state-line-state")).to_have_text("Approved")
