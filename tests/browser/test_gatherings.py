"""Gatherings in a browser: made, taken, waited for, passed on, put into a calendar, changed and cancelled."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.people import come
from tests.factories.calendars import moment, read

pytestmark = pytest.mark.browser
ADA, BEN, THEO = "ada@demo.example", "ben@demo.example", "theo@demo.example"
PLACE = "The boathouse, second floor"


def announce(staff: Visitor, title: str) -> str:
    """One seat, in a week, on the clock of Berlin; first with a mistake. The path of its page for artists."""
    page = staff.page
    day = timezone.localtime(timezone.now() + timedelta(days=7), ZoneInfo("Europe/Berlin")).date().isoformat()
    staff.go("/staff/gatherings/new/")
    staff.look()
    page.get_by_label("Kind").select_option("visit")
    page.get_by_label("Title").fill(title)
    page.get_by_label("What it is about").fill("We look at *work in progress*.")
    page.get_by_label("The host’s time zone").or_(page.get_by_label("The host's time zone")).fill("Europe/Berlin")
    page.get_by_label("Begins").fill(f"{day}T18:00")
    page.get_by_label("Ends").fill(f"{day}T17:00")
    page.get_by_label("Place", exact=False).first.fill(PLACE)
    page.get_by_label("Seats").fill("1")
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("ends-before")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(title)
    staff.look()
    page.get_by_label("Ends").fill(f"{day}T20:00")
    page.get_by_role("button", name="Announce it").click()
    expect(page.locator(".state-line-state")).to_have_text("0 of 1 seats taken")
    staff.look()
    return page.url.replace(staff.house.url, "").replace("/staff", "")


def calendar_of(visitor: Visitor, path: str) -> bytes:
    """The file behind the button, as a calendar program would get it."""
    with visitor.page.expect_download() as saved:
        visitor.page.get_by_role("link", name="calendar", exact=False).last.click()
    assert saved.value.suggested_filename == "gathering.ics"
    return visitor.page.request.get(f"{visitor.house.url}{path}gathering.ics").body()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_waiting_list_passes_a_seat_on_and_the_calendar_opens(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    title = f"Open studio, {width}; with “quotes”, and more"
    staff = come(house, visit, THEO, width)
    path = announce(staff, title)

    first, second = come(house, visit, ADA, width), come(house, visit, BEN, width)
    first.go("/gatherings/")
    first.look()
    first.page.get_by_role("link", name=title).click()
    expect(first.page.get_by_text(PLACE)).to_have_count(0)
    first.look()
    take = first.page.get_by_role("button", name="Take a seat")
    take.focus()
    first.page.keyboard.press("Enter")
    expect(first.page.locator(".state-line-state")).to_have_text("You have a seat")
    expect(first.page.get_by_text(PLACE)).to_be_visible()
    first.look()

    second.go(path)
    second.page.get_by_role("button", name="Join the waiting list").click()
    expect(second.page.locator(".state-line-state")).to_have_text("You are number 1 on the waiting list")
    expect(second.page.get_by_text(PLACE)).to_have_count(0)
    second.look()
    waits = read(calendar_of(second, path)).events[0]
    assert (waits["STATUS"], "LOCATION" in waits) == ("TENTATIVE", False)

    first.page.get_by_role("button", name="Give my seat up").click()
    expect(first.page.locator(".state-line-state")).to_have_text("All seats are taken")
    first.look()
    second.go("/inbox/")
    second.page.get_by_role("link", name=f"You have a seat: {title}").click()
    expect(second.page.locator(".state-line-state")).to_have_text("You have a seat")
    expect(second.page.get_by_text(PLACE)).to_be_visible()
    event = read(calendar_of(second, path)).events[0]
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"], event["SEQUENCE"]) == (title, PLACE, "CONFIRMED", "0")
    assert moment(event["DTSTART"]).astimezone(ZoneInfo("Europe/Berlin")).hour == 18

    second.go("/gatherings/calendar/")
    second.look()
    second.page.get_by_role("button", name="Make my address").or_(
        second.page.get_by_role("button", name="Make a new address")
    ).click()
    address = second.page.get_by_label("The address").input_value()
    second.look()
    feed = visit("wide").page.request.get(address)
    assert title in [one["SUMMARY"] for one in read(feed.body()).events]

    page = staff.page
    staff.go(f"/staff{path}")
    expect(page.get_by_role("link", name="Ben Castell")).to_be_visible()
    page.get_by_role("link", name="Change it").click()
    staff.look()
    page.get_by_label("Place", exact=False).first.fill("The ice house")
    page.get_by_role("button", name="Save and tell them").click()
    expect(page.get_by_text("those who come or wait were told")).to_be_visible()
    page.get_by_label("Why").fill("The host is ill.")
    page.get_by_role("button", name="Cancel it and tell them").click()
    expect(page.locator(".state-line-state")).to_have_text("Cancelled")
    staff.look()

    second.go(path)
    expect(second.page.get_by_text("The host is ill.")).to_be_visible()
    second.look()
    gone = read(calendar_of(second, path))
    assert (gone.properties["METHOD"], gone.events[0]["STATUS"], gone.events[0]["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        "2",
    )
    second.go("/inbox/")
    expect(second.page.get_by_role("link", name=f"Cancelled: {title}")).to_be_visible()
    expect(second.page.get_by_role("link", name=f"Changed: {title}")).to_be_visible()
    for path_of_staff in ("/staff/gatherings/", "/staff/"):
        staff.go(path_of_staff)
        staff.look()
