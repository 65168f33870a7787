"""A consent of three authors that one of them declines, unnamed; and one that ends at midnight where the artist lives."""

import struct
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import ZONES, Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
ADA, BEN, LENA, MARA, RUTH = (f"{name}@demo.example" for name in ("ada", "ben", "lena", "mara", "ruth"))
UNNAMED = "One of its authors declined. Who it was stays with them."
# Time for a busy machine to answer a request before its end.
AHEAD = timedelta(seconds=60)
SHARED = f"""
from artists.people.models import Person
from artists.sharing.models import Collaborator, ShareRequest
from artists.sharing.services import approve, confirm, request_share, tell_now
from generation.models import Clip
from tests.factories.consent import asked_of
who = lambda email: Person.objects.get(email=email)
clip = Clip.objects.get(pk={{clip!r}})
asked = request_share(clip, actor=who({ADA!r}), title=clip.title, destination="A festival", collaborators={{others!r}})
for other in Collaborator.objects.filter(request=asked):
    confirm(other, actor=other.person)
asked.refresh_from_db()
approve(asked, actor=who({RUTH!r}))
tell_now(asked, actor=who({RUTH!r}))
asked_of(clip, who({MARA!r}), kind={{use!r}}, where={{where!r}})
"""


def asked_for(house: House, title: str, *, use: str, where: str, others: tuple[str, ...] = ()) -> None:
    """A public film of these people that the program asks to use."""
    clip = house.film(ADA, title)
    house.do(SHARED.format(clip=clip, others=others, use=use, where=where))


def come(house: House, visit: Callable[..., Visitor], who: str, width: str) -> Visitor:
    """Somebody of the demonstration, signed in."""
    visitor = visit(width)
    visitor.go(house.link(who))
    return visitor


def read(visitor: Visitor, title: str) -> None:
    """Open what is asked for this work."""
    visitor.go("/me/uses/")
    visitor.page.locator(".card", has_text=title).get_by_role("link", name="Read and answer").click()


def state(visitor: Visitor, words: str) -> None:
    """What the page says first."""
    expect(visitor.page.locator(".state-line-state").first).to_have_text(words)


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_one_of_three_authors_declines_and_stays_unnamed(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    title, where = f"Three of us, {width}", f"A paper, {width}"
    asked_for(house, title, use="press", where=where, others=(BEN, LENA))
    ada, ben, lena = (come(house, visit, who, width) for who in (ADA, BEN, LENA))
    read(ada, title)
    expect(ada.page.get_by_text("3 authors made this work and all are asked")).to_be_visible()
    ada.page.get_by_role("radio", name="Yes, as asked").check()
    ada.page.get_by_role("button", name="Send my answer").click()
    state(ada, "You said yes")
    read(lena, title)
    lena_page = lena.page.url
    read(ben, title)
    ben.page.get_by_role("radio", name="No", exact=True).check()
    expect(ben.page.get_by_label("The others may know that it was me")).not_to_be_checked()
    ben.look()
    ben.page.get_by_role("button", name="Send my answer").click()
    state(ben, "You said no")

    mara = come(house, visit, MARA, width)
    mara.go("/staff/consents/")
    mara.page.get_by_role("link", name=where).first.click()
    ada.page.reload()
    lena.go(lena_page)
    for other in (ada, lena, mara):
        expect(other.page.get_by_text(UNNAMED)).to_be_visible()
        expect(other.page.locator("main").get_by_text("Ben Castell")).to_have_count(0)
        other.look()
    assert lena.page.get_by_role("button", name="Send my answer").count() == 0


def write_zone(house: House, name: str, to_midnight: timedelta) -> str:
    """A time zone in which this day ends so soon: TZif, version 1, one local time type (RFC 8536, 3). Its next day."""
    now = timezone.now()
    since_midnight = timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
    offset = int((timedelta(days=1) - to_midnight - since_midnight).total_seconds())
    place = Path(house.env["VERNISSAGE_HOME"]) / ZONES / name
    place.parent.mkdir(parents=True, exist_ok=True)
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 5)
    place.write_bytes(b"TZif" + bytes(16) + counts + struct.pack(">lbb", offset, 0, 0) + b"SOON\0")
    return f"{now + timedelta(days=1):%Y-%m-%d}"


def test_consent_ends_at_midnight_where_the_artist_lives(house: House, visit: Callable[..., Visitor]) -> None:
    title = "Until midnight"
    asked_for(house, title, use="showcase", where="/showcase/")
    artist, stranger = come(house, visit, ADA, "phone"), visit("wide")
    page = artist.page
    tomorrow = write_zone(house, "Test/Soon", AHEAD)
    ends = timezone.now() + AHEAD
    house.do(
        f"from artists.people.models import Person; Person.objects.filter(email={ADA!r}).update(time_zone='Test/Soon')"
    )
    try:
        read(artist, title)
        page.get_by_role("radio", name="Yes, with limits").check()
        page.get_by_label("Only until").fill(f"{tomorrow}T00:00")
        page.get_by_role("button", name="Send my answer").click()
        state(artist, "In force")
        expect(page.get_by_text("00:00 SOON").first).to_be_visible()
        stranger.go("/showcase/")
        expect(stranger.page.get_by_role("heading", name=title)).to_be_visible()

        page.wait_for_timeout(max(0.0, (ends - timezone.now()).total_seconds() + 1) * 1000)
        stranger.go("/showcase/")
        expect(stranger.page.get_by_role("heading", name=title)).to_have_count(0)
        page.reload()
        state(artist, "Over")
        artist.look()
        assert page.get_by_role("button", name="Withdraw now").count() == 0
    finally:
        house.do(
            f"from artists.people.models import Person; Person.objects.filter(email={ADA!r}).update(time_zone='UTC')"
        )
