"""A stop as people live through it: a film stopped on its way, the calm page, an appeal to somebody else, the film finished."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House, Visitor
from tests.browser.people import MINUTE, answer_all, invite, join, link_of, make_cohort, publish

pytestmark = pytest.mark.browser
NAME = "Nour Test"
REASON = "Somebody else uses your account: a proxy was seen."
# Whoever suspends, and whoever answers the appeal: never the same person.
MARA, THEO, INES = 0, 1, 2
BOARD = {
    "format": "vernissage-storyboard",
    "version": 1,
    "title": "Kept while declined",
    "shots": [{"prompt": "a white sailboat drifts left at dusk"}],
}


def at_the_desk(house: House, visit: Callable[..., Visitor], number: int) -> Visitor:
    staff = visit("wide", calm=True)
    staff.page.set_default_timeout(MINUTE)
    staff.go(link_of(house, "staff", number))
    return staff


def state(page: Page) -> Locator:
    """The last state line: what stops a person stands above it on every page."""
    return page.locator(".state-line-state").last


def asked_by_token(house: House, secret: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and answer of a request of the person's own script."""
    asked = urllib.request.Request(
        f"{house.url}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def standing_by_token(house: House, secret: str) -> str:
    """Why no film may be made now, as a script reads it: an empty code where one may."""
    status, account = asked_by_token(house, secret, "/account")
    assert status == 200
    return str(account["standing"]["code"])


def left_today(artist: Visitor) -> float:
    """Seconds of film left, as home says."""
    artist.go("/")
    tile = artist.page.locator(".stat", has_text="Film left today")
    return float(re.search(r"\d+(?:\.\d+)?", tile.locator(".stat-value").inner_text())[0])


def saved_film(artist: Visitor) -> bytes:
    """The first eight bytes after the length of the film that the library's page of downloads hands out."""
    page = artist.page
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("Download")).first.click()
    return Path(begun.value.path()).read_bytes()[4:8]


def ask_for(artist: Visitor, title: str, *shots: str, slow: bool = False) -> None:
    """Write the shots in the dock, press the button, and open the film's page."""
    page = artist.page
    artist.go("/studio/")
    # On a phone the rest of the dock opens when one writes.
    page.get_by_label("Prompt for shot 1").fill(shots[0])
    if slow:
        page.locator("#model").select_option("slow")
        expect(page.locator("#size option")).to_have_text(["448 × 256"])
        expect(page.get_by_label("Prompt for shot 1")).to_have_value(shots[0])
        page.get_by_label("Prompt for shot 1").focus()
    for number, prompt in enumerate(shots, start=1):
        if number > 1:
            page.get_by_role("button", name="Add shot").click()
        page.get_by_label(f"Prompt for shot {number}").fill(prompt)
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name=re.compile("Generate")).click()
    page.get_by_role("heading", name=title, exact=True).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def new_token(artist: Visitor) -> str:
    """A token for everything, copied from the one page that shows it."""
    page = artist.page
    artist.go("/me/tokens/")
    page.get_by_label("Name", exact=True).fill("Editing script")
    for scope in ("make films", "read and save films", "read quota and standing"):
        page.get_by_label(scope).check()
    artist.look()
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("The token", exact=True).input_value()
    artist.look()
    return secret


def decline_and_keep(artist: Visitor) -> None:
    """Declining is a button; what one has can still be written out to files."""
    page = artist.page
    artist.go("/agreement/")
    page.get_by_role("button", name="Decline").first.click()
    expect(page.get_by_text("You declined. Your account")).to_be_visible()
    artist.go("/studio/storyboards/")
    page.get_by_label("Storyboard file (JSON)").set_input_files(
        {"name": "board.json", "mimeType": "application/json", "buffer": json.dumps(BOARD).encode()}
    )
    page.get_by_role("button", name="Import").click()
    expect(state(page)).to_have_text("You have not signed the agreement.")
    artist.go("/studio/storyboards/")
    artist.look()
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("Export")).click()
    kept = json.loads(Path(begun.value.path()).read_text())
    assert [shot["prompt"] for shot in kept["shots"]] == [shot["prompt"] for shot in BOARD["shots"]]
    assert [artist.go(path) for path in ("/library/", "/me/profile/", "/me/standing/", "/me/leave/")] == [200] * 4


