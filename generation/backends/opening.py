"""The one place that turns a registry entry into an engine; imports torch only for models that need it."""

from __future__ import annotations

from generation.backends.base import Backend
from generation.backends.registry import ModelEntry


def open_backend(entry: ModelEntry, *, threads: int | None = None, device: str | None = None) -> Backend:
    """Return an engine for `entry`, not yet loaded.

    `threads` are CPU threads for torch (default: the cores this process may use); `device` is a torch device
    such as "cpu" or "cuda:0" (default: the GPU if there is one). Both mean nothing to the card engine.
    """
    if entry.kind == "card":
        from generation.backends.card import CardBackend

        return CardBackend(entry)
    # Only here, so that whoever reads the registry (the web tier) never pays for torch, nor needs it installed.
    from generation.backends.wan import WanBackend

    return WanBackend(entry, threads=threads, device=device)
