"""Runs the benchmarks: `python -m bench` all of them, `python -m bench engine` or ONLY=engine,queue those named."""

from __future__ import annotations

import importlib
import os
import sys

from bench.table import show

NAMES = (
    "engine",
    "queue",
    "pages",
    "sharing",
    "streams",
    "starters",
    "shots",
    "weight",
    "suspend",
    "consent",
    "inbox",
    "bugs",
    "pay",
)


def main() -> int:
    """Run and show what is asked for. Returns 0, or 2 where a name is not a benchmark."""
    asked = ",".join(sys.argv[1:]) or os.environ.get("ONLY", "")
    wanted = [name.strip() for name in asked.split(",") if name.strip()] or list(NAMES)
    for name in wanted:
        if name not in NAMES:
            print(f"bench-unknown: There is no benchmark {name!r}. Choose from {', '.join(NAMES)}.", file=sys.stderr)
            return 2
    for name in wanted:
        show(name, importlib.import_module(f"bench.{name}").run())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
