"""Writing films and reading what they hold."""

import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from generation.media.errors import MediaError
from generation.media.film import FilmFacts, FilmReader, FilmWriter, Frames, read_facts

MakeFrames = Callable[..., Frames]
Film = Callable[..., FilmFacts]
OnFullDisk = Callable[[str, int], str]
Decoded = Callable[[Path], Frames]


def boxes(path: Path) -> list[str]:
    """Names of the outermost boxes of an MP4, in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name.decode())
        at += size
    return names


def stated_length(path: Path) -> Fraction:
    """Length in seconds as the header of an MP4 states it (ISO/IEC 14496-12, 8.2.2), which is what players show."""
    data = path.read_bytes()
    _, _, _, scale, length = struct.unpack_from(">5I", data, data.index(b"mvhd") + 4)
    return Fraction(length, scale)


def writer_at(path: Path, *, width: int = 96, height: int = 64, fps: Fraction = Fraction(8)) -> FilmWriter:
    """Start a film of the size that the frames of these tests have."""
    return FilmWriter(path, width=width, height=height, fps=fps)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 33])
@pytest.mark.parametrize("fps", [Fraction(8), Fraction(24), Fraction(24000, 1001), Fraction(1)])
def test_film_facts_are_what_was_written(
    tmp_path: Path, frames: MakeFrames, film: Film, count: int, fps: Fraction
) -> None:
    path = tmp_path / "take.mp4"
    written = film(path, frames(count), fps)
    assert written == FilmFacts(96, 64, count, fps, count / fps, path.stat().st_size)
    assert read_facts(path) == written
    with av.open(str(path)) as container:  # in microseconds
        assert container.duration == round(written.seconds * 1_000_000)
    assert stated_length(path) == written.seconds


def test_film_is_h264_high_with_bt709_tags_and_index_first(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(10))
    assert boxes(path) == ["ftyp", "moov", "free", "mdat"]
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert tags == (1, 1, 1, 1)  # bt709 three times, limited range (H.273)
    assert b"colrnclx" + struct.pack(">HHHB", 1, 1, 1, 0) in path.read_bytes()  # the box browsers read


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [  # ITU-R BT.709-6, items 3.2 to 3.5, 8 bit, limited range
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((128, 128, 128), (126, 128, 128)),
    ],
)
def test_film_colours_are_bt709_limited_range(
    tmp_path: Path, film: Film, rgb: tuple[int, int, int], yuv: tuple[int, int, int], decoded: Decoded
) -> None:
    path = tmp_path / "take.mp4"
    film(path, np.full((4, 64, 96, 3), rgb, dtype=np.uint8))
    planes = decoded(path)
    luma, u, v = planes[:, :64], planes[:, 64:80], planes[:, 80:]
    for plane, expected in zip((luma, u, v), yuv, strict=True):
        assert np.abs(plane.astype(int) - expected).max() <= 1


def test_film_keeps_the_picture(tmp_path: Path, film: Film) -> None:
    columns = np.linspace(0, 255, 96)
    rows = np.linspace(0, 255, 64)
    frame = np.stack(np.broadcast_arrays(columns, rows[:, None], np.float64(90)), axis=-1).astype(np.uint8)
    path = tmp_path / "take.mp4"
    film(path, np.repeat(frame[None], 5, axis=0))
    with av.open(str(path)) as container:
        for shown in container.decode(video=0):
            assert np.abs(shown.to_ndarray(format="rgb24").astype(int) - frame).mean() < 2


@pytest.mark.parametrize("fps", [Fraction(8), Fraction(24000, 1001)])
def test_film_starts_every_second_anew(tmp_path: Path, frames: MakeFrames, film: Film, fps: Fraction) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(60), fps)
    with FilmReader(path) as reader:
        shown = [(packet.pts or 0) // reader.step for packet in reader.packets()]
    with FilmReader(path) as reader:
        keys = [(packet.pts or 0) // reader.step for packet in reader.packets() if packet.is_keyframe]
    assert sorted(shown) == list(range(60))
    assert keys[0] == 0
    assert max(np.diff([*keys, 60])) <= fps
    # Closed: in the order of the file nothing that is shown before a keyframe comes after it.
    for key in keys:
        assert min(shown[shown.index(key) :]) == key


def test_reader_starts_at_any_frame(tmp_path: Path, frames: MakeFrames, film: Film, decoded: Decoded) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(26))
    whole = decoded(path)
    for start in range(26):
        with FilmReader(path) as reader:
            seen = list(reader.frames(start=start))
        assert [number for number, _ in seen] == list(range(start, 26))
        assert np.array_equal(np.stack([frame.to_ndarray() for _, frame in seen]), whole[start:])


def test_film_bytes_are_the_same_for_the_same_frames(tmp_path: Path, frames: MakeFrames) -> None:
    shot = frames(40)
    made = []
    for chunks in ([40], [1] * 40, [7, 20, 13], [39, 0, 1]):
        path = tmp_path / "take.mp4"
        with writer_at(path) as writer:
            at = 0
            for length in chunks:
                writer.add(shot[at : at + length])
                at += length
        made.append(path.read_bytes())
    assert made == [made[0]] * 4


def test_film_bytes_do_not_depend_on_memory_layout(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    shot = frames(6)
    film(tmp_path / "a.mp4", shot)
    film(tmp_path / "b.mp4", np.asfortranarray(shot))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_film_bytes_are_the_same_in_another_process(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    shot = frames(12)
    film(tmp_path / "a.mp4", shot)
    np.save(tmp_path / "shot.npy", shot)
    code = (
        "import sys, numpy as np; from fractions import Fraction; from pathlib import Path\n"
        "from generation.media.film import FilmWriter\n"
        "with FilmWriter(Path(sys.argv[2]), width=96, height=64, fps=Fraction(8)) as w: w.add(np.load(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "shot.npy"), str(tmp_path / "b.mp4")]
    subprocess.run(command, check=True)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_writing_needs_no_more_memory_for_a_longer_film(tmp_path: Path) -> None:
    code = """
