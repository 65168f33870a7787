"""Inbox and mail in a browser: choosing by keyboard, stopping without signing in, reading, and the preview in its frames."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.test_keyboard import Reader

pytestmark = pytest.mark.browser
CHOOSES = {"wide": "omar@demo.example", "phone": "ada@demo.example"}
STOPS = {"wide": "ben@demo.example", "phone": "lena@demo.example"}
OPERATOR = "mara@demo.example"


def come(house: House, visit: Callable[..., Visitor], who: str, width: str) -> Visitor:
    """Somebody of the demonstration, signed in."""
    visitor = visit(width)
    visitor.go(house.link(who))
    return visitor


def type_hours(reader: Reader, begins: str, ends: str) -> None:
    """Both quiet hours and the button, as they follow each other."""
    reader.tab_to("link", "^Change the zone$")
    for clock in (begins, ends):
        reader.tab_to("spinbutton", "^Hours")
        reader.visitor.page.keyboard.type(clock)
        reader.tab_to("button", "^Show time picker")
    reader.tab_to("button", "^Save the times$")
    reader.press("Enter")
    reader.visitor.page.wait_for_load_state("load")


def a_film(house: House, who: str) -> None:
    """A film of theirs, so that a letter says that it is ready."""
    house.manage("generate", "a red ball rises over a blue sea", "--artist", who, "--wait")


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_mail_is_chosen_by_keyboard_alone(house: House, visit: Callable[..., Visitor], width: str) -> None:
    visitor = come(house, visit, CHOOSES[width], width)
    page = visitor.page
    reader = Reader(visitor, page.context.new_cdp_session(page))
    reader.tree.send("Accessibility.enable")
    visitor.go("/me/notices/")
    visitor.look()
    reader.tab_to("combobox", "^All of these ?: Your films$")
    page.keyboard.type("in the")
    reader.press("Tab")
    reader.press("Enter")  # one by one
    reader.tab_to("combobox", "^A film was paused$")
    page.keyboard.type("at")
    visitor.look()
    reader.tab_to("button", "^Save what is mailed$")
    reader.press("Enter")
    page.wait_for_load_state("load")
    reader.wait_to_hear("^Saved")
    family = page.locator(".mail-family", has=page.get_by_role("heading", name="Your films"))
    expect(family.locator("p").first).to_have_text(re.compile("at once: 1 · in the daily digest: 1"))

    type_hours(reader, "1000PM", "1000PM")
    reader.wait_to_hear("quiet-empty")
    visitor.look()
    type_hours(reader, "1000PM", "0700AM")
    reader.wait_to_hear("Nothing is mailed from 22:00 to 07:00")
    visitor.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_mail_is_stopped_without_signing_in(house: House, visit: Callable[..., Visitor], width: str) -> None:
    who = STOPS[width]
    a_film(house, who)
    operator = come(house, visit, OPERATOR, "wide")
    operator.go("/staff/outbox/")
    row = operator.page.get_by_role("row", name=re.compile(re.escape(who))).filter(has_text="Your film is ready").first
    row.get_by_role("link").click()
    address = operator.page.locator('.prose a[href*="/mail/stop/"]').get_attribute("href")
    assert address

    guest = visit(width)
    assert guest.go(address) == 200
    expect(guest.page.locator(".state-line-state")).to_have_text("Nothing is stopped yet")
    guest.look()
    guest.page.get_by_role("button", name="Stop mail of this kind").focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.locator(".state-line-state")).to_have_text("Stopped")
    guest.look()
    assert guest.page.context.cookies() == []

    artist = come(house, visit, who, width)
    artist.go("/me/notices/")
    expect(artist.page.get_by_label("A film is ready, or could not be made", exact=True)).to_have_value("never")


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_notice_is_read_by_following_it_or_by_its_button(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    who = STOPS[width]
    for _film in range(2):
        a_film(house, who)
    artist = come(house, visit, who, width)
    page = artist.page
    artist.go("/inbox/?unread=on")
    artist.look()
    rows = page.locator(".notice-row")
    before = rows.count()
    assert before >= 2
    page.get_by_role("button", name=re.compile("^Mark as read")).first.click()
    expect(rows).to_have_count(before - 1)
    page.locator("a.notice-row-title").first.click()
    page.wait_for_url("**/library/**")
    artist.go("/inbox/?unread=on")
    expect(rows).to_have_count(before - 2)
    artist.go("/inbox/")
    page.get_by_label("Kind", exact=True).select_option(label="A film is ready, or could not be made")
    page.get_by_role("button", name="Show").click()
    expect(rows.first).to_contain_text("Your film is ready")
    artist.look()
    if page.get_by_role("button", name="Mark everything as read").count():
        page.get_by_role("button", name="Mark everything as read").click()
    expect(page.get_by_text("Nothing new")).to_be_visible()
    artist.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_every_mail_is_shown_in_its_frames(house: House, visit: Callable[..., Visitor], width: str) -> None:
    staff = come(house, visit, OPERATOR, width)
    page = staff.page
    staff.go("/staff/mails/")
    staff.look()
    page.get_by_role("link", name="The daily digest").click()
    colours = []
    for light in ("light", "dark"):
        inside = page.frame_locator(f'iframe[src$="/{light}/"]')
        expect(inside.get_by_role("heading", level=1)).to_have_text("Your daily digest: 3 notices")
        colours.append(inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
    assert colours == ["rgb(247, 245, 241)", "rgb(15, 15, 15)"]
    staff.look()
    names = page.request.get(house.url + "/staff/mails/").text()
    for name in re.findall(r'href="(/staff/mails/[\w.]+/)"', names):
        assert staff.go(name) == 200
        for light in ("light", "dark"):
            expect(page.frame_locator(f'iframe[src$="/{light}/"]').get_by_role("heading", level=1)).to_be_visible()
        assert (name, staff.complaints, staff.wider()) == (name, [], 0)
