"""Which models there are: reads and checks the registry file, without torch."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from generation.backends.errors import OrderRefused, RegistryBroken, UnknownModel
from generation.backends.looks import Look, read_looks

DEFAULT_PATH = Path(__file__).with_name("models.toml")
KINDS = ("wan-t2v", "wan-i2v", "card")
TIERS = ("draft", "final")
DTYPES = ("float32", "bfloat16", "float16")

_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_REVISION = re.compile(r"[0-9a-f]{40}")
_MOST_STRETCHED = 0.02  # enlarging may change the proportions this much: 112x64 is 7 to 4, a wide film 16 to 9
_REQUIRED = ("name", "title", "kind", "licence", "sizes", "frames", "fps", "steps", "tier")
_OPTIONAL = (
    "source", "revision", "native", "default_frames", "guidance", "max_sequence_length", "dtype", "vae_dtype",
    "negative_prompt", "note", "takes_reference", "holds_first", "demonstration", "render_seconds", "seconds_per_step",
    "drawn",
)  # fmt: skip

Size = tuple[int, int]  # width, height in pixels


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the registry, checked. Sizes are (width, height) in pixels; the first one is the default.

    `native` is the size the model draws at where that is smaller than the sizes offered (frames are then
    enlarged); None means that it draws at the size asked for. `drawn` is how many frames it draws for a shot of
    whatever length (those between them are then filled in); None means all. `folder` is where its files are, or would be.
    `holds_first`: a picture to start from takes the place of its first latent frame, without more ado.
    """

    name: str
    title: str
    kind: str
    source: str
    revision: str | None
    folder: Path | None
    licence: str
    sizes: tuple[Size, ...]
    native: Size | None
    drawn: int | None
    frames: tuple[int, ...]
    default_frames: int
    fps: Fraction
    steps: int
    guidance: float
    max_sequence_length: int
    dtype: str
    vae_dtype: str
    tier: str
    negative_prompt: str
    note: str
    takes_reference: bool
    holds_first: bool
    demonstration: bool
    render_seconds: float
    seconds_per_step: float

    @property
    def present(self) -> bool:
        """True when its files are on this machine. Looks at the folder only: loading may still find them damaged."""
        return self.folder is None or (self.folder / "model_index.json").is_file()

    @property
    def needs_reference(self) -> bool:
        """True for a model that can do nothing without a picture to start from."""
        return self.kind == "wan-i2v"

    @property
    def from_hub(self) -> bool:
        """True when the files come from the model hub (and `models fetch` can bring them)."""
        return self.revision is not None

    def drawn_for(self, frames: int) -> int:
        """How many frames the model itself draws for a shot of so many."""
        return self.drawn or frames

    def seconds(self, frames: int) -> Fraction:
        """Length of a shot of so many frames, in seconds, exactly."""
        return Fraction(frames) / self.fps

    def frames_for(self, seconds: Fraction | float) -> int:
        """Return the frame count for a shot of `seconds`; raises OrderRefused naming the lengths there are.

        A count one frame off is the same length: video models make 4n + 1 frames, so five seconds at 16 frames
        per second are 81 frames.
        """
        wanted = Fraction(seconds) * self.fps
        nearest = min(self.frames, key=lambda frames: abs(frames - wanted))
        if abs(nearest - wanted) <= 1:
            return nearest
        lengths = ", ".join(_short(self.seconds(frames)) for frames in self.frames)
        raise OrderRefused(
            "length-not-offered",
            f"{self.title} does not make shots of {_short(Fraction(seconds))} seconds. Choose {lengths} seconds.",
        )

    def seconds_estimate(self, frames: int) -> float:
        """Rough seconds of work for a shot, from the registry's figure for the default length.

        For the first price and wait only: measured takes know better.
        """
        return self.render_seconds * frames / self.default_frames


