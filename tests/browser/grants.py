"""The steps of a grant round in a browser: called, applied for by keyboard while it is kept, answered, decided, approved."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.people import says

ADA, MARA, THEO, INES = "ada@demo.example", "mara@demo.example", "theo@demo.example", "ines@demo.example"


def call_for_it(staff: Visitor, title: str, name: str) -> str:
    """A fund with money, and a call from it; first with a sum that is none. The path of its desk."""
    page = staff.page
    staff.go("/staff/money/funds/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("Sum", exact=True).fill("1000")
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_text("Entered.")).to_be_visible()
    staff.go("/staff/money/rounds/new/")
    staff.look()
    page.get_by_label("Title").fill(title)
    page.get_by_label("What the grants are for").fill("For films that could not be made otherwise.")
    page.get_by_label("Criteria").fill("The idea\nThat it can be done")
    page.get_by_label("Fund").select_option(label=f"{name} (EUR)")
    page.get_by_label("One grant at most").fill("10.005")
    page.get_by_label("Grants at most").fill("2")
    page.get_by_label("Opens").fill("2026-01-01T10:00")
    page.get_by_label("Closes").fill("2099-01-01T10:00")
    page.get_by_label("Artists are told by").fill("2099-02-01T10:00")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_text("amount-unreadable")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(title)
    staff.look()
    page.get_by_label("One grant at most").fill("400")
    page.get_by_role("button", name="Keep as draft").click()
    says(page, "Draft")
    staff.look()
    page.get_by_role("button", name="Open it").click()
    says(page, "Open")
    staff.look()
    return page.url.replace(staff.house.url, "")


def apply_for_it(artist: Visitor, desk: str, title: str) -> None:
    """By the keyboard alone: write, see it kept by itself, hand it in, take it back, hand it in again."""
    page = artist.page
    artist.go("/grants/")
    artist.look()
    artist.go(desk.replace("/staff/money/rounds/", "/grants/"))
    says(page, "Open")
    artist.look()
    page.get_by_role("link", name="Apply").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply")
    page.get_by_label("What you would do with it").focus()
    page.keyboard.type("A film about rain.")
    expect(page.locator("[data-autosaved]")).to_have_text("Kept as a draft.")
    artist.look()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("401")
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("amount-more")).to_be_visible()
    expect(page.get_by_label("What you would do with it")).to_have_value("A film about rain.")
    artist.look()
    page.get_by_label("Sum you ask for").fill("300.01")
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    says(page, "Handed in")
    artist.look()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Hand in").click()
    says(page, "Handed in")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def decide_on_it(house: House, staff: Visitor, desk: str) -> None:
    """Its time passes; an answer with reasons, reconsidered once; then everybody is told."""
    page, number = staff.page, desk.rstrip("/").rpartition("/")[2]
    house.do(
        "from django.utils import timezone; from artists.compensation.models import Round;"
        f"Round.objects.filter(pk='{number}').update(closes_at=timezone.now())"
    )
    staff.go(desk)
    says(page, "1 application has no answer")
    staff.look()
    page.get_by_role("link", name="Ada", exact=False).first.click()
    says(page, "No answer yet")
    expect(page.get_by_role("heading", name="Would it arrive?")).to_be_visible()
    staff.look()
    page.get_by_label("The idea").fill("Nobody has filmed it like this.")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.get_by_label("The idea")).to_have_value("Nobody has filmed it like this.")
    page.get_by_label("That it can be done").fill("In a month.")
    page.get_by_label("In a sentence or two").fill("We want to see it.")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.get_by_text("Chosen. Its artist is told")).to_be_visible()
    staff.look()
    page.get_by_label("Monthly instalments").fill("2")
    page.get_by_role("button", name="Decide and tell everybody").click()
    says(page, "Decided")
    staff.look()


def approve_it(staff: Visitor, title: str, line: str) -> str:
    """From Today to exactly what is approved; the page of the award."""
    page = staff.page
    staff.go("/staff/")
    page.get_by_role("link", name="wait for you to approve").click()
    staff.look()
    page.locator("section", has=page.get_by_role("heading", name="Waiting for you")).get_by_role(
        "link", name=title, exact=False
    ).click()
    expect(page.get_by_role("heading", name="Exactly this is approved")).to_be_visible()
    expect(page.get_by_text("300.01", exact=False).first).to_be_visible()
    staff.look()
    page.get_by_label("A note").fill("Read.")
    page.get_by_role("button", name="Approve", exact=True).focus()
    page.keyboard.press("Enter")
    says(page, line)
    staff.look()
    return page.url.replace(staff.house.url, "")
