"""Money: a thousand payments past a failing rail, a ledger with many entries. PARTS="statements" makes a run smaller."""

from __future__ import annotations

import os
from typing import Any

from bench import payments, statements

PARTS = {"payments": (payments.paid,), "statements": (statements.pages, statements.speed)}


def run() -> list[dict[str, Any]]:
    """The rows of every part."""
    wanted = [name.strip() for name in os.environ.get("PARTS", "").split(",") if name.strip()] or list(PARTS)
    return [row for name in wanted for measure in PARTS[name] for row in measure()]