def prepare_the_stop(staff: Visitor, email: str) -> None:
    """Who is hit, the reason, the typed name; nothing is stopped yet."""
    page = staff.page
    staff.go("/staff/safety/")
    staff.look()
    page.get_by_label("an artist", exact=True).check()
    page.get_by_label("Which one").fill(email)
    page.get_by_role("button", name="See who is hit").click()
    expect(page.get_by_role("heading", name="Who is hit")).to_be_visible()
    hit = {tile: page.locator(".stat", has_text=tile).locator(".stat-value").inner_text() for tile in TILES}
    assert hit == TILES
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("stop them").check()
    page.get_by_label("Type its name to confirm").fill("somebody else")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("This is not its name: nothing was stopped.")).to_be_visible()
    assert page.get_by_label("Reason").input_value() == REASON
    staff.look()
    page.get_by_label("Type its name to confirm").fill(email)


TILES = {"People": "1", "Films being made": "1", "Films waiting": "0", "Access tokens": "1", "Public works": "0"}


def bars(page: Page) -> list[float]:
    """How far each shot is."""
    return page.locator(".job-card progress").evaluate_all("bars => bars.map((bar) => bar.value)")


def test_film_stopped_on_its_way_is_finished_after_an_appeal(house: House, visit: Callable[..., Visitor]) -> None:
    slug, email = "stopped", "nour-stopped@example.org"
    mara, theo, ines = (at_the_desk(house, visit, number) for number in (MARA, THEO, INES))
    make_cohort(mara, slug)
    publish(mara, slug, "# Quiet\n\nYou keep it to yourself.", new=True)
    artist = visit("phone", calm=True)
    page = artist.page
    page.set_default_timeout(MINUTE)
    join(artist, invite(mara, email, slug))
    decline_and_keep(artist)
    artist.go("/agreement/")
    answer_all(page)

    ask_for(artist, "The first", "a red ball rises over a blue sea")
    expect(page.locator(".job-card .chip")).to_have_text("done", timeout=3 * MINUTE)
    secret = new_token(artist)
    assert standing_by_token(house, secret) == ""

    before = left_today(artist)
    ask_for(artist, "The second", "a boat leaves the harbour", "a boat comes back", slow=True)
    film = page.url
    shots = page.locator(".job-shot")
    expect(shots.nth(0)).to_have_attribute("data-state", "running", timeout=3 * MINUTE)
    prepare_the_stop(theo, email)
    expect(shots.nth(0)).to_have_attribute("data-state", "done", timeout=3 * MINUTE)
    expect(shots.nth(1)).to_have_attribute("data-state", "running")
    theo.page.get_by_role("button", name="Stop", exact=True).click()
    expect(theo.page.locator(".state-line-state")).to_have_text("In force")
    desk = theo.page.url

    # The open page hears of it by itself; the finished shot is kept, the other one gets no further.
    expect(page.locator(".job-card .chip")).to_have_text("paused")
    expect(page.locator(".job-card-said")).to_contain_text(REASON)
    expect(shots.nth(1)).to_have_attribute("data-state", "waiting")
    stood = bars(page)
    theo.look()
    for path in ("/", "/studio/", "/library/", "/inbox/", "/me/profile/", "/agreement/", "/sharing/", "/me/standing/"):
        artist.go(path)
        banner = page.locator(".state-line").first
        expect(banner).to_contain_text(f"You are suspended: {REASON}")
        expect(banner.get_by_role("link", name="What still works")).to_be_visible()
        artist.look()
    expect(page.locator("li", has_text="Make films")).to_contain_text("suspended-artist")
    expect(page.locator("li", has_text="Look at my works and save them").locator(".chip")).to_have_text("yes")
    assert artist.look_closely() == []
    artist.go("/studio/")
    expect(state(page).locator("xpath=..")).to_contain_text("suspended-artist")
    assert page.get_by_role("button", name=re.compile("Generate")).count() == 0
    # A script is told the same: it still reads, and makes nothing.
    assert standing_by_token(house, secret) == "suspended-artist"
    status, refused = asked_by_token(house, secret, "/generations", {"shots": [{"prompt": "a boat"}]})
    assert (status, refused["code"]) == (403, "suspended-artist")

    # What was made before is theirs to save; of the stopped film there is nothing to hand over.
    artist.go("/library/")
    assert page.locator(".take-card h2, .take-card h3").all_inner_texts() == ["The first"]
    page.get_by_role("link", name=re.compile("The first")).first.click()
    assert saved_film(artist) == b"ftyp"
    artist.go(film)
    assert (bars(page), shots.nth(0).get_attribute("data-state")) == (stood, "done")
    expect(state(page)).to_have_text("Paused")
    expect(page.get_by_role("link", name="Watch it")).to_have_count(0)
    assert artist.look_closely() == []

    artist.go("/me/standing/")
    page.get_by_role("link", name="Appeal", exact=True).click()
    artist.look()
    page.get_by_role("link", name=re.compile("Appeal.*Suspension")).click()
    page.get_by_label("Why it is wrong").fill("The proxy is not mine; I have changed the password.")
    assert artist.look_closely() == []
    page.get_by_role("button", name="Send the appeal").click()
    expect(state(page)).to_have_text("Open")
    assert artist.look_closely() == []
    appeal = page.url

    answered = page.url.replace("/appeals/", "/staff/appeals/")
    theo.go(answered)
    expect(theo.page.get_by_role("button", name="Answer")).to_have_count(0)
    expect(theo.page.locator(".errors .code")).to_have_text("own-decision")
    theo.look()
    ines.go("/staff/appeals/")
    ines.look()
    ines.page.locator(f'a[href="{answered.removeprefix(house.url)}"]').click()
    ines.page.get_by_label(re.compile("Overturn it")).check()
    ines.page.get_by_label("Answer", exact=True).fill("You are right. It was another account.")
    assert ines.look_closely() == []
    artist.go(film)
    expect(state(page)).to_have_text("Paused")
    ines.page.get_by_role("button", name="Answer").click()
    ines.page.wait_for_url("**/staff/appeals/")
    # The open page hears of it: it goes on from where it was, and the first shot is not made again.
    expect(shots.nth(1)).to_have_attribute("data-state", "running", timeout=3 * MINUTE)
    assert shots.nth(0).get_attribute("data-state") == "done"
    ines.look()
    theo.go(desk)
    expect(theo.page.locator(".state-line-state")).to_have_text("Over")
    theo.look()

    artist.go(appeal)
    expect(state(page)).to_have_text("The decision is overturned")
    expect(page.get_by_text("You are right. It was another account.")).to_be_visible()
    expect(page.get_by_text("You are suspended")).to_have_count(0)
    artist.look()
    artist.go(film)
    expect(page.locator(".job-card .chip")).to_have_text("done", timeout=3 * MINUTE)
    artist.go(film)
    page.get_by_role("link", name="Watch it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second")
    assert saved_film(artist) == b"ftyp"
    # Two shots of two seconds, charged once.
    assert left_today(artist) == before - 4
    assert standing_by_token(house, secret) == ""


