"""The busiest pages with 100 and with 100,000 films: the same requests, in turns, in one run.

BENCH_DATABASE_URL=postgres://... takes two databases made for the run beside the one named; the default is SQLite.
FEW, MANY, SAMPLES and PAGES="library;inbox" make a run smaller.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

FEW = int(os.environ.get("FEW", "100"))
MANY = int(os.environ.get("MANY", "100000"))
SAMPLES = int(os.environ.get("SAMPLES", "100"))
PAGES = [name.strip() for name in os.environ.get("PAGES", "").split(";") if name.strip()]
WARM = 3
WAITING = 40  # share requests nobody has decided yet
DATABASE = os.environ.get("BENCH_DATABASE_URL", "")


def run() -> list[dict[str, Any]]:
    """One row per page: milliseconds with few and with many films, the ratio of the p95, and the queries of each."""
    with contextlib.ExitStack() as stack:
        few, many = (stack.enter_context(site_of(count)) for count in (FEW, MANY))
        print(f"  {few.recv()['pages']}, {many.recv()['pages']} pages are ready", file=sys.stderr)
        few.send(("names", None))
        names = [name for name in few.recv() if not PAGES or name in PAGES]
        return [_row(name, few, many) for name in names]


def _row(name: str, few: Connection, many: Connection) -> dict[str, Any]:
    queries = [ask(site, "queries", name) for site in (few, many)]
    seconds: tuple[list[float], list[float]] = ([], [])
    for _number in range(SAMPLES):
        for kept, site in zip(seconds, (few, many), strict=True):
            kept.append(ask(site, "time", name))
    (low, high), (low95, high95) = ([quantile(kept, share) * 1000 for kept in seconds] for share in (0.5, 0.95))
    return {
        "page": name,
        f"p50 ms, {FEW}": round(low, 1),
        f"p50 ms, {MANY}": round(high, 1),
        f"p95 ms, {FEW}": round(low95, 1),
        f"p95 ms, {MANY}": round(high95, 1),
        "p95 ratio": round(high95 / low95, 2),
        f"queries, {FEW}": queries[0],
        f"queries, {MANY}": queries[1],
    }


def ask(site: Connection, what: str, name: str | None) -> Any:
    """What a site answers: a time in seconds, a number of queries, names of pages. Raises RuntimeError."""
    site.send((what, name))
    answer = site.recv()
    if isinstance(answer, str):
        raise RuntimeError(f"{name}: {answer}")  # noqa: TRY004 - a text is the other side saying what went wrong
    return answer


@contextlib.contextmanager
def site_of(
    films: int, waiting: int = WAITING, places: int = 1, consents: int = 0, more: tuple[str, int] | None = None
) -> Iterator[Connection]:
    """A process of its own with a database of its own, which answers on the connection.

    `more` names a module of bench and a number: its fill(population, number) adds rows and answers further pages.
    """
    with (
        tempfile.TemporaryDirectory(prefix="vernissage-bench-") as home,
        _database(f"{films}_{waiting}_{places}_{consents}_{more[1] if more else 0}") as url,
    ):
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(
            target=_serve, args=(there, (films, waiting, places, consents), more, home, url), daemon=True
        )
        process.start()
        there.close()
        try:
            yield here
        finally:
            here.close()
            process.join(20)
            if process.is_alive():
                process.kill()
                process.join()


@contextlib.contextmanager
def _database(size: str) -> Iterator[str]:
    if not DATABASE:
        yield ""
        return
    import psycopg

    name = f"vernissage_bench_{os.getpid()}_{size}"
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield urlsplit(DATABASE)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def _serve(
    site: Connection, size: tuple[int, int, int, int], more: tuple[str, int] | None, home: str, url: str
) -> None:
    """In the child: fill the database, then answer until the other side is gone."""
    kept = {"DATABASE_URL": url} if url else {}
    for name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("VERNISSAGE_")]:
        del os.environ[name]
    os.environ |= kept | {
        "VERNISSAGE_HOME": home,
        "VERNISSAGE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.population import cookies_of, populate

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    population = populate(*size)
    added = importlib.import_module(f"bench.{more[0]}").fill(population, more[1]) if more else ()
    if connection.vendor == "postgresql":  # what autovacuum does by itself within minutes
        connection.cursor().execute("ANALYZE")
    clients = cookies_of(population)
    pages = {name: (clients[who], address) for name, who, address in (*population.pages, *added)}
    site.send({"pages": len(pages)})
    with contextlib.suppress(EOFError):
        while True:
            what, name = site.recv()
            if what == "names":
                site.send(list(pages))
                continue
            if what == "call":  # "module:function", which is given the population
                module, _colon, function = name.partition(":")
                site.send(getattr(importlib.import_module(module), function)(population))
                continue
            if what == "withdraw":
                site.send([_withdrawn(clients[""])])
                continue
            client, address = pages[name]
            if what == "queries":
                for _number in range(WARM):
                    client.get(address)
                with CaptureQueriesContext(connection) as seen:
                    answer = client.get(address)
                site.send(len(seen) if answer.status_code == 200 else f"answered {answer.status_code}")
            else:
                began = time.perf_counter()
                client.get(address)
                site.send(time.perf_counter() - began)


def _withdrawn(public: Any) -> str:
    """Withdraw the consent of a work that the showcase shows; what the very next request says of it."""
    from django.urls import reverse

    from artists.consent.queries import showable
    from artists.consent.services import withdraw_consent
    from artists.sharing.queries import releases_shown

    shown = releases_shown().first()
    if shown is None:
        return "nothing is shown"
    link = reverse("release", args=[shown.slug])
    before = link in public.get(reverse("showcase")).content.decode()
    for consent in showable().filter(clip=shown.request.clip_id):
        withdraw_consent(consent, actor=shown.request.artist)
    after = link in public.get(reverse("showcase")).content.decode()
    return {(True, False): "hidden", (True, True): "STILL SHOWN"}.get((before, after), "was not shown")


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]
