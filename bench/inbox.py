"""The inbox of one person with 100 and with 100,000 notices, in turns, in one run: none of them read, so that counting is at its worst.

What one looks at does not grow with the past, so neither may the time of a page: the ratio is p95 of the largest size over
that of the smallest. SIZES="100,1000", SAMPLES and PAGES="inbox;rail" make a run smaller; BENCH_DATABASE_URL as in pages.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench.pages import PAGES, SAMPLES, WAITING, ask, quantile, site_of

if TYPE_CHECKING:
    from bench.population import Population

SIZES = [int(size) for size in os.environ.get("SIZES", "100,100000").split(",")]
FILMS = 100
BATCH = 5000
NAMES = (
    "inbox",
    "inbox, new",
    "inbox, rare kind",
    "inbox, rare and new",
    "inbox, far down",
    "mail choices",
    "rail",
)


def run() -> list[dict[str, Any]]:
    """One row per page: milliseconds and queries in every size, and the ratio."""
    with contextlib.ExitStack() as stack:
        sites = {}
        for size in SIZES:
            begun = time.monotonic()
            sites[size] = stack.enter_context(site_of(FILMS, WAITING, more=("inbox", size)))
            sites[size].recv()
            print(f"  {size} notices: ready in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        return [_row(name, sites) for name in NAMES if not PAGES or name in PAGES]


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


def fill(population: Population, count: int) -> list[tuple[str, str, str]]:
    """In the child: `count` notices beside those of films, none of them read, one of a thousand of a rare kind."""
    from django.urls import reverse

    from portal.notices.models import Notice

    ada = population.people["ada"]
    told = (
        Notice(
            person=ada,
            kind="consent.asked" if n % 1000 == 0 else "sharing.decided",
            key=f"told:{n}",
            title="Your share request was approved",
            body="Its public page is there.",
            url="/sharing/",
        )
        for n in range(count)
    )
    while batch := list(islice(told, BATCH)):
        Notice.objects.bulk_create(batch)
    oldest = Notice.objects.filter(person=ada).order_by("at", "pk")[:60]
    inbox = reverse("inbox")
    return [
        ("inbox, new", "ada", f"{inbox}?unread=on"),
        ("inbox, rare kind", "ada", f"{inbox}?kind=consent.asked"),
        ("inbox, rare and new", "ada", f"{inbox}?kind=consent.asked&unread=on"),
        ("inbox, far down", "ada", f"{inbox}?after={oldest[len(oldest) - 1].pk}"),
        ("mail choices", "ada", reverse("mail_choices")),
        ("rail", "ada", reverse("rail")),
    ]