def test_film_is_saved_by_an_artist_who_declined_a_new_version(house: House, visit: Callable[..., Visitor]) -> None:
    slug, email = "declined", "nour-declined@example.org"
    mara = at_the_desk(house, visit, MARA)
    make_cohort(mara, slug)
    publish(mara, slug, "# Quiet\n\nYou keep it to yourself.", new=True)
    artist = visit("wide")
    page = artist.page
    page.set_default_timeout(MINUTE)
    join(artist, invite(mara, email, slug))
    artist.go("/agreement/")
    answer_all(page)
    ask_for(artist, "Mine", "a red ball rises over a blue sea")
    expect(page.locator(".job-card .chip")).to_have_text("done", timeout=3 * MINUTE)

    publish(mara, slug, "# Quiet\n\nYou keep it to yourself for ten years.", new=False)
    artist.go("/agreement/")
    page.get_by_role("button", name="Decline").first.click()
    expect(page.get_by_text("You declined. Your account")).to_be_visible()
    artist.go("/studio/")
    expect(state(page).locator("xpath=..")).to_contain_text("agreement-outdated")
    artist.go("/library/")
    page.get_by_label("Choose Mine").check()
    page.get_by_role("button", name="Downloads").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Downloads")
    artist.look()
    assert saved_film(artist) == b"ftyp"
    artist.go("/agreement/")
    answer_all(page)
    artist.go("/studio/")
    expect(state(page)).to_have_text("Ready")


