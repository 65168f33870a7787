"""Consent in a browser: asked, limited, used, shown, withdrawn; and the union switch, on and off."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
MINUTE = 60_000
ADA, MARA = "ada@demo.example", "mara@demo.example"


def come(house: House, visit: Callable[..., Visitor], who: str, width: str) -> Visitor:
    """Somebody of the demonstration, signed in."""
    visitor = visit(width)
    visitor.page.set_default_timeout(MINUTE)
    visitor.go(house.link(who))
    return visitor


def state_of(visitor: Visitor) -> str:
    """What the first line of the page says."""
    return visitor.page.locator(".state-line-state").first.inner_text()


def ask(staff: Visitor, where: str) -> None:
    """Find a work of Ada's, say what for, look at it as she will, send it."""
    page = staff.page
    staff.go("/staff/consents/new/")
    staff.look()
    page.get_by_label("Use", exact=True).select_option("social")
    page.get_by_label("Where", exact=True).fill(where)
    page.get_by_label("What for").fill("A film of the week, with your name.")
    page.get_by_label("Search", exact=True).fill("Ada Moreau")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Places", exact=True).fill("de, fr")
    page.get_by_label("Fee for each work").fill("a lot")
    page.get_by_role("button", name="See it as the artist does").click()
    expect(page.get_by_text("amount-unreadable")).to_be_visible()
    staff.look()
    page.get_by_label("Fee for each work").fill("25")
    page.get_by_role("button", name="See it as the artist does").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("As the artist sees it")
    staff.look()
    page.get_by_role("button", name="Ask them").click()
    expect(page.locator(".state-line-state")).to_have_text("1 of 1 works open")
    staff.look()


def limit(artist: Visitor, where: str) -> None:
    """By keyboard: yes, but only in one country and on a condition."""
    page = artist.page
    artist.go("/me/uses/")
    assert "for your answer" in state_of(artist)
    artist.look()
    page.locator(".card", has_text=where).get_by_role("link", name=re.compile("Read and answer")).click()
    expect(page.get_by_text("A film of the week, with your name.")).to_be_visible()
    artist.look()
    sizes = page.locator(".big-choices label").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert len(sizes) == 4
    assert max(sizes) - min(sizes) < 1
    page.get_by_role("radio", name="Yes, as asked").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Only at these places")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_hidden()
    page.get_by_label("Only at these places").fill("us")
    page.get_by_label("Conditions").fill("Without sound.")
    artist.look()
    page.get_by_label("Only at these places").press("Enter")
    expect(page.get_by_text("places-outside")).to_be_visible()
    expect(page.get_by_label("Conditions")).to_have_value("Without sound.")
    artist.look()
    page.get_by_label("Only at these places").fill("de")
    page.get_by_label("Only at these places").press("Enter")
    expect(page.locator(".state-line-state")).to_have_text("In force")
    artist.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_asked_limited_used_shown_and_withdrawn(house: House, visit: Callable[..., Visitor], width: str) -> None:
    where = f"@northlight-{width}"
    house.manage("generate", "a red ball rises over a blue sea", "--artist", ADA, "--wait")
    staff, artist = come(house, visit, MARA, width), come(house, visit, ADA, width)
    ask(staff, where)
    asked = staff.page.url
    limit(artist, where)

    page = staff.page
    staff.go(asked)
    page.get_by_role("link", name="The consent; record a use").click()
    staff.look()
    page.get_by_label("Place", exact=True).fill("FR")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("consent-place")).to_be_visible()
    page.get_by_label("Place", exact=True).fill("DE")
    page.get_by_label("People reached").last.fill("1200")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Recorded. Its authors were told.")).to_be_visible()
    staff.look()

    artist.go("/me/uses/")
    row = artist.page.locator("[data-cards] tbody tr", has_text=where)
    expect(row).to_contain_text("1200")
    artist.look()
    row.get_by_role("link", name=re.compile("consent for")).click()
    expect(artist.page.get_by_text("what others copied or shared stays with them").first).to_be_visible()
    artist.page.get_by_role("button", name="Withdraw now").click()
    expect(artist.page.locator(".state-line-state")).to_have_text("Withdrawn")
    artist.look()

    for path in ("/staff/consents/", "/staff/consents/uses/", "/staff/"):
        staff.go(path)
        staff.look()
    staff.go("/staff/consents/")
    expect(page.get_by_role("heading", name="Withdrawn lately")).to_be_visible()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_union_switch_on_and_off_and_choices(house: House, visit: Callable[..., Visitor], width: str) -> None:
    artist = come(house, visit, ADA, width)
    page = artist.page
    artist.go("/me/uses/choices/")
    artist.look()
    page.get_by_role("group", name="Train a model with it").get_by_label("no; do not ask me").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds for what is asked from now on")).to_be_visible()
    artist.look()
    artist.go("/me/uses/pause/")
    artist.look()
    page.get_by_label("Until").fill("2020-01-01T10:00")
    page.get_by_role("button", name="Pause all my consents").click()
    expect(page.get_by_text("until-past")).to_be_visible()
    artist.look()
    page.get_by_label("Until").fill((timezone.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Pause all my consents").click()
    expect(page.locator(".state-line-state")).to_have_text("All your consents rest")
    artist.look()
    page.get_by_role("button", name="Name Ben Castell").click()
    expect(page.get_by_text("You named Ben Castell.")).to_be_visible()
    page.get_by_role("button", name="Take back Ben Castell").click()
    page.get_by_role("button", name="Resume my consents").click()
    expect(page.locator(".state-line-state")).to_have_text("Your consents do not rest")
    artist.look()
