"""Sharing as people do it: asked with a collaborator, answered, public, taken back; by the clock; on appeal; without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
ARTIST, FRIEND, REVIEWER, SECOND = "ada@demo.example", "ben@demo.example", "ruth@demo.example", "paul@demo.example"
AHEAD = """
import json
from datetime import timedelta
from django.utils import timezone
from artists.people.models import Person
from artists.sharing.models import ShareRequest
from artists.sharing.services import approve, question, refuse, run_out, tell_now
from portal.appeals.models import Appeal
from portal.appeals.services import decide
from portal.program.models import Cohort
from portal.program.services import make_statements
from portal.program.texts import confidentiality_statement
who = lambda email: Person.objects.get(email=email)
asked = lambda: ShareRequest.objects.get(pk={pk!r})
"""


def do(house: House, pk: str, code: str) -> None:
    """Something a reviewer does, or time, about a request."""
    house.do(AHEAD.replace("{pk!r}", repr(pk)) + code)


def state(page: Page, words: str) -> None:
    """What the page says first."""
    expect(page.locator(".state-line-state").first).to_have_text(words)


def ask(visitor: Visitor, clip: str, *, place: str, **more: str) -> str:
    """Fill the form in and send it; the request's id."""
    page = visitor.page
    visitor.go(f"/sharing/new/{clip}/")
    page.get_by_label("Where it will be shown").fill(place)
    for label, words in more.items():
        page.get_by_label(label.replace("_", " ")).fill(words)
    page.get_by_role("button", name="Send to review").click()
    page.wait_for_url(re.compile(r"/sharing/[0-9a-f-]{36}/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def answers(visitor: Visitor, work: str) -> list[int]:
    """What every address of a public work answers, without a page around it."""
    fetch = visitor.page.request
    plain = [f"{work}{part}" for part in ("", "film/", "poster/", "filmstrip/", "download/", "embed/", "concern/")]
    found = [fetch.get(visitor.house.url + path).status for path in plain]
    found.append(fetch.get(f"{visitor.house.url}{work}film/", headers={"Range": "bytes=16-31"}).status)
    return [*found, fetch.get(f"{visitor.house.url}/oembed", params={"url": visitor.house.url + work}).status]


def public_page(page: Page) -> str:
    """The address that a request's page names."""
    found = page.locator('a[href^="/w/"]').get_attribute("href")
    assert found is not None
    return found


PUBLIC = [200] * 7 + [206, 200]


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_asked_with_a_collaborator_answered_public_and_taken_back(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    title = f"Two of us, {width}"
    clip = house.film(ARTIST, title)
    artist, friend = visit(width), visit(width)
    page = artist.page
    artist.go(house.link(ARTIST))
    friend.go(house.link(FRIEND))
    artist.go(f"/sharing/new/{clip}/")
    page.get_by_label("Where it will be shown").fill(f"A festival, {width}")
    page.get_by_label("Festival or screening").check()
    page.get_by_label("Who made it with you").fill("nobody@demo.example")
    page.get_by_label("Text that goes with it").fill("We counted frames together.")
    page.get_by_label("Show it on the program's showcase too").check()
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_text("collaborator-unknown")).to_be_visible()
    artist.look()
    page.get_by_label("Who made it with you").fill(FRIEND)
    page.get_by_role("button", name="Preview").click()
    state(page, "Preview")
    artist.look()
    page.get_by_role("link", name="Back to the request").click()
    page.get_by_role("link", name="Go on with the draft").click()
    page.get_by_role("button", name="Send to review").click()
    state(page, "Waiting for collaborators")
    artist.look()
    pk = page.url.rstrip("/").rpartition("/")[2]

    friend.go("/sharing/")
    friend.look()
    friend.page.get_by_role("link", name=re.compile(f"names you .*{title}")).click()
    expect(friend.page.get_by_role("heading", name="Did you make this too?")).to_be_visible()
    friend.look()
    friend.page.get_by_role("button", name="Confirm").click()
    state(friend.page, "In review")

    do(house, pk, f"question(asked(), actor=who({REVIEWER!r}), text='Whose numbers are these?')")
    page.reload()
    state(page, "A question for the artist")
    expect(page.locator(".clock")).to_contain_text("The clock stands with 72 of its 72 hours left")
    artist.look()
    page.get_by_label("Your answer").fill("Ours.")
    page.get_by_role("button", name="Answer").click()
    state(page, "In review")
    do(house, pk, f"approve(asked(), actor=who({REVIEWER!r})); tell_now(asked(), actor=who({REVIEWER!r}))")
    page.reload()
    state(page, "Approved")
    artist.look()
    work = public_page(page)

    stranger = visit(width)
    assert stranger.go(work) == 200
    expect(stranger.page.get_by_text("Made with AI")).to_be_visible()
    stranger.look()
    assert stranger.page.context.cookies() == []
    assert answers(stranger, work) == PUBLIC
    stranger.go(f"{work}embed/")
    stranger.look()
    stranger.go("/showcase/")
    expect(stranger.page.get_by_role("heading", name=title)).to_be_visible()
    stranger.look()
    stranger.go(work)
    stranger.page.get_by_role("link", name="Report a concern").click()
    stranger.page.get_by_label("What is wrong").fill("The numbers are mine.")
    stranger.look()
    stranger.page.get_by_role("button", name="Send").click()
    state(stranger.page, "Sent")
    stranger.look()

    page.get_by_role("link", name="Withdraw").click()
    artist.look()
    page.get_by_role("button", name="Withdraw").click()
    state(page, "Withdrawn")
    artist.look()
    assert answers(stranger, work) == [410] * 9
    assert stranger.go(work) == 410
    stranger.look()


def test_deadline_that_passes_approves_as_promised(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("wide")
    artist.go(house.link(ARTIST))
    pk = ask(artist, house.film(ARTIST, "Nobody looked"), place="By the clock")
    long_ago = "timezone.now() - timedelta(hours=80)"
    do(
        house,
        pk,
        f"ShareRequest.objects.filter(pk=asked().pk).update(clock_from={long_ago}, due_at=timezone.now() - timedelta(hours=8))\n"
        "run_out()",
    )
    artist.page.reload()
    state(artist.page, "Approved")
    expect(artist.page.get_by_text("Nobody decided in time, so it was approved")).to_be_visible()
    artist.look()
    assert visit("phone").go(public_page(artist.page)) == 200


def test_refusal_is_read_appealed_and_overturned(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("phone")
    page = artist.page
    artist.go(house.link(ARTIST))
    pk = ask(artist, house.film(ARTIST, "Mine after all"), place="An open studio")
    do(
        house,
        pk,
        "from artists.sharing.services.deciding import Frames\n"
        f"refuse(asked(), actor=who({REVIEWER!r}), ground='rights', reason='Ask whoever drew it.', frames=Frames(5, 7))\n"
        f"tell_now(asked(), actor=who({REVIEWER!r}))",
    )
    page.reload()
    state(page, "Refused")
    artist.look()
    page.get_by_role("link", name="Frames 5 to 7").click()
    expect(page.locator("[data-now]")).to_have_text("00:00:00:05")
    page.get_by_role("link", name="Appeal", exact=True).click()
    page.get_by_label(re.compile("wrong", re.IGNORECASE)).first.fill("I drew it.")
    page.get_by_role("button", name=re.compile("Send|Appeal")).click()
    artist.go(f"/sharing/{pk}/")
    state(page, "In appeal")
    do(
        house,
        pk,
        f"key = str(asked().decisions.last().pk)\n"
        f"decide(Appeal.objects.get(kind='share', key=key), actor=who({SECOND!r}), overturned=True, answer='It is hers.')",
    )
    page.reload()
    state(page, "Approved")
    expect(page.get_by_text("It is hers.")).to_be_visible()
    artist.look()
    assert visit("wide").go(public_page(page)) == 200


def test_asking_and_the_public_page_work_without_scripts(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("phone", javascript=False)
    page = artist.page
    artist.go(house.link(ARTIST))
    first, second = house.film(ARTIST, "Plain one"), house.film(ARTIST, "Plain two")
    artist.go(f"/sharing/new/{first}/")
    page.get_by_label("Text that goes with it").fill("Written slowly.")
    page.get_by_role("button", name="Keep as draft").click()
    state(page, "Draft")
    page.get_by_label("Where it will be shown").fill("A plain place")
    page.get_by_role("button", name="Send to review").click()
    state(page, "In review")
    pk = page.url.rstrip("/").rpartition("/")[2]
    artist.go(f"/sharing/new/?clip={first}&clip={second}")
    page.get_by_label("Where it will be shown").fill("A plain place")
    page.get_by_role("button", name="Send all to review").click()
    expect(page.get_by_text("share-open")).to_be_visible()
    expect(page.locator(".ask-film")).to_have_count(1)
    do(house, pk, f"approve(asked(), actor=who({REVIEWER!r})); tell_now(asked(), actor=who({REVIEWER!r}))")
    artist.go(f"/sharing/{pk}/")
    work = public_page(page)
    stranger = visit("phone", javascript=False)
    assert stranger.go(work) == 200
    assert stranger.page.locator("video source").get_attribute("src") == f"{work}film/"
    assert stranger.page.get_by_role("link", name="Save the film").is_visible()
    assert stranger.go(f"{work}embed/") == 200


def test_what_is_typed_is_kept_on_the_server_while_it_is_written(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("wide")
    page = artist.page
    artist.go(house.link(ARTIST))
    clip = house.film(ARTIST, "Kept by itself")
    artist.go(f"/sharing/new/{clip}/")
    page.get_by_label("Text that goes with it").fill("Never lost.")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/edit/$"))
    other = artist.page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Text that goes with it")).to_have_value("Never lost.")
    # Signed out while writing: what was sent is back after signing in, scripts or not.
    page.get_by_label("Where it will be shown").fill("Nowhere yet")
    page.get_by_label("Text that goes with it").fill("Typed when the session was over.")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Send to review").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    edit = re.sub(r".*next=", "", page.url)
    page.goto(house.link(ARTIST))
    page.goto(house.url + edit)
    expect(page.get_by_label("Text that goes with it")).to_have_value("Typed when the session was over.")


def test_pages_of_sharing_are_whole_in_every_light_and_width(house: House, visit: Callable[..., Visitor]) -> None:
    artist = visit("wide", calm=True)
    artist.go(house.link(ARTIST))
    first, second = house.film(ARTIST, "Closely one"), house.film(ARTIST, "Closely two")
    pk = ask(artist, first, place="Closely", Text_that_goes_with_it="A few words.")
    paths = [f"/sharing/new/{second}/", f"/sharing/new/?clip={first}&clip={second}", "/sharing/", f"/sharing/{pk}/", f"/sharing/{pk}/preview/", "/grounds/", "/showcase/"]  # fmt: skip
    found: list[Any] = []
    for path in paths:
        assert artist.go(path) == 200
        found += artist.look_closely()
    assert found == []
