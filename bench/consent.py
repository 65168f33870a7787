"""The use register, the consent desk and the showcase with 100, 10,000 and 1,000,000 consents, in turns, in one run.

What is in force does not grow with the past, so neither may the time of a page: the ratio is p95 of the largest size over
that of the smallest. SIZES="100,1000", SAMPLES and PAGES make a run smaller; BENCH_DATABASE_URL as in pages.
The last row is a withdrawal: the very next request of the showcase is asked whether it still shows the work.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import Any

from bench.pages import PAGES, SAMPLES, WAITING, ask, quantile, site_of

SIZES = [int(size) for size in os.environ.get("SIZES", "100,10000,1000000").split(",")]
FILMS = 140
NAMES = ("uses", "consent", "consent desk", "register", "showcase", "clip")


def run() -> list[dict[str, Any]]:
    """One row per page: milliseconds and queries in every size, and the ratio."""
    with contextlib.ExitStack() as stack:
        sites = {}
        for size in SIZES:
            begun = time.monotonic()
            sites[size] = stack.enter_context(site_of(FILMS, WAITING, 1, size))
            sites[size].recv()
            print(f"  {size} consents: ready in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        rows = [_row(name, sites) for name in NAMES if not PAGES or name in PAGES]
        hidden = {size: ask(site, "withdraw", None)[0] for size, site in sites.items()}
        rows.append(
            {"page": "withdrawn, then the next request"} | {f"p50 ms, {size}": told for size, told in hidden.items()}
        )
        return rows


def _row(name: str, sites: dict[int, Any]) -> dict[str, Any]:
    queries = {size: ask(site, "queries", name) for size, site in sites.items()}
    seconds: dict[int, list[float]] = {size: [] for size in sites}
    for _number in range(SAMPLES):
        for size, site in sites.items():
            seconds[size].append(ask(site, "time", name))
    row: dict[str, Any] = {"page": name}
    for share in (0.5, 0.95):
        for size in sites:
            row[f"p{share * 100:.0f} ms, {size}"] = round(quantile(seconds[size], share) * 1000, 1)
    row["p95 ratio"] = round(quantile(seconds[SIZES[-1]], 0.95) / quantile(seconds[SIZES[0]], 0.95), 2)
    row["queries"] = ", ".join(str(queries[size]) for size in sites)
    return row
