"""The ledger of one artist with 10, 1,000 and 100,000 entries, in turns, in one run; and how fast entries are made.

A page shows so many lines however long the past is, and takes its balances from entries, so its time may not grow: the
ratio is p95 of the largest size over that of the smallest. ENTRIES="10,1000", SAMPLES and PAGES="ledger;month" make a run
smaller; BENCH_DATABASE_URL as in pages.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench.pages import DATABASE, PAGES, SAMPLES, ask, quantile, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bench.population import Population

SIZES = [int(size) for size in os.environ.get("ENTRIES", "10,1000,100000").split(",")]
NAMES = ("ledger", "month", "first month", "paid, far down", "home")
FILMS, WAITING = 100, 40
STEPS = ("reserve", "send", "arrive")  # entries of one payment
SPAN = timedelta(days=720)
SPACING = timedelta(hours=1)
BATCH = 1000  # payments at a time
MADE = 600  # entries whose making is timed
WRITERS = 4


def pages() -> list[dict[str, Any]]:
    """One row per page: milliseconds and queries in every size, and the ratio."""
    with contextlib.ExitStack() as stack:
        sites = {}
        for size in SIZES:
            begun = time.monotonic()
            sites[size] = stack.enter_context(site_of(FILMS, WAITING, more=("statements", size)))
            sites[size].recv()
            print(f"  {size} entries: ready in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        return [_row(name, sites) for name in NAMES if not PAGES or name in PAGES]


def _row(name: str, sites: dict[int, Any]) -> dict[str, Any]:
    queries = {size: ask(site, "queries", name) for size, site in sites.items()}
    seconds: dict[int, list[float]] = {size: [] for size in sites}
    for _number in range(SAMPLES):
        for size, site in sites.items():
            seconds[size].append(ask(site, "time", name))
    row: dict[str, Any] = {"what": name}
    for share in (0.5, 0.95):
        for size in sites:
            row[f"p{share * 100:.0f} ms, {size}"] = round(quantile(seconds[size], share) * 1000, 1)
    row["p95 ratio"] = round(quantile(seconds[SIZES[-1]], 0.95) / quantile(seconds[SIZES[0]], 0.95), 2)
    row["queries"] = ", ".join(str(queries[size]) for size in sites)
    return row


def speed() -> list[dict[str, Any]]:
    """Entries a second, each in a transaction of its own: by one writer, and by several for different artists."""
    kind = "PostgreSQL" if DATABASE else "SQLite"
    with site_of(FILMS, WAITING, more=("statements", 30)) as site:
        site.recv()
        alone, together = (ask(site, "call", f"bench.statements:{name}") for name in ("made_alone", "made_together"))
    return [
        {"what": f"entries a second, {kind}, one writer", "entries/s": round(alone)},
        {"what": f"entries a second, {kind}, {WRITERS} writers", "entries/s": round(together)},
    ]


def _make(population: Population, count: int, who: str, name: str) -> None:
    from artists.compensation.ledger.books import About, enter
    from artists.compensation.ledger.states import EntryKind
    from artists.compensation.models import Award, Fund
    from artists.people.models import Person

    del population
    fund, person = Fund.objects.get(name="Bench"), Person.objects.get(email=who)
    award = Award.objects.create(
        kind="fee", title=name, payee=person, fund=fund, amount=1, currency="EUR", purpose="work", digest="0" * 64,
        proposer_label="bench",
    )  # fmt: skip
    kinds = (EntryKind.RESERVE, EntryKind.SEND, EntryKind.ARRIVE)
    for number in range(count):
        enter(
            kinds[number % 3], 1, key=f"{name}-{number}", actor=person, currency="EUR", fund=fund, person=person,
            about=About(award=award),
        )  # fmt: skip


def made_alone(population: Population) -> float:
    """Entries a second by one writer."""
    begun = time.perf_counter()
    _make(population, MADE, "ada@example.org", "alone")
    return MADE / (time.perf_counter() - begun)


def made_together(population: Population) -> float:
    """Entries a second by several writers at once, all from one fund."""
    from tests.factories.people import holder_of
    from tests.factories.together import at_once

    for number in range(WRITERS):
        holder_of("artist", f"Writer{number}")  # type: ignore[arg-type] - a role by its name
    begun = time.perf_counter()
    done = at_once(WRITERS, lambda at: _make(population, MADE // WRITERS, f"writer{at}@example.org", f"together-{at}"))
    assert done == [None] * WRITERS, done
    return MADE / (time.perf_counter() - begun)


def fill(population: Population, count: int) -> list[tuple[str, str, str]]:
    """In the child: `count` entries of Ada's in payments that all arrived, evenly over two years at most, up to now."""
    from django.urls import reverse
    from django.utils import timezone

    from artists.compensation.ledger.books import account_of
    from artists.compensation.ledger.services import give_budget, make_fund
    from artists.compensation.ledger.states import Side
    from artists.compensation.models import Payment
    from artists.compensation.statements.periods import month_of

    ada, sam = population.people["ada"], population.people["sam"]
    fund = make_fund("Bench", actor=sam, currency="EUR")  # type: ignore[arg-type]
    give_budget(fund, 10**9, actor=sam, key="bench")  # type: ignore[arg-type]
    accounts = [
        account_of(side, "EUR", fund=fund, person=ada)  # type: ignore[arg-type]
        for side in (Side.FUND, Side.OWED, Side.FLIGHT, Side.PAID)
    ]
    now = timezone.now()
    step = min(SPACING, SPAN / count)
    moments = (now - step * (count - number) for number in range(count))
    left = count
    while left > 0:
        size = min(BATCH * len(STEPS), left)
        _paid(list(islice(moments, size)), count - left, ada, fund, accounts)
        left -= size
    last = (
        Payment.objects.filter(payee=ada).exclude(sent_at=None).order_by("sent_at", "pk")[: max(2, min(30, count // 6))]
    )
    first, zone = month_of(now - step * count, timezone.get_current_timezone()), timezone.get_current_timezone()
    return [
        ("ledger", "ada", reverse("ledger")),
        ("month", "ada", reverse("ledger_month", args=[month_of(now - step, zone)])),
        ("first month", "ada", reverse("ledger_month", args=[first])),
        ("paid, far down", "ada", f"{reverse('ledger_lines', args=['paid'])}?after={list(last)[-1].pk}"),
    ]


def _paid(moments: list[datetime], before: int, ada: Any, fund: Any, accounts: list[Any]) -> None:
    from django.db import transaction

    from artists.compensation.models import Award, Contribution, Entry, Payment

    with transaction.atomic():
        count = -(-len(moments) // len(STEPS))
        begun = moments[:: len(STEPS)]
        awards = Award.objects.bulk_create(
            Award(
                kind="fee", state="closed", title=f"Work {before + at}", payee=ada, fund=fund, amount=100, currency="EUR",
                purpose="work", digest="0" * 64, proposer_label="bench", made_at=begun[at], approved_at=begun[at],
            )
            for at in range(count)
        )  # fmt: skip
        payments = Payment.objects.bulk_create(
            Payment(
                award=award, number=1, payee=ada, amount=100, currency="EUR", due_on=begun[at].date(), state="sent",
                rail="stripe_connect", arrival="paid", transfer=f"tr_{before}_{at}", made_at=begun[at], sent_at=begun[at],
            )
            for at, award in enumerate(awards)
        )  # fmt: skip
        Contribution.objects.bulk_create(
            Contribution(
                source=f"bench:{before}:{at}", person=ada, kind="share.approved", about=f"Work {before + at}", quantity=1,
                at=begun[at], counted_at=begun[at], unit_price=100, amount=100, currency="EUR", state="awarded", award=award,
            )
            for at, award in enumerate(awards)
        )  # fmt: skip
        # PostgreSQL moves balances at the end of a statement: one entry a statement there, as the books make them.
        Entry.objects.bulk_create(_entries(moments, before, payments, accounts), batch_size=1 if DATABASE else 500)


def _entries(moments: list[datetime], before: int, payments: list[Any], accounts: list[Any]) -> Iterator[Any]:
    """Each payment's entries in their order, with the balances they leave."""
    from artists.compensation.models import Account, Entry

    there = dict(Account.objects.filter(pk__in=[one.pk for one in accounts]).values_list("pk", "balance"))
    for number, at in enumerate(moments):
        place, step = divmod(number, len(STEPS))
        payment, debit, credit = payments[place], accounts[step], accounts[step + 1]
        there[debit.pk] -= 100
        there[credit.pk] += 100
        yield Entry(
            key=f"bench-{before + number}", kind=STEPS[step], debit=debit, credit=credit, amount=100, currency="EUR",
            debit_after=there[debit.pk], credit_after=there[credit.pk], person=payment.payee, award=payment.award,
            payment=payment, actor_id=payment.payee_id, actor_label="bench", at=at,
        )  # fmt: skip
