"""Looks at a model's folder before anything is loaded: is it there, whole, and of the class the registry says."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from generation.backends.errors import ModelBroken, ModelMismatch, ModelMissing
from generation.backends.registry import ModelEntry

PIPELINE_CLASSES = {"wan-t2v": "WanPipeline", "wan-i2v": "WanImageToVideoPipeline"}

# Parts that are no networks and so have no weights; all the others must have some.
_WEIGHTLESS = ("scheduler", "tokenizer", "image_processor", "feature_extractor", "processor")
_LONGEST_HEADER = 100_000_000  # bytes; the limit of the safetensors library itself


def check_folder(entry: ModelEntry) -> Path:
    """Return the folder of a model that can be loaded; costs milliseconds, needs no torch.

    Raises ModelMissing, ModelBroken (truncated or absent files, named) or ModelMismatch (another class).
    """
    folder = entry.folder
    if folder is None:
        raise ModelMismatch(f"{entry.title} is a model without files; it cannot be loaded from a folder.")
    if not entry.present:
        if entry.from_hub:
            raise ModelMissing(
                f"{entry.title} is not on this machine. Bring it here with: manage.py models fetch {entry.name}"
            )
        raise ModelMissing(f"{entry.title} is not on this machine: {folder} holds no model_index.json.")
    index = _read_json(folder / "model_index.json", entry)
    found = index.get("_class_name")
    wanted = PIPELINE_CLASSES[entry.kind]
    if found != wanted:
        raise ModelMismatch(
            f"{folder} holds a {found or 'model without a class name'}, but {entry.title} needs a {wanted}. "
            "Change 'kind' or 'source' in the model registry."
        )
    parts = [
        part
        for part, value in index.items()
        if not part.startswith("_") and isinstance(value, list) and value and value[0] is not None
    ]
    for part in parts:
        if not (folder / part).is_dir():
            raise ModelBroken(
                f"{entry.title} is incomplete: the folder {part} is missing in {folder}. Copy the model again."
            )
        if part not in _WEIGHTLESS:
            _check_weights(folder / part, entry)
    return folder


def _check_weights(part: Path, entry: ModelEntry) -> None:
    """Every weights file of a part is there and as long as its own header says."""
    indexes = sorted(part.glob("*.safetensors.index.json"))
    if indexes:
        shards = _read_json(indexes[0], entry).get("weight_map", {})
        files = sorted({part / str(name) for name in shards.values()})
    else:
        files = sorted(part.glob("*.safetensors"))
    if not files:
        raise ModelBroken(f"{entry.title} is incomplete: {part} holds no .safetensors file. Copy the model again.")
    for file in files:
        fault = find_fault(file)
        if fault:
            raise ModelBroken(f"{entry.title} cannot be loaded: {file} {fault}. Copy the model again.")


def find_fault(file: Path) -> str:
    """Say what is wrong with a safetensors file, or return an empty text.

    Format: 8 bytes little-endian length of the header, the header (JSON, byte offsets of every tensor), the
    data; see https://huggingface.co/docs/safetensors. Reads the header only, not gigabytes of data.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            prefix = stream.read(8)
            if len(prefix) < 8:
                return "is cut off"
            (length,) = struct.unpack("<Q", prefix)
            if length > _LONGEST_HEADER:
                return "is not a safetensors file"
            text = stream.read(length)
        if len(text) < length:
            return "is cut off"
        header = json.loads(text)
        ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "is not a safetensors file"
    expected = 8 + length + max(ends, default=0)
    if size < expected:
        return f"is cut off ({size} of {expected} bytes)"
    return "" if size == expected else f"is too long ({size} instead of {expected} bytes)"


def _read_json(file: Path, entry: ModelEntry) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelBroken(
            f"{entry.title} cannot be loaded: {file} is not readable JSON. Copy the model again."
        ) from error
    if not isinstance(value, dict):
        raise ModelBroken(f"{entry.title} cannot be loaded: {file} is not a table. Copy the model again.")
    return value
