"""The process dies at every point at which something is committed, before it and after it: going on afterwards comes to the same end.

The points are counted, not sampled: each run dies one point later than the last, until one comes through.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.awards.digest import equal_parts
from artists.compensation.awards.services import make_batch, plan_batch
from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.states import Side
from artists.compensation.models import (
    Approval,
    Attempt,
    Award,
    Batch,
    Entry,
    Payment,
    PayProfile,
    RailAccount,
    RailEvent,
    Return,
)
from artists.compensation.payments import services
from artists.compensation.payments.rails import account_in_use
from artists.compensation.payments.states import Rail
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.reconciling.hearing import apply_due_events
from artists.people.models import Person
from portal.happenings import delivery
from portal.notices.models import Notice
from tests.doubles.stripe import At, FakeStripe, Kind, Outbox
from tests.doubles.stripe.outbox import SECRETS
from tests.factories.awards import submitted, yes
from tests.factories.comparing import differs
from tests.factories.hooks import Hook
from tests.factories.pay import earned, funded
from tests.factories.rail import promised, sent, transfer_of, unknown
from tests.factories.refusals import code_of
from tests.factories.sending import account_at, approvers, fresh, paid_by_hand, payable, shown

REVERSALS = r"/v1/transfers/\w+/reversals"
AMOUNT = 1000
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
both_sides = pytest.mark.parametrize("before", [True, False], ids=["before each commit", "after each commit"])


class Died(BaseException):
    """The process ends here; nothing of it catches this."""


class Killer:
    """Ends the process at the `at`-th commit, before or after it."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.at, self.before, self.seen = at, before, 0

    def here(self) -> bool:
        self.seen += 1
        return self.seen == self.at + 1


def outermost() -> bool:
    """Whether no transaction is open but that of the test."""
    return not connection.atomic_blocks or bool(getattr(connection.atomic_blocks[-1], "_from_testcase", False))


@contextmanager
def killed_by(killer: Killer) -> Iterator[None]:
    leave, update, create = Atomic.__exit__, QuerySet.update, QuerySet.create

    def exit_(block: Atomic, kind: Any, fault: Any, trace: Any) -> Any:
        mine = len(connection.atomic_blocks) > 1 and getattr(connection.atomic_blocks[-2], "_from_testcase", False)
        if kind is not None or not mine or not killer.here():
            return leave(block, kind, fault, trace)
        if killer.before:
            leave(block, Died, Died(), None)
        else:
            leave(block, None, None, None)
        raise Died

    def update_(rows: Any, **fields: Any) -> int:
        if not outermost() or not killer.here():
            return update(rows, **fields)
        if not killer.before:
            update(rows, **fields)
        raise Died

    def create_(rows: Any, **fields: Any) -> Any:
        if not outermost() or not killer.here():
            return create(rows, **fields)
        if not killer.before:
            create(rows, **fields)
        raise Died

    Atomic.__exit__, QuerySet.update, QuerySet.create = exit_, update_, create_  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Atomic.__exit__, QuerySet.update, QuerySet.create = leave, update, create  # type: ignore[method-assign]


def dies(act: Callable[[], object], at: int, *, before: bool) -> bool:
    """Whether the process that acts comes as far as the `at`-th commit, and dies there."""
    try:
        with killed_by(Killer(at, before=before)):
            act()
    except Died:
        return True
    return False


def at_stripe(fake: FakeStripe, payment: Payment) -> list[tuple[int, int]]:
    """(sent, taken back) of each transfer of a payment."""
    mine = [one for one in fake.world.transfers.values() if one["transfer_group"] == f"pay_{payment.pk}"]
    return [(one["amount"], one["amount_reversed"]) for one in mine]


def step(fake: FakeStripe, frozen: Any, payment: Payment, staff: Person) -> bool:
    """What somebody, or the sweep, does next with what is in the database alone; False when nothing is left to do."""
    now = fresh(payment)
    asked = Return.objects.filter(payment=payment).last()
    if now.state == "ready":
        services.send_payment(now, actor=staff, proof=shown())
    elif now.state in {"sending", "unknown"}:
        frozen.tick(timedelta(minutes=5))
        services.resolve_due()
    elif now.state == "reversed":
        services.pay_again(now, actor=staff)
    elif asked is None:
        services.reverse(now, actor=staff, proof=shown(), amount=AMOUNT, reason="Wrong month.")
    elif asked.state in {"prepared", "unknown"}:
        frozen.tick(timedelta(minutes=5))
        services.resolve_returns()
    else:
        return False
    return True


def all_steps(fake: FakeStripe, frozen: Any, payment: Payment, staff: Person) -> int:
    for number in range(30):
        if not step(fake, frozen, payment, staff):
            return number
    raise AssertionError(fresh(payment).state)


