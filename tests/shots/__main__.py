"""Takes the screenshots (`python -m tests.shots`), or compares with those kept (`--check`, exit 1 beyond the tolerance)."""

import argparse
import io
import os
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import av
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import WIDTHS, House, open_browser, open_house
from tests.shots.pictures import FOLDER, encoded, share_that_differs, taken
from tests.shots.scenes import SCENES, Scene

TOLERANCE = 0.01
PATIENCE = 900
DENSITY = {"wide": 1, "phone": 2}
STATES = (("ada", "Approved"), ("ben", "In review"), ("lena", "Refused"), ("omar", "Withdrawn"))
PHONES = ("studio", "clip", "share-refused")
GAP, WALL = 30, "#747474"
STILL = ("a white sailboat drifts left at dusk", "--artist", "ben@demo.example", "--seed", "7", "--wait")


def main() -> int:
    """Returns 0, 1 where a picture differs, 2 for an unknown name."""
    asked = argparse.ArgumentParser(prog="python -m tests.shots")
    asked.add_argument("--check", action="store_true", help="compare with the pictures kept; write nothing there")
    asked.add_argument("--only", default="", help="names, separated by commas")
    asked.add_argument("--tolerance", type=float, default=TOLERANCE, help="share of the pixels that may differ")
    asked.add_argument(
        "--url",
        default="",
        help="photograph the demonstration that runs here already (its environment must be this one's)",
    )
    options = asked.parse_args()
    wanted = [scene for scene in SCENES if not options.only or scene.name in options.only.split(",")]
    if not wanted:
        print(f"shot-unknown: Choose from {', '.join(scene.name for scene in SCENES)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="vernissage-shots-") as home, sync_playwright() as playwright:
        running = nullcontext(House(options.url, dict(os.environ))) if options.url else open_house(Path(home))
        with running as house:
            photographer = Photographer(house, open_browser(playwright))
            photographer.wait_for_demonstration()
            if options.check:
                return photographer.compare(wanted, options.tolerance)
            photographer.keep(wanted)
            if not options.only:
                keep_phones()
                keep_still(house, Path(home) / "still.mp4")
    return 0


class Photographer:
    """One signed-in window per person and width."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house = house
        self.browser = browser
        self.pages: dict[tuple[str, str], Page] = {}

    def page(self, who: str, width: str) -> Page:
        """The window of this person, signed in."""
        if (who, width) not in self.pages:
            across, down = WIDTHS[width]
            context = self.browser.new_context(
                viewport={"width": across, "height": down},
                device_scale_factor=DENSITY[width],
                reduced_motion="reduce",
                base_url=self.house.url,
            )
            page = context.new_page()
            page.set_default_timeout(60_000)
            if who:
                page.goto(self.house.link(who))
            self.pages[who, width] = page
        return self.pages[who, width]

    def wait_for_demonstration(self) -> None:
        """Until the films are rendered and their requests stand in every state."""
        end = time.monotonic() + PATIENCE
        for name, state in STATES:
            page = self.page(f"{name}@demo.example", "wide")
            while page.goto("/sharing/") is None or not page.get_by_text(state, exact=True).count():
                if time.monotonic() > end:
                    raise SystemExit(f"shots-demo: {name}'s request is not {state!r} after {PATIENCE} s.")
                time.sleep(1)

    def shoot(self, scene: Scene, width: str) -> tuple[bytes, list[list[float]]]:
        """One picture and what may differ in it."""
        page = self.page(scene.who, width)
        page.context.add_cookies([{"name": "theme", "value": scene.theme, "url": self.house.url}])
        scene.go(page)
        return taken(page)

    def keep(self, scenes: list[Scene]) -> None:
        """Write every picture."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        for scene in scenes:
            for width in scene.widths:
                path = FOLDER / f"{scene.name}-{width}.webp"
                path.write_bytes(self.shoot(scene, width)[0])
                print(f"{path.name:28} {path.stat().st_size / 1000:6.1f} kB")

    def compare(self, scenes: list[Scene], tolerance: float) -> int:
        """Print the share of each picture that differs; 1 where one is beyond the tolerance."""
        worst = 0.0
        for scene in scenes:
            for width in scene.widths:
                name = f"{scene.name}-{width}.webp"
                fresh, boxes = self.shoot(scene, width)
                kept = FOLDER / name
                share = share_that_differs(kept.read_bytes(), fresh, boxes) if kept.exists() else 1.0
                worst = max(worst, share)
                print(f"{name:28} {share:8.3%}{'  differs' if share > tolerance else ''}")
        print(f"worst {worst:.3%}, tolerance {tolerance:.3%}")
        return int(worst > tolerance)


def keep_phones() -> None:
    """Three phones side by side."""
    pictures = [Image.open(FOLDER / f"{name}-phone.webp") for name in PHONES]
    across, down = (side // DENSITY["phone"] for side in pictures[0].size)
    wall = Image.new("RGB", (len(pictures) * (across + GAP) - GAP, down), WALL)
    for place, picture in enumerate(pictures):
        wall.paste(picture.resize((across, down), Image.Resampling.LANCZOS), (place * (across + GAP), 0))
    room = io.BytesIO()
    wall.save(room, "PNG")
    (FOLDER / "phones.webp").write_bytes(encoded(room.getvalue()))


def keep_still(house: House, film: Path) -> None:
    """A frame of a film made by `manage.py generate`."""
    house.manage("generate", *STILL, "--out", str(film))
    with av.open(str(film)) as opened:
        frames = [frame.to_image() for frame in opened.decode(video=0)]
    room = io.BytesIO()
    frames[len(frames) // 2].save(room, "PNG")
    path = FOLDER / "still.webp"
    path.write_bytes(encoded(room.getvalue()))
    print(f"{path.name:28} {path.stat().st_size / 1000:6.1f} kB")


if __name__ == "__main__":
    raise SystemExit(main())
