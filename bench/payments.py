"""A thousand payments, each with one to four random mishaps on the way: how many were paid twice, how many were lost.

The real library talks to the double of Stripe over a socket. Mishaps: connections reset and answers that never come, before and after the
effect; effects that land late; 500 before, during and after; 409, 429, nonsense as an answer; an empty balance; a process that dies after the
call; a day on which Stripe forgets its keys. Then they end, days pass, and the books are compared with Stripe.
PAYMENTS=100 makes a run smaller; BENCH_DATABASE_URL as in pages.
"""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench.pages import DATABASE, ask, site_of

if TYPE_CHECKING:
    from bench.population import Population

COUNT = int(os.environ.get("PAYMENTS", "1000"))
AMOUNT = 1234
ROUNDS = 12


def paid() -> list[dict[str, Any]]:
    """One row: what became of all of them."""
    with site_of(100, more=("payments", COUNT)) as site:
        site.recv()
        row: dict[str, Any] = ask(site, "call", "bench.payments:pay_all")
    return [row]


def fill(population: Population, count: int) -> list[tuple[str, str, str]]:
    """In the child: `count` awards that two people approved."""
    from artists.compensation.ledger.services import give_budget, make_fund
    from tests.factories.sending import payable

    ada, sam = population.people["ada"], population.people["sam"]
    fund = make_fund("Bench", actor=sam, currency="EUR")  # type: ignore[arg-type]
    give_budget(fund, count * AMOUNT, actor=sam, key="bench")  # type: ignore[arg-type]
    for _number in range(count):
        payable(ada, fund, AMOUNT, by=sam)  # type: ignore[arg-type]
    return []


class _Died(BaseException):
    """The process ends after the call."""


def _mishap(fake: Any, chance: random.Random) -> str:
    """Prepare one; its name."""
    from tests.doubles.stripe import At, Kind

    network = [(kind, at) for kind in (Kind.RESET, Kind.TIMEOUT) for at in (At.BEFORE, At.AFTER)]
    made_up = [(Kind.STATUS, at, 500) for at in At] + [(Kind.STATUS, At.BEFORE, status) for status in (409, 429)]
    what = chance.choice(["network", "late", "status", "status", "nonsense", "empty", "dies"])
    if what == "network":
        kind, at = chance.choice(network)
        fake.go_wrong(kind, at)
    elif what == "late":
        fake.go_wrong(Kind.LATE, chance.choice([At.BEFORE, At.DURING]))
    elif what == "status":
        kind, at, status = chance.choice(made_up)
        fake.go_wrong(kind, at, status=status)
    elif what == "nonsense":
        fake.go_wrong(Kind.GARBAGE, chance.choice([At.BEFORE, At.AFTER]))
    elif what == "empty":
        with fake.world.lock:
            fake.world.top_up(-fake.world.balance("", "eur"))
    return what


def _send(payment: Any, staff: Any, *, dies: bool) -> None:
    from django.utils import timezone

    from artists.compensation.payments import services
    from artists.compensation.payments.services import sending

    keep = sending.settle

    def die(*_args: object) -> Any:
        raise _Died

    if dies:
        sending.settle = die
    try:
        services.send_payment(payment, actor=staff, proof=timezone.now())
    except _Died:
        pass
    finally:
        sending.settle = keep


def pay_all(population: Population) -> dict[str, Any]:
    """In the child: send each, meet mishaps, look, send again what was refused; count at the end."""
    from django.test import override_settings
    from django.utils import timezone
    from freezegun import freeze_time

    from artists.compensation.models import Payment
    from tests.doubles.stripe import open_stripe
    from tests.factories.sending import account_at

    begun, chance = time.perf_counter(), random.Random(20)
    with freeze_time(timezone.now()) as frozen, open_stripe() as fake:
        named = {"VERNISSAGE_STRIPE_KEY": fake.key, "VERNISSAGE_STRIPE_API_BASE": fake.address}
        with override_settings(**named, VERNISSAGE_STRIPE_SECONDS=0.05):
            account_at(fake, population.people["ada"])  # type: ignore[arg-type]
            staff, rows = population.people["sam"], list(Payment.objects.select_related("award__fund", "payee"))
            met = _all_of_them(fake, frozen, chance, staff, rows)
            for hours in (0, 1, 25, 25, 25):
                _later(fake, frozen, hours)
            told = _counted(fake)
    return {"payments": len(rows), "mishaps": met, **told, "seconds": round(time.perf_counter() - begun)}


