"""The tiny models, their registry, and each engine in turn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generation.backends.base import ShotOrder
from generation.backends.registry import DEFAULT_PATH, Registry, read_registry
from tests.generation.backends.tiny import REGISTRY, SENTENCES, Subject, open_loaded, save_models


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny models, their registry file and a picture."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    save_models(folder)
    (folder / "models.toml").write_text(REGISTRY)
    rng = np.random.default_rng(5)
    Image.fromarray(rng.integers(0, 255, (96, 128, 3), dtype=np.uint8)).save(folder / "picture.png")
    return folder


@pytest.fixture(scope="session")
def tiny_registry(tiny_folder: Path) -> Registry:
    return read_registry(tiny_folder / "models.toml")


@pytest.fixture
def copied_model(tiny_folder: Path, tmp_path: Path) -> Callable[[str], Registry]:
    """Copy one tiny model beside a registry of its own, to be damaged; the copy's folder has the model's name."""

    def copy(name: str) -> Registry:
        shutil.copytree(tiny_folder / name, tmp_path / name)
        (tmp_path / "models.toml").write_text(REGISTRY)
        return read_registry(tmp_path / "models.toml")

    return copy


SUBJECTS = ("card", "wan", "wan-step-cache", "experts", "ti2v", "ti2v-picture", "i2v", "sketch")


@pytest.fixture(scope="session", params=SUBJECTS)
def subject(request: pytest.FixtureRequest, tiny_folder: Path, tiny_registry: Registry) -> Iterator[Subject]:
    """Each engine in turn, with a short order."""
    words, picture = SENTENCES[0], tiny_folder / "picture.png"
    made = {
        "card": ("tiny-card", ShotOrder(words, 96, 64, 9, 7)),
        "wan": ("tiny-wan", ShotOrder(words, 64, 48, 9, 7)),
        "wan-step-cache": ("tiny-wan", ShotOrder(words, 64, 48, 9, 7)),
        "experts": ("tiny-experts", ShotOrder(words, 128, 96, 9, 7)),
        "ti2v": ("tiny-ti2v", ShotOrder(words, 64, 32, 9, 7)),
        "ti2v-picture": ("tiny-ti2v", ShotOrder(words, 64, 32, 9, 7, reference=picture)),
        "i2v": ("tiny-i2v", ShotOrder(words, 64, 48, 9, 7, reference=picture)),
        "sketch": ("sketch", ShotOrder(words, 448, 256, 48, 7)),
    }
    name, order = made[request.param]
    registry = read_registry(DEFAULT_PATH) if name == "sketch" else tiny_registry
    step_cache = request.param == "wan-step-cache"
    made_subject = Subject(request.param, lambda: open_loaded(registry, name, step_cache=step_cache), order)
    yield made_subject
    made_subject.loaded.close()
