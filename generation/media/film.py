"""Films: frames in, one H.264 file out; and what a film file says of itself."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from generation.media.errors import MediaError, film_broken, write_failed
from generation.media.whole import PartFile

if TYPE_CHECKING:
    from av.packet import Packet

Frames = NDArray[np.uint8]

SMALLEST_SIDE, LARGEST_SIDE = 16, 8192  # pixels: one macroblock, and what decoders can be expected to follow
FASTEST = 240  # frames a second

# Joining without re-encoding rests on these: every take of a storyboard carries the same parameter sets, starts with an
# IDR frame and never looks back across it. CRF 16 because the master is encoded again for every copy that leaves.
# No macroblock tree: x264's AVX-512 code for it now and then gives other bytes for the same frames.
_ENCODER = {"preset": "veryfast", "crf": "16", "profile": "high", "x264-params": "open-gop=0:mbtree=0"}
# x264 gives the same bytes for the same number of threads, so the number is fixed, not taken from the machine.
_ENCODER_THREADS = 2
# Without BITEXACT and ACCURATE_RND the conversion takes shortcuts that depend on the processor.
EXACT = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.BITEXACT
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)
_FINE_SCALE = 1000  # units a second, at least, in which the length of a film is stated
_BT709_MATRIX = 1  # AVCOL_SPC_BT709; PyAV names it only in swscale's numbering (Colorspace), which happens to agree


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film holds: `width` and `height` in pixels, `fps` exact, `seconds` = frames / fps, `size` in bytes."""

    width: int
    height: int
    frames: int
    fps: Fraction
    seconds: Fraction
    size: int


