"""The models of this installation, as the web and the workers know them: read once, torch-free."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from generation.backends.errors import EngineError
from generation.backends.registry import ModelEntry, Registry, read_registry
from portal.access import Kind, Refused, denied


@lru_cache(maxsize=4)
def _read(path: str, changed_ns: int) -> Registry:
    del changed_ns  # part of the key: a changed file is read again
    return read_registry(Path(path))


def models() -> Registry:
    """The registry file of VERNISSAGE_MODELS. Raises EngineError when it cannot be read."""
    path = Path(settings.VERNISSAGE_MODELS)
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _read(str(path), changed)


def model_called(name: str | None) -> ModelEntry:
    """The model of this name, or the default. Raises Refused model-unknown."""
    try:
        registry = models()
        return registry.get(name) if name else registry.default
    except EngineError as fault:
        unknown = denied(fault.code, fault.message, todo=_("Choose one of the models offered."), kind=Kind.INVALID)
        raise Refused("generation.submit", unknown) from fault
