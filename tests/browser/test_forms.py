"""Forms, critique and missions in a browser: two takes compared by keyboard, counted, and told what became of it."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
MINUTE = 60_000
ADA, BEN, THEO = "ada@demo.example", "ben@demo.example", "theo@demo.example"
PATIENCE = 300  # seconds; a busy machine takes its time


def come(house: House, visit: Callable[..., Visitor], who: str, width: str, **more: bool) -> Visitor:
    """Somebody of the demonstration, signed in."""
    visitor = visit(width, **more)
    visitor.page.set_default_timeout(MINUTE)
    visitor.go(house.link(who))
    return visitor


def wait_for_takes(staff: Visitor) -> None:
    """The demonstration makes its form when both takes are rendered."""
    end = time.monotonic() + PATIENCE
    while staff.go("/staff/feedback/") != 200 or not staff.page.get_by_text("Two tiers, one boat").count():
        assert time.monotonic() < end, "the demonstration did not complete itself"
        time.sleep(1)


def ask(staff: Visitor, slug: str) -> None:
    """A form with two takes, a scale and words: written, refused, put right, previewed, published."""
    page = staff.page
    staff.look()
    page.get_by_role("link", name="New form").click()
    staff.look()
    page.get_by_label("Title", exact=True).fill(f"Which boat, {slug}?")
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("link", name="Add the first question").click()
    page.get_by_label("Kind", exact=True).select_option("compare")
    page.get_by_label("Question", exact=True).fill("Which take holds together?")
    expect(page.get_by_label("Points")).to_be_hidden()
    staff.look()
    page.get_by_role("button", name="Save the question").click()
    expect(page.get_by_text("takes-missing")).to_be_visible()
    page.get_by_label("Take A").select_option(index=1)
    page.get_by_label("Take B").select_option(index=2)
    page.get_by_role("button", name="Save the question").click()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("How much does it matter?")
    page.get_by_label("What the last point means").fill("it decides")
    page.get_by_role("button", name="Save the question").click()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Kind", exact=True).select_option("text")
    page.get_by_label("Question", exact=True).fill("What else?")
    page.get_by_role("button", name="Save the question").click()
    staff.look()
    page.get_by_role("link", name="See it as the artist does").click()
    expect(page.locator(".state-line-state")).to_have_text("As the artist sees it")
    staff.look()
    page.go_back()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".state-line-state")).to_have_text("Open")
    staff.look()


def answer_by_keyboard(artist: Visitor, slug: str) -> None:
    """Nothing but keys from the first question to the last; a draft is kept meanwhile."""
    page = artist.page
    artist.go("/feedback/")
    artist.look()
    page.get_by_role("link", name=re.compile(f"Which boat, {slug}")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("optional, pays EUR 15.00")).to_be_visible()
    expect(page.locator("video")).to_have_count(2)
    artist.look()
    page.get_by_role("radio", name="A is better").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="B is better")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("The water stays water.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")  # from no point to the last one
    expect(page.get_by_role("radio", name="5: it decides")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Longer boats.")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What else?")).to_have_value("Longer boats.")
    expect(page.get_by_role("radio", name="B is better")).to_be_checked()
    page.get_by_role("button", name="Send", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".state-line-state")).to_have_text("Sent")
    artist.look()


def count(staff: Visitor, slug: str) -> None:
    """Which take won, in whose words, and what becomes of it."""
    page = staff.page
    staff.go(f"/staff/feedback/forms/{slug}/results/")
    expect(page.get_by_text("B is preferred: 1 to 0")).to_be_visible()
    page.get_by_text("In their words").first.click()
    expect(page.get_by_text("The water stays water.")).to_be_visible()
    staff.look()
    page.get_by_role("link", name=re.compile("the whole response")).first.click()
    staff.look()
    page.go_back()
    page.get_by_label("What became of it").fill("B is the default from Monday on.")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("Those who answered are told.")).to_be_visible()
    staff.look()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_two_takes_are_compared_counted_and_told(house: House, visit: Callable[..., Visitor], width: str) -> None:
    slug = f"boats-{width}"
    staff = come(house, visit, THEO, width)
    wait_for_takes(staff)
    ask(staff, slug)
    artist = come(house, visit, ADA, width)
    answer_by_keyboard(artist, slug)
    count(staff, slug)
    artist.go(f"/feedback/{slug}/")
    expect(artist.page.get_by_text("B is the default from Monday on.")).to_be_visible()
    artist.look()


def test_frame_of_the_film_is_filled_in(house: House, visit: Callable[..., Visitor]) -> None:
    staff = come(house, visit, THEO, "wide")
    wait_for_takes(staff)
    artist = come(house, visit, ADA, "phone")
    page = artist.page
    artist.go("/library/")
    page.locator(".take-card a.frame").first.click()
    page.get_by_role("link", name="Feedback on this film").click()
    artist.look()
    page.get_by_role("link", name="About this film").click()
    expect(page.get_by_role("button", name="Take the frame the film stands at")).to_be_visible()
    page.locator("vn-player").evaluate("player => player.go(5)")
    page.get_by_role("button", name="Take the frame the film stands at").click()
    expect(page.get_by_label("Where does it break?")).to_have_value("5")
    artist.look()
    page.get_by_role("button", name="Keep as draft").last.click()
    expect(page.get_by_text("Only you see it; nothing was sent.")).to_be_visible()


def test_form_and_critique_work_without_a_script(house: House, visit: Callable[..., Visitor]) -> None:
    staff = come(house, visit, THEO, "wide")
    wait_for_takes(staff)
    artist = come(house, visit, ADA, "wide", javascript=False)
    page = artist.page
    artist.go("/feedback/tiers/")
    page.get_by_label("What else should we know?").fill("Nothing moves here, and still.")
    page.get_by_role("button", name="Keep as draft").last.click()
    expect(page.locator(".state-line-state")).to_have_text("Your draft")
    expect(page.get_by_label("What else should we know?")).to_have_value("Nothing moves here, and still.")
    artist.go("/critique/")
    page.get_by_label("Your critique").fill("Nobody answers when we ask about pay.")
    page.get_by_role("button", name="Hand it in without my name").click()
    expect(page.locator(".state-line-state")).to_have_text("Your text is kept")
    expect(page.get_by_text("Nobody answers when we ask about pay.")).to_have_count(0)


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_mission_is_taken_delivered_and_accepted(house: House, visit: Callable[..., Visitor], width: str) -> None:
    staff = come(house, visit, THEO, width)
    wait_for_takes(staff)
    artist = come(house, visit, BEN if width == "wide" else ADA, width)
    page = artist.page
    artist.go("/missions/")
    artist.look()
    page.get_by_role("link", name=re.compile("Ten shots with hands")).click()
    artist.look()
    page.get_by_role("button", name="Take a place").click()
    page.get_by_label("What you did and found").fill(f"All of them hold ({width}).")
    page.get_by_label("Hours it took").fill("9")
    page.get_by_role("button", name="Deliver", exact=True).click()
    expect(page.get_by_text("hours-many")).to_be_visible()
    artist.look()
    page.get_by_label("Hours it took").fill("1.5")
    page.get_by_role("button", name="Deliver", exact=True).click()
    expect(page.locator(".state-line-state")).to_have_text("Delivered")
    artist.look()
    staff.go("/staff/feedback/missions/")
    staff.look()
    staff.page.get_by_role("link", name=re.compile("Ten shots with hands")).last.click()
    card = staff.page.locator(".card", has_text=f"All of them hold ({width}).")
    staff.look()
    card.get_by_role("button", name="Accept").click()
    expect(staff.page.get_by_text("It counts, and its artist is told.")).to_be_visible()
    artist.go(page.url)
    expect(page.locator(".state-line-state")).to_have_text("Accepted")


def test_critique_page_is_whole_for_everybody(house: House, visit: Callable[..., Visitor]) -> None:
    for who in ("", ADA, THEO):
        visitor = come(house, visit, who, "wide", calm=True) if who else visit("wide", calm=True)
        for path in (
            "/critique/",
            *(("/staff/feedback/critique/", "/staff/feedback/missions/new/") if who == THEO else ()),
        ):
            visitor.go(path)
            assert visitor.look_closely() == []
