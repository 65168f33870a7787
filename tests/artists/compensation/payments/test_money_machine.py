"""Anything in any order, with a rail that fails in every way it can: nobody is paid twice, nothing is lost, the books balance.

What was approved, held and taken back is kept beside the database by plain bookkeeping, and compared at every step with the
books and with what lies at the double of Stripe, to which the real library talks over a socket.
"""

from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from artists.compensation.awards.services import change_award, submit_award
from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.queries import stands
from artists.compensation.ledger.services import freeze_fund, unfreeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Account, Attempt, Award, Entry, Fund, Payment, RailAccount
from artists.compensation.payments import services
from artists.compensation.payments.services import sending
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.reconciling.hearing import apply_due_events
from artists.people.models import Person, RoleGrant
from artists.people.roles import Role
from portal.access import Refused
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.doubles.stripe import At, FakeStripe, Kind, Outbox, open_stripe
from tests.doubles.stripe.outbox import SECRETS
from tests.factories.awards import promise, proposed, yes
from tests.factories.hooks import Hook
from tests.factories.pay import funded
from tests.factories.sending import account_at, approvers, payable, shown

BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
BUDGET = 200_000
WHICH = st.integers(0, 5)
FAULTS = st.sampled_from(
    [
        (Kind.RESET, At.BEFORE, 0), (Kind.RESET, At.AFTER, 0), (Kind.TIMEOUT, At.BEFORE, 0), (Kind.TIMEOUT, At.AFTER, 0),
        (Kind.LATE, At.BEFORE, 0), (Kind.LATE, At.DURING, 0), (Kind.GARBAGE, At.AFTER, 0), (Kind.STATUS, At.BEFORE, 500),
        (Kind.STATUS, At.DURING, 500), (Kind.STATUS, At.AFTER, 500), (Kind.STATUS, At.BEFORE, 409),
        (Kind.STATUS, At.BEFORE, 429), (Kind.STATUS, At.BEFORE, 401),
    ]
)  # fmt: skip
MINE = frozenset({"balance-low", "account-closed", "account-changed", "webhooks-undelivered", "payout-failed"})
reached: set[str] = set()


class Died(BaseException):
    """The process ends here."""


