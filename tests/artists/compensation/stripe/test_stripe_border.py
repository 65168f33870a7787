"""Nothing of stripe outside of its room: one place to change when its next version comes, one place that could leak."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_guards import ROOT, sources

ROOM = Path("artists/compensation/stripe")
# Settings alone, no app: the room knows no table.
WITHOUT_MODELS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
from artists.compensation.stripe import facts, gateway, outcomes, reading, signatures
from django.apps import apps
print(apps.models_ready, any(name.endswith(".models") for name in sys.modules if name.startswith(("artists.", "portal."))))
"""


def imports_of_stripe(text: str) -> list[int]:
    """Lines that import the library, whichever way."""
    found = []
    for node in ast.walk(ast.parse(text)):
        names = [part.name for part in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        found += [node.lineno for name in names if name.partition(".")[0] == "stripe"]  # type: ignore[attr-defined]
    return found


def test_only_the_room_imports_stripe() -> None:
    importing = {Path(path) for path, text in sources(ROOT) if imports_of_stripe(text)}
    assert {path for path in importing if path.parent != ROOM} == set()
    assert {path.name for path in importing} == {"gateway.py", "outcomes.py", "signatures.py"}


@pytest.mark.parametrize("breach", ["import stripe", "from stripe import Transfer", "import stripe.params as v1"])
def test_import_of_stripe_is_caught(breach: str) -> None:
    assert (imports_of_stripe(breach), imports_of_stripe("from .stripe import gateway")) == ([1], [])


def test_room_knows_no_table() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT_MODELS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]