import resource, sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from generation.media.film import FilmWriter
rng = np.random.default_rng(0)
chunk = rng.integers(0, 255, (4, 192, 320, 3), dtype=np.uint8)
peak = []
for chunks in (15, 90):
    with FilmWriter(Path(sys.argv[1]), width=320, height=192, fps=Fraction(24)) as writer:
        for _ in range(chunks):
            writer.add(chunk)
    peak.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(peak[1] - peak[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "take.mp4")], capture_output=True, text=True, check=True
    )
    grown = int(done.stdout)  # KiB; the 300 frames more are 55 MB as RGB, 27 MB as yuv420p
    assert grown < 8 * 1024


def test_film_appears_only_when_closed(tmp_path: Path, frames: MakeFrames) -> None:
    path = tmp_path / "take.mp4"
    writer = writer_at(path)
    writer.add(frames(30))
    assert not path.exists()
    assert [name.name.startswith(".take.mp4.") for name in tmp_path.iterdir()] == [True]
    facts = writer.close()
    assert [name.name for name in tmp_path.iterdir()] == ["take.mp4"]
    assert writer.close() == facts


def test_abort_leaves_nothing_and_keeps_the_film_before(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(3))
    before = path.read_bytes()
    writer = writer_at(path)
    writer.add(frames(20, seed=1))
    writer.abort()
    writer.abort()
    assert [name.name for name in tmp_path.iterdir()] == ["take.mp4"]
    assert path.read_bytes() == before
    for call in (writer.close, lambda: writer.add(frames(1))):
        with pytest.raises(MediaError) as caught:
            call()
        assert caught.value.code == "film-closed"


def test_abort_after_close_keeps_the_film(tmp_path: Path, frames: MakeFrames) -> None:
    path = tmp_path / "take.mp4"
    writer = writer_at(path)
    writer.add(frames(3))
    facts = writer.close()
    writer.abort()
    assert read_facts(path) == facts


def test_exception_while_writing_leaves_nothing(tmp_path: Path, frames: MakeFrames) -> None:
    class Stopped(Exception):
        pass

    with pytest.raises(Stopped), writer_at(tmp_path / "take.mp4") as writer:
        writer.add(frames(20))
        raise Stopped
    assert list(tmp_path.iterdir()) == []


def test_abort_gives_its_file_handles_back(tmp_path: Path, frames: MakeFrames) -> None:
    shot = frames(20)
    writer_at(tmp_path / "warm.mp4").abort()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        writer = writer_at(tmp_path / "take.mp4")
        writer.add(shot)
        writer.abort()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_two_writers_of_one_film_do_not_mix(tmp_path: Path, frames: MakeFrames) -> None:
    path = tmp_path / "take.mp4"
    slow, fast = writer_at(path), writer_at(path)
    slow.add(frames(10))
    fast.add(frames(12, seed=1))
    fast.close()
    assert slow.close().frames == 10
    assert read_facts(path).frames == 10
    assert [name.name for name in tmp_path.iterdir()] == ["take.mp4"]


