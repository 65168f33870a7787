"""What is photographed: whose eyes, which light, and how one gets there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

BOTH: Final = ("wide", "phone")
STORYBOARD: Final = (
    "a red ball rises over a blue sea",
    "a white sailboat drifts left at dusk",
    "a yellow star spins at night",
    "a pink heart grows at night",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. `go` brings the page there; `who` is a mail address of the demonstration, empty for the public."""

    name: str
    go: Callable[[Page], None]
    who: str = ""
    theme: str = "dark"
    widths: tuple[str, ...] = BOTH


def _open(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(path)

    return go


def _film(room: str, title: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(room)
        page.get_by_role("link", name=title).first.click()
        page.wait_for_load_state("load")

    return go


def _studio(page: Page) -> None:
    """A film under way above, and a storyboard of four shots in the dock."""
    page.goto("/studio/")
    if not page.locator(".job-card").count():
        _write(page, STORYBOARD[:3])
        page.locator("[data-generate]").click()
        page.wait_for_load_state("load")
        page.goto("/studio/")
    _write(page, STORYBOARD)
    page.keyboard.press("Escape")  # on a phone the open dock covers what is above it
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("[data-quote]")).to_contain_text("Uses")


def _write(page: Page, prompts: tuple[str, ...]) -> None:
    for number, prompt in enumerate(prompts, start=1):
        field = page.get_by_label(f"Prompt for shot {number}")
        if not field.count():
            page.get_by_role("button", name="Add shot").click()
        field.fill(prompt)


def _studio_mistake(page: Page) -> None:
    """A storyboard with one shot that cannot be rendered: the fault stands at the shot, and everything typed is kept."""
    page.goto("/studio/")
    _write(page, (STORYBOARD[0], "a very long prompt " * 120, STORYBOARD[2]))
    page.locator("[data-generate]").click()
    page.wait_for_load_state("load")


def _consent(page: Page) -> None:
    """What waits for the artist's answer."""
    page.goto("/me/uses/")
    page.locator('a[href*="/me/uses/answers/"]').first.click()
    page.wait_for_load_state("load")


def _public(page: Page) -> None:
    page.goto("/sharing/")
    page.get_by_role("link", name="Tide table").first.click()
    page.locator('a[href^="/w/"]').first.click()
    page.wait_for_load_state("load")


ADA, LENA, RUTH, MARA = "ada@demo.example", "lena@demo.example", "ruth@demo.example", "mara@demo.example"
SCENES: Final = (
    Scene("front", _open("/")),
    Scene("studio", _studio, ADA),
    Scene("studio-mistake", _studio_mistake, LENA),
    Scene("library", _open("/library/"), ADA),
    Scene("clip", _film("/library/", "Tide table"), ADA),
    Scene("share-refused", _film("/sharing/", "Parcel, unaccompanied"), LENA),
    Scene("review", _film("/review/", "Small astronomy"), RUTH),
    Scene("release", _public, ADA, theme="light"),
    Scene("showcase", _open("/showcase/")),
    Scene("grounds", _open("/grounds/"), theme="light"),
    Scene("uses", _open("/me/uses/"), ADA, theme="light"),
    Scene("consent-request", _consent, ADA, theme="light"),
    Scene("staff-sharing", _open("/staff/sharing/"), MARA),
    Scene("agreement", _open("/agreement/"), ADA, theme="light"),
    Scene("today", _open("/staff/"), MARA),
)
