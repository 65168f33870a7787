"""The process dies at every point at which something is committed, before it and after it: going on afterwards comes to the same end.

The points are counted, not sampled: each run dies one point later than the last, until one comes through.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Award, Entry, Payment, RailAccount, Return
from artists.compensation.payments import services
from artists.people.models import Person
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.pay import funded
from tests.factories.sending import fresh, payable, shown

REVERSALS = r"/v1/transfers/\w+/reversals"
AMOUNT = 1000


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
    leave, update = Atomic.__exit__, QuerySet.update

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

    Atomic.__exit__, QuerySet.update = exit_, update_  # type: ignore[method-assign]
    try:
        yield
    finally:
        Atomic.__exit__, QuerySet.update = leave, update  # type: ignore[method-assign]


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


@pytest.mark.parametrize("before", [True, False], ids=["before each commit", "after each commit"])
@pytest.mark.parametrize("trouble", list(TROUBLES))
def test_dying_anywhere_comes_to_the_same_end(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person, trouble: str, before: bool) -> None:  # fmt: skip
    fund = funded(sam)
    with freeze_time(timezone.now()) as frozen:
        points = 0
        while True:
            payment = payable(ada, fund, AMOUNT, by=sam)
            stripe_on.faults.clear()
            TROUBLES[trouble](stripe_on)
            killer, died = Killer(points, before=before), False
            try:
                with killed_by(killer):
                    all_steps(stripe_on, frozen, payment, sam)
            except Died:
                died = True
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
        assert books_balance() == []
    # Two sendings and a return, two transactions each and more for what looks: fewer points would mean that nothing was killed.
    assert points >= 7


@pytest.mark.parametrize("before", [True, False])
def test_dying_while_an_account_is_made_leaves_one(stripe_on: FakeStripe, ada: Person, before: bool) -> None:
    services.choose_way(ada, actor=ada, country="DE", rail="stripe_connect")
    points = 0
    while True:
        died = False
        try:
            with killed_by(Killer(points, before=before)):
                services.open_account(ada, actor=ada)
        except Died:
            died = True
        made = services.open_account(ada, actor=ada)
        assert list(stripe_on.world.accounts) == [made.account], points
        if not died:
            break
        points += 1
        RailAccount.objects.all().delete()
        with stripe_on.world.lock:
            stripe_on.world.accounts.clear()
    assert points >= 2