@pytest.mark.parametrize(
    ("width", "height", "fps"),
    [
        *[(97, 64, 8), (96, 65, 8), (0, 64, 8), (96, -2, 8), (14, 64, 8), (8194, 64, 8)],
        *[(96, 64, 0), (96, 64, -8), (96, 64, Fraction(1, 2)), (96, 64, 241)],
    ],
)
def test_settings_no_film_can_have_are_refused(tmp_path: Path, width: int, height: int, fps: Fraction | int) -> None:
    with pytest.raises(MediaError) as caught:
        writer_at(tmp_path / "take.mp4", width=width, height=height, fps=Fraction(fps))
    assert (caught.value.code, caught.value.retry) == ("film-settings", False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shape", [(4, 64, 94, 3), (4, 96, 64, 3), (4, 64, 96, 4), (64, 96, 3), (4, 3, 64, 96), ()])
def test_frames_of_another_shape_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(MediaError) as caught, writer_at(tmp_path / "take.mp4") as writer:
        writer.add(np.zeros(shape, dtype=np.uint8))
    assert caught.value.code == "film-settings"
    assert list(tmp_path.iterdir()) == []


def test_frames_of_another_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught, writer_at(tmp_path / "take.mp4") as writer:
        writer.add(np.zeros((4, 64, 96, 3), dtype=np.float32))
    assert caught.value.code == "film-settings"


def test_film_without_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught, writer_at(tmp_path / "take.mp4"):
        pass
    assert (caught.value.code, caught.value.retry) == ("film-empty", False)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_shows_before_any_frame(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        writer_at(tmp_path / "nowhere" / "take.mp4")
    assert (caught.value.code, caught.value.retry) == ("film-unwritten", True)
    assert caught.value.message == (
        "take.mp4 could not be written: No such file or directory. Try again; if it stays, tell the operator."
    )


def test_full_disk_is_told_and_leaves_nothing(on_full_disk: OnFullDisk) -> None:
    code = """
import os
from fractions import Fraction
from pathlib import Path
import numpy as np
from generation.media.errors import MediaError
from generation.media.film import FilmWriter
folder = Path(os.environ["FOLDER"])
rng = np.random.default_rng(0)
try:
    with FilmWriter(folder / "take.mp4", width=256, height=128, fps=Fraction(8)) as writer:
        while True:
            writer.add(rng.integers(0, 255, (2, 128, 256, 3), dtype=np.uint8))
except MediaError as error:
    print(error.code, error.retry, type(error.__cause__).__mro__[2].__name__, os.listdir(folder))
"""
    assert on_full_disk(code, 128 * 1024) == "disk-full False OSError []"


def test_disk_that_fills_at_any_byte_gives_a_whole_film_or_an_error(tmp_path: Path) -> None:
    # The writes of the index, and the second pass that moves it to the front, must not fail in silence.
    code = """
import os, resource, sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
import numpy as np
from generation.media.errors import MediaError
from generation.media.film import FilmWriter, read_facts
folder = Path(sys.argv[1])
shot = np.random.default_rng(0).integers(0, 255, (3, 32, 32, 3), dtype=np.uint8)
def write():
    with FilmWriter(folder / "take.mp4", width=32, height=32, fps=Fraction(8)) as writer:
        writer.add(shot)
write()
whole = (folder / "take.mp4").read_bytes()
seen = Counter()
for room in range(0, len(whole) + 40, 37):
    (folder / "take.mp4").unlink(missing_ok=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        write()
        seen["whole" if (folder / "take.mp4").read_bytes() == whole and room >= len(whole) else "false success"] += 1
    except MediaError as error:
        seen[f"{error.code} {error.retry} {len(os.listdir(folder))} {room < len(whole)}"] += 1
assert seen.total() > 100, seen
print(sorted(seen))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['disk-full False 0 True', 'whole']\n", "")


def test_missing_film_is_told(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        read_facts(tmp_path / "take.mp4")
    assert caught.value.code == "film-missing"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a film\n" * 100,
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00\x00\x00\x08free",
    ],
)
def test_file_that_is_no_film_is_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "take.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError) as caught:
        read_facts(path)
    assert (caught.value.code, caught.value.retry) == ("film-broken", False)


def test_film_cut_off_anywhere_is_broken(tmp_path: Path, frames: MakeFrames, film: Film) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(5))
    whole = path.read_bytes()
    codes = set()
    for length in [*range(0, len(whole), 211), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(MediaError) as caught:
            read_facts(path)
        codes.add(caught.value.code)
    assert codes == {"film-broken"}


def test_damaged_frames_are_not_shown(tmp_path: Path, frames: MakeFrames, film: Film, decoded: Decoded) -> None:
    path = tmp_path / "take.mp4"
    film(path, frames(12))
    data = bytearray(path.read_bytes())
    middle = len(data) * 3 // 4
    data[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(data)
    with pytest.raises(MediaError) as caught:
        decoded(path)
    assert caught.value.code == "film-broken"


def test_media_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(MediaError("disk-full", "The disk is full.", retry=True)))
    assert (error.code, error.message, error.retry) == ("disk-full", "The disk is full.", True)
    assert str(error) == "disk-full: The disk is full."
