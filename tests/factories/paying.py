"""What must hold of money at every step and at the end, whatever was done: looked at from outside, beside the code that keeps it so."""

import csv
import io
from collections import Counter, defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.test import override_settings
from django.utils import timezone
from freezegun import freeze_time
from hypothesis.stateful import RuleBasedStateMachine, invariant

from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.queries import stands
from artists.compensation.ledger.states import Side
from artists.compensation.models import Account, Attempt, Entry, Fund, Payment, RailAccount, RailEvent
from artists.compensation.payments import services
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.statements.months import statement_of
from artists.compensation.statements.periods import month_of
from artists.compensation.statements.sheets import statement_sheet
from artists.people.models import Person
from artists.people.reading import zone_of
from portal.money import minor_units
from tests.doubles.stripe import FakeStripe, Outbox, open_stripe
from tests.doubles.stripe.outbox import SECRETS

from .hooks import Hook
from .pay import funded
from .sending import account_at, payable

# Two days before a month ends: most runs go on into the next.
BEGIN = datetime(2027, 3, 30, 9, tzinfo=UTC)
BUDGET = 200_000
# What is not the books' fault: an empty balance, accounts and banks that say no, webhooks that are lost.
OF_OTHERS = frozenset({"balance-low", "account-closed", "account-changed", "webhooks-undelivered", "payout-failed"})
reached: set[str] = set()