class Paying(RuleBasedStateMachine):
    """Two artists, staff who approve and send, Stripe, and time."""

    ada: Person
    ben: Person
    sam: Person

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        room = transaction.atomic()
        # What sends money insists on being in no transaction; this one is that of the test.
        room._from_testcase = True  # type: ignore[attr-defined]
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
        for person in (self.ada, self.ben):
            account_at(self.fake, person)
        self.payments = [
            payable(who, self.fund, 10_000 + at, by=self.sam) for at, who in enumerate((self.ada, self.ben))
        ]
        self.frozen_fund = self.left = self.suspended = self.changed = False
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
        assert (found.error, {one.code for one in found.open} - MINE) == ("", set()), [one.words for one in found.open]
        assert not Attempt.objects.filter(state__in=["prepared", "unknown"]).exists()
        flight = sum(balance_of(Side.FLIGHT, "EUR", person=one) for one in (self.ada, self.ben))
        paid = sum(balance_of(Side.PAID, "EUR", person=one) for one in (self.ada, self.ben))
        there = sum(one["amount"] - one["amount_reversed"] for one in self.fake.world.transfers.values())
        assert (flight, paid) == (0, there)
        for one in self.payments:
            fresh = Payment.objects.get(pk=one.pk)
            assert bool(self.at_stripe(fresh)) == (fresh.state in {"sent", "partly_reversed"}), fresh.state
        assert self.fake.violations == []

    # Looking.

    def at_stripe(self, payment: Payment) -> list[dict[str, Any]]:
        """Transfers of a payment that were not taken back whole."""
        group = f"pay_{payment.pk}"
        with self.fake.world.lock:
            mine = [one for one in self.fake.world.transfers.values() if one["transfer_group"] == group]
        return [one for one in mine if one["amount_reversed"] < one["amount"]]

    def one(self, number: int) -> Payment | None:
        if not self.payments:
            return None
        chosen = self.payments[number % len(self.payments)]
        return Payment.objects.select_related("award__fund", "payee").get(pk=chosen.pk)

    def one_that_is(self, number: int, *states: str) -> Payment | None:
        """One in these states, if there is one; else any."""
        found = list(Payment.objects.filter(state__in=states).order_by("made_at", "pk"))
        return self.one(number) if not found else self.one(self.payments.index(found[number % len(found)]))

    def tried(self, act: Any) -> str:
        """The code of a no, or nothing."""
        try:
            act()
        except Refused as refused:
            assert refused.decision.code and str(refused.decision.reason)
            return refused.decision.code
        return ""

    def later(self, hours: float) -> None:
        self.frozen.tick(timedelta(hours=hours))
        self.fake.pass_time(hours=0)

    # What happens.

    @precondition(lambda self: len(self.payments) < 6 and not self.frozen_fund and not self.left)
    @rule(amount=st.integers(1, 30_000), first=st.booleans())
    def approve(self, amount: int, first: bool) -> None:
        """Two people approve an award."""
        self.payments.append(payable(self.ada if first else self.ben, self.fund, amount, by=self.sam))

    @precondition(lambda self: not self.changed and not self.frozen_fund and not self.left)
    @rule(amount=st.integers(1, 1000))
    def change_what_was_half_approved(self, amount: int) -> None:
        """One approval of what it said before counts no more."""
        self.changed = True
        award = submit_award(proposed(self.ada, self.fund, by=self.sam, amount=amount), actor=self.sam)
        first, second = approvers()
        yes(award, first)
        change_award(award, promise(self.ada, self.fund, amount + 1), actor=self.sam)
        submit_award(Award.objects.get(pk=award.pk), actor=self.sam)
        assert yes(award, second).state == "submitted"
        assert not Payment.objects.filter(award=award).exists()

    @rule(number=WHICH)
    def send(self, number: int) -> None:
        """Somebody presses the button."""
        found = self.one(number)
        if found is None:
            return
        count = len(self.fake.posts())
        code = self.tried(lambda: services.send_payment(found, actor=self.sam, proof=shown()))
        posted = len(self.fake.posts()) - count
        held = bool(found.held_reason) or self.frozen_fund or self.left
        if found.state != "ready" or held:
            assert (bool(code), posted) == (True, 0)
        else:
            # 401 and what cannot be written down are the only ends with a post and a refusal of ours.
            assert (code, posted) == ("", 1) or code in {"capability-off", "account-changed", "not-onboarded"}

    @rule(number=WHICH, fault=FAULTS)
    def send_into_trouble(self, number: int, fault: tuple[Kind, At, int]) -> None:
        """The call meets a fault."""
        found = self.one_that_is(number, "ready")
        if found is not None:
            self.go_wrong(fault, 1)
            self.send(self.payments.index(found))
            self.fake.faults.clear()

    @rule()
    def send_all(self) -> None:
        """A batch: each stands or falls alone."""
        rows = list(Payment.objects.filter(state="ready").select_related("award__fund", "payee"))
        planned = {one.payment.pk: one.goes for one in services.plan(rows)}
        for told in services.send_due(rows, actor=self.sam, proof=shown()):
            assert planned[told.payment.pk] or not told.why

    @rule(number=WHICH)
    def send_after_the_cause_is_cleared(self, number: int) -> None:
        """What was refused goes out with the next key."""
        found = self.one_that_is(number, "refused")
        if found is not None and found.state == "refused":
            self.balance_at_stripe(BUDGET)
            self.retry(self.payments.index(found))
            self.send(self.payments.index(found))

    @rule(number=WHICH)
    def die_over_it(self, number: int) -> None:
        """The process ends after the call, before its end was written down."""
        found = self.one_that_is(number, "ready")
        if found is None:
            return
        keep = sending.settle

        def die(*_args: object) -> Payment:
            raise Died

        sending.settle = die  # type: ignore[assignment]
        try:
            self.tried(lambda: services.send_payment(found, actor=self.sam, proof=shown()))
        except Died:
            reached.add("died")
        finally:
            sending.settle = keep

    def go_wrong(self, fault: tuple[Kind, At, int], times: int) -> None:
        kind, at, status = fault
        self.fake.go_wrong(kind, at, status=status or 500, times=times)

    @rule(hours=st.sampled_from([0.05, 1, 12, 25]))
    def time_passes(self, hours: float) -> None:
        """And calls of unknown end are looked at. What was on its way has landed within a day."""
        if hours > 12:
            self.fake.release()
        self.later(hours)
        services.resolve_due()
        services.resolve_returns()

    @rule(drop=st.booleans())
    def late_calls_arrive(self, drop: bool) -> None:
        """What was on its way lands now, or never."""
        self.fake.release(drop=drop)

    @rule(amount=st.sampled_from([0, BUDGET]))
    def balance_at_stripe(self, amount: int) -> None:
        """Empty, or topped up."""
        world = self.fake.world
        with world.lock:
            world.top_up(amount - world.balance("", "eur"))

    @rule(first=st.booleans(), active=st.booleans())
    def account_changes(self, first: bool, active: bool) -> None:
        """Stripe asks an artist for something, or is content again; nobody tells us."""
        person = self.ada if first else self.ben
        account = str(RailAccount.objects.get(person=person, replaced_at=None).account)
        (self.fake.world.onboard if active else self.fake.world.ask_again)(account)

    @rule(number=WHICH)
    def retry(self, number: int) -> None:
        """The cause is cleared."""
        found = self.one(number)
        if found is not None:
            self.tried(lambda: services.retry(found, actor=self.sam))

    @rule(number=WHICH, on=st.booleans())
    def hold(self, number: int, on: bool) -> None:
        """By name."""
        found = self.one(number)
        if found is not None:
            act = (lambda: services.hold(found, actor=self.sam, reason="Wait.")) if on else (lambda: services.unhold(found, actor=self.sam))  # fmt: skip
            self.tried(act)

    @rule(number=WHICH)
    def cancel(self, number: int) -> None:
        """Only what is not under way and was not sent."""
        found = self.one(number)
        if found is not None:
            code = self.tried(lambda: services.cancel(found, actor=self.sam, reason="Not made."))
            assert (code == "") == (found.state in {"ready", "refused", "cancelled"})

    @rule(number=WHICH, part=st.sampled_from([1, 1, 2, 3]), fault=st.none() | FAULTS)
    def take_back(self, number: int, part: int, fault: tuple[Kind, At, int] | None) -> None:
        """All of it, a half, a third."""
        found = self.one_that_is(number, "sent", "partly_reversed")
        if found is None or found.amount < part:
            return
        if fault is not None:
            kind, at, status = fault
            self.fake.go_wrong(kind, at, status=status or 500, path=r"/v1/transfers/\w+/reversals")
        amount = (found.amount - found.came_back) // part or 1
        self.tried(lambda: services.reverse(found, actor=self.sam, proof=shown(), amount=amount, reason="Wrong."))

    @rule(number=WHICH)
    def take_back_in_the_dashboard(self, number: int) -> None:
        """Past us."""
        found = self.one_that_is(number, "sent", "partly_reversed")
        if found is not None and found.transfer and self.at_stripe(found):
            with self.fake.world.lock:
                to = self.fake.world.transfers[found.transfer]["destination"]
                if self.fake.world.balance(to, "eur") >= found.amount:
                    self.fake.world.reverse_by_hand(found.transfer)

    @rule(number=WHICH)
    def pay_again(self, number: int) -> None:
        """What came back, all of it or a part."""
        found = self.one_that_is(number, "reversed", "partly_reversed")
        if found is None:
            return
        self.tried(lambda: services.pay_again(found, actor=self.sam))
        for one in Payment.objects.exclude(pk__in=[one.pk for one in self.payments]):
            reached.add("rest")
            self.payments.append(one)

    @rule(first=st.booleans())
    def bank_takes_it(self, first: bool) -> None:
        """Stripe sends on to the bank what lies in an account."""
        person = self.ada if first else self.ben
        with self.fake.world.lock:
            self.fake.world.pay_out(str(RailAccount.objects.get(person=person, replaced_at=None).account))

    @rule(number=WHICH)
    def send_while_frozen(self, number: int) -> None:
        """Nothing leaves a frozen fund; then money may leave it again."""
        freeze_fund(Fund.objects.get(pk=self.fund.pk), actor=self.sam, reason="The bank asks.")
        self.frozen_fund = True
        self.send(number)
        unfreeze_fund(Fund.objects.get(pk=self.fund.pk), actor=approvers()[0])
        self.frozen_fund = False

    @rule(number=WHICH)
    def send_while_an_approver_is_gone(self, number: int) -> None:
        """Their approvals count only while they are of the staff."""
        first, _second = approvers()
        RoleGrant.objects.filter(person=first).delete()
        self.left = True
        self.send(number)
        RoleGrant.objects.create(person=first, role=Role.STAFF)
        self.left = False

    @precondition(lambda self: not self.suspended)
    @rule()
    def suspend(self) -> None:
        """Stops no money."""
        self.suspended = True
        target = Target(Scope.ARTIST, artist=self.ada)
        self.tried(lambda: suspend(target, actor=self.sam, reason="A leak is looked into."))

    @rule(shuffle=st.booleans(), drop=st.sampled_from([0.0, 0.5]))
    def webhooks_come(self, shuffle: bool, drop: float) -> None:
        """Doubled, shuffled, some lost."""
        statuses = self.hook.deliver(shuffle=shuffle, duplicate=0.5, drop=drop)
        assert set(statuses) <= {200}
        apply_due_events()

    @rule(adopt=st.booleans())
    def compare(self, adopt: bool) -> None:
        """In the middle of it all."""
        reconcile(adopt=adopt)

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
        self.entries = count

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        """At most one transfer of a payment stands, of exactly what was approved, to the account that was frozen with it."""
        for one in self.payments:
            live = self.at_stripe(one)
            assert len(live) <= 1, [told["id"] for told in live]
            for told in live:
                assert (told["amount"], told["currency"]) == (one.amount, "eur")
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


@pytest.mark.django_db
def test_whatever_happens_nobody_is_paid_twice_and_nothing_is_lost(ada: Person, ben: Person, sam: Person) -> None:
    Paying.ada, Paying.ben, Paying.sam = ada, ben, sam
    approvers()
    reached.clear()
    run_state_machine_as_test(
        Paying,
        settings=settings(
            max_examples=25,
            stateful_step_count=35,
            deadline=None,
            derandomize=True,
            # Each run takes seconds: a failure is told as it was found.
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert reached >= {"died", "ready", "sending", "unknown", "refused", "sent", "reversed", "cancelled", "rest"}