Trouble = Callable[[FakeStripe], object]
TROUBLES: dict[str, Trouble] = {
    "all goes well": lambda fake: None,
    "both answers are lost": lambda fake: (
        fake.go_wrong(Kind.RESET, At.AFTER),
        fake.go_wrong(Kind.RESET, At.AFTER, path=REVERSALS),
    ),
    "both calls are lost": lambda fake: (
        fake.go_wrong(Kind.RESET, At.BEFORE),
        fake.go_wrong(Kind.RESET, At.BEFORE, path=REVERSALS),
    ),
}


@both_sides
@pytest.mark.parametrize("trouble", list(TROUBLES))
def test_dying_anywhere_comes_to_the_same_end(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person, trouble: str, before: bool) -> None:  # fmt: skip
    fund = funded(sam)
    with freeze_time(timezone.now()) as frozen:
        points = 0
        while True:
            payment = payable(ada, fund, AMOUNT, by=sam)
            stripe_on.faults.clear()
            TROUBLES[trouble](stripe_on)
            died = dies(lambda: all_steps(stripe_on, frozen, payment, sam), points, before=before)  # noqa: B023 - called at once
            # The clock goes on, and so does whoever comes next.
            frozen.tick(timedelta(minutes=5))
            all_steps(stripe_on, frozen, payment, sam)
            told = fresh(payment)
            assert (told.state, at_stripe(stripe_on, payment)) == ("sent", [(AMOUNT, AMOUNT), (AMOUNT, 0)]), points
            kinds = list(Entry.objects.filter(payment=payment).order_by("number").values_list("kind", flat=True))
            assert kinds == ["send", "arrive", "reverse", "send", "arrive"], points
            assert [one.state for one in Attempt.objects.filter(payment=payment)] == ["accepted", "accepted"]
            assert Award.objects.get(pk=payment.award_id).state == "closed"
            if not died:
                break
            points += 1
        paid = (points + 1) * AMOUNT
        assert (balance_of(Side.PAID, "EUR", person=ada), balance_of(Side.FLIGHT, "EUR", person=ada)) == (paid, 0)
        assert (books_balance(), differs()) == ([], [])
    # Two sendings and a return, two transactions each and more for what looks: fewer points would mean that nothing was killed.
    assert points >= 7


@both_sides
def test_dying_while_an_account_is_made_leaves_one(stripe_on: FakeStripe, ada: Person, before: bool) -> None:
    services.choose_way(ada, actor=ada, country="DE", rail="stripe_connect")
    for at in count():
        died = dies(lambda: services.open_account(ada, actor=ada), at, before=before)
        made = services.open_account(ada, actor=ada)
        assert list(stripe_on.world.accounts) == [made.account], at
        if not died:
            break
        RailAccount.objects.all().delete()
        with stripe_on.world.lock:
            stripe_on.world.accounts.clear()
    assert at >= 2


@both_sides
def test_dying_while_an_account_is_replaced_leaves_one_in_use(stripe_on: FakeStripe, ada: Person, before: bool) -> None:
    for at in count():
        old = account_at(stripe_on, ada)
        PayProfile.objects.update(changed_at=None)
        died = dies(lambda: services.replace_account(ada, actor=ada), at, before=before)
        # Their page offers what is left to do: to replace what is in use still, or to open one.
        now = account_in_use(ada, Rail.STRIPE_CONNECT)
        step = services.replace_account if now is not None and now.pk == old.pk else services.open_account
        made = step(ada, actor=ada)
        assert list(stripe_on.world.accounts) == [old.account, made.account], at
        assert list(RailAccount.objects.filter(replaced_at=None)) == [made], at
        # Whenever it was that the old one went, nothing is sent for three days.
        assert PayProfile.objects.get().changed_at is not None, at
        if not died:
            break
        RailAccount.objects.all().delete()
        with stripe_on.world.lock:
            stripe_on.world.accounts.clear()
    assert at >= 3


@both_sides
def test_dying_while_a_payment_by_hand_is_written_down_writes_it_once(ada: Person, sam: Person, before: bool) -> None:
    paid_by_hand(ada)
    fund = funded(sam)
    for at in count():
        payment = payable(ada, fund, AMOUNT, by=sam)

        def record(payment: Payment = payment) -> Payment:
            paper = SimpleUploadedFile("proof.pdf", PDF)
            return services.record_by_hand(payment, actor=sam, proof=shown(), reference="RF18", file=paper)

        died = dies(record, at, before=before)
        # The same form once more.
        if fresh(payment).state == "ready":
            record()
        else:
            assert code_of(record) == "payment-moved"
        told = fresh(payment)
        assert (told.state, told.reference, services.proof_of(told) is None, told.award.state) == (
            "sent", "RF18", False, "closed",
        ), at  # fmt: skip
        assert [one.kind for one in Entry.objects.filter(payment=payment)] == ["hand"], at
        if not died:
            break
    assert (at >= 2, balance_of(Side.PAID, "EUR", person=ada), differs()) == (True, (at + 1) * AMOUNT, [])


