"""A bug in a browser: film and frames, triage, a duplicate that is credited, fixed, told; then the roadmap and the tariff."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.people import come, says

pytestmark = pytest.mark.browser
ADA, BEN, MARA = "ada@demo.example", "ben@demo.example", "mara@demo.example"


def report_from_the_film(artist: Visitor, clip: str, title: str) -> int:
    """From the page of a film: go to a frame, set the range there, get it wrong once, send it. The number of the report."""
    page = artist.page
    artist.go(f"/library/{clip}/")
    page.get_by_role("link", name="Report a bug").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a bug")
    expect(page.locator("vn-player [data-player]")).to_be_visible()
    artist.look()
    page.get_by_label("In one line").fill(title)
    page.get_by_label("What happened").fill("Between the frames the horizon drops. <b>Look</b> at it.")
    page.get_by_role("button", name="First frame").click()
    for _step in range(3):
        page.get_by_role("button", name="+1 frame").click()
    page.get_by_role("button", name=re.compile("from the frame shown")).click()
    expect(page.get_by_label("From frame")).to_have_value("3")
    page.get_by_label("To frame").fill("1")
    page.get_by_label("The program staff may look").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("frames-backwards")).to_be_visible()
    expect(page.get_by_label("In one line")).to_have_value(title)
    artist.look()
    page.get_by_label("To frame").fill("5")
    page.get_by_role("button", name="Send the report").click()
    says(page, "Received")
    expect(page.get_by_text("Frames 3 to 5").first).to_be_visible()
    artist.look()
    return int(page.url.rstrip("/").rpartition("/")[2])


def merge_and_fix(staff: Visitor, first: int, second: int, title: str) -> None:
    """Look at the film, say it is reproduced, merge the other into it, fix it from the board."""
    page = staff.page
    staff.go("/staff/bugs/?state=received")
    staff.look()
    page.get_by_role("link", name=title, exact=True).first.click()
    staff.go(f"/staff/bugs/{first}/")
    expect(page.locator("vn-player [data-player]")).to_be_visible()
    staff.look()
    page.get_by_label("Put it to").select_option("reproduced")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Moved. Its author is told.")).to_be_visible()
    staff.go(f"/staff/bugs/{second}/")
    page.get_by_label("Number of the other report").fill(str(second))
    page.get_by_role("button", name="Merge into it").click()
    expect(page.get_by_text("merge-itself")).to_be_visible()
    staff.look()
    page.get_by_label("Number of the other report").fill(str(first))
    page.get_by_role("button", name="Merge into it").click()
    says(page, "Reported before")
    staff.look()
    page.get_by_role("link", name=f"{first}: {title}").click()
    page.get_by_role("link", name="Put it on the roadmap").click()
    staff.look()
    page.get_by_label("In one line").fill(f"Steady horizons after {first}")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("link", name=f"Bug report {first}")).to_be_visible()
    staff.look()
    page.get_by_label("Put it to").select_option("shipped")
    page.get_by_label("Shipped in version").fill("9.1")
    page.get_by_role("button", name="Move", exact=True).click()
    says(page, "Shipped")
    staff.go("/staff/bugs/")
    page.get_by_label(f"Choose {first}", exact=True).check()
    page.get_by_label("Put it to").select_option("fixed")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("version-missing")).to_be_visible()
    expect(page.get_by_label(f"Choose {first}", exact=True)).to_be_checked()
    staff.look()
    page.get_by_label("Fixed in version").fill("9.1")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("1 report was moved; its author is told.")).to_be_visible()
    staff.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_bug_is_triaged_its_duplicate_credited_fixed_and_told(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    title = f"The horizon drops ({width})"
    made = house.manage("generate", "a red ball rises over a blue sea", "--artist", ADA, "--wait")
    ada, ben, staff = (come(house, visit, who, width) for who in (ADA, BEN, MARA))
    first = report_from_the_film(ada, made["clip"], title)

    ben.go("/bugs/")
    ben.look()
    ben.page.get_by_role("link", name="Report a bug").first.click()
    ben.page.get_by_label("In one line").fill("It drops at the cut")
    ben.page.get_by_label("What happened").fill("The same every time.")
    ben.page.get_by_role("button", name="Send the report").click()
    says(ben.page, "Received")
    second = int(ben.page.url.rstrip("/").rpartition("/")[2])

    merge_and_fix(staff, first, second, title)

    for artist, number, credit in ((ada, first, "A bug report that is new"), (ben, second, "of a bug that is known")):
        artist.go("/inbox/")
        expect(artist.page.get_by_role("link", name=f"Bug {number}: fixed", exact=True)).to_be_visible()
        expect(artist.page.get_by_text("You asked, we shipped").first).to_be_visible()
        artist.go(f"/bugs/{number}/")
        says(artist.page, "Fixed")
        expect(artist.page.get_by_text("Fixed in 9.1")).to_be_visible()
        expect(artist.page.locator("aside")).to_contain_text(credit)
        artist.look()
        artist.go("/roadmap/")
        expect(artist.page.get_by_role("heading", name="You asked, we shipped")).to_be_visible()
        artist.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_tariff_is_drafted_seen_and_published(house: House, visit: Callable[..., Visitor], width: str) -> None:
    staff = come(house, visit, MARA, width)
    page = staff.page
    staff.go("/staff/tariff/")
    staff.look()
    page.get_by_role("button", name="Draft a new version").click()
    price = page.get_by_label("A bug report that is new")
    price.fill("a lot")
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_text("amount-unreadable")).to_be_visible()
    staff.look()
    price.fill("27.50" if width == "wide" else "28.50")
    page.get_by_role("button", name="Keep and preview").click()
    expect(page.get_by_role("cell", name="changes")).to_be_visible()
    staff.look()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("These prices never change again")).to_be_visible()
    staff.go("/tariff/")
    expect(page.get_by_text("EUR 27.50" if width == "wide" else "EUR 28.50")).to_be_visible()
    staff.look()
    page.get_by_role("link", name="Version 1", exact=True).click()
    says(page, "Replaced")
    staff.look()
