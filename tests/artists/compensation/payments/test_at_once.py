"""Several people and processes at the same payment at the same moment: one of them acts."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.awards.services import approving, void_award
from artists.compensation.ledger import services as funds
from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Award, Payment
from artists.compensation.payments import services
from artists.compensation.payments.services import returning, settling
from artists.people.models import Person
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.pay import funded
from tests.factories.people import signed_in
from tests.factories.sending import fresh, payable, shown
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    return payable(ada, funded(sam), by=sam)


def codes(results: list[object]) -> list[str]:
    """What each of them met: the state it left, or the code of its refusal."""
    return sorted(one.decision.code if isinstance(one, Exception) else str(one.state) for one in results)  # type: ignore[attr-defined]


def test_two_workers_send_one_payment_once(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person) -> None:
    done = at_once(4, lambda _n: services.send_payment(payment, actor=sam, proof=shown()))
    assert codes(done) == ["payment-moved", "payment-moved", "payment-moved", "sent"]
    assert (len(stripe_on.posts()), Attempt.objects.count(), balance_of(Side.PAID, "EUR", person=ada)) == (1, 1, 30_000)


def test_double_click_sends_once(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    url = f"{reverse('staff_payments_batch')}?p={payment.pk}"
    clients = [signed_in(sam) for _ in range(2)]
    done = at_once(2, lambda number: clients[number].post(url).status_code)
    assert (done, len(stripe_on.posts()), fresh(payment).state) == ([200, 200], 1, "sent")


def test_several_sweeps_call_again_once(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    stripe_on.go_wrong(Kind.RESET, At.BEFORE)
    assert services.send_payment(payment, actor=sam, proof=shown()).state == "unknown"
    with freeze_time(timezone.now() + timedelta(minutes=5), tick=True):
        at_once(4, lambda _n: services.resolve_due())
    assert (len(stripe_on.posts()), len(stripe_on.world.transfers), fresh(payment).state) == (2, 1, "sent")


def test_somebody_looks_while_the_sweep_does(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    stripe_on.go_wrong(Kind.RESET, At.BEFORE)
    services.send_payment(payment, actor=sam, proof=shown())
    acts = [services.resolve_due, lambda: services.look_again(payment, actor=sam)] * 2
    with freeze_time(timezone.now() + timedelta(minutes=5), tick=True):
        at_once(4, lambda number: acts[number]())
        services.resolve_due()
    assert (len(stripe_on.world.transfers), fresh(payment).state, books_balance()) == (1, "sent", [])


def test_sending_and_cancelling_at_once(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person) -> None:
    acts = [
        lambda: services.send_payment(payment, actor=sam, proof=shown()),
        lambda: services.cancel(payment, actor=sam, reason="Not made."),
    ]
    done = at_once(2, lambda number: acts[number]())
    assert codes(done) in (
        ["payment-moved", "sent"],
        ["cancelled", "payment-moved"],
        ["award-not-approved", "cancelled"],
    )
    paid = fresh(payment).state == "sent"
    assert (len(stripe_on.world.transfers), balance_of(Side.PAID, "EUR", person=ada)) == (int(paid), 30_000 * paid)
    assert (balance_of(Side.OWED, "EUR", person=ada), books_balance()) == (0, [])


def test_sending_and_holding_at_once(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    acts = [
        lambda: services.send_payment(payment, actor=sam, proof=shown()),
        lambda: services.hold(payment, actor=sam, reason="Wait."),
    ]
    at_once(2, lambda number: acts[number]())
    now = fresh(payment)
    assert (now.state, bool(now.held_reason), len(stripe_on.world.transfers)) in {
        ("sent", False, 1),
        ("ready", True, 0),
    }


def test_two_who_take_back_at_once_take_it_back_once(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    services.send_payment(payment, actor=sam, proof=shown())
    done = at_once(
        3, lambda _n: services.reverse(fresh(payment), actor=sam, proof=shown(), amount=30_000, reason="Wrong.")
    )
    assert [one for one in codes(done) if one == "reversed"] == ["reversed"]
    [transfer] = stripe_on.world.transfers.values()
    assert (transfer["amount_reversed"], balance_of(Side.OWED, "EUR", person=ada), Award.objects.get().state) == (
        30_000, 30_000, "approved",
    )  # fmt: skip


def test_two_batches_stay_within_the_daily_limit(
    stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person
) -> None:
    fund = funded(sam, daily_most=10_000)
    rows = [payable(ada, fund, 6000, by=sam) for _ in range(3)]
    at_once(3, lambda number: services.send_payment(rows[number], actor=sam, proof=shown()))
    assert (len(stripe_on.world.transfers), sorted(fresh(one).state for one in rows)) == (1, ["ready", "ready", "sent"])


class Meeting:
    """Brings one act to where it has its first lock before the other asks for its second: if their orders differ, they wait in a circle."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch, self.first, self.second = monkeypatch, threading.Event(), threading.Event()

    def one(self, module: Any, name: str) -> None:
        """The act that comes here first, and goes on when the other has come to where it is met."""
        real = getattr(module, name)

        def slow(*args: Any, **more: Any) -> Any:
            self.first.set()
            self.second.wait(10)
            return real(*args, **more)

        self.patch.setattr(module, name, slow)

    def other(self, module: Any, name: str) -> None:
        """The act that is met here."""
        real = getattr(module, name)

        def slow(*args: Any, **more: Any) -> Any:
            self.first.wait(10)
            self.second.set()
            time.sleep(0.5)
            return real(*args, **more)

        self.patch.setattr(module, name, slow)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_budget_and_ending_an_award_wait_for_each_other(
    ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fund = funded(sam)
    award = payable(ada, fund, by=sam).award
    meeting = Meeting(monkeypatch)
    meeting.one(funds, "record")
    meeting.other(approving, "_release")
    acts = [
        lambda: funds.give_budget(fund, 500, actor=sam, key="more"),
        lambda: void_award(award, actor=sam, reason="Over."),
    ]
    assert [one for one in at_once(2, lambda number: acts[number]()) if isinstance(one, Exception)] == []
    assert (balance_of(Side.FUND, "EUR", fund=fund), books_balance()) == (100_500, [])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_comes_back_and_what_arrives_of_one_artist_wait_for_each_other(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.send_payment(payment, actor=sam, proof=shown())
    other = payable(ada, payment.award.fund, 5000, by=sam)
    meeting = Meeting(monkeypatch)
    meeting.one(returning, "move")
    meeting.other(settling, "_enter")
    acts = [
        lambda: services.book_reversal(payment, "trr_1", 1000, sam),
        lambda: services.send_payment(other, actor=sam, proof=shown()),
    ]
    assert [one for one in at_once(2, lambda number: acts[number]()) if isinstance(one, Exception)] == []
    assert (balance_of(Side.OWED, "EUR", person=ada), books_balance()) == (1000, [])