@dataclass(frozen=True, slots=True)
class Registry:
    """The models of one registry file, in its order."""

    path: Path
    entries: tuple[ModelEntry, ...]
    default: ModelEntry
    looks: tuple[Look, ...] = ()

    def looks_for(self, model: str) -> list[Look]:
        """The looks offered with this model."""
        return [look for look in self.looks if look.suits(model)]

    def __iter__(self) -> Iterator[ModelEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, name: str) -> ModelEntry:
        """Return the entry; raises UnknownModel naming the models there are."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        names = ", ".join(entry.name for entry in self.entries)
        raise UnknownModel(f"There is no model named {name!r}. Choose one of {names}.")


def read_registry(path: Path | str | None = None) -> Registry:
    """Read and check a registry file (default: VERNISSAGE_MODELS, else the one that ships).

    Raises RegistryBroken with the file, the model and what to change. Folders are relative to the file.
    """
    file = Path(path or os.environ.get("VERNISSAGE_MODELS") or DEFAULT_PATH).expanduser().resolve()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RegistryBroken(
            f"There is no model registry at {file}. Set VERNISSAGE_MODELS to a registry file, or unset it.",
            code="models-file-missing",
        ) from None
    except OSError as error:
        raise RegistryBroken(f"The model registry {file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryBroken(f"The model registry {file} is not valid TOML: {error}.") from error

    unknown = sorted(set(table) - {"default", "model", "look"})
    if unknown:
        raise RegistryBroken(
            f"{file}: unknown key {unknown[0]!r}; a registry has 'default', [[model]] and [[look]] tables."
        )
    rows = table.get("model", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise RegistryBroken(f"{file} lists no model. Add at least one [[model]] table.")

    entries = tuple(_read_entry(row, number, file) for number, row in enumerate(rows, start=1))
    names = [entry.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise RegistryBroken(f"{file}: two models are named {name!r}. Give each its own name.")
    default = table.get("default", names[0])
    if default not in names:
        raise RegistryBroken(
            f"{file}: the default model {default!r} is not in the file. Use one of {', '.join(names)}."
        )
    looks = read_looks(table.get("look", []), entries, file)
    return Registry(path=file, entries=entries, default=entries[names.index(default)], looks=looks)


def _read_entry(row: dict[str, Any], number: int, file: Path) -> ModelEntry:
    """Check one [[model]] table and return its entry."""
    name = row.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RegistryBroken(
            f'{file}: model number {number} has no usable name. Write name = "..." with lower-case letters, '
            "digits, dots and hyphens."
        )
    read = _Row(row, file)
    unknown = sorted(set(row) - set(_REQUIRED) - set(_OPTIONAL))
    if unknown:
        raise read.broken(f"has an unknown key {unknown[0]!r}")
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise read.broken(f"lacks {missing[0]!r}")

    kind = read.one_of("kind", KINDS)
    sizes = read.sizes()
    native = read.native(sizes)
    for width, height in () if kind == "card" else (native,) if native is not None else sizes:
        if width % 16 or height % 16:
            raise read.broken(f"would draw at {width}x{height}; models of this kind draw at multiples of 16")
    frames = read.frames()
    default_frames = read.whole("default_frames", frames[0])
    if default_frames not in frames:
        raise read.broken(f"has default_frames {default_frames}, which is not one of its frames")
    source, revision, folder = read.source(kind)
    return ModelEntry(
        name=name,
        title=read.text("title"),
        kind=kind,
        source=source,
        revision=revision,
        folder=folder,
        licence=read.text("licence"),
        sizes=sizes,
        native=native,
        drawn=read.drawn(frames),
        frames=frames,
        default_frames=default_frames,
        fps=read.fps(),
        steps=read.whole("steps", 1),
        guidance=read.number("guidance", 1.0),
        max_sequence_length=read.whole("max_sequence_length", 512),
        dtype=read.one_of("dtype", DTYPES, "float32"),
        vae_dtype=read.one_of("vae_dtype", DTYPES, "float32"),
        tier=read.one_of("tier", TIERS),
        negative_prompt=read.text("negative_prompt", ""),
        note=read.text("note", ""),
        takes_reference=read.flag("takes_reference") or kind == "wan-i2v",
        holds_first=read.flag("holds_first"),
        demonstration=read.flag("demonstration"),
        render_seconds=read.number("render_seconds", 1.0),
        seconds_per_step=read.number("seconds_per_step", 0.0),
    )


class _Row:
    """Reads the values of one [[model]] table; every complaint names the file, the model and the key."""

    def __init__(self, row: dict[str, Any], file: Path) -> None:
        self.row = row
        self.file = file

    def broken(self, what: str) -> RegistryBroken:
        return RegistryBroken(f"{self.file}: model {self.row['name']!r} {what}.")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.row.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.broken(f"needs a text for {key!r}")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.row.get(key, default)
        if value not in allowed:
            raise self.broken(f"has {key} {value!r}; use one of {', '.join(allowed)}")
        return str(value)

    def whole(self, key: str, default: int) -> int:
        value = self.row.get(key, default)
        if not _is_whole(value) or value < 1:
            raise self.broken(f"has {key} {value!r}; use a whole number from 1 on")
        return int(value)

    def number(self, key: str, default: float) -> float:
        value = self.row.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise self.broken(f"has {key} {value!r}; use a number from 0 on")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self.row.get(key, False)
        if not isinstance(value, bool):
            raise self.broken(f"has {key} {value!r}; use true or false")
        return value

    def size(self, value: object, key: str) -> Size:
        if not isinstance(value, list) or len(value) != 2 or not all(_is_whole(side) for side in value):
            raise self.broken(f"has a value in {key!r} that is not a size; write [width, height]")
        width, height = value
        # Even sides only: half-resolution colour of the video files needs them.
        if not all(16 <= side <= 8192 and side % 2 == 0 for side in value):
            raise self.broken(f"has the size {width}x{height}; width and height are even numbers from 16 to 8192")
        return width, height

    def sizes(self) -> tuple[Size, ...]:
        value = self.row["sizes"]
        if not isinstance(value, list) or not value:
            raise self.broken("offers no size; write sizes = [[width, height], ...]")
        sizes = tuple(self.size(size, "sizes") for size in value)
        if len(set(sizes)) != len(sizes):
            raise self.broken("offers one size twice")
        return sizes

    def native(self, sizes: tuple[Size, ...]) -> Size | None:
        if "native" not in self.row:
            return None
        native = self.size(self.row["native"], "native")
        for width, height in sizes:
            if abs(width * native[1] / (height * native[0]) - 1.0) > _MOST_STRETCHED:
                raise self.broken(
                    f"offers {width}x{height}, which is not the shape of its native {native[0]}x{native[1]}"
                )
        return native

    def drawn(self, frames: tuple[int, ...]) -> int | None:
        if "drawn" not in self.row:
            return None
        drawn = self.whole("drawn", 1)
        if "native" not in self.row or not 2 <= drawn <= frames[0]:
            raise self.broken(
                f"has drawn {drawn}; filling in needs a native size, two frames or more, and no more than its "
                "shortest shot has"
            )
        return drawn

    def frames(self) -> tuple[int, ...]:
        value = self.row["frames"]
        if not isinstance(value, list) or not value or not all(_is_whole(count) and count > 0 for count in value):
            raise self.broken("needs frames = [...] with whole numbers from 1 on")
        if value != sorted(set(value)):
            raise self.broken("lists its frames out of order or twice; write them rising")
        return tuple(value)

    def fps(self) -> Fraction:
        value = self.row["fps"]
        try:
            fps = Fraction(value) if isinstance(value, str) or _is_whole(value) else Fraction(0)
        except (ValueError, ZeroDivisionError):
            fps = Fraction(0)
        if not 1 <= fps <= 120:
            raise self.broken(f'has fps {value!r}; use a whole number or a fraction such as "24000/1001", 1 to 120')
        return fps

    def source(self, kind: str) -> tuple[str, str | None, Path | None]:
        """Return source, revision and folder; a folder starts with a dot or a slash or has no slash at all."""
        source, revision = self.text("source", ""), self.row.get("revision")
        if kind == "card":
            if source or revision is not None:
                raise self.broken("is drawn and has no files; remove 'source' and 'revision'")
            return "", None, None
        if not source:
            raise self.broken("needs a 'source': a folder beside the registry file, or a hub id such as org/name")
        if source.startswith((".", "/", "~")) or "/" not in source:
            if revision is not None:
                raise self.broken("is a folder and has no revision; remove 'revision'")
            return source, None, (self.file.parent / Path(source).expanduser()).resolve()
        if not _HUB_ID.fullmatch(source):
            raise self.broken(f"has the source {source!r}, which is neither a folder (./...) nor a hub id (org/name)")
        if not isinstance(revision, str) or not _REVISION.fullmatch(revision):
            raise self.broken('comes from the hub and is not pinned; add revision = "..." with the 40-digit commit')
        return source, revision, _hub_cache() / f"models--{source.replace('/', '--')}" / "snapshots" / revision


def _hub_cache() -> Path:
    """Where downloaded models lie, as huggingface_hub's environment variables define it (not imported: it is heavy)."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(seconds: Fraction) -> str:
    return f"{float(seconds):.2f}".rstrip("0").rstrip(".")
