"""Sharing with 100, 10,000 and 200,000 requests: review queue, library, lists and staff's pages, in turns, in one run.

Twice: with 40 requests that wait for a decision and with 1,000, in every size. What waits does not grow with the past,
so neither may the time of a page: the ratio is p95 of the largest size over p95 of the smallest. A library has 100, 1,000 and
20,000 films then: each was asked for at up to ten places.
SIZES="100,1000", WAITING="40", SAMPLES and PAGES="library;review queue" make a run smaller; BENCH_DATABASE_URL as in pages.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from typing import Any

from bench.pages import PAGES, SAMPLES, ask, quantile, site_of

SIZES = [int(size) for size in os.environ.get("SIZES", "100,10000,200000").split(",")]
WAITING = [int(number) for number in os.environ.get("WAITING", "40,1000").split(",")]
PLACES = 10  # an artist asks for one film at several places
NAMES = (
    "review queue",
    "review item",
    "library",
    "sharing",
    "share request",
    "staff sharing",
    "staff sharing, all",
    "staff request",
    "showcase",
    "release",
)


def run() -> list[dict[str, Any]]:
    """One row per page and number of waiting requests: milliseconds and queries in every size, and the ratio."""
    return [row for waiting in WAITING for row in _with(waiting)]


def _with(waiting: int) -> list[dict[str, Any]]:
    with contextlib.ExitStack() as stack:
        sites = {}
        for size in SIZES:
            begun = time.monotonic()
            # A hundred requests of which a thousand wait: then they come on top.
            total = size if size > waiting else size + waiting
            # Some films more than are needed: those in the bin wait for nobody, and some works are public.
            films = max(100, total // PLACES + 40)
            sites[size] = stack.enter_context(site_of(films, waiting, math.ceil(total / films)))
            sites[size].recv()
            print(f"  {size} requests, {waiting} wait: ready in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        known = ask(sites[SIZES[0]], "names", None)
        names = [name for name in NAMES if name in known and (not PAGES or name in PAGES)]
        return [_row(name, waiting, sites) for name in names]


def _row(name: str, waiting: int, sites: dict[int, Any]) -> dict[str, Any]:
    queries = {size: ask(site, "queries", name) for size, site in sites.items()}
    seconds: dict[int, list[float]] = {size: [] for size in sites}
    for _number in range(SAMPLES):
        for size, site in sites.items():
            seconds[size].append(ask(site, "time", name))
    row: dict[str, Any] = {"page": name, "waiting": waiting}
    for share in (0.5, 0.95):
        for size in sites:
            row[f"p{share * 100:.0f} ms, {size}"] = round(quantile(seconds[size], share) * 1000, 1)
    row["p95 ratio"] = round(quantile(seconds[SIZES[-1]], 0.95) / quantile(seconds[SIZES[0]], 0.95), 2)
    row["queries"] = ", ".join(str(queries[size]) for size in sites)
    print(f"  {row}", file=sys.stderr)  # a long run that is stopped has still said something
    return row