def test_announcement_put_away_in_one_browser_stays_away_in_the_other(
    house: House, visit: Callable[..., Visitor]
) -> None:
    mara = at_the_desk(house, visit, MARA)
    desk = mara.page
    mara.go("/staff/announcements/")
    mara.look()
    desk.get_by_label("First line").fill("The harbour is closed on Friday")
    desk.get_by_label("Text").fill("Workers rest; what waits keeps its place.")
    desk.get_by_label(re.compile("^To ")).select_option(label="Lantern")
    desk.get_by_role("button", name="Announce", exact=True).click()
    expect(desk.get_by_text("Announced. It stands on their pages now.")).to_be_visible()
    mara.look()

    (first, second, other) = (visit(width) for width in ("wide", "phone", "wide"))
    for visitor, number in ((first, 2), (second, 2), (other, 0)):
        visitor.go(link_of(house, "artists", number))
    said = [visitor.page.locator(".announced", has_text="The harbour is closed") for visitor in (first, second, other)]
    assert [one.count() for one in said] == [1, 1, 0]
    first.look()
    second.look()
    first.go("/library/?order=title")
    said[0].get_by_role("button", name=re.compile("Put away")).click()
    expect(said[0]).to_have_count(0)
    assert first.page.url == f"{house.url}/library/?order=title"
    second.go("/studio/")
    assert said[1].count() == 0

    mara.go("/staff/announcements/")
    desk.get_by_role("button", name=re.compile("Take down.*The harbour is closed")).click()
    expect(desk.get_by_text("Taken down.")).to_be_visible()


def test_look_of_staff_needs_a_reason_sends_nothing_and_is_told(house: House, visit: Callable[..., Visitor]) -> None:
    ines = at_the_desk(house, visit, INES)
    page = ines.page
    ines.go("/staff/people/?q=ben@demo.example")
    ines.look()
    page.get_by_role("link", name="Ben Castell").click()
    ines.look()
    page.get_by_label("Reason").fill("A question about a film that did not end.")
    page.get_by_role("button", name="Read prompts").click()
    expect(page.locator(".state-line-state")).to_have_text("You look at what is an artist’s own")
    assert ines.look_closely() == []
    page.get_by_role("link", name="Ben Castell").click()
    page.get_by_label("Reason").fill("What does the page show to Ben?")
    page.get_by_role("button", name="View as them").click()
    viewing = page.locator(".state-line", has_text="You view this as Ben Castell")
    for path in ("/", "/studio/", "/library/", "/me/profile/"):
        ines.go(path)
        expect(viewing).to_be_visible()
        ines.look()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".code")).to_have_text("viewing-only")
    ines.go("/")
    page.get_by_role("button", name="Stop viewing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Castell")
    expect(viewing).to_have_count(0)

    ben = visit("phone", calm=True)
    ben.go(link_of(house, "artists", 1))
    ben.go("/me/looks/")
    for reason in ("A question about a film that did not end.", "What does the page show to Ben?"):
        expect(ben.page.locator(".card", has_text=reason)).to_contain_text("Ines Okafor")
    assert ben.look_closely() == []
