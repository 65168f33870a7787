"""Open letters in a browser: written, shown to fellow artists, signed by keyboard, public, answered, a name taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.test_gatherings import come

pytestmark = pytest.mark.browser
ADA, BEN, LENA, OMAR, THEO = (f"{name}@demo.example" for name in ("ada", "ben", "lena", "omar", "theo"))


def write(author: Visitor, title: str) -> str:
    """A letter that the other artists read; its path."""
    page = author.page
    author.go("/letters/")
    author.look()
    page.get_by_role("link", name="Write one").first.click()
    author.look()
    page.get_by_label("Letter", exact=True).fill("Dear program,\n\nsay **when** you change the model.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".state-line-state")).to_have_text("A draft that only you read")
    author.look()
    page.get_by_role("button", name="Let the other artists read and sign it").click()
    expect(page.locator(".state-line-state")).to_have_text("0 of 2 signatures")
    author.look()
    return page.url.replace(author.house.url, "")


def sign(artist: Visitor, path: str) -> None:
    """By keyboard."""
    artist.go(path)
    artist.look()
    artist.page.get_by_role("button", name="Sign", exact=True).focus()
    artist.page.keyboard.press("Enter")
    expect(artist.page.get_by_role("button", name="Take my name back")).to_be_visible()
    artist.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_letter_is_signed_public_answered_and_beyond_the_program(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    title = f"Say when you change it, {width}"
    staff, author = come(house, visit, THEO, width), come(house, visit, LENA, width)
    staff.go("/staff/letters/")
    staff.page.get_by_label("Signatures that make a letter public").fill("2")
    staff.page.get_by_role("button", name="Promise it").click()
    expect(staff.page.get_by_text("Promised, in public.")).to_be_visible()
    staff.look()
    path = write(author, title)
    public = visit(width)
    assert (public.go(path), staff.go(path)) == (404, 404)

    fellow = come(house, visit, BEN, width)
    fellow.go("/inbox/")
    fellow.page.get_by_role("link", name="An open letter of a fellow artist seeks signatures").first.click()
    fellow.page.get_by_role("link", name=title).click()
    expect(fellow.page.get_by_role("heading", level=1)).to_have_text(title)
    sign(fellow, path)
    author.go(path)
    expect(author.page.get_by_role("link", name="Change it")).to_have_count(0)
    assert public.go(path) == 404
    last = come(house, visit, OMAR, width)
    sign(last, path)
    expect(last.page.locator(".state-line-state")).to_have_text("Public, with 2 signatures")

    public = visit(width)
    assert (public.go(path), public.page.context.cookies()) == (200, [])
    expect(public.page.locator(".letter-names li")).to_have_text(["Ben Castell", "Omar Haddad"])
    public.look()
    public.go("/letters/")
    expect(public.page.locator(".letter-line a").first).to_have_text(title)
    public.look()

    staff.go("/staff/letters/")
    staff.page.get_by_role("link", name=title).click()
    assert staff.page.locator("main form").count() == 1
    staff.page.get_by_label("Answer of the program").fill("With every version, from now on. <b>Thank you.</b>")
    staff.page.get_by_role("button", name="Answer", exact=True).click()
    expect(staff.page.get_by_text("Answered. It stands beneath the letter")).to_be_visible()
    staff.look()
    public.go(path)
    expect(public.page.get_by_text("<b>Thank you.</b>")).to_be_visible()

    fellow.go(path)
    fellow.page.get_by_role("button", name="Take my name back").click()
    expect(fellow.page.get_by_text("it does not come back")).to_be_visible()
    fellow.look()
    public.go(path)
    expect(public.page.locator(".letter-names li")).to_have_text(["Omar Haddad"])
    expect(public.page.get_by_text("One signature was taken back on")).to_be_visible()
    public.look()
    author.go("/inbox/")
    expect(author.page.get_by_role("link", name="The program answered an open letter of yours").first).to_be_visible()


def test_letter_is_read_and_signed_without_javascript(house: House, visit: Callable[..., Visitor]) -> None:
    reader = visit("wide", javascript=False)
    reader.go(house.link(ADA))
    reader.go("/letters/")
    reader.page.get_by_role("link", name="Say what changed in the model").click()
    reader.page.get_by_role("button", name="Sign", exact=True).click()
    expect(reader.page.get_by_role("button", name="Take my name back")).to_be_visible()
    reader.page.get_by_role("button", name="Take my name back").click()
    expect(reader.page.get_by_role("button", name="Sign", exact=True)).to_be_visible()
