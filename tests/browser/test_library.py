"""The library in a browser: by keyboard, on a phone, and without scripts."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import ROOT, House
from tests.browser.test_journey import links

pytestmark = pytest.mark.browser
SOON = 60_000
# Drawn frames, made at once: whichever of the two workers is faster, this one or the house's own.
FILMS = """
import time
from artists.people.models import Person
from generation.models import Clip
from generation.queue.sweep import assemble_ready
from tests.factories import films
artist = Person.objects.get(email="omar@demo.example")
made = [films.submitted(artist, [prompt], key=prompt) for prompt in ("a red ball rises", "a white boat drifts", "a green box spins")]
until = time.monotonic() + 120
while Clip.objects.filter(generation__in=made).count() < 3 and time.monotonic() < until:
    films.render_waiting()
    assemble_ready()
    time.sleep(0.2)
Clip.objects.filter(generation__in=made).update(deleted_at=None, starred=False)
"""


def at_the_library(house: House, visitor: Visitor) -> Page:
    """Omar's library, with three films more than the demonstration gave him."""
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", FILMS], cwd=ROOT, env=house.env, check=False
    )
    assert made.returncode == 0
    visitor.page.set_default_timeout(SOON)
    visitor.go(links(house, "artists")[3]["link"])
    visitor.go("/library/")
    return visitor.page


def test_the_library_by_keyboard(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("wide")
    page = at_the_library(house, artist)
    artist.look()
    films = page.locator(".take-card").count()
    boat = page.locator(".take-card", has_text="a white boat drifts")
    star = boat.get_by_role("button", name="Star a white boat drifts")
    boat.get_by_role("link", name=re.compile("a white boat drifts")).focus()
    for key, pressed in (("s", "true"), ("s", "false"), (".", "true")):
        page.keyboard.press(key)
        expect(star).to_have_attribute("aria-pressed", pressed)

    page.keyboard.press("/")
    page.keyboard.type("white BOA")
    page.keyboard.press("Enter")
    expect(page.locator(".take-card")).to_have_count(1)
    artist.look()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator(".take-card")).to_have_count(films)

    for title in ("a red ball rises", "a green box spins"):
        page.get_by_label(f"Choose {title}").focus()
        page.keyboard.press("Space")
    expect(page.locator("[data-picked]")).to_have_text("2 chosen:")
    page.get_by_text("Collect", exact=True).press("Enter")
    page.get_by_label("Name of a new collection").fill("Evening")
    artist.look()
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.locator(".toast").first).to_contain_text("2 films were added")

    page.get_by_label("Choose a red ball rises").check()
    page.get_by_role("button", name="Delete").press("Enter")
    expect(page.locator(".take-card")).to_have_count(films - 1)
    artist.look()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".take-card")).to_have_count(films)


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_the_rooms_of_the_library_hold_up(house: House, visit: Callable[..., Visitor], width: str) -> None:
    artist = visit(width)
    page = at_the_library(house, artist)
    artist.look()
    page.get_by_label("Choose a red ball rises").check()
    page.get_by_role("button", name="Delete").click()
    for path in ("/library/bin/", "/library/collections/", "/library/?q=nothing+like+it", "/library/downloads/"):
        assert artist.go(path) == 200
        artist.look()
    artist.go("/library/bin/")
    page.get_by_role("button", name=re.compile("Restore a red ball rises")).click()
    artist.go("/library/")
    page.get_by_role("link", name=re.compile("a red ball rises")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("a red ball rises")
    page.get_by_text("All of it as text").click()
    artist.look()


def test_the_library_without_scripts(house: House, visit: Callable[..., Visitor]) -> None:
    page = at_the_library(house, visit("phone", javascript=False))
    films = page.locator(".take-card").count()
    page.get_by_role("button", name="Star a white boat drifts").click()
    expect(page.get_by_role("button", name="Star a white boat drifts")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Choose a white boat drifts").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".take-card")).to_have_count(films - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".take-card")).to_have_count(films)
