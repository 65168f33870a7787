"""The player: the frame told is the frame shown, whatever is pressed and however fast; pins, keys, two films in step."""

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.house import ROOT, House

pytestmark = pytest.mark.browser
ARTIST = "omar@demo.example"
PATIENCE = 20

# What the blocks on the picture say, and what the player says; asked once no seek is under way and the picture is drawn.
READ = """
async (index) => {
  const { video, frame } = document.querySelector("vn-player, vn-compare").reels[index];
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const row = pen.getImageData(0, 10, canvas.width, 1).data;
  let seen = 0;
  for (let bit = 0; bit < 12; bit++) seen = seen * 2 + (row[(bit * 20 + 10) * 4] > 127 ? 1 : 0);
  return [seen, document.querySelector("vn-player, vn-compare").reels[index].frame];
}
"""


@dataclass(frozen=True)
class Films:
    """Two versions of a film of three shots, another rate, all of one artist; every frame says its number."""

    first: str
    second: str
    broadcast: str
    slow: str


def numbered(house: House, title: str, fps: str, *shots: int, hue: int = 0) -> str:
    words = [ARTIST, title, fps, *map(str, shots), "--hue", str(hue)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.numbered", *words],
        cwd=ROOT,
        env=house.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout))


@pytest.fixture(scope="module")
def films(house: House) -> Films:
    house.manage("demo")
    return Films(
        numbered(house, "Numbers", "24", 48, 72, 120),
        numbered(house, "Numbers again", "24", 96, 96, hue=90),
        numbered(house, "Numbers for broadcast", "30000/1001", 180),
        numbered(house, "Numbers, slow", "12", 60, hue=140),
    )


@pytest.fixture(scope="module")
def cookies(house: House, browser: Browser) -> list[Any]:
    """The artist, signed in once."""
    link = next(one["link"] for one in house.manage("demo")["artists"] if one["email"] == ARTIST)
    with browser.new_context() as context:
        context.new_page().goto(link)
        return list(context.cookies())


@pytest.fixture
def come(visit: Callable[..., Visitor], cookies: list[Any]) -> Callable[..., Visitor]:
    """come("wide", f"/library/{clip}/"): the artist at a page whose films are loaded."""

    def at(width: str, path: str, **more: bool) -> Visitor:
        visitor = visit(width, **more)
        visitor.page.context.add_cookies(cookies)
        assert visitor.go(path) == 200
        if more.get("javascript", True):
            until_loaded(visitor.page)
        return visitor

    return at


