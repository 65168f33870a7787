"""The studio as people use it: by keyboard alone, by drag and paste, in two windows, on a phone, without a network, without scripts."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import House, Visitor
from tests.browser.test_journey import links, wait_for_order

pytestmark = pytest.mark.browser

PASTE = """async ([picture, type]) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "pasted", { type }));
  const at = document.activeElement;
  at.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
DROP = """([picture, type, index]) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "dropped", { type }));
  const shot = document.querySelectorAll("[data-shot]")[index];
  for (const kind of ["dragover", "drop"])
    shot.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def picture(colour: str = "orange") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(data, "PNG")
    return data.getvalue()


def as_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def artist_at(house: House, visit: Callable[..., Visitor], width: str, number: int = 0, **more: bool) -> Visitor:
    artist = visit(width, **more)
    artist.go(links(house, "artists")[number]["link"])
    artist.go("/studio/")
    if more.get("javascript", True):
        # The dock's script comes after the page: until then its buttons are not there.
        expect(artist.page.locator("form.dock [data-needs-js][hidden]")).to_have_count(0)
    return artist


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text("Saved")


def prompts(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("[data-shot] textarea").all()]


def press_until(page: Page, label: str, most: int = 100) -> None:
    """Tab until the control with this name has the focus; the name is what a person sees or hears."""
    for _press in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const a = document.activeElement;"
            " return a.getAttribute('aria-label') ?? (a.labels?.[0]?.textContent ?? a.textContent).trim(); }"
        )
        if name.startswith(label):
            return
    raise AssertionError(label)


@pytest.mark.parametrize(("width", "number"), [("wide", 0), ("phone", 1)])
def test_storyboard_is_kept_while_one_writes_and_opens_again(
    house: House, visit: Callable[..., Visitor], width: str, number: int
) -> None:
    artist = artist_at(house, visit, width, number)
    page = artist.page
    page.get_by_label("Prompt for shot 1").fill("a red ball rises over a blue sea")
    page.get_by_role("button", name="Add shot").click()
    page.get_by_label("Prompt for shot 2").fill("قارب أبيض 🛥 ينجرف")
    page.get_by_label("Title").fill("Kept")
    saved(page)
    artist.look()
    address = page.url
    assert re.search(r"/studio/\?storyboard=\d+$", address)
    artist.go("/studio/storyboards/")
    artist.look()
    page.get_by_role("link", name="Kept").first.click()
    assert (page.url, prompts(page)) == (address, ["a red ball rises over a blue sea", "قارب أبيض 🛥 ينجرف"])
    assert page.evaluate("getComputedStyle(document.querySelectorAll('[data-shot] textarea')[1]).direction") == "rtl"
    artist.go("/studio/storyboards/")
    page.get_by_role("button", name=re.compile("Delete.*Kept")).first.click()
    expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    artist.look()
    page.get_by_role("button", name=re.compile("Undo.*Kept")).first.click()
    expect(page.get_by_role("link", name="Kept").first).to_be_visible()


def test_what_is_typed_and_chosen_before_the_script_is_there_counts(
    house: House, visit: Callable[..., Visitor]
) -> None:
    artist = visit("wide")
    page = artist.page
    artist.go(links(house, "artists")[3]["link"])
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/dock*.js", hold)
    page.goto(f"{house.url}/studio/", wait_until="domcontentloaded")
    page.get_by_label("Prompt for shot 1").fill("typed on a slow line")
    page.get_by_label("Draft or final, and the model").select_option("sketch")
    expect(page.get_by_label("Image for shot 1")).to_be_attached()
    expect(page.locator("[data-saved]")).to_have_text("")
    assert held
    for route in held:
        route.continue_()
    expect(page.get_by_label("Image for shot 1")).not_to_be_attached()
    saved(page)
    page.unroute("**/dock*.js")
    page.reload()
    assert prompts(page) == ["typed on a slow line"]


def test_dock_by_keyboard_alone_moves_undoes_locks_and_recalls(house: House, visit: Callable[..., Visitor]) -> None:
    artist = artist_at(house, visit, "wide", 2)
    page = artist.page
    page.keyboard.press("/")
    page.keyboard.type("a yellow ring spins at night")
    press_until(page, "Add shot")
    page.keyboard.press("Enter")
    page.keyboard.type("a pink fish grows at night")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prompt for shot 1")).to_have_value("a pink fish grows at night")
    assert prompts(page) == ["a pink fish grows at night", "a yellow ring spins at night"]
    press_until(page, "Remove shot 1")
    page.keyboard.press("Enter")
    assert prompts(page) == ["a yellow ring spins at night"]
    press_until(page, "Length of shot 1")
    page.keyboard.press("Control+z")
    assert prompts(page) == ["a pink fish grows at night", "a yellow ring spins at night"]
    page.keyboard.press("Control+Shift+z")
    assert prompts(page) == ["a yellow ring spins at night"]
    page.get_by_label("Prompt for shot 1").focus()
    press_until(page, "Keep the seed of shot 1")
    page.keyboard.press("Enter")
    seed = page.get_by_role("spinbutton", name="Seed of shot 1").input_value()
    assert seed.isdigit()
    saved(page)
    artist.look()
    page.get_by_label("Prompt for shot 1").focus()
    page.keyboard.press("Control+Enter")
    wait_for_order(page, "a yellow ring spins at night")
    expect(page.get_by_role("spinbutton", name="Seed of shot 1")).to_have_value(seed)
    page.get_by_label("Prompt for shot 1").fill("half a thought")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_label("Prompt for shot 1")).to_have_value("a yellow ring spins at night")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("Prompt for shot 1")).to_have_value("half a thought")


def test_shots_are_dragged_into_another_order(house: House, visit: Callable[..., Visitor]) -> None:
    for width in ("wide", "phone"):
        page = artist_at(house, visit, width, 3).page
        page.get_by_label("Prompt for shot 1").fill("one")
        for number, word in ((2, "two"), (3, "three")):
            page.get_by_role("button", name="Add shot").click()
            page.get_by_label(f"Prompt for shot {number}").fill(word)
        grip = page.locator("[data-grip]").nth(0).bounding_box()
        last = page.locator("[data-shot]").nth(2).bounding_box()
        assert grip is not None and last is not None
        page.mouse.move(grip["x"] + 12, grip["y"] + 10)
        page.mouse.down()
        page.mouse.move(last["x"] + last["width"] - 8, last["y"] + last["height"] - 8, steps=12)
        page.mouse.up()
        assert prompts(page) == ["two", "three", "one"]
        expect(page.get_by_label("Prompt for shot 3")).to_have_value("one")
        saved(page)
        page.reload()
        assert prompts(page) == ["two", "three", "one"]


def test_pictures_are_pasted_dropped_chosen_refused_and_removed(house: House, visit: Callable[..., Visitor]) -> None:
    artist = artist_at(house, visit, "wide", 3)
    page = artist.page
    model = page.get_by_label("Draft or final, and the model")
    page.get_by_label("Prompt for shot 1").fill("typed before")
    model.select_option("sketch")
    expect(page.get_by_label("Image for shot 1")).not_to_be_attached()
    page.get_by_label("Prompt for shot 1").focus()
    page.evaluate(PASTE, [as_text(picture()), "image/png"])
    expect(page.get_by_text("This model starts from words only")).to_be_visible()
    model.select_option("card")
    expect(page.get_by_label("Image for shot 1")).to_be_attached()
    assert prompts(page) == ["typed before"]
    page.get_by_role("button", name="Add shot").click()
    page.evaluate(PASTE, [as_text(picture()), "image/png"])
    expect(page.locator("[data-shot]").nth(1).get_by_role("img", name="Reference image")).to_be_visible()
    page.evaluate(DROP, [as_text(picture("green")), "image/png", 0])
    expect(page.locator("[data-shot]").nth(0).get_by_role("img", name="Reference image")).to_be_visible()
    saved(page)
    artist.look()
    page.reload()
    expect(page.get_by_role("img", name="Reference image")).to_have_count(2)
    page.get_by_role("button", name="Remove the image of shot 1").click()
    expect(page.get_by_role("img", name="Reference image")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("img", name="Reference image")).to_have_count(2)
    page.get_by_label("Image for shot 2").set_input_files(
        {"name": "setup.png", "mimeType": "image/png", "buffer": b"MZ\x90\x00" + b"\0" * 99}
    )
    expect(page.locator("[data-shot]").nth(1).get_by_text("reference-not-an-image")).to_be_visible()
    assert prompts(page) == ["typed before", ""]


def test_two_windows_on_one_storyboard_lose_nothing(house: House, visit: Callable[..., Visitor]) -> None:
    artist = artist_at(house, visit, "wide", 3)
    first = artist.page
    first.get_by_label("Prompt for shot 1").fill("the beginning")
    saved(first)
    second = first.context.new_page()
    second.goto(first.url)
    second.get_by_label("Prompt for shot 1").fill("written in the second window")
    saved(second)
    first.get_by_label("Prompt for shot 1").fill("written in the first window")
    told = first.get_by_role("alert").filter(has_text="changed in another window")
    expect(told).to_contain_text("written in the second window")
    assert prompts(first) == ["written in the first window"]
    artist.complaints[:] = [said for said in artist.complaints if "409" not in said]
    artist.look()
    before = first.url
    first.get_by_role("button", name="Keep mine as a copy").click()
    saved(first)
    expect(told).to_have_count(0)
    assert first.url != before
    first.reload()
    second.reload()
    assert (prompts(first), prompts(second)) == (["written in the first window"], ["written in the second window"])


def test_lost_network_is_said_and_the_text_is_saved_when_it_is_back(
    house: House, visit: Callable[..., Visitor]
) -> None:
    artist = artist_at(house, visit, "wide", 3)
    page = artist.page
    page.get_by_label("Prompt for shot 1").fill("before the tunnel")
    saved(page)
    page.context.set_offline(True)
    page.get_by_label("Prompt for shot 1").fill("written in the tunnel")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: no connection.")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("[data-saved]")).to_contain_text("Not asked for: no connection.")
    assert prompts(page) == ["written in the tunnel"]
    page.context.set_offline(False)
    saved(page)
    page.get_by_role("button", name="Generate").click()
    wait_for_order(page, "written in the tunnel")
    page.reload()
    assert prompts(page) == ["written in the tunnel"]


def test_fault_in_a_shot_is_said_at_the_shot_and_everything_stays(house: House, visit: Callable[..., Visitor]) -> None:
    for width in ("wide", "phone"):
        artist = artist_at(house, visit, width, 3)
        page = artist.page
        page.get_by_label("Prompt for shot 1").fill("a ball")
        page.get_by_role("button", name="Add shot").click()
        page.get_by_label("Prompt for shot 2").fill("x" * 10_000)
        page.get_by_role("button", name="Generate").click()
        expect(page.locator("[data-shot]").nth(1).locator(".error-list")).to_contain_text("has 10000 characters")
        expect(page.get_by_label("Prompt for shot 2")).to_be_focused()
        assert prompts(page) == ["a ball", "x" * 10_000]
        artist.complaints[:] = [said for said in artist.complaints if "422" not in said]
        artist.look()


def test_back_after_asking_is_one_film(house: House, visit: Callable[..., Visitor]) -> None:
    page = artist_at(house, visit, "wide", 3, javascript=False).page
    page.get_by_label("Prompt for shot 1").fill("a blue fish drifts left at sea")
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/studio/?storyboard=*")
    page.go_back()
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_text("This film was asked for already; it is made once.")).to_be_visible()


def test_prompts_are_found_in_the_dialog_and_put_into_the_shot(house: House, visit: Callable[..., Visitor]) -> None:
    artist = artist_at(house, visit, "wide", 1)
    page = artist.page
    page.get_by_label("Prompt for shot 1").fill("a purple triangle spins in the snow")
    page.get_by_role("button", name="Generate").click()
    wait_for_order(page, "a purple triangle spins in the snow")
    artist.go("/studio/")
    page.get_by_label("Prompt for shot 1").click()
    page.get_by_role("button", name="Prompts").click()
    page.get_by_label("Search your prompts").fill("triangle snow")
    artist.look()
    page.locator("[data-use-prompt]").first.click()
    expect(page.get_by_label("Prompt for shot 1")).to_have_value("a purple triangle spins in the snow")
    artist.go("/prompts/?q=triangle")
    artist.look()


def test_studio_without_scripts_saves_brings_pictures_and_makes_a_storyboard(
    house: House, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    (tmp_path / "sea.png").write_bytes(picture())
    page = artist_at(house, visit, "wide", 3, javascript=False).page
    page.get_by_label("Prompt for shot 1").fill("one")
    page.get_by_label("Prompt for shot 3").fill("three")
    page.get_by_label("Draft or final, and the model").select_option("card")
    page.get_by_role("button", name="Use this model").click()
    page.get_by_label("Image for shot 1").set_input_files(tmp_path / "sea.png")
    page.get_by_label("Prompt for shot 2").fill("two")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert prompts(page)[:3] == ["one", "two", "three"]
    expect(page.get_by_role("img", name="Reference image")).to_have_count(1)
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".job-card, .take-card").first).to_be_visible()
