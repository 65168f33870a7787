"""Anything in any order, with a rail that fails in every way it can: nobody is paid twice, nothing is lost, the books balance.

What was approved, held and taken back is kept beside the database by plain bookkeeping, and compared at every step with the
books and with what lies at the double of Stripe, to which the real library talks over a socket (tests/factories/paying.py).
"""

import copy
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from artists.compensation.awards.digest import equal_parts
from artists.compensation.awards.services import change_award, submit_award, withdraw_award
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.services import freeze_fund, give_budget, take_budget, unfreeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Approval, Award, Fund, Payment, PayProfile, RailAccount, RailEvent
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
from tests.doubles.stripe import At, Kind
from tests.factories.awards import promise, proposed, submitted, yes
from tests.factories.paying import BUDGET, Watched, reached
from tests.factories.sending import account_at, approvers, payable, shown

WHICH = st.integers(0, 7)
FAULTS = st.sampled_from(
    [
        (Kind.RESET, At.BEFORE, 0), (Kind.RESET, At.AFTER, 0), (Kind.TIMEOUT, At.BEFORE, 0), (Kind.TIMEOUT, At.AFTER, 0),
        (Kind.LATE, At.BEFORE, 0), (Kind.LATE, At.DURING, 0), (Kind.GARBAGE, At.AFTER, 0), (Kind.STATUS, At.BEFORE, 500),
        (Kind.STATUS, At.DURING, 500), (Kind.STATUS, At.AFTER, 500), (Kind.STATUS, At.BEFORE, 409),
        (Kind.STATUS, At.BEFORE, 429), (Kind.STATUS, At.BEFORE, 401),
    ]
)  # fmt: skip
# News that is not Stripe's, or not ours: how the outbox sends it.
# What the machine has to come to, in at most so many rounds.
ROUNDS = 4
ALL = {
    *("died", "ready", "sending", "unknown", "refused", "sent", "reversed", "cancelled", "rest"),
    *("suspended", "2 instalments", "3 instalments", "doubted"),
}
UNBELIEVED: dict[str, dict[str, Any]] = {
    "forged": {"secret": "whsec_forged"},
    "old": {"age_s": 301},
    "of the other mode": {"wrong_mode": True},
    "of a stranger": {},
}


class Died(BaseException):
    """The process ends here."""


