"""Named looks of the registry: words added to every prompt, a size, a length. Data, so that a program can have its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generation.backends.errors import RegistryBroken

if TYPE_CHECKING:
    from generation.backends.registry import ModelEntry, Size

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = {"name", "title", "suffix", "size", "seconds", "models"}


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `suffix` is added to the prompt; `size` and `seconds` are what choosing it sets. No models: all of them."""

    name: str
    title: str
    suffix: str
    size: Size | None
    seconds: float | None
    models: tuple[str, ...]

    def suits(self, model: str) -> bool:
        """Whether it is offered with the model of this name."""
        return not self.models or model in self.models

    def applied(self, prompt: str) -> str:
        """The prompt as the model is given it."""
        return f"{prompt}, {self.suffix}" if self.suffix else prompt


def read_looks(rows: Any, entries: Sequence[ModelEntry], file: Path) -> tuple[Look, ...]:
    """Check the [[look]] tables. Raises RegistryBroken naming file, look and what to change."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RegistryBroken(f"{file}: looks are written as [[look]] tables.")
    looks = tuple(_read(row, number, entries, file) for number, row in enumerate(rows, start=1))
    names = [look.name for look in looks]
    for name in names:
        if names.count(name) > 1:
            raise RegistryBroken(f"{file}: two looks are named {name!r}. Give each its own name.")
    return looks


def _read(row: dict[str, Any], number: int, entries: Sequence[ModelEntry], file: Path) -> Look:
    name = row.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RegistryBroken(f'{file}: look number {number} has no usable name. Write name = "..." in lower case.')

    def broken(what: str) -> RegistryBroken:
        return RegistryBroken(f"{file}: look {name!r} {what}.")

    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise broken(f"has an unknown key {unknown[0]!r}")
    title, suffix, models = row.get("title"), row.get("suffix", ""), row.get("models", [])
    if not isinstance(title, str) or not title.strip() or not isinstance(suffix, str):
        raise broken("needs a text for 'title', and one for 'suffix' if it has one")
    known = {entry.name: entry for entry in entries}
    if not isinstance(models, list) or any(model not in known for model in models):
        raise broken(f"names a model that is not in the file; use some of {', '.join(known)}")
    suited = [known[model] for model in models] or list(entries)
    size = row.get("size")
    if size is not None and not (isinstance(size, list) and all(tuple(size) in entry.sizes for entry in suited)):
        raise broken("has a size that one of its models does not make")
    seconds = row.get("seconds")
    if seconds is not None and any(not _makes(entry, seconds) for entry in suited):
        raise broken("has a length that one of its models does not make")
    if not suffix and size is None and seconds is None:
        raise broken("changes nothing; give it a suffix, a size or seconds")
    return Look(name, title, suffix, None if size is None else (size[0], size[1]), seconds, tuple(models))


def _makes(entry: ModelEntry, seconds: Any) -> bool:
    lengths = [float(entry.seconds(frames)) for frames in entry.frames]
    return not isinstance(seconds, bool) and isinstance(seconds, int | float) and seconds in lengths
