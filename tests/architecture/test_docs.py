"""Every command of ours and every setting stands in the docs, and nothing stands there that is not."""

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
OURS = ("portal", "artists", "generation")


def test_every_command_is_in_the_docs_and_only_those() -> None:
    ours = {name for name, app in get_commands().items() if str(app).startswith(OURS)}
    told = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / "docs" / "commands.md").read_text()))
    assert told == ours


def test_every_target_is_in_the_docs() -> None:
    targets = set(re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())  # type: ignore[index]
    told = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "docs" / "commands.md").read_text()))
    assert told == targets


def test_every_setting_is_in_the_docs_and_only_those() -> None:
    base = (ROOT / "portal" / "settings" / "base.py").read_text()
    read = set(re.findall(r'env[\w.]*\(\s*"([A-Z_]+)"', base))
    told = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert told == read