class FilmReader:
    """An open film. A context manager; everything a broken file can cause is raised as MediaError("film-broken").

    Opened as MP4 and nothing else: FFmpeg would otherwise follow what the content claims to be (a playlist named .mp4
    opens other files).
    """

    def __init__(self, path: Path) -> None:
        """Open `path`; raises `film-missing` or `film-broken`."""
        self.path = path.absolute()
        try:
            self._container: InputContainer = av.open(str(self.path), "r", format="mp4")
        except FileNotFoundError as error:
            message = f"There is no film at {path}. It may have been deleted; render it again."
            raise MediaError("film-missing", message) from error
        except (av.FFmpegError, ValueError, OSError) as error:
            raise film_broken(path, "cannot be opened as an MP4 file") from error
        if not self._container.streams.video:
            self._container.close()
            raise film_broken(path, "holds no picture")
        self.stream: VideoStream = self._container.streams.video[0]
        context = self.stream.codec_context
        context.thread_count = 1  # the machine belongs to the model
        context.options = {"err_detect": "explode"}  # a damaged frame is an error, not a guess at what it showed

    @property
    def fps(self) -> Fraction:
        """Frames a second, exact; raises `film-broken` where the file does not say."""
        rate = self.stream.average_rate
        if not rate:
            raise film_broken(self.path, "does not say how many frames a second it has")
        return rate

    @property
    def step(self) -> int:
        """Length of one frame in the stream's time base; raises `film-broken` where frames are not equally long."""
        step = 1 / (self.fps * _time_base(self.path, self.stream))
        if step.denominator != 1:
            raise film_broken(self.path, "has frames of unequal length")
        return step.numerator

    def packets(self) -> "Iterator[Packet[VideoStream]]":  # quoted: generic in the stubs only
        """Yield the compressed frames in the order of the file; raises `film-broken` when the file ends early."""
        size = self.path.stat().st_size
        seen = 0
        packets = self._container.demux(self.stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                break
            except (av.FFmpegError, ValueError) as error:
                raise film_broken(self.path, f"cannot be read beyond frame {seen}") from error
            if packet.pts is None or packet.dts is None:  # the empty packet that ends every stream
                continue
            if packet.is_corrupt or (packet.pos is not None and packet.pos + packet.size > size):
                raise film_broken(self.path, f"cannot be read beyond frame {seen}")
            seen += 1
            yield packet
        if seen != self.stream.frames or seen == 0:
            raise film_broken(self.path, f"holds {seen} of {self.stream.frames} frames")

    def frames(self, *, start: int = 0) -> Iterator[tuple[int, VideoFrame]]:
        """Yield decoded frames with their numbers from 0, starting at `start`; raises `film-broken`."""
        step = self.step
        number = start - 1
        try:
            if start > 0:
                self._container.seek(start * step, stream=self.stream)
            for frame in self._container.decode(self.stream):
                number = (frame.pts or 0) // step
                if frame.is_corrupt:
                    raise film_broken(self.path, f"has a damaged frame {number}")
                if number >= start:
                    yield number, frame
        except (av.FFmpegError, ValueError) as error:
            raise film_broken(self.path, f"cannot be decoded beyond frame {number}") from error
        if number + 1 != self.stream.frames:
            raise film_broken(self.path, f"ends after {number + 1} of {self.stream.frames} frames")

    def facts(self) -> FilmFacts:
        """Count what is there, without decoding; raises `film-broken`."""
        frames = sum(1 for _ in self.packets())
        fps = self.fps
        context = self.stream.codec_context
        return FilmFacts(context.width, context.height, frames, fps, frames / fps, self.path.stat().st_size)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def __enter__(self) -> Self:
        """Answer the reader itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """Close the file."""
        self.close()


def read_facts(path: Path) -> FilmFacts:
    """Read what the film at `path` holds. Raises MediaError `film-missing` or `film-broken`."""
    with FilmReader(path) as film:
        return film.facts()


def as_pixels(frame: VideoFrame, converter: VideoReformatter, *, size: tuple[int, int] | None = None) -> Frames:
    """RGB pixels of a decoded bt709 frame: uint8 (height, width, 3), resized when a `size` (width, height) is given."""
    width, height = size or (frame.width, frame.height)
    rgb = converter.reformat(
        frame,
        width,
        height,
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=EXACT,
        threads=1,
    )
    return np.asarray(rgb.to_ndarray(), dtype=np.uint8)


class FilmWriter:
    """Encodes frames as they come into one MP4: H.264 High, yuv420p, bt709 limited range, constant rate, index first.

    Memory does not grow with the length. At least once a second a frame needs no other (closed GOP), so a player can
    seek and takes can be joined by copying packets. The same frames give the same bytes, in chunks of any length.
    The film appears at `path` only when `close()` returns; until then, and after `abort()` or any error, nothing does.
    A context manager: leaving it well closes, leaving it with an exception aborts.
    """

    def __init__(self, path: Path, *, width: int, height: int, fps: Fraction) -> None:
        """Prepare a film of `width` x `height` pixels at `fps` frames a second.

        Raises MediaError: `film-settings` for a size or rate it cannot have, `disk-full`, `film-unwritten`.
        """
        _check_settings(width, height, fps)
        self.width, self.height, self.fps = width, height, Fraction(fps)
        self.frames = 0
        self._facts: FilmFacts | None = None
        self._part = PartFile(path)
        self._converter = VideoReformatter()
        self._container: OutputContainer | None = None
        with self._aborting_on_error():
            self._container = open_for_writing(self._part.path, self.fps)
            self._stream = self._add_stream(self._container)

    def add(self, frames: Frames) -> None:
        """Append frames: uint8, shape (n, height, width, 3), RGB. Any error aborts the film.

        Raises MediaError: `film-settings` for another shape or type, `film-closed`, `disk-full`, `film-unwritten`.
        """
        container = self._writing()
        with self._aborting_on_error():
            if frames.shape[1:] != (self.height, self.width, 3) or frames.dtype != np.uint8:
                wanted = f"uint8 of shape (n, {self.height}, {self.width}, 3)"
                message = f"Frames must be {wanted}, not {frames.dtype} of shape {frames.shape}."
                raise MediaError("film-settings", message)
            for pixels in frames:
                container.mux(self._stream.encode(self._converted(pixels)))
                self.frames += 1

    def close(self) -> FilmFacts:
        """Finish the film and put it in its place; a second call answers the same facts.

        Raises MediaError: `film-empty`, `film-closed` (after an abort), `disk-full`, `film-unwritten`.
        """
        if self._facts is not None:
            return self._facts
        container = self._writing()
        with self._aborting_on_error():
            if self.frames == 0:
                message = "The film has no frames: the model gave none. Try again; if it stays, report the generation."
                raise MediaError("film-empty", message)
            container.mux(self._stream.encode())
            container.close()
            facts = self._checked()
        self._container = None
        self._part.land()
        self._facts = facts
        return facts

    def abort(self) -> None:
        """Give the film up and leave nothing behind; after `close()` it does nothing."""
        container, self._container = self._container, None
        if container is not None:
            close_quietly(container)
        if self._facts is None:
            self._part.drop()

    def __enter__(self) -> Self:
        """Answer the writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """Close after a good end, abort after a bad one or where an abort went before."""
        if kind is None and self._container is not None:
            self.close()
        else:
            self.abort()

    @contextmanager
    def _aborting_on_error(self) -> Iterator[None]:
        """Give the film up on any exception of the block, and say what FFmpeg or the disk said as a MediaError."""
        try:
            yield
        except (av.FFmpegError, OSError) as error:
            self.abort()
            raise write_failed(error, self._part.target) from error
        except BaseException:
            self.abort()
            raise

    def _writing(self) -> OutputContainer:
        if self._container is None:
            message = "This film was closed or given up. Start a new one for more frames."
            raise MediaError("film-closed", message)
        return self._container

    def _add_stream(self, container: OutputContainer) -> VideoStream:
        stream = container.add_stream("libx264", rate=self.fps, options=dict(_ENCODER))
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = self.width, self.height, "yuv420p"
        context.time_base = 1 / self.fps
        context.gop_size = max(1, int(self.fps))
        context.thread_count = _ENCODER_THREADS
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = _BT709_MATRIX
        context.color_range = ColorRange.MPEG
        return stream

    def _converted(self, pixels: Frames) -> VideoFrame:
        """One frame of full range RGB as limited range bt709, with its number as its time."""
        frame = self._converter.reformat(
            VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24"),
            format="yuv420p",
            src_color_range=ColorRange.JPEG,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=EXACT,
            threads=1,
        )
        frame.pts = self.frames
        frame.time_base = 1 / self.fps
        return frame

    def _checked(self) -> FilmFacts:
        """Facts of the finished part. FFmpeg does not report the very last flush, so what lies on disk is counted."""
        try:
            facts = read_facts(self._part.path)
        except MediaError as error:
            raise OSError(f"the file on disk is not whole: {error.message}") from error
        if (facts.width, facts.height, facts.frames, facts.fps) != (self.width, self.height, self.frames, self.fps):
            raise OSError(f"the file on disk holds {facts}, {self.frames} frames were written")
        return facts


def open_for_writing(path: Path, fps: Fraction) -> OutputContainer:
    """Open an MP4 whose index goes to the front, so that it plays while it loads, and whose length is exact."""
    # MP4 states its length in thousandths unless told otherwise, where a third of a second has no place.
    scale = fps.numerator * (1 if fps.numerator >= _FINE_SCALE else _FINE_SCALE)
    return av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "movie_timescale": str(scale)})


def close_quietly(container: OutputContainer) -> None:
    """Close a container nobody wants any more; after a good close it does nothing."""
    # FFmpeg insists on writing the index, on a disk that may be full; the error that led here is the one to tell.
    with suppress(av.FFmpegError, OSError):
        container.close()


def _check_settings(width: int, height: int, fps: Fraction) -> None:
    sides_fit = all(side % 2 == 0 and SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (width, height))
    if not sides_fit:
        sides = f"even and between {SMALLEST_SIDE} and {LARGEST_SIDE} pixels"
        message = f"{width}x{height} cannot be filmed: both sides must be {sides}."
        raise MediaError("film-settings", message)
    if not 1 <= fps <= FASTEST:
        message = f"{fps} frames a second cannot be filmed: choose between 1 and {FASTEST}."
        raise MediaError("film-settings", message)


def _time_base(path: Path, stream: VideoStream) -> Fraction:
    base = stream.time_base
    if not base:
        raise film_broken(path, "does not say how it counts time")
    return base