def told_by(sheet: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """What a statement's table says was there, what its lines lead to from there, and what it says is there."""
    rows = list(csv.DictReader(io.StringIO(sheet, newline="")))

    def there(row: dict[str, str]) -> Counter[str]:
        sums = {name: row[f"{name}_after"] for name in ("payable", "being_sent", "sent")}
        return Counter({name: minor_units(text, row["currency"]) for name, text in sums.items()})

    moved = there(rows[0])
    for row in rows[1:-1]:
        for side, sign in ((row["from"], -1), (row["to"], 1)):
            if side in moved:
                moved[side] += sign * minor_units(row["amount"], row["currency"])
        assert moved == there(row), row
    return there(rows[0]), moved, there(rows[-1])


class Watched(RuleBasedStateMachine):
    """Two artists, staff, Stripe, and time: how it begins and ends, and what holds between."""

    ada: Person
    ben: Person
    sam: Person

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        room = transaction.atomic()
        # What sends money insists on being in no transaction; this one is that of the test.
        room._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own test case does it
        room.__enter__()
        self.room = room
        self.frozen: Any = self.open.enter_context(freeze_time(BEGIN))
        self.fake: FakeStripe = self.open.enter_context(open_stripe())
        self.open.enter_context(
            override_settings(
                VERNISSAGE_STRIPE_KEY=self.fake.key,
                VERNISSAGE_STRIPE_API_BASE=self.fake.address,
                VERNISSAGE_STRIPE_SECONDS=0.15,
                VERNISSAGE_STRIPE_WEBHOOK_SECRET=list(SECRETS.values()),
            )
        )
        self.fake.world.top_up(BUDGET)
        self.hook = Hook(Outbox(self.fake.world))
        self.fund: Fund = funded(self.sam, BUDGET)
        self.accounts: dict[int, set[str]] = {
            person.pk: {str(account_at(self.fake, person).account)} for person in (self.ada, self.ben)
        }
        self.payments = [
            payable(who, self.fund, 10_000 + at, by=self.sam) for at, who in enumerate((self.ada, self.ben))
        ]
        self.entries = 0
        self.bodies: dict[str, set[str]] = defaultdict(set)

    def teardown(self) -> None:
        """Faults end, a few days pass, the books are compared: then everything is known, and nothing of this run is left."""
        try:
            self.settle_all()
        finally:
            self.open.close()
            transaction.set_rollback(True)
            self.room.__exit__(None, None, None)

    def settle_all(self) -> None:
        """The end: books and Stripe say the same, and nothing is unknown."""
        self.fake.faults.clear()
        self.fake.release()
        for hours in (0, 2, 25, 25, 25):
            self.later(hours)
            services.resolve_due()
            services.resolve_returns()
        for one in Payment.objects.filter(state="needs_human"):
            services.look_again(one, actor=self.sam)
        # The first comparison enters what was done in the dashboard and says so; the second has nothing to say.
        reconcile()
        found = reconcile()
        assert (found.error, {one.code for one in found.open} - OF_OTHERS) == ("", set()), [one.words for one in found.open]  # fmt: skip
        assert not Attempt.objects.filter(state__in=["prepared", "unknown"]).exists()
        flight = sum(balance_of(Side.FLIGHT, "EUR", person=one) for one in (self.ada, self.ben))
        paid = sum(balance_of(Side.PAID, "EUR", person=one) for one in (self.ada, self.ben))
        there = sum(one["amount"] - one["amount_reversed"] for one in self.fake.world.transfers.values())
        assert (flight, paid) == (0, there)
        for one in self.payments:
            fresh = Payment.objects.get(pk=one.pk)
            assert bool(self.at_stripe(fresh)) == (fresh.state in {"sent", "partly_reversed"}), fresh.state
        for person in (self.ada, self.ben):
            self.statement_says_what_the_books_say(person)
        assert self.fake.violations == []

    # Looking.

    def at_stripe(self, payment: Payment) -> list[dict[str, Any]]:
        """Transfers of a payment that were not taken back whole."""
        group = f"pay_{payment.pk}"
        with self.fake.world.lock:
            mine = [one for one in self.fake.world.transfers.values() if one["transfer_group"] == group]
        return [one for one in mine if one["amount_reversed"] < one["amount"]]

    def account_of(self, person: Person) -> str:
        """Their account in use."""
        return str(RailAccount.objects.get(person=person, replaced_at=None).account)

    def rows(self) -> tuple[object, ...]:
        """What news could change."""
        return (
            RailEvent.objects.count(),
            Entry.objects.aggregate(last=Max("number"))["last"],
            list(Payment.objects.order_by("pk").values_list("pk", "state", "came_back", "arrival", "payout")),
            list(RailAccount.objects.order_by("pk").values_list("pk", "readiness", "read_at")),
        )

    def later(self, hours: float) -> None:
        """On both clocks; keys that are a day old are forgotten."""
        self.frozen.tick(timedelta(hours=hours))
        self.fake.pass_time(hours=0)

    # What holds at every step.

    @invariant()
    def books_balance(self) -> None:
        """Accounts are the sums of their entries, all of them together are nothing, none but capital is below it, nothing is forgotten."""
        assert books_balance() == []
        assert not Account.objects.exclude(side=Side.CAPITAL).filter(balance__lt=0).exists()
        [stand] = stands([self.fund])
        assert stand.budget == BUDGET
        count = Entry.objects.count()
        assert count >= self.entries
        last = Entry.objects.order_by("number").last()
        if count > self.entries and last is not None and last.person is not None:
            self.statement_says_what_the_books_say(last.person)
        self.entries = count

    def statement_says_what_the_books_say(self, person: Person) -> None:
        """What a statement closes with is what is in the accounts, and its table leads there from what it opens with."""
        found = statement_of(person, month_of(timezone.now(), zone_of(person)), "EUR")
        sides = {"payable": Side.OWED, "being_sent": Side.FLIGHT, "sent": Side.PAID}
        there = Counter({name: balance_of(side, "EUR", person=person) for name, side in sides.items()})
        opening, closing = found.opening, found.closing
        assert (closing.owed, closing.flight, closing.paid) == tuple(there.values())
        opens, leads, closes = told_by(statement_sheet(found))
        assert tuple(opens.values()) == (opening.owed, opening.flight, opening.paid)
        assert leads == closes == there

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        """At most one transfer of a payment stands, of exactly what was approved, to the account that was frozen with it."""
        for one in self.payments:
            live = self.at_stripe(one)
            assert len(live) <= 1, [told["id"] for told in live]
            for told in live:
                attempt = Attempt.objects.get(payment=one, number=told["metadata"]["attempt"])
                assert (told["amount"], told["currency"], told["destination"]) == (
                    one.amount, "eur", attempt.destination,
                )  # fmt: skip
                assert told["destination"] in self.accounts[one.payee_id]
            row = Payment.objects.get(pk=one.pk)
            assert 0 <= row.came_back <= row.amount
            reached.add(str(row.state))
            mine = Payment.objects.filter(award=row.award_id)
            out = sum(told["amount"] - told["amount_reversed"] for other in mine for told in self.at_stripe(other))
            assert out <= row.award.amount
            # Nothing is at Stripe of what the books say is not under way and not sent.
            if row.state in {"ready", "refused", "cancelled"}:
                assert live == [], row.state

    @invariant()
    def instalments_are_the_award(self) -> None:
        """No cent is lost or made where an award is paid in parts."""
        for award in {one.award_id: one.award for one in self.payments}.values():
            parts = [one.amount for one in self.payments if one.award_id == award.pk][: len(award.instalments)]
            assert (sum(parts), max(parts) - min(parts) <= 1) == (award.amount, True)

    @invariant()
    def one_key_is_one_request(self) -> None:
        """Attempts are numbered without a gap, the next only after a refusal or a return; a key never says two things."""
        for one in self.payments:
            attempts = list(Attempt.objects.filter(payment=one).order_by("number"))
            assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
            assert all(attempt.state in {"refused", "accepted"} for attempt in attempts[:-1])
        for seen in self.fake.seen:
            if seen.method == "POST" and seen.key:
                self.bodies[seen.key].add(f"{seen.path} {seen.body}")
        assert all(len(bodies) == 1 for bodies in self.bodies.values())
