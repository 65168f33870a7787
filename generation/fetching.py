"""Bring a model of the registry here from the model hub: its pinned revision, every file checked by its hash."""

import errno
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from generation.backends.errors import EngineError
from generation.backends.folder import check_folder
from generation.backends.registry import ModelEntry
from portal.access import Kind, Refused, denied

INDEX = "model_index.json"
# Weights in other formats can run code when they are opened; ours are read from safetensors only.
UNWANTED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.msgpack", "*.h5", "*.onnx", "*.pkl")
BLOCK = 1024 * 1024


def _refuse(code: str, reason: Any, todo: Any, kind: Kind = Kind.UNAVAILABLE) -> NoReturn:
    raise Refused("models", denied(code, reason, todo=todo, kind=kind))


def fetch(entry: ModelEntry) -> dict[str, Any]:
    """Download what rendering needs and compare each file with the hub's hash of it; what is here already is only compared.

    Returns `folder`, `files` and `bytes`. Raises Refused: model-not-from-hub, hub-away, revision-unknown, disk-full,
    model-altered, and what a look into the folder finds. The hub's client: https://huggingface.co/docs/huggingface_hub.
    """
    if entry.revision is None or entry.folder is None:
        _refuse(
            "model-not-from-hub",
            _("%(model)s does not come from the model hub.") % {"model": entry.title},
            _("Copy its files into the folder that the registry names."),
            Kind.INVALID,
        )
    import httpx2  # the hub's client raises its errors; both are heavy to import

    try:
        sizes = _bring(entry, entry.revision)
    except (httpx2.HTTPError, OSError) as fault:
        _explain(entry, fault)
    try:
        check_folder(entry)
    except EngineError as fault:
        _refuse(fault.code, fault.message, _("Nothing was installed that would be used."))
    return {"folder": str(entry.folder), "files": len(sizes), "bytes": sum(sizes)}


def _bring(entry: ModelEntry, revision: str) -> list[int]:
    from huggingface_hub import HfApi, hf_hub_download, snapshot_download

    at: dict[str, Any] = {"repo_id": entry.source, "revision": revision}
    known = HfApi().model_info(entry.source, revision=revision, files_metadata=True).siblings or []
    wanted = _wanted(Path(hf_hub_download(filename=INDEX, **at)))
    folder = Path(snapshot_download(allow_patterns=wanted, ignore_patterns=list(UNWANTED), **at))
    present = [(folder / file.rfilename, file) for file in known if (folder / file.rfilename).is_file()]
    altered = [path for path, file in present if not _same(path, file)]
    if altered:
        for path in altered:
            path.resolve().unlink()
            path.unlink()
        names = ", ".join(sorted(str(path.relative_to(folder)) for path in altered))
        _refuse(
            "model-altered",
            _("These files are not what the hub says they are: %(files)s.") % {"files": names},
            _("They were removed. Fetch again; if it stays so, do not use this source."),
        )
    return [path.stat().st_size for path, _file in present]


def _wanted(index: Path) -> list[str]:
    """Only the parts that the pipeline names: a repository holds pictures and other formats too."""
    parts = [name for name in json.loads(index.read_text(encoding="utf-8")) if not name.startswith("_")]
    return [INDEX, *(f"{part}/*" for part in parts)]


def _same(path: Path, file: Any) -> bool:
    """Large files have the SHA-256 of their bytes, small ones git's own hash of a blob."""
    if file.lfs is not None:
        return _digest(path, hashlib.sha256()) == file.lfs.sha256
    header = f"blob {path.stat().st_size}\0".encode()
    return _digest(path, hashlib.sha1(header, usedforsecurity=False)) == file.blob_id


def _digest(path: Path, digest: Any) -> str:
    with path.open("rb") as opened:
        for block in _blocks(opened):
            digest.update(block)
    return str(digest.hexdigest())


def _blocks(opened: Any) -> Iterable[bytes]:
    return iter(lambda: opened.read(BLOCK), b"")


def _explain(entry: ModelEntry, fault: Exception) -> NoReturn:
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    if isinstance(fault, RepositoryNotFoundError | RevisionNotFoundError):
        _refuse(
            "revision-unknown",
            _("The hub has no %(source)s at the pinned revision.") % {"source": entry.source},
            _("Check source and revision in the model registry; a gated model needs HF_TOKEN."),
        )
    if getattr(fault, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
        _refuse("disk-full", _("There is no room for this model."), _("Free space, then fetch again: it goes on."))
    _refuse(
        "hub-away",
        _("The model hub did not answer as it should: %(fault)s.") % {"fault": str(fault).split("\n", 1)[0][:200]},
        _("Fetch again: what was downloaded stays. HF_ENDPOINT names another hub."),
    )
