"""Takes joined into one film."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from generation.media.errors import MediaError
from generation.media.film import FilmFacts, FilmReader, Frames, read_facts
from generation.media.join import join_takes

MakeFrames = Callable[..., Frames]
Film = Callable[..., FilmFacts]
OnFullDisk = Callable[[str, int], str]
Decoded = Callable[[Path], Frames]


@pytest.fixture
def takes(tmp_path: Path, frames: MakeFrames, film: Film) -> Callable[..., list[Path]]:
    """Write takes of the given lengths, each with other pictures: `takes(9, 1, fps=8)`."""

    def write(*lengths: int, fps: Fraction | int = 8) -> list[Path]:
        paths = [tmp_path / f"take-{number}.mp4" for number in range(len(lengths))]
        for number, (path, length) in enumerate(zip(paths, lengths, strict=True)):
            film(path, frames(length, seed=number), fps)
        return paths

    return write


@pytest.mark.parametrize("fps", [Fraction(8), Fraction(24), Fraction(24000, 1001)])
@pytest.mark.parametrize("lengths", [(16, 16), (25,), (1, 1, 1), (1, 17), (9, 1, 17, 2, 8), (81, 49, 121)])
def test_joined_film_has_every_frame_unchanged(
    tmp_path: Path, takes: Callable[..., list[Path]], lengths: tuple[int, ...], fps: Fraction, decoded: Decoded
) -> None:
    paths = takes(*lengths, fps=fps)
    out = tmp_path / "clip.mp4"
    facts = join_takes(paths, out)
    count = sum(lengths)
    assert facts == FilmFacts(96, 64, count, fps, count / fps, out.stat().st_size)
    assert np.array_equal(decoded(out), np.concatenate([decoded(path) for path in paths]))
    with av.open(str(out)) as container:
        assert container.duration == round(facts.seconds * 1_000_000)
        step = 1 / (fps * (container.streams.video[0].time_base or 1))
        assert [frame.pts for frame in container.decode(video=0)] == [number * step for number in range(count)]
    with FilmReader(out) as film:
        times = [(packet.pts or 0, packet.dts or 0) for packet in film.packets()]
    assert np.diff([decode for _, decode in times]).tolist() == [step] * (count - 1)
    assert all(decode <= show for show, decode in times)


def test_joined_film_copies_the_packets(tmp_path: Path, takes: Callable[..., list[Path]]) -> None:
    paths = takes(10, 20)

    def packets(path: Path) -> list[bytes]:
        with FilmReader(path) as film:
            return [bytes(packet) for packet in film.packets()]

    out = tmp_path / "clip.mp4"
    join_takes(paths, out)
    assert packets(out) == packets(paths[0]) + packets(paths[1])


def test_joined_film_is_tagged_and_starts_with_its_index(tmp_path: Path, takes: Callable[..., list[Path]]) -> None:
    out = tmp_path / "clip.mp4"
    join_takes(takes(10, 20), out)
    data = out.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(out)) as container:
        context = container.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert (context.name, context.profile, tags) == ("h264", "High", (1, 1, 1, 1))


def test_joined_film_shows_any_frame_asked_for(
    tmp_path: Path, takes: Callable[..., list[Path]], decoded: Decoded
) -> None:
    out = tmp_path / "clip.mp4"
    join_takes(takes(9, 12, 3), out)
    whole = decoded(out)
    for start in range(24):
        with FilmReader(out) as film:
            number, frame = next(film.frames(start=start))
        assert number == start
        assert np.array_equal(frame.to_ndarray(), whole[start])


def test_joined_films_can_be_joined_again(tmp_path: Path, takes: Callable[..., list[Path]], decoded: Decoded) -> None:
    paths = takes(9, 12, 3)
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    join_takes(paths[:2], first)
    facts = join_takes([first, paths[2]], second)
    assert facts.frames == 24
    assert np.array_equal(decoded(second), np.concatenate([decoded(path) for path in paths]))


def test_joining_gives_the_same_bytes_again(tmp_path: Path, takes: Callable[..., list[Path]]) -> None:
    paths = takes(9, 12)
    join_takes(paths, tmp_path / "a.mp4")
    join_takes(paths, tmp_path / "b.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_takes_of_unequal_size_are_refused(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    film(tmp_path / "a.mp4", frames(4))
    film(tmp_path / "b.mp4", frames(4, width=64, height=96))
    with pytest.raises(MediaError) as caught:
        join_takes([tmp_path / "a.mp4", tmp_path / "b.mp4"], tmp_path / "clip.mp4")
    assert (caught.value.code, caught.value.retry) == ("takes-differ", False)
    assert caught.value.message == (
        "The takes a.mp4 and b.mp4 differ in size (96x64 and 64x96) and cannot be joined. "
        "Render both with the same settings."
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


def test_takes_of_unequal_rate_are_refused(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    film(tmp_path / "a.mp4", frames(4), 8)
    film(tmp_path / "b.mp4", frames(4), 24)
    with pytest.raises(MediaError) as caught:
        join_takes([tmp_path / "a.mp4", tmp_path / "b.mp4"], tmp_path / "clip.mp4")
    assert caught.value.code == "takes-differ"
    assert "frame rate (8 and 24)" in caught.value.message


@pytest.mark.parametrize(
    ("options", "what"),
    [({"profile": "baseline"}, "encoder settings"), ({"colorprim": "bt709"}, "colours")],
)
def test_takes_of_another_encoder_are_refused(
    tmp_path: Path, frames: MakeFrames, film: Film, options: dict[str, str], what: str
) -> None:
    shot = frames(4)
    film(tmp_path / "a.mp4", shot)
    with av.open(str(tmp_path / "b.mp4"), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=8, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        if what == "encoder settings":  # the same tags, so that only the parameter sets differ
            context = stream.codec_context
            context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for pixels in shot:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    with pytest.raises(MediaError) as caught:
        join_takes([tmp_path / "a.mp4", tmp_path / "b.mp4"], tmp_path / "clip.mp4")
    assert caught.value.code == "takes-differ"
    assert f"differ in {what}" in caught.value.message


def test_joining_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        join_takes([], tmp_path / "clip.mp4")
    assert caught.value.code == "takes-missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", [0, 1])
def test_broken_take_is_told_and_keeps_the_clip_before(
    tmp_path: Path, takes: Callable[..., list[Path]], broken: int
) -> None:
    paths = takes(9, 12)
    out = tmp_path / "clip.mp4"
    join_takes(paths, out)
    before = out.read_bytes()
    paths[broken].write_bytes(paths[broken].read_bytes()[:-200])
    with pytest.raises(MediaError) as caught:
        join_takes(paths, out)
    assert caught.value.code == "film-broken"
    assert caught.value.message.startswith(f"The film take-{broken}.mp4 ")
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "take-0.mp4", "take-1.mp4"]


def test_missing_take_is_told(tmp_path: Path, takes: Callable[..., list[Path]]) -> None:
    with pytest.raises(MediaError) as caught:
        join_takes([*takes(4), tmp_path / "gone.mp4"], tmp_path / "clip.mp4")
    assert caught.value.code == "film-missing"
    assert [path.name for path in tmp_path.iterdir()] == ["take-0.mp4"]


def test_full_disk_while_joining_is_told_and_leaves_nothing(
    tmp_path: Path, frames: MakeFrames, film: Film, on_full_disk: OnFullDisk
) -> None:
    take = tmp_path / "take.mp4"
    size = film(take, frames(60, width=256, height=128)).size
    code = f"""
import os
from pathlib import Path
from generation.media.errors import MediaError
from generation.media.join import join_takes
folder = Path(os.environ["FOLDER"])
try:
    join_takes([Path({str(take)!r})] * 3, folder / "clip.mp4")
except MediaError as error:
    print(error.code, error.retry, os.listdir(folder))
"""
    assert on_full_disk(code, 2 * size // 4096 * 4096) == "disk-full False []"
    assert read_facts(take).frames == 60
