"""The bug board with 100 and 100,000 reports, in turns, in one run, and what else reads them.

A tenth of the reports is open in every size, and never fewer than a page of them: the ratio is p95 of the largest size over
that of the smallest. SIZES="100,1000", SAMPLES and PAGES="bug board" make a run smaller; BENCH_DATABASE_URL as in pages.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench.pages import PAGES, SAMPLES, WAITING, ask, quantile, site_of

if TYPE_CHECKING:
    from bench.population import Population

SIZES = [int(size) for size in os.environ.get("SIZES", "100,100000").split(",")]
FILMS = 100
MINE = 30  # Ada's; the others are those of other artists: nobody reports a hundred thousand bugs
OPEN_AT_LEAST = 60
AUTHORS = 50
BATCH = 5000
NAMES = ("bug board", "bug board, all", "bug, staff", "my bugs", "my bug", "bug, new", "roadmap", "bugs today")


def run() -> list[dict[str, Any]]:
    """One row per page: milliseconds and queries in every size, and the ratio."""
    with contextlib.ExitStack() as stack:
        sites = {}
        for size in SIZES:
            begun = time.monotonic()
            sites[size] = stack.enter_context(site_of(FILMS, WAITING, more=("bugs", size)))
            sites[size].recv()
            print(f"  {size} reports: ready in {time.monotonic() - begun:.0f} s", file=sys.stderr)
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
    """In the child: `count` reports, the oldest ended; the pages that read them."""
    from django.db import transaction
    from django.urls import reverse
    from django.utils import timezone

    from artists.feedback.bugs.states import OPEN, BugState, Severity
    from artists.feedback.models import BugReport, RoadmapItem, RoadmapSource
    from artists.people.models import Person
    from generation.models import Clip

    now, ada = timezone.now(), population.people["ada"]
    others = Person.objects.bulk_create(
        Person(email=f"artist{n}@example.org", name=f"Artist {n}") for n in range(AUTHORS)
    )
    severities, clip = Severity.values, Clip.objects.filter(deleted_at=None).order_by("made_at").first()
    assert clip is not None
    left_open = max(OPEN_AT_LEAST, count // 10)

    def report(n: int) -> BugReport:
        made = now - timedelta(minutes=count - n)
        state = OPEN[n % 3] if n >= count - left_open else (BugState.FIXED, BugState.WONT_FIX)[n % 2]
        return BugReport(
            author=ada if n < MINE else others[n % AUTHORS],
            title=f"The horizon jumps, {n}",
            happened="Between two shots the horizon jumps by a hand.",
            severity=severities[n % len(severities)],
            model="card",
            generation_id=clip.generation_id if n == 0 else None,
            clip=clip if n == 0 else None,
            context={"portal": "0.1.0", "model": "card", "seed": str(n)},
            fixed_in="1.4",
            answer="It is how the film was asked for.",
            made_at=made,
            ended_at=None if state in OPEN else made,
            state=state,
        )

    with transaction.atomic():
        for begin in range(0, count, BATCH):
            BugReport.objects.bulk_create(report(n) for n in range(begin, min(begin + BATCH, count)))
        items = RoadmapItem.objects.bulk_create(
            RoadmapItem(title=f"Item {n}", by_label="bench", made_at=now, changed_at=now) for n in range(20)
        )
        first = BugReport.objects.order_by("pk").first()
        assert first is not None
        RoadmapSource.objects.bulk_create(RoadmapSource(item=one, kind="bug", key=first.pk) for one in items)
    board = reverse("staff_bugs")
    return [
        ("bug board", "sam", board),
        ("bug board, all", "sam", f"{board}?state=all"),
        ("bug, staff", "sam", reverse("staff_bug", args=[first.pk])),
        ("my bugs", "ada", reverse("bugs")),
        ("my bug", "ada", reverse("bug", args=[first.pk])),
        ("bug, new", "ada", f"{reverse('bug_new')}?clip={clip.pk}"),
        ("roadmap", "ada", reverse("roadmap")),
        ("bugs today", "sam", reverse("today")),
    ]
