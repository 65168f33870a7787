"""What people of a program do in a browser: come, read where a thing stands; on the way in make a cohort, publish, invite, join, sign."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.factories.codes import one_time_code

PASSWORD = "a long enough sentence"
MINUTE = 60_000


def come(house: House, visit: Callable[..., Visitor], who: str, width: str) -> Visitor:
    """Somebody of the demonstration, signed in."""
    visitor = visit(width)
    visitor.page.set_default_timeout(MINUTE)
    visitor.go(house.link(who))
    return visitor


def says(page: Page, text: str) -> None:
    """The first line of the page says this."""
    expect(page.locator(".state-line-state").first).to_have_text(text)


def link_of(house: House, role: str, number: int = 0) -> str:
    """A fresh sign-in link of somebody of the demonstration."""
    people: list[dict[str, Any]] = house.manage("demo")[role]
    return str(people[number]["link"])


def make_cohort(staff: Visitor, slug: str) -> None:
    """A cohort of this test's own, made and opened on the desk."""
    page = staff.page
    staff.go("/staff/cohorts/new/")
    staff.look()
    page.get_by_label("Name", exact=True).fill(slug.title())
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(slug.title())
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".state-line-state")).to_have_text("Open")
    staff.look()


def publish(staff: Visitor, slug: str, text: str, *, new: bool, grace: str = "") -> None:
    """One version of a document that only this cohort is asked to sign."""
    page = staff.page
    staff.go("/staff/agreements/new/" if new else f"/staff/agreements/{slug}/draft/")
    if new:
        page.get_by_label("Title").fill(f"Quiet {slug}")
        page.get_by_label("Short name").fill(slug)
    page.get_by_label("In plain words").fill("You keep it to yourself.")
    page.get_by_label("Full text").fill(text)
    staff.look()
    page.get_by_role("button", name=re.compile("Keep")).click()
    expect(page.locator(".state-line-state")).to_have_text("Draft")
    version = page.url
    if new:
        staff.go(f"/staff/agreements/{slug}/")
        page.get_by_label(slug.title(), exact=True).check()
        page.get_by_role("button", name="Save").click()
        staff.look()
        staff.go(version)
    if grace:
        page.get_by_label("Former text holds until").fill(grace)
    staff.look()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".state-line-state")).to_contain_text("is published")
    staff.look()


def invite(staff: Visitor, email: str, slug: str) -> str:
    """The link in the letter that the desk sent, as the operator's outbox shows it."""
    page = staff.page
    staff.go("/staff/invitations/new/")
    page.get_by_label("Addresses").fill(f"email;name\n{email};Nour Test\nno address;x\n")
    page.get_by_label("Cohort").select_option(slug)
    page.get_by_label("A personal word").fill("We liked your film.")
    staff.look()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("address-invalid")).to_be_visible()
    expect(page.get_by_text("We liked your film.")).to_be_visible()
    staff.look()
    page.get_by_role("button", name="Send 1 invitation").click()
    expect(page.locator(".state-line-state")).to_have_text("1 invited")
    staff.go("/staff/outbox/")
    page.get_by_role("row", name=re.compile(re.escape(email))).get_by_role("link").click()
    return str(page.locator('.prose a[href*="/invite/"]').get_attribute("href"))


def join(guest: Visitor, url: str) -> None:
    """Accept, make an account, set up one-time codes, keep the recovery codes."""
    page = guest.page
    guest.go(url)
    guest.look()
    page.get_by_role("button", name="Accept").click()
    page.get_by_label("Password").fill(PASSWORD)
    name = page.get_by_label("Your name")
    if not name.input_value():
        name.fill("Nour Test")
    guest.look()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/second-factor/")
    guest.look()
    page.get_by_role("link", name="One-time codes of an app").click()
    guest.look()
    secret = page.locator("code.wrap").inner_text()
    page.locator("input[name=code]").fill(one_time_code(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/")
    guest.look()
    guest.go("/accounts/second-factor/")
    page.get_by_role("link", name="Go on").click()


def answer_all(page: Page) -> None:
    """Sign what waits, by keyboard."""
    while page.get_by_label("Type your name to sign").count():
        page.get_by_label("Type your name to sign").first.focus()
        page.keyboard.type("nour test")
        page.keyboard.press("Enter")
        page.wait_for_url("**/agreement/signed/**")
        page.goto(page.url.split("/agreement/")[0] + "/agreement/")