def until(page: Page, condition: str) -> None:
    """Asked from outside: waiting inside the page needs eval, which our policy refuses."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        time.sleep(0.02)


def until_loaded(page: Page) -> None:
    until(page, "[...document.querySelectorAll('video')].every((video) => video.readyState > 1)")


def read(page: Page, film: int = 0) -> tuple[int, int]:
    """(the frame seen, the frame told)."""
    until(page, f"document.querySelector('vn-player, vn-compare').reels[{film}].there")
    seen, told = page.evaluate(READ, film)
    return seen, told


def state(page: Page, words: str) -> object:
    return page.evaluate(f"document.querySelector('vn-player, vn-compare').{words}")


def go(page: Page, typed: str) -> None:
    """As a person types it."""
    page.keyboard.press("t")
    page.get_by_label("Frame, timecode or seconds").fill(typed)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("film", ["first", "broadcast"])
def test_sixty_seeks_show_the_frame_asked_for(come: Callable[..., Visitor], films: Films, film: str) -> None:
    page = come("wide", f"/library/{getattr(films, film)}/").page
    last = int(state(page, "lead.last"))  # type: ignore[call-overload]
    wanted = [0, last, *random.Random(60).choices(range(last + 1), k=58)]
    shown = []
    for frame in wanted:
        page.evaluate("(frame) => document.querySelector('vn-player').go(frame)", frame)
        shown.append(read(page))
    assert shown == [(frame, frame) for frame in wanted]


def test_eighty_steps_show_every_frame(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    go(page, "20")
    shown = []
    for number in range(80):
        page.keyboard.press("ArrowRight" if number < 60 else "ArrowLeft")
        shown.append(read(page))
    wanted = [*range(21, 81), *range(79, 59, -1)]
    assert shown == [(frame, frame) for frame in wanted]


def test_ninety_fast_presses_lose_none(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    keys = {"ArrowRight": 1, "ArrowLeft": -1, "Shift+ArrowRight": 10, "Shift+ArrowLeft": -10, ".": 1, ",": -1}
    draw = random.Random(90)
    rounds = [["ArrowRight", "ArrowRight", "ArrowLeft"], *(draw.choices(list(keys), k=3) for _round in range(29))]
    wrong = []
    at = 120
    go(page, str(at))
    for pressed in rounds:
        for key in pressed:
            page.keyboard.press(key)
            at = max(0, min(239, at + keys[key]))
        page.wait_for_timeout(draw.choice([0, 0, 40]))  # a late callback of an earlier seek may come here
        if read(page) != (at, at):
            wrong.append((pressed, at, read(page)))
    assert wrong == []


def test_pause_leaves_the_frame_that_is_told(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    stops = []
    for key in ("Space", "k", "Space", "k", "Space"):
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        page.wait_for_timeout(310)
        page.keyboard.press(key)
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        stops.append(read(page))
    assert [seen for seen, _told in stops] == [told for _seen, told in stops]
    assert sorted({told for _seen, told in stops}) == [told for _seen, told in stops]


def test_j_k_l_slow_down_turn_round_and_stop(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    speed = page.locator("[data-told]")
    told = []
    go(page, "200")
    for key in "jjkjllkl":
        page.keyboard.press(key)
        told.append((speed.text_content(), state(page, "running")))
        page.wait_for_timeout(60)
    assert told == [
        ("−1×", True), ("−2×", True), ("2×", False), ("−2×", True), ("−1×", True), ("−0.5×", True), ("0.5×", False),
        ("0.5×", True),
    ]  # fmt: skip
    page.keyboard.press("k")
    go(page, "100")
    page.keyboard.press("j")
    until(page, "document.querySelector('vn-player').frame < 90")
    page.keyboard.press("k")
    seen, at = read(page)
    assert (seen, at < 90) == (at, True)


def test_reverse_ends_at_the_first_frame_and_play_at_the_last(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    go(page, "6")
    page.keyboard.press("j")
    until(page, "!document.querySelector('vn-player').running")
    first = read(page)
    go(page, "230")
    page.keyboard.press("l")
    until(page, "!document.querySelector('vn-player').running")
    assert (first, read(page)) == ((0, 0), (239, 239))


def test_loop_begins_again_both_ways(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    go(page, "232")
    page.keyboard.press("Space")
    until(page, "document.querySelector('vn-player').frame < 60")
    page.keyboard.press("Space")
    forward = read(page)
    go(page, "3")
    page.keyboard.press("j")
    until(page, "document.querySelector('vn-player').frame > 180")
    page.keyboard.press("k")
    back = read(page)
    assert (forward[0], back[0]) == (forward[1], back[1])


def test_typed_places_are_found(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    typed = {"41": 41, "00:00:01:17": 41, "1:18": 42, "1.708": 41, "2 s": 48, "0": 0, "9999": 239}
    found = {}
    for text in typed:
        go(page, text)
        found[text] = read(page)
    assert found == {text: (frame, frame) for text, frame in typed.items()}


def test_place_that_cannot_be_read_is_said_and_nothing_moves(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    go(page, "30")
    said = []
    for typed in ("", "soon", "1:24", "61:70:00", "-3", "1:2:3:4:5"):
        go(page, typed)
        said.append(page.evaluate("document.activeElement.validationMessage.slice(0, 17)"))
        page.keyboard.press("Escape")
    expect(page.get_by_label("Frame, timecode or seconds")).to_be_hidden()
    assert (said, read(page)) == (["Type a frame (41)"] * 6, (30, 30))


def test_the_count_is_chosen_and_kept(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    go(page, "41")
    now, end = page.locator("[data-now]"), page.locator("[data-end]")
    texts = []
    for way in ("timecode", "seconds", "frames"):
        page.get_by_label("Count in").select_option(way)
        texts.append((now.text_content(), end.text_content()))
    assert texts == [("00:00:01:17", "00:00:09:23"), ("1.708", "9.958"), ("41", "239")]
    page.reload()
    until_loaded(page)
    assert (now.text_content(), page.get_by_label("Count in").input_value()) == ("0", "frames")


def test_the_playhead_is_a_slider_for_hand_and_keyboard(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    slider = page.get_by_role("slider", name="Playhead")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 20)
    page.mouse.down()
    for part in (0.2, 0.5, 0.75):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + 20)
    expect(page.locator("[data-peek]")).to_be_visible()
    page.mouse.up()
    seen, told = read(page)
    assert (seen, abs(told - 0.75 * 239) <= 1) == (told, True)
    slider.press("Home")
    slider.press("ArrowRight")
    slider.press("Shift+ArrowRight")
    assert read(page) == (11, 11)
    expect(slider).to_have_attribute("aria-valuetext", "Frame 11, 00:00:00:11")
    slider.press("End")
    assert read(page) == (239, 239)


def test_pins_stand_over_their_frames_and_lead_there(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    pins = page.get_by_role("list", name="Marks on the film").get_by_role("link")
    strip = page.get_by_role("slider", name="Playhead").bounding_box()
    assert strip is not None
    found = []
    for number in range(3):
        pin = pins.nth(number)
        box = pin.locator("span").first.bounding_box()
        assert box is not None
        place = (box["x"] + box["width"] / 2 - strip["x"]) / strip["width"] * 239
        pin.focus()
        page.keyboard.press("Enter")
        found.append((page.url.partition("#")[2], read(page), abs(place - read(page)[1]) < 6))
    assert found == [
        ("shot-1", (0, 0), True),
        ("shot-2", (48, 48), True),
        ("shot-3", (120, 120), True),
    ]


def test_shortcuts_stand_in_the_sheet_and_can_be_switched_off(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Shortcuts")
    terms = [re.sub(r"\s+", " ", text).strip() for text in sheet.locator("dt").all_text_contents()]
    keys = ["Home", "Shift ←", "← ,", "Space k", "→ .", "Shift →", "End", "t", "j", "l", "r", "f"]
    assert [term for term in terms if term in keys] == keys
    sheet.get_by_label("Single-key shortcuts are on").uncheck()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    for key in ("ArrowRight", "Space", "l", "End", "t", "f", "."):
        page.keyboard.press(key)
    assert (state(page, "running"), state(page, "frame")) == (False, 0)
    slider = page.get_by_role("slider", name="Playhead")
    slider.press("ArrowRight")
    assert read(page) == (1, 1)


def test_space_and_arrows_stay_with_the_control_that_has_the_focus(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    page.get_by_label("Count in").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="On one frame").or_(page.get_by_role("button", name="+1 frame")).first.focus()
    page.keyboard.press("Space")
    assert (page.get_by_label("Count in").input_value(), read(page)) == ("frames", (1, 1))
    page.get_by_role("link", name="Ask to share").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert (state(page, "running"), read(page)) == (False, (1, 1))


def test_full_screen_and_back(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.localName === 'vn-player'")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("f")
    until(page, "!document.fullscreenElement")
    assert read(page) == (1, 1)


def test_two_films_rest_on_the_same_frame(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/compare/?a={films.first}&b={films.second}").page
    shown = []
    for frame in random.Random(2).choices(range(192), k=20):
        go(page, str(frame))
        shown.append((frame, read(page, 0), read(page, 1)))
    assert shown == [(frame, (frame, frame), (frame, frame)) for frame, _a, _b in shown]
    stops = []
    go(page, "10")
    for _round in range(5):
        page.keyboard.press("Space")
        page.wait_for_timeout(300)
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        stops.append((read(page, 0), read(page, 1)))
    assert [a for a, _b in stops] == [b for _a, b in stops]
    assert [seen for (seen, _told), _b in stops] == [told for (_seen, told), _b in stops]
    go(page, "230")  # the other one is shorter: it waits on its last frame
    assert (read(page, 0), read(page, 1)) == ((230, 230), (191, 191))


def test_two_films_of_different_rate_rest_on_the_same_moment(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/compare/?a={films.slow}&b={films.first}").page
    shown = []
    for frame in (0, 1, 2, 47, 118, 119):
        go(page, str(frame))
        shown.append((read(page, 0)[0], read(page, 1)[0]))
    assert shown == [(0, 0), (0, 1), (1, 2), (23, 47), (59, 118), (59, 119)]
    expect(page.locator("figure [data-at]")).to_have_text(["59", "119"])


@pytest.mark.parametrize("width", ["wide", "phone"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pages_with_a_player_are_clean(
    come: Callable[..., Visitor], films: Films, house: House, width: str, theme: str
) -> None:
    visitor = come(width, f"/library/{films.first}/")
    visitor.page.get_by_role("button", name=theme, exact=True).click()
    for path in (
        f"/library/{films.first}/",
        f"/library/compare/?a={films.first}&b={films.second}",
        "/library/compare/",
    ):
        assert visitor.go(path) == 200
        until_loaded(visitor.page)
        visitor.page.keyboard.press("ArrowRight")
        visitor.look()
    assert visitor.page.evaluate("document.documentElement.dataset.theme") == theme


def test_without_scripts_the_native_controls_and_a_list_of_marks(come: Callable[..., Visitor], films: Films) -> None:
    page = come("phone", f"/library/{films.first}/", javascript=False).page
    expect(page.locator("video[controls]")).to_have_count(1)
    expect(page.locator("[data-player]")).to_be_hidden()
    expect(page.get_by_role("link", name="Shot 2 begins at frame 48")).to_be_visible()


def test_film_that_does_not_load_is_said(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    page.route("**/film/", lambda route: route.fulfill(status=200, content_type="video/mp4", body=b"not a film"))
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="did not load")).to_be_visible()


def test_captions_are_shown_and_put_away(come: Callable[..., Visitor], films: Films) -> None:
    page = come("wide", f"/library/{films.first}/").page
    track = '<track kind="captions" src="captions.vtt" default></video>'
    button = (
        '<button type="button" class="button" data-do="captions" data-key="c" aria-pressed="true">Captions</button>'
    )

    def with_captions(route: Route) -> None:
        answer = route.fetch()
        body = (
            answer.text()
            .replace("</video>", track)
            .replace('<output class="player-speed', f'{button}<output class="player-speed')
        )
        route.fulfill(response=answer, body=body)

    page.route(f"**/library/{films.first}/", with_captions)
    words = "WEBVTT\n\n00:00.000 --> 00:10.000\nA number.\n"
    page.route("**/captions.vtt", lambda route: route.fulfill(content_type="text/vtt", body=words))
    page.reload()
    until_loaded(page)
    modes = []
    for _press in range(2):
        page.keyboard.press("c")
        pressed = page.get_by_role("button", name="Captions").get_attribute("aria-pressed")
        modes.append((state(page, "lead.video.textTracks[0].mode"), pressed))
    assert modes == [("hidden", "false"), ("showing", "true")]


def test_reviewer_has_the_same_player_and_the_public_the_browsers_own(
    come: Callable[..., Visitor], visit: Callable[..., Visitor], house: House, films: Films
) -> None:
    artist = come("wide", f"/library/{films.second}/").page
    artist.get_by_role("link", name="Ask to share").click()
    artist.get_by_label("Where it will be shown").fill("a festival")
    artist.get_by_role("button", name="Send to review").click()
    artist.wait_for_url(re.compile(r"/sharing/[\w-]{36}/$"))

    reviewer = visit("wide")
    reviewer.go(house.manage("demo")["reviewers"][0]["link"])
    reviewer.go(artist.url.replace("/sharing/", "/review/"))
    until_loaded(reviewer.page)
    for key in ("Shift+ArrowRight", "ArrowRight"):
        reviewer.page.keyboard.press(key)
    reviewer.page.get_by_role("radio", name="Approve", exact=True).check()
    reason = reviewer.page.get_by_label("Reason")
    reason.press_sequentially("jkl f. ")
    reason.press("ArrowLeft")
    assert (read(reviewer.page), state(reviewer.page, "running"), reason.input_value()) == ((11, 11), False, "jkl f. ")
    reviewer.look()
    reviewer.page.get_by_role("button", name="Save", exact=True).click()
    reviewer.page.wait_for_url("**/review/")
    reviewer.page.get_by_role("button", name="Tell now").first.click()
    expect(reviewer.page.get_by_text("Told. The artist reads it now.")).to_be_visible()

    artist.reload()
    public = artist.locator('a[href^="/w/"]').get_attribute("href")
    stranger = visit("phone")
    stranger.go(str(public))
    # The public page is a wall: the browser's own controls, and no script.
    expect(stranger.page.locator("video[controls]")).to_have_count(1)
    expect(stranger.page.locator("vn-player")).to_have_count(0)
    stranger.look()
