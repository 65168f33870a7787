"""Staff oversee sharing as people do it: publish terms, word a ground, assign, answer a concern, revoke."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import House, Visitor
from tests.browser.people import link_of
from tests.browser.test_walk import wait_until_shared

pytestmark = pytest.mark.browser
REASON = "Somebody in it has not agreed."


def report(house: House, text: str) -> None:
    """A concern of the public about the work that the demonstration made public, as its own form writes it."""
    database = next(Path(house.env["VERNISSAGE_HOME"]).glob("*.sqlite3"))
    with sqlite3.connect(database, timeout=30) as connection:
        found = connection.execute(
            "SELECT r.id FROM sharing_release r JOIN sharing_sharerequest s ON s.id = r.request_id WHERE s.state = 'approved'"
        ).fetchone()
        connection.execute(
            "INSERT INTO sharing_concern (release_id, key, text, email, state, at, answer, answered_by_label)"
            " VALUES (?, hex(randomblob(12)), ?, '', 'open', datetime('now'), '', '')",
            (found[0], text),
        )
    connection.close()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_staff_set_terms_word_a_ground_and_hand_out_requests(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    staff = visit(width)
    page = staff.page
    staff.go(house.link("lena@demo.example"))
    wait_until_shared(staff)
    staff.go(link_of(house, "staff"))

    staff.go("/staff/sharing/terms/")
    staff.look()
    page.get_by_label("Hours").fill("9999")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("hours-outside")).to_be_visible()
    staff.look()
    page.get_by_label("Hours").fill("48" if width == "wide" else "60")
    page.get_by_label("Monday").check()
    page.get_by_label("Tuesday").check()
    page.get_by_label("Holidays").fill("2027-12-25")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="A request sent now would get")).to_be_visible()
    staff.look()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("those before keep theirs")).to_be_visible()
    staff.look()
    # Other tests share this program, and its clock.
    staff.go("/staff/sharing/terms/")
    page.get_by_label("Hours").fill("72")
    page.get_by_label("Monday").uncheck()
    page.get_by_label("Tuesday").uncheck()
    page.get_by_label("Holidays").fill("")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("those before keep theirs")).to_be_visible()

    staff.go("/staff/sharing/grounds/")
    staff.look()
    page.get_by_role("link", name="Credit or label is wrong").click()
    page.get_by_label("Definition").fill("It is criticism of the program.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("ground-criticism")).to_be_visible()
    expect(page.get_by_label("Definition")).to_have_value("It is criticism of the program.")
    staff.look()
    page.get_by_label("Definition").fill("The credit names the wrong people.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("your wording")).to_be_visible()
    staff.look()
    page.get_by_role("link", name="Credit or label is wrong").click()
    page.get_by_role("button", name="Default wording").click()
    expect(page.get_by_text("The default wording is back.")).to_be_visible()

    staff.go("/staff/sharing/")
    staff.look()
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_text("reviewer-missing")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("Choose Small astronomy")).check()
    page.get_by_label("Assign what is ticked to").select_option(index=1)
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_text(re.compile("1 request assigned to"))).to_be_visible()
    staff.look()
    page.get_by_role("row", name=re.compile("Choose Small astronomy")).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Small astronomy")
    staff.look()
    with page.expect_download() as saved:
        staff.page.evaluate("location.href = '/staff/sharing/export.csv?state=all'")
    assert saved.value.suggested_filename.startswith("share-requests-")


def test_staff_answer_a_concern_and_revoke(house: House, visit: Callable[..., Visitor]) -> None:
    staff, phone = visit("wide"), visit("phone")
    page = staff.page
    staff.go(house.link("lena@demo.example"))
    wait_until_shared(staff)
    report(house, "My neighbour is in it.")
    for visitor in (staff, phone):
        visitor.go(link_of(house, "staff"))
        visitor.go("/staff/concerns/")
        visitor.look()
        visitor.page.get_by_role("link", name="My neighbour is in it.").click()
        visitor.look()
    address = page.url
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Ground").select_option("person")
    page.get_by_role("button", name="Revoke the approval").click()
    expect(page.get_by_text("Its page is closed from now on")).to_be_visible()
    staff.look()
    page.get_by_label("Your answer").fill("You are right. It is closed.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Answered. It stands under")).to_be_visible()
    staff.look()

    phone.page.get_by_label("Your answer").fill("A second answer.")
    phone.page.get_by_role("button", name="Answer").click()
    expect(phone.page.get_by_text("concern-answered")).to_be_visible()
    expect(phone.page.get_by_label("What you had written")).to_have_value("A second answer.")
    phone.look()
    phone.go(address)
    phone.page.get_by_role("link", name="Words, clock and decisions").click()
    expect(phone.page.locator(".state-line-state")).to_have_text("Refused")
    phone.look()
    phone.go("/staff/")
    phone.look()
