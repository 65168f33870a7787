"""`models fetch` against a hub that answers over real HTTP: pinned, hashed, and only what rendering needs."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.hub import Hub, open_hub

ROOT = Path(__file__).resolve().parents[2]
REVISION = "c" * 40
REGISTRY = """
[[model]]
name = "far"
title = "Far"
kind = "wan-t2v"
source = "org/far"
revision = "{revision}"
licence = "Apache-2.0"
tier = "draft"
sizes = [[64, 64]]
frames = [5]
fps = 8
steps = 2

[[model]]
name = "near"
title = "Near"
kind = "wan-t2v"
source = "./near"
licence = "Apache-2.0"
tier = "draft"
sizes = [[64, 64]]
frames = [5]
fps = 8
steps = 2
"""


def weights() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


@pytest.fixture
def hub() -> Hub:
    index = {
        "_class_name": "WanPipeline",
        "transformer": ["diffusers", "WanTransformer3DModel"],
        "scheduler": ["d", "S"],
    }
    return Hub(
        "org/far",
        REVISION,
        {
            "model_index.json": json.dumps(index).encode(),
            "scheduler/scheduler_config.json": b"{}",
            "transformer/config.json": b'{"_class_name": "WanTransformer3DModel"}',
            "transformer/model.safetensors": weights(),
            "transformer/model.bin": b"opened by running code",
            "assets/film.mp4": b"a picture for the web page",
        },
    )


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., tuple[int, Any]]:
    """fetch(address, *words): exit status, and the JSON answer or the code on stderr."""
    (tmp_path / "models.toml").write_text(REGISTRY.format(revision=REVISION))

    def run(address: str, *words: str) -> tuple[int, Any]:
        env = os.environ | {
            "HF_ENDPOINT": address,
            "HF_HOME": str(tmp_path / "hub"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "VERNISSAGE_MODELS": str(tmp_path / "models.toml"),
            "VERNISSAGE_HOME": str(tmp_path / "home"),
            "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", "models", *words, "--json"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            assert "Traceback" not in done.stderr, done.stderr
            return done.returncode, done.stderr.splitlines()[-1].split(":")[0]
        return 0, json.loads(done.stdout)

    return run


def test_fetch_brings_the_pinned_files_and_nothing_else(hub: Hub, fetch: Callable[..., Any], tmp_path: Path) -> None:
    with open_hub(hub) as address:
        status, answer = fetch(address, "fetch", "far")
        listed = fetch(address, "list")[1]["models"]
    folder = tmp_path / "hub" / "hub" / "models--org--far" / "snapshots" / REVISION
    brought = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert (status, answer["files"], answer["folder"], brought) == (
        0,
        4,
        str(folder),
        [
            "model_index.json",
            "scheduler/scheduler_config.json",
            "transformer/config.json",
            "transformer/model.safetensors",
        ],
    )
    assert [(one["name"], one["present"]) for one in listed] == [("far", True), ("near", False)]


def test_fetch_twice_downloads_once(hub: Hub, fetch: Callable[..., Any]) -> None:
    with open_hub(hub) as address:
        fetch(address, "fetch", "far")
        hub.served.clear()
        assert fetch(address, "fetch", "far")[0] == 0
    assert [path for path in hub.served if "/resolve/" in path] == []


@pytest.mark.parametrize("name", ["transformer/model.safetensors", "transformer/config.json"])
def test_fetch_of_an_altered_file_removes_it_and_says_so(hub: Hub, fetch: Callable[..., Any], name: str) -> None:
    hub.spoilt.add(name)
    with open_hub(hub) as address:
        assert fetch(address, "fetch", "far") == (1, "model-altered")
        hub.spoilt.clear()
        assert fetch(address, "fetch", "far")[0] == 0


def test_fetch_refused_with_its_code(hub: Hub, fetch: Callable[..., Any]) -> None:
    hub.revision = "d" * 40
    with open_hub(hub) as address:
        refusals = [fetch(address, "fetch", name) for name in ("far", "near", "other")]
        usage = fetch(address, "fetch")[0]
    assert refusals == [(1, "revision-unknown"), (1, "model-not-from-hub"), (1, "model-unknown")]
    assert usage == 2


def test_fetch_while_the_hub_is_away_is_refused(fetch: Callable[..., Any]) -> None:
    assert fetch("http://127.0.0.1:9", "fetch", "far") == (1, "hub-away")
