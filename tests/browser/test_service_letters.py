"""A letter of service in a browser: read, made, checked by a stranger, withdrawn."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
COUNT = """
from django.utils import timezone
from artists.compensation.contributions.services import count_agreed
from artists.people.models import Person
count_agreed(source="browser:letter", person=Person.objects.get(email="ada@demo.example"), kind="pay.correction", amount=2500,
    currency="EUR", at=timezone.now(), about="A long look at the export")
"""


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_letter_is_read_made_checked_by_a_stranger_and_withdrawn(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    house.do(COUNT)
    ada, stranger = visit(width, calm=True), visit(width, calm=True)
    page = ada.page
    ada.go(house.link("ada@demo.example"))
    ada.go("/ledger/")
    page.get_by_role("link", name="Letters of service").click()
    page.get_by_role("button", name="Read what it would say").click()
    expect(page.get_by_role("heading", name="What it would say")).to_be_visible()
    assert ada.look_closely() == []
    page.get_by_role("button", name="Make this letter").click()
    expect(page.get_by_text("Made. Its code is")).to_be_visible()
    assert ada.look_closely() == []
    address = page.get_by_role("link", name=re.compile("^Its page")).first.get_attribute("href") or ""
    assert stranger.go(address) == 200
    expect(stranger.page.get_by_text("This letter is real")).to_be_visible()
    assert (stranger.look_closely(), stranger.page.context.cookies()) == ([], [])
    page.locator("summary", has_text="Withdraw it").first.click()
    page.get_by_role("button", name="Withdraw this letter").first.click()
    expect(page.get_by_text("Withdrawn. Whoever checks it reads that, and nothing else.")).to_be_visible()
    assert ada.look_closely() == []
    assert stranger.go(address) == 410
    expect(stranger.page.get_by_text("This letter was withdrawn")).to_be_visible()
    stranger.complaints.clear()  # Chromium says that the page was a 410
    assert stranger.look_closely() == []
