"""Poster, filmstrip and last frame."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.media.errors import MediaError
from generation.media.film import FilmFacts, FilmReader, Frames
from generation.media.join import join_takes
from generation.media.stills import FilmstripFacts, last_frame, write_filmstrip, write_poster

MakeFrames = Callable[..., Frames]
Film = Callable[..., FilmFacts]
OnFullDisk = Callable[[str, int], str]


def plain_frames(count: int, *, width: int = 96, height: int = 64) -> Frames:
    """Frames of one colour each, every one another: frame n has the colour (20 + 4n, 200 - 3n, 90)."""
    numbers = np.arange(count)
    colours = np.stack([20 + 4 * numbers, 200 - 3 * numbers, np.full(count, 90)], axis=-1).astype(np.uint8)
    return np.broadcast_to(colours[:, None, None], (count, height, width, 3)).copy()


def colours_off(pixels: Frames, frame: int) -> int:
    """How far (0 to 255) any pixel is from the colour of frame number `frame` of `plain_frames`."""
    expected = np.array([20 + 4 * frame, 200 - 3 * frame, 90])
    return int(np.abs(pixels.astype(int) - expected).max())


def frame_shown(pixels: Frames) -> int:
    """Which frame of `plain_frames` a picture shows, by its mean colour: WebP moves a colour less than a frame does."""
    red, green = pixels.reshape(-1, 3).mean(axis=0)[:2]
    return round(float((red - 20) / 4 + (200 - green) / 3) / 2)


@pytest.mark.parametrize(("asked", "shown"), [(None, 10), (0, 0), (17, 17), (29, 29)])
def test_poster_shows_the_frame(tmp_path: Path, film: Film, asked: int | None, shown: int) -> None:
    film(tmp_path / "take.mp4", plain_frames(30))
    write_poster(tmp_path / "take.mp4", tmp_path / "poster.webp", frame=asked)
    with Image.open(tmp_path / "poster.webp") as poster:
        assert (poster.format, poster.size, poster.mode) == ("WEBP", (96, 64), "RGB")
        assert colours_off(np.asarray(poster), shown) <= 5


@pytest.mark.parametrize("asked", [-1, 30])
def test_poster_of_a_frame_that_is_not_there_is_refused(tmp_path: Path, film: Film, asked: int) -> None:
    film(tmp_path / "take.mp4", plain_frames(30))
    with pytest.raises(MediaError) as caught:
        write_poster(tmp_path / "take.mp4", tmp_path / "poster.webp", frame=asked)
    assert caught.value.code == "frame-missing"
    assert caught.value.message == f"The film take.mp4 has frames 0 to 29, not {asked}. Choose one of these."
    assert [path.name for path in tmp_path.iterdir()] == ["take.mp4"]


@pytest.mark.parametrize(
    ("size", "count", "options", "expected"),
    [
        ((448, 256), 16, {}, (16, 8, 2, 160, 91, 1)),
        ((256, 448), 16, {}, (16, 8, 2, 91, 160, 1)),
        ((96, 64), 5, {}, (5, 5, 1, 96, 64, 1)),
        ((96, 64), 50, {"tiles": 12, "columns": 4}, (10, 4, 3, 96, 64, 5)),
        ((96, 64), 1, {}, (1, 1, 1, 96, 64, 1)),
        ((320, 180), 9, {"longest": 32}, (9, 8, 2, 32, 18, 1)),
    ],
)
def test_filmstrip_shows_the_frames_it_says(
    tmp_path: Path,
    film: Film,
    size: tuple[int, int],
    count: int,
    options: dict[str, int],
    expected: tuple[int, int, int, int, int, int],
) -> None:
    film(tmp_path / "take.mp4", plain_frames(count, width=size[0], height=size[1]))
    out = tmp_path / "strip.webp"
    facts = write_filmstrip(tmp_path / "take.mp4", out, **options)
    assert facts == FilmstripFacts(*expected, out.stat().st_size)
    with Image.open(out) as strip:
        assert strip.format == "WEBP"
        sheet = np.asarray(strip)
    wide, high = facts.tile_width, facts.tile_height
    assert sheet.shape == (facts.rows * high, facts.columns * wide, 3)
    for tile in range(facts.tiles):
        row, column = divmod(tile, facts.columns)
        # Two pixels in, because WebP stores colour at half resolution and neighbours blend at the edge.
        inner = sheet[row * high + 2 : (row + 1) * high - 2, column * wide + 2 : (column + 1) * wide - 2]
        assert frame_shown(inner) == tile * facts.every
    assert (facts.tiles - 1) * facts.every < count <= facts.tiles * facts.every


def test_filmstrip_of_a_joined_film_crosses_the_takes(tmp_path: Path, film: Film) -> None:
    shot = plain_frames(24)
    film(tmp_path / "a.mp4", shot[:9])
    film(tmp_path / "b.mp4", shot[9:])
    join_takes([tmp_path / "a.mp4", tmp_path / "b.mp4"], tmp_path / "clip.mp4")
    facts = write_filmstrip(tmp_path / "clip.mp4", tmp_path / "strip.webp", tiles=8)
    assert (facts.tiles, facts.columns, facts.every) == (8, 8, 3)
    with Image.open(tmp_path / "strip.webp") as strip:
        sheet = np.asarray(strip)
    for tile in range(8):
        assert frame_shown(sheet[2:-2, tile * 96 + 2 : tile * 96 + 94]) == tile * 3


@pytest.mark.parametrize("count", [1, 8, 9, 23])
def test_last_frame_is_the_one_that_decodes_last(tmp_path: Path, frames: MakeFrames, film: Film, count: int) -> None:
    film(tmp_path / "take.mp4", frames(count))
    with FilmReader(tmp_path / "take.mp4") as reader:
        *_, (number, shown) = reader.frames()
    with Image.open(io.BytesIO(last_frame(tmp_path / "take.mp4"))) as png:
        assert (png.format, png.size, png.mode, number) == ("PNG", (96, 64), "RGB", count - 1)
        off = np.abs(np.asarray(png).astype(int) - shown.to_ndarray(format="rgb24"))
    assert off.mean() < 4  # two ways from yuv to rgb: chroma is interpolated in one of them only


def test_last_frame_has_the_colours_of_the_frame(tmp_path: Path, film: Film) -> None:
    film(tmp_path / "take.mp4", plain_frames(20))
    with Image.open(io.BytesIO(last_frame(tmp_path / "take.mp4"))) as png:
        assert colours_off(np.asarray(png), 19) <= 2


def test_stills_are_the_same_bytes_again(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(12))
    made = []
    for name in ("a", "b"):
        write_poster(path, tmp_path / f"{name}.poster")
        write_filmstrip(path, tmp_path / f"{name}.strip")
        poster, strip = (tmp_path / f"{name}.poster").read_bytes(), (tmp_path / f"{name}.strip").read_bytes()
        made.append((poster, strip, last_frame(path)))
    assert made[0] == made[1]


def test_stills_of_a_damaged_film_are_refused(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(12))
    path.write_bytes(path.read_bytes()[:-300])
    calls: dict[str, Callable[[], object]] = {
        "poster": lambda: write_poster(path, tmp_path / "poster.webp", frame=11),
        "strip": lambda: write_filmstrip(path, tmp_path / "strip.webp"),
        "last": lambda: last_frame(path),
    }
    codes = {}
    for name, call in calls.items():
        with pytest.raises(MediaError) as caught:
            call()
        codes[name] = caught.value.code
    assert codes == {"poster": "film-broken", "strip": "film-broken", "last": "film-broken"}
    assert [path.name for path in tmp_path.iterdir()] == ["take.mp4"]


def test_stills_of_a_missing_film_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        write_poster(tmp_path / "take.mp4", tmp_path / "poster.webp")
    assert caught.value.code == "film-missing"


def test_full_disk_while_writing_a_poster_is_told_and_leaves_nothing(
    tmp_path: Path, film: Film, on_full_disk: OnFullDisk
) -> None:
    grain = np.random.default_rng(0).integers(0, 255, (3, 512, 512, 3), dtype=np.uint8)
    film(tmp_path / "take.mp4", grain)
    code = f"""
import os
from pathlib import Path
from generation.media.errors import MediaError
from generation.media.stills import write_poster
folder = Path(os.environ["FOLDER"])
try:
    write_poster(Path({str(tmp_path / "take.mp4")!r}), folder / "poster.webp")
except MediaError as error:
    print(error.code, error.retry, os.listdir(folder))
"""
    assert on_full_disk(code, 8 * 1024) == "disk-full False []"
