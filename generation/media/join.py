"""Takes into one film by copying packets: nothing is decoded, every frame stays as it was rendered."""

from collections.abc import Sequence
from pathlib import Path

import av
from av.container import OutputContainer

from generation.media.errors import MediaError, film_broken, write_failed
from generation.media.film import FilmFacts, FilmReader, close_quietly, open_for_writing, read_facts
from generation.media.whole import whole_file


def join_takes(paths: Sequence[Path], out: Path) -> FilmFacts:
    """Put the takes at `paths`, in order, into one film at `out`; `out` appears whole or not at all.

    Raises MediaError: `takes-missing` (none given), `takes-differ` (size, rate or encoder settings are not the same),
    `film-missing` and `film-broken` (one of the takes), `disk-full`, `film-unwritten`.
    """
    if not paths:
        message = "There is no take to join. Render at least one shot first."
        raise MediaError("takes-missing", message)
    with whole_file(out) as part:
        with FilmReader(paths[0]) as first:
            # One stream with one set of parameters describes all takes, which is why they must be equal.
            container = open_for_writing(part, first.fps)
            try:
                expected = _copy_all(paths, first, container)
                container.close()
            except av.FFmpegError as error:
                raise write_failed(error, out.absolute()) from error
            finally:
                close_quietly(container)
        try:
            facts = read_facts(part)
        except MediaError as error:  # the last flush failed without a word from FFmpeg
            raise write_failed(error, out.absolute()) from error
        if facts.frames != expected:
            raise OSError(f"the file on disk holds {facts.frames} of {expected} frames")
    return facts


def _copy_all(paths: Sequence[Path], first: FilmReader, container: OutputContainer) -> int:
    """Copy the packets of all takes, each behind the one before it; answers the number of frames."""
    lead = max(_lead(first, path) for path in paths)
    # opaque: the decoder's parameters are taken as they are; PyAV would otherwise look for an encoder of that name.
    stream = container.add_stream_from_template(first.stream, opaque=True)
    step = first.step
    done = 0  # frames of the takes before this one
    copied = 0
    for path in paths:
        with FilmReader(path) as take:
            for packet in take.packets():
                packet.pts = (packet.pts or 0) + done * step
                packet.dts = (copied - lead) * step
                packet.stream = stream
                container.mux_one(packet)
                copied += 1
        done = copied
    return copied


def _lead(first: FilmReader, path: Path) -> int:
    """By how many frames the take at `path` decodes ahead of showing; raises `takes-differ`, `film-broken`.

    B-frames need one or two; a take too short for B-frames has none. The longest lead must serve all, or time would run
    backwards where a long take meets a short one.
    """
    with FilmReader(path) as take:
        _require_equal(first, take)
        packet = next(take.packets())
        if not packet.is_keyframe:
            raise film_broken(path, "does not start with a frame that stands alone")
        return -(packet.dts or 0) // take.step


def _require_equal(first: FilmReader, take: FilmReader) -> None:
    """Raise `takes-differ` unless packets of `take` can follow packets of `first` in one stream."""
    for what, ours, theirs in zip(_LABELS, _settings(first), _settings(take), strict=True):
        if ours != theirs:
            shown = "" if isinstance(ours, bytes) else f" ({ours} and {theirs})"
            message = (
                f"The takes {first.path.name} and {take.path.name} differ in {what}{shown} and cannot be joined. "
                "Render both with the same settings."
            )
            raise MediaError("takes-differ", message)


_LABELS = ("size", "frame rate", "codec", "pixel format", "colours", "time base", "encoder settings")


def _settings(film: FilmReader) -> tuple[object, ...]:
    """List what must agree, in the order of _LABELS; the last are the parameter sets (SPS, PPS) as bytes."""
    context = film.stream.codec_context
    return (
        f"{context.width}x{context.height}",
        film.fps,
        context.name,
        context.pix_fmt,
        (context.colorspace, context.color_range, context.color_primaries, context.color_trc),
        film.stream.time_base,
        context.extradata,
    )
