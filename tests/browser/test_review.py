"""The review room in a browser: notes on frames, undo, conflict, keys alone, a draft that outlives the session."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import ROOT, House
from tests.browser.test_player import ARTIST, numbered, until_loaded

pytestmark = pytest.mark.browser
ASK = """
import sys
from artists.sharing.services import request_share
from generation.models import Clip
clip = Clip.objects.get(pk="{clip}")
asked = request_share(clip, actor=clip.artist, title="{title}", destination="A festival", alt_text="Numbers.")
print("asked", asked.pk)
"""
REASON = "The sign on the door can be read: cover it, and it passes."


def asked_for(house: House, title: str) -> str:
    """The path of a request for a film of 96 frames, as its reviewers open it."""
    house.manage("demo")
    clip = numbered(house, title, "24", 48, 48)
    code = ASK.format(clip=clip, title=title)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT, env=house.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"^asked ([\w-]{36})$", done.stdout, re.MULTILINE)
    assert found, done.stderr
    return f"/review/{found[1]}/"


@pytest.fixture
def reviewer(house: House, visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """reviewer("ruth", "wide"): one of the demonstration, signed in anew."""

    def come(name: str, width: str) -> Visitor:
        visitor = visit(width)
        visitor.go(house.link(f"{name}@demo.example"))
        return visitor

    return come


def choose(page: Page, name: str) -> None:
    """One of the decisions there are."""
    page.get_by_role("radio", name=name, exact=True).check()


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_refused_with_note_and_frames_then_undone_then_approved_with_conditions(
    house: House, reviewer: Callable[..., Visitor], visit: Callable[..., Visitor], width: str
) -> None:
    title = f"Numbers to review, {width}"
    room = asked_for(house, title)
    visitor = reviewer("ruth", width)
    page = visitor.page
    visitor.go("/review/")
    visitor.look()
    page.get_by_role("link", name=re.compile(title)).first.click()
    until_loaded(page)
    visitor.look()

    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_label("Add a note").press_sequentially("A sign on the door.")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    form = page.locator(".note-form")
    form.get_by_label("From frame").fill("10000")
    form.get_by_label("To frame").fill("10000")
    form.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("frames-outside")).to_be_visible()
    expect(page.get_by_label("Add a note")).to_have_value("A sign on the door.")
    form.get_by_label("From frame").fill("41")
    form.get_by_label("To frame").fill("60")
    form.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note-row")).to_contain_text("frames 41 to 60")
    page.locator(".player-pin").click()
    assert page.evaluate("document.querySelector('vn-player').frame") == 41
    visitor.look()

    choose(page, "Refuse")
    page.locator("label[for=ground-rights]").click()
    part = page.locator(".decision [data-range]")
    part.get_by_role("button", name=re.compile("from the frame shown")).click()
    expect(part.get_by_label("From frame")).to_have_value("41")
    part.get_by_label("To frame").fill("60")
    page.get_by_label("Reason").fill(REASON)
    visitor.look()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/review/")
    visitor.look()
    page.get_by_role("button", name=re.compile(f"Undo.*{title}")).click()
    page.wait_for_url(f"**{room}")
    expect(page.get_by_label("Reason")).to_have_value(REASON)
    expect(page.locator(".note-row")).to_contain_text("A sign on the door.")

    choose(page, "Approve with conditions")
    page.get_by_label("Reason").fill("")  # the artist reads it under an approval too
    page.get_by_role("textbox", name="Conditions").fill("With the sign covered.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/review/")
    visitor.go("/review/outbox/")
    visitor.look()
    page.get_by_role("button", name=re.compile(f"Tell now.*{title}")).click()
    expect(page.get_by_text("Told. The artist reads it now.")).to_be_visible()
    visitor.go("/review/me/")
    visitor.look()
    visitor.go(room)
    expect(page.locator(".state-line-state")).to_have_text("Approved")
    visitor.look()

    artist = visit(width)
    artist.go(house.link(ARTIST))
    artist.go(room.replace("/review/", "/sharing/"))
    expect(artist.page.locator(".state-line-state")).to_have_text("Approved")
    assert [name in artist.page.content() for name in ("Ruth", REASON)] == [False, False]


def test_conflict_gives_the_request_to_somebody_else(house: House, reviewer: Callable[..., Visitor]) -> None:
    title = "Numbers of a friend"
    room = asked_for(house, title)
    first = reviewer("ruth", "phone")
    first.go(room)
    first.page.get_by_text("Declare a conflict of interest").click()
    first.page.get_by_label("Why").fill("We share a studio.")
    first.look()
    first.page.get_by_role("button", name="Stand back").click()
    expect(first.page.get_by_text("You stood back. Another reviewer has it now")).to_be_visible()
    first.go(room)
    expect(first.page.get_by_text("“We share a studio.”")).to_be_visible()
    first.look()
    mine = []
    for name in ("paul", "yuki"):
        other = reviewer(name, "wide")
        other.go("/review/?show=mine")
        mine.append(other.page.get_by_role("link", name=re.compile(title)).count())
    assert sorted(mine) == [0, 1]


def test_decision_by_keys_alone_is_never_sent_by_a_key(house: House, reviewer: Callable[..., Visitor]) -> None:
    room = asked_for(house, "Numbers by keys")
    visitor = reviewer("ruth", "wide")
    page = visitor.page
    visitor.go(room)
    until_loaded(page)
    for key in ("ArrowRight", "ArrowRight", "i", "End", "Shift+ArrowLeft", "o"):
        page.keyboard.press(key)
    form = page.locator(".note-form")
    assert [form.get_by_label(name).input_value() for name in ("From frame", "To frame")] == ["2", "85"]
    for key in ("a", "c", "q", "x"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    assert page.url.endswith(room)
    expect(page.get_by_role("radio", name="Refuse", exact=True)).to_be_focused()
    page.keyboard.press("i")
    expect(page.locator(".decision").get_by_label("From frame")).to_have_value("85")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#ground-rights")).to_be_checked()
    for _tab in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("axcq: cover the sign.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(room))
    visitor.go(room)
    expect(page.locator(".state-line-state")).to_have_text("Decided, not told yet")
    expect(page.locator(".room-side")).to_contain_text("axcq: cover the sign.")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Shortcuts")


def test_keys_of_the_room_are_in_the_sheet_and_can_be_switched_off(
    house: House, reviewer: Callable[..., Visitor]
) -> None:
    visitor = reviewer("ruth", "wide")
    page = visitor.page
    visitor.go(asked_for(house, "Numbers without keys"))
    until_loaded(page)
    page.keyboard.press("?")
    sheet = page.locator("#keys [data-keys-list]")
    for words in (
        "Choose: refuse",
        "Choose: ask the artist",
        "From the frame shown",
        "To the frame shown",
        "Write a note",
    ):
        expect(sheet).to_contain_text(words)
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_role("radio", name="Refuse", exact=True)).not_to_be_checked()


def test_draft_outlives_the_session(house: House, reviewer: Callable[..., Visitor]) -> None:
    room = asked_for(house, "Numbers interrupted")
    visitor = reviewer("ruth", "wide")
    page = visitor.page
    visitor.go(room)
    choose(page, "Refuse")
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Add a note").fill("Half a note")
    expect(page.locator("[data-saved]")).to_have_text("Your draft is kept.")
    page.context.clear_cookies(name="session")
    page.get_by_label("Reason").fill(f"{REASON} And")
    expect(page.locator("[data-saved]")).to_contain_text("You are signed out.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out while you wrote")
    expect(page.locator("textarea").first).to_have_value(f"{REASON} And")
    visitor.look()
    visitor.go(house.link("ruth@demo.example"))
    visitor.go(room)
    expect(page.get_by_role("radio", name="Refuse", exact=True)).to_be_checked()
    expect(page.get_by_label("Reason")).to_have_value(REASON)
    expect(page.get_by_label("Add a note")).to_have_value("Half a note")