class Paying(Watched):
    """What people, Stripe, banks and time do."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen_fund = self.left = False
        # What proves the same each time is done once in a run. No such condition asks how a payment stands: how fast a call
        # is answered would decide what is done next.
        self.suspended = self.changed = self.replaced = self.own_money = self.beyond = self.doubled = self.doubted = (
            False
        )
        # They are of the staff too: nothing but that it is their own money keeps them from acting on it.
        for person in (self.ada, self.ben):
            RoleGrant.objects.get_or_create(person=person, role=Role.STAFF)

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

    # What happens.

    @precondition(lambda self: len(self.payments) < 6)
    @rule(amount=st.integers(3, 30_000), first=st.booleans(), parts=st.integers(1, 3))
    def approve(self, amount: int, first: bool, parts: int) -> None:
        """Two people approve an award, in one to three instalments that are all due."""
        given = equal_parts(amount, parts, timezone.now().date(), months_between=0)
        made = payable(self.ada if first else self.ben, self.fund, amount, by=self.sam, instalments=given)
        self.payments += Payment.objects.filter(award=made.award).select_related("award").order_by("number")
        reached.add(f"{parts} instalments")

    @precondition(lambda self: not self.own_money)
    @rule(first=st.booleans())
    def payee_approves(self, first: bool) -> None:
        """Neither what is their own money, nor what one proposed: one yes of somebody else is one yes."""
        self.own_money = True
        payee = Person.objects.get(pk=(self.ada if first else self.ben).pk)
        award = submitted(payee, self.fund, by=self.sam, amount=1)
        assert yes(award, approvers()[0]).state == "submitted"
        assert self.tried(lambda: yes(award, payee)) == "own-money"
        assert self.tried(lambda: yes(award, self.sam)) == "own-proposal"
        assert Award.objects.get(pk=award.pk).state == "submitted"
        assert (Approval.objects.filter(award=award).count(), award.payments.count()) == (1, 0)
        withdraw_award(award, actor=self.sam)

    @precondition(lambda self: not self.beyond)
    @rule()
    def promise_more_than_there_is(self) -> None:
        """It is not handed in; and where the fund grew smaller since, the last approval promises nothing."""
        self.beyond = True
        free = balance_of(Side.FUND, "EUR", fund=self.fund)
        more = proposed(self.ada, self.fund, by=self.sam, amount=free + 1)
        assert self.tried(lambda: submit_award(more, actor=self.sam)) == "beyond-budget"
        all_of_it = submitted(self.ada, self.fund, by=self.sam, amount=free)
        first, second = approvers()
        yes(all_of_it, first)
        take_budget(self.fund, 1, actor=self.sam, key=f"out-{more.pk}")
        assert self.tried(lambda: yes(all_of_it, second)) == "beyond-budget"
        assert (all_of_it.payments.count(), balance_of(Side.FUND, "EUR", fund=self.fund)) == (0, free - 1)
        give_budget(self.fund, 1, actor=self.sam, key=f"in-{more.pk}")
        for award in (more, all_of_it):
            withdraw_award(award, actor=self.sam)

    @precondition(lambda self: not self.changed)
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
        account = self.account_of(self.ada if first else self.ben)
        (self.fake.world.onboard if active else self.fake.world.ask_again)(account)

    @precondition(lambda self: not self.replaced)
    @rule()
    def account_is_replaced(self) -> None:
        """What was sent before went to the old one; what is sent from now on, three days later, goes to the new one."""
        self.replaced = True
        RailAccount.objects.filter(person=self.ben).update(replaced_at=timezone.now())
        self.accounts[self.ben.pk].add(str(account_at(self.fake, self.ben).account))
        PayProfile.objects.filter(person=self.ben).update(changed_at=timezone.now())

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
        """All of it, a half, a third; what is not out yet goes out first."""
        found = self.one_that_is(number, "sent", "partly_reversed")
        if found is not None and found.state == "ready":
            self.send(self.payments.index(found))
            found = self.one(self.payments.index(found))
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
        """What came back, all of it or a part; where nothing has come back yet, a half of something does first."""
        found = self.one_that_is(number, "reversed", "partly_reversed")
        if found is not None and found.state in {"ready", "sent"}:
            self.take_back(number, 2, None)
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
        with self.fake.world.lock:
            self.fake.world.pay_out(self.account_of(self.ada if first else self.ben))

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
        made = suspend(Target(Scope.ARTIST, artist=self.ada), actor=self.sam, reason="A leak is looked into.")
        assert (made.state, made.artist) == ("in_force", self.ada)
        reached.add("suspended")

    @initialize(stopped=st.booleans())
    def begin_suspended(self, stopped: bool) -> None:
        """Half of the runs: what follows is then all of a suspended artist."""
        if stopped:
            self.suspend()

    @rule(shuffle=st.booleans(), drop=st.sampled_from([0.0, 0.5]))
    def webhooks_come(self, shuffle: bool, drop: float) -> None:
        """Doubled, shuffled, some lost."""
        statuses = self.hook.deliver(shuffle=shuffle, duplicate=0.5, drop=drop)
        assert set(statuses) <= {200}
        apply_due_events()

    @precondition(lambda self: not self.doubted)
    @rule(number=st.integers(0, 20))
    def webhooks_are_not_believed(self, number: int) -> None:
        """Whatever they are about, nothing is kept of them and nothing changes."""
        self.doubted = True
        for how, given in UNBELIEVED.items():
            news = copy.deepcopy(self.hook.outbox.world.news[-1 - number % len(self.hook.outbox.world.news)])
            if how == "of a stranger":
                news.told["account"] = "acct_nobody"
                news.told.pop("related_object", None)
                news.told["data"] = {"account_id": "acct_nobody", "object": {"id": "po_1"}}
            before = self.rows()
            assert (how, self.hook.deliver([news], **given), self.rows()) == (how, [400], before)
        reached.add("doubted")

    @precondition(lambda self: not self.doubled)
    @rule(number=st.integers(0, 20))
    def webhook_comes_twice(self, number: int) -> None:
        """It is kept once, and looked at once."""
        self.doubled = True
        news = self.hook.outbox.world.news[-1 - number % len(self.hook.outbox.world.news)]
        assert self.hook.deliver([news, news]) == [200, 200]
        assert (self.hook.code, RailEvent.objects.filter(event=news.told["id"]).count()) == ("known", 1)
        apply_due_events()
        before = self.rows()
        assert self.hook.deliver([news]) == [200]
        # Whatever else was due has been looked at: the same once more is nothing new.
        assert (apply_due_events(), self.rows()) == (0, before)

    @rule(adopt=st.booleans())
    def compare(self, adopt: bool) -> None:
        """In the middle of it all."""
        reconcile(adopt=adopt)


@pytest.mark.django_db
def test_whatever_happens_nobody_is_paid_twice_and_nothing_is_lost(ada: Person, ben: Person, sam: Person) -> None:
    Paying.ada, Paying.ben, Paying.sam = ada, ben, sam
    approvers()
    reached.clear()
    # What is drawn in one round need not come to everything: how fast calls are answered decides too.
    for number in range(ROUNDS):
        run_state_machine_as_test(
            seed(number)(Paying),
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
        if reached >= ALL:
            break
    assert reached >= ALL
