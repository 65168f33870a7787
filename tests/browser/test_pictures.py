"""Comparing pictures: what is masked may differ, what is not may not."""

import io

from PIL import Image, ImageDraw

from tests.shots.pictures import encoded, share_that_differs

SIZE = (400, 200)


def picture(*boxes: tuple[int, int, int, int], size: tuple[int, int] = SIZE) -> bytes:
    """A dark page with bright boxes, as it is kept."""
    page = Image.new("RGB", size, "#0f0f0f")
    for box in boxes:
        ImageDraw.Draw(page).rectangle(box, fill="#efb656")
    room = io.BytesIO()
    page.save(room, "PNG")
    return encoded(room.getvalue())


def test_same_page_differs_by_nothing() -> None:
    assert share_that_differs(picture((10, 10, 90, 90)), picture((10, 10, 90, 90)), []) == 0.0


def test_moved_box_differs_by_about_its_area_twice() -> None:
    share = share_that_differs(picture((0, 0, 99, 99)), picture((200, 0, 299, 99)), [])
    assert round(share, 1) == round(2 * 100 * 100 / (400 * 200), 1)


def test_masked_box_may_differ() -> None:
    assert share_that_differs(picture(), picture((200, 50, 299, 149)), [[200, 50, 300, 150]]) == 0.0


def test_page_of_another_size_differs_wholly() -> None:
    assert share_that_differs(picture(), picture(size=(400, 210)), []) == 1.0