@both_sides
def test_dying_while_news_is_looked_at_mirrors_all_of_it(  # noqa: PLR0913
    stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person, settings: Any, before: bool
) -> None:
    settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET = list(SECRETS.values())
    world, fund, account = stripe_on.world, funded(sam), RailAccount.objects.get(account=ada_paid)
    hook = Hook(Outbox(world))
    with freeze_time(timezone.now()) as frozen:
        for at in count():
            payment = sent(stripe_on, promised(fund, ada, AMOUNT), account)
            world.reverse_by_hand(str(payment.transfer), 400)
            [payout] = world.pay_out(ada_paid)
            world.move_payout(payout, "paid")
            hook.deliver()
            died = dies(apply_due_events, at, before=before)
            # What one process had taken in hand is free again after a while.
            frozen.tick(timedelta(minutes=6))
            apply_due_events()
            told = Payment.objects.select_related("payout").get(pk=payment.pk)
            assert (told.state, told.came_back, told.arrival, told.payout and told.payout.payout) == (
                "partly_reversed", 400, "paid", payout,
            ), at  # fmt: skip
            assert not RailEvent.objects.filter(applied_at=None).exists(), at
            if not died:
                break
        assert (books_balance(), differs()) == ([], [])
        delivery.sweep()
    told_of = Counter(Notice.objects.filter(person=ada).values_list("kind", flat=True))
    assert (told_of["pay.arrived"], told_of["pay.came_back"], at >= 6) == (at + 1, at + 1, True)


@both_sides
def test_dying_while_a_transfer_is_adopted_adopts_it_once(
    stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person, before: bool
) -> None:
    fund, account = funded(sam), RailAccount.objects.get(account=ada_paid)
    for at in count():
        payment = promised(fund, ada, AMOUNT)
        transfer = transfer_of(stripe_on, unknown(payment, account))
        died = dies(lambda: reconcile(adopt=True), at, before=before)
        done = reconcile(adopt=True)
        told = fresh(payment)
        assert (told.state, told.transfer, told.award.state, done.open) == ("sent", transfer, "closed", []), at
        assert [one.kind for one in Entry.objects.filter(payment=payment)] == ["reserve", "send", "arrive"], at
        if not died:
            break
    assert (stripe_on.posts(), books_balance(), at >= 4) == ([], [], True)


@both_sides
def test_dying_over_the_last_approval_promises_once(ada: Person, sam: Person, before: bool) -> None:
    fund, (first, second) = funded(sam), approvers()
    parts = equal_parts(AMOUNT, 3, timezone.now().date())
    for at in count():
        award = submitted(ada, fund, by=sam, amount=AMOUNT, instalments=parts)
        yes(award, first)
        died = dies(lambda award=award: yes(award, second), at, before=before)  # type: ignore[misc]
        assert yes(award, second).state == "approved", at
        assert [one.amount for one in Payment.objects.filter(award=award)] == [334, 333, 333], at
        assert [one.kind for one in Entry.objects.filter(award=award)] == ["reserve"], at
        assert Approval.objects.filter(award=award).count() == 2, at
        if not died:
            break
    assert (at >= 1, balance_of(Side.OWED, "EUR", person=ada), differs()) == (True, (at + 1) * AMOUNT, [])


@both_sides
def test_dying_while_a_batch_is_made_makes_it_once(ada: Person, ben: Person, sam: Person, before: bool) -> None:
    fund, until = funded(sam), timezone.now() + timedelta(hours=1)
    for at in count():
        made = [earned(person, AMOUNT, source=f"test:{person.pk}:{at}") for person in (ada, ben)]
        seen = plan_batch(fund, until, actor=sam).digest

        def press(seen: str = seen) -> Batch:
            return make_batch(fund, until, actor=sam, title="Autumn", seen=seen, people={ada.pk, ben.pk})

        died = dies(press, at, before=before)
        # The same form once more: it makes what was not made, and nothing where it was.
        if died and before:
            press()
        else:
            assert code_of(press) == "plan-changed", at
        awards = Award.objects.filter(contributions__in=made)
        assert [(one.state, one.amount) for one in awards] == [("submitted", AMOUNT)] * 2, at
        assert (Batch.objects.count(), Award.objects.count()) == (at + 1, 2 * (at + 1)), at
        if not died:
            break
    assert at >= 1