def _later(fake: Any, frozen: Any, hours: float) -> None:
    """Time passes for us and at Stripe, what was late lands, and calls of unknown end are looked at."""
    from artists.compensation.payments.services import resolve_due

    fake.release()
    frozen.tick(timedelta(hours=hours))
    fake.pass_time(hours=0)
    while resolve_due():
        pass


def _all_of_them(fake: Any, frozen: Any, chance: random.Random, staff: Any, rows: list[Any]) -> int:
    """By fifties: rounds of sending and looking, each with mishaps; then a few days without. How many mishaps there were."""
    from artists.compensation.models import Payment
    from artists.compensation.payments.services import retry

    met = 0
    for batch in (rows[at : at + 50] for at in range(0, len(rows), 50)):
        left = {one.pk: chance.randint(1, 4) for one in batch}
        for number in range(ROUNDS):
            met += _send_each(fake, chance, staff, left, last=number == ROUNDS - 1)
            met += _look(fake, frozen, chance, sum(bool(more) for more in left.values()))
        with fake.world.lock:
            fake.world.top_up(AMOUNT * 100)
        for hours in (1, 25, 25):
            _later(fake, frozen, hours)
        for one in Payment.objects.filter(pk__in=left, state="refused").select_related("award__fund", "payee"):
            _send(retry(one, actor=staff), staff, dies=False)
    return met


def _send_each(fake: Any, chance: random.Random, staff: Any, left: dict[Any, int], *, last: bool) -> int:
    from artists.compensation.models import Payment
    from artists.compensation.payments.services import retry

    met = 0
    for found in Payment.objects.filter(pk__in=left).select_related("award__fund", "payee"):
        with fake.world.lock:
            fake.world.top_up(AMOUNT * 10)
        one = retry(found, actor=staff) if found.state == "refused" else found
        if one.state != "ready":
            continue
        what = ""
        if left[one.pk] and not last:
            left[one.pk] -= 1
            met += 1
            what = _mishap(fake, chance)
        _send(Payment.objects.select_related("award__fund", "payee").get(pk=one.pk), staff, dies=what == "dies")
        fake.faults.clear()
    return met


def _look(fake: Any, frozen: Any, chance: random.Random, some: int) -> int:
    """What is of unknown end is looked at, and the repeated calls meet mishaps too."""
    from artists.compensation.payments.services import resolve_due

    count = min(some, 10)
    for _number in range(count):
        _mishap(fake, chance)
    frozen.tick(timedelta(hours=chance.choice([0.05, 0.5, 25])))
    fake.pass_time(hours=0)
    if chance.random() < 0.5:
        fake.release()
    resolve_due(limit=25)
    fake.faults.clear()
    return count


def _counted(fake: Any) -> dict[str, Any]:
    from collections import Counter

    from artists.compensation.ledger.queries import totals
    from artists.compensation.models import Attempt, Payment
    from artists.compensation.reconciling.comparing import reconcile

    per = Counter(one["transfer_group"] for one in fake.world.transfers.values())
    found = reconcile()
    return {
        "calls": len(fake.posts()),
        "attempts": Attempt.objects.count(),
        "transfers": len(fake.world.transfers),
        "paid twice": sum(number > 1 for number in per.values()),
        "lost": Payment.objects.exclude(state="sent").count() + sum(f"pay_{pk}" not in per for pk in Payment.objects.values_list("pk", flat=True)),
        "of unknown end": Attempt.objects.filter(state__in=["prepared", "unknown"]).count(),
        "on its way": totals().get("EUR", {}).get("flight", 0),
        "findings": sum(one.code not in {"balance-low", "webhooks-undelivered"} for one in found.open) + bool(found.error),
        "on": "PostgreSQL" if DATABASE else "SQLite",
    }  # fmt: skip
