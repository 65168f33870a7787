"""Put files on the private shelf and take them off it; where the shelf stands is Django's STORAGES setting."""

import hashlib
import secrets
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from .models import StoredFile

SHELF = "private"
BLOCK = 1 << 20


def _free_key(folder: str, suffix: str) -> str:
    # Random, so that neither a count nor an owner can be read from it, and a late writer never overwrites.
    return f"{folder}/{secrets.token_hex(16)}{suffix}"


def store_file(path: Path, *, folder: str, name: str, content_type: str) -> StoredFile:
    """Copy a whole local file to the shelf. Raises OSError when the shelf is full or away; nothing half is registered."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
        source.seek(0)
        key = storages[SHELF].save(_free_key(folder, path.suffix), File(source))
    return StoredFile.objects.create(
        key=key, name=name, content_type=content_type, size=path.stat().st_size, sha256=digest.hexdigest()
    )


def store_bytes(data: bytes, *, folder: str, name: str, content_type: str) -> StoredFile:
    """Put bytes on the shelf; for small files such as pictures."""
    key = storages[SHELF].save(_free_key(folder, Path(name).suffix), ContentFile(data))
    return StoredFile.objects.create(
        key=key, name=name, content_type=content_type, size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )


def fetch_file(file: StoredFile, target: Path) -> Path:
    """Copy a stored file to a local path, for work on it (joining takes, stills). Not a way out to a person."""
    with storages[SHELF].open(file.key, "rb") as source, target.open("wb") as sink:
        while block := source.read(BLOCK):
            sink.write(block)
    return target


def throw_away(file: StoredFile) -> None:
    """Forget a file, and delete its bytes once that is certain."""
    key = file.key
    StoredFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: storages[SHELF].delete(key), robust=True)


def erase(file: StoredFile) -> None:
    """Delete the bytes for good and keep the row, with who was handed it. Raises OSError: nothing is marked then."""
    storages[SHELF].delete(file.key)  # first: a crash in between is repeated, and deleting twice is no fault
    StoredFile.objects.filter(pk=file.pk, erased_at=None).update(erased_at=timezone.now())
