"""Sending a payment: by a person, once, with the books following how each call ended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.services import freeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Award, Entry, Payment, PayProfile, RailAccount
from artists.compensation.payments import services
from artists.compensation.payments.holds import holds_of
from artists.people.models import Person, RoleGrant
from artists.people.proofs import RECENT
from portal.access import System
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.comparing import differs
from tests.factories.pay import funded
from tests.factories.refusals import code_of
from tests.factories.sending import account_at, approvers, fresh, paid_by_hand, payable, shown


def money(person: Person) -> tuple[int, int, int]:
    """Owed, on its way, paid."""
    owed, flight, paid = (balance_of(side, "EUR", person=person) for side in (Side.OWED, Side.FLIGHT, Side.PAID))
    return owed, flight, paid


def send(payment: Payment, by: Person) -> Payment:
    return services.send_payment(payment, actor=by, proof=shown())


def later(**kwargs: float) -> freeze_time:
    return freeze_time(timezone.now() + timedelta(**kwargs), tick=True)


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    return payable(ada, funded(sam), by=sam)


def test_payment_is_sent_and_closes_its_award(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    sent = send(payment, sam)
    attempt = Attempt.objects.get()
    [transfer] = stripe_on.world.transfers.values()
    assert (sent.state, sent.transfer, sent.rail) == ("sent", transfer["id"], "stripe_connect")
    assert (transfer["amount"], transfer["currency"], transfer["destination"]) == (30_000, "eur", ada_paid)
    assert (attempt.state, attempt.transfer, attempt.arrived_as, attempt.calls) == (
        "accepted", transfer["id"], transfer["destination_payment"], 1,
    )  # fmt: skip
    assert stripe_on.posts()[0].key == f"pay-{payment.pk}-1"
    assert list(Entry.objects.filter(payment=payment).values_list("kind", "key")) == [
        ("send", f"send-{attempt.pk}"), ("arrive", f"arrive-{attempt.pk}"),
    ]  # fmt: skip
    assert (money(ada), Award.objects.get().state, books_balance()) == ((0, 0, 30_000), "closed", [])


def test_second_click_sends_nothing(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    send(payment, sam)
    assert code_of(lambda: send(payment, sam)) == "payment-moved"
    assert len(stripe_on.world.transfers) == len(stripe_on.posts()) == 1


def test_only_staff_with_a_recent_second_factor_send(stripe_on: FakeStripe, payment: Payment, ada: Person, ben: Person, rhea: Person, sam: Person) -> None:  # fmt: skip
    for person in (ada, ben, rhea):
        assert code_of(lambda who=person: send(payment, who)) == "role"
    assert code_of(lambda: services.send_payment(payment, actor=System("a command"), proof=shown())) == "sign-in"  # type: ignore[arg-type]
    assert code_of(lambda: services.send_payment(payment, actor=sam, proof=None)) == "second-factor-old"
    old = timezone.now() - RECENT - timedelta(seconds=1)
    assert code_of(lambda: services.send_payment(payment, actor=sam, proof=old)) == "second-factor-old"
    assert code_of(lambda: services.send_due([payment], actor=sam, proof=None)) == "second-factor-old"
    RoleGrant.objects.create(person=ada, role="staff")
    assert code_of(lambda: send(payment, Person.objects.get(pk=ada.pk))) == "own-money"
    assert (stripe_on.posts(), Attempt.objects.count(), fresh(payment).state) == ([], 0, "ready")


def test_refused_payment_goes_back_to_the_artist_and_is_tried_again_with_another_key(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    stripe_on.world.balances[("", "eur")] = 0
    refused = send(payment, sam)
    assert (refused.state, money(ada)) == ("refused", (30_000, 0, 0))
    assert Attempt.objects.get().code == "balance_insufficient"
    # Topped up; the answer saved under the old key would stay the same for a day.
    stripe_on.world.top_up(500_00)
    services.retry(payment, actor=sam)
    assert send(payment, sam).state == "sent"
    assert [one.key for one in stripe_on.posts()] == [f"pay-{payment.pk}-1", f"pay-{payment.pk}-2"]
    assert (money(ada), [one.state for one in Attempt.objects.order_by("number")]) == ((0, 0, 30_000), ["refused", "accepted"])  # fmt: skip
    assert differs() == []


@pytest.mark.parametrize(
    ("kind", "at", "more"),
    [
        (Kind.RESET, At.BEFORE, {}),
        (Kind.RESET, At.AFTER, {}),
        (Kind.TIMEOUT, At.BEFORE, {}),
        (Kind.TIMEOUT, At.AFTER, {}),
        (Kind.STATUS, At.BEFORE, {"status": 500}),
        (Kind.STATUS, At.DURING, {"status": 500}),
        (Kind.STATUS, At.AFTER, {"status": 500}),
        (Kind.STATUS, At.BEFORE, {"status": 409}),
        (Kind.STATUS, At.BEFORE, {"status": 429}),
        (Kind.GARBAGE, At.BEFORE, {}),
        (Kind.GARBAGE, At.AFTER, {}),
        (Kind.LATE, At.BEFORE, {}),
        (Kind.LATE, At.DURING, {}),
    ],
)
def test_whatever_the_end_of_a_call_it_is_paid_once(  # noqa: PLR0913
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, kind: Kind, at: At, more: dict[str, int]
) -> None:
    stripe_on.go_wrong(kind, at, **more)
    unknown = send(payment, sam)
    assert (unknown.state, money(ada)) == ("unknown", (0, 30_000, 0))
    # Not payable, whoever asks: its money is on its way.
    assert code_of(lambda: send(payment, sam)) == "payment-moved"
    with later(minutes=5):
        services.resolve_due()
    stripe_on.release()
    with later(hours=2):
        services.resolve_due()
    if fresh(payment).state != "sent":  # Stripe saved a failure under this key: it lasts a day, and nothing was there
        assert (kind, at) == (Kind.STATUS, At.DURING)
        stripe_on.pass_time(hours=49)
        for hours in (25, 49):
            with later(hours=hours):
                services.resolve_due()
        assert (fresh(payment).state, money(ada)) == ("refused", (30_000, 0, 0))
        services.retry(payment, actor=sam)
        send(payment, sam)
    paid = fresh(payment)
    assert (paid.state, len(stripe_on.world.transfers), money(ada)) == ("sent", 1, (0, 0, 30_000))
    assert (paid.transfer, books_balance()) == (next(iter(stripe_on.world.transfers)), [])
    assert differs() == []


def test_saved_failure_is_believed_only_after_a_day_and_an_empty_list(
    stripe_on: FakeStripe, payment: Payment, sam: Person
) -> None:
    stripe_on.go_wrong(Kind.STATUS, At.DURING, status=500)
    send(payment, sam)
    stripe_on.pass_time(hours=23.5)
    with later(hours=23.5):
        services.resolve_due()
    assert (fresh(payment).state, len(stripe_on.posts())) == ("unknown", 1)
    stripe_on.pass_time(hours=1)
    with later(hours=24.5):
        services.resolve_due()
    attempt = Attempt.objects.get()
    assert (fresh(payment).state, attempt.code, len(stripe_on.posts())) == ("refused", "nothing-came", 1)
    assert differs() == []


def test_late_effect_after_an_empty_list_is_found(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    stripe_on.go_wrong(Kind.LATE, At.DURING)
    send(payment, sam)
    with later(minutes=3):
        services.resolve_due()  # empty list, then 409: the first call still runs
    assert fresh(payment).state == "unknown"
    stripe_on.release()
    with later(hours=3):
        services.resolve_due()
    assert (fresh(payment).state, len(stripe_on.world.transfers), money(ada)) == ("sent", 1, (0, 0, 30_000))
    assert differs() == []


def test_process_that_dies_after_the_call_is_found_out_about(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("artists.compensation.payments.services.sending.settle", die)
        with pytest.raises(SystemExit):
            send(payment, sam)
    assert (fresh(payment).state, Attempt.objects.get().state, money(ada)) == ("sending", "prepared", (0, 30_000, 0))
    services.resolve_due()
    assert fresh(payment).state == "sending"  # for two minutes the caller may still be there
    with later(minutes=2, seconds=1):
        services.resolve_due()
    assert (fresh(payment).state, len(stripe_on.world.transfers), len(stripe_on.posts())) == ("sent", 1, 1)
    assert differs() == []


def test_account_that_closed_between_check_and_call(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    stripe_on.world.close(ada_paid)
    assert (send(payment, sam).state, Attempt.objects.get().code, money(ada)) == ("refused", "resource_missing", (30_000, 0, 0))  # fmt: skip
    assert differs("account-closed") == []


def test_capability_that_went_between_check_and_call(
    stripe_on: FakeStripe, ada_paid: str, payment: Payment, sam: Person
) -> None:
    stripe_on.world.ask_again(ada_paid)
    send(payment, sam)
    assert Attempt.objects.get().code == "insufficient_capabilities_for_transfer"
    assert differs("account-changed") == []


def test_country_that_stripe_refuses_is_known_before(stripe_on: FakeStripe, ben: Person, sam: Person) -> None:
    account_at(stripe_on, ben, country="MX")
    payment = payable(ben, funded(sam), by=sam)
    assert [hold.code for hold in holds_of(payment)] == ["way-impossible"]
    assert code_of(lambda: send(payment, sam)) == "way-impossible"
    # Were the table of countries older than Stripe's, its own words would be kept.
    PayProfile.objects.filter(person=ben).update(country="DE")
    send(payment, sam)
    assert "MX" in Attempt.objects.get().words
    assert differs() == []


def test_key_that_stripe_refuses_stops_the_batch(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    other = payable(ada, payment.award.fund, 5000, by=sam)
    stripe_on.go_wrong(Kind.STATUS, status=401)
    told = services.send_due([payment, other], actor=sam, proof=shown())
    assert [(one.payment.state, one.why.code) for one in told] == [("refused", ""), ("ready", "key-refused")]
    assert len(stripe_on.posts()) == 1
    assert differs() == []


def test_batch_stands_or_falls_one_by_one(
    stripe_on: FakeStripe, payment: Payment, ada: Person, nia: Person, sam: Person
) -> None:
    held = payable(ada, payment.award.fund, 5000, by=sam)
    services.hold(held, actor=sam, reason="The invoice is missing.")
    nobody = payable(nia, payment.award.fund, 5000, by=sam)
    last = payable(ada, payment.award.fund, 700, by=sam)
    rows = [payment, fresh(held), nobody, last]
    assert [(one.goes, [hold.code for hold in one.holds]) for one in services.plan(rows)] == [
        (True, []), (False, ["person-hold"]), (False, ["not-onboarded"]), (True, []),
    ]  # fmt: skip
    assert Attempt.objects.count() == 0
    told = services.send_due(rows, actor=sam, proof=shown())
    assert [(one.payment.state, one.why.code) for one in told] == [
        ("sent", ""), ("ready", "person-hold"), ("ready", "not-onboarded"), ("sent", ""),
    ]  # fmt: skip
    assert sorted(one["amount"] for one in stripe_on.world.transfers.values()) == [700, 30_000]
    assert differs() == []


def test_daily_limit_counts_the_whole_batch_and_what_is_of_unknown_end(
    stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person
) -> None:
    fund = funded(sam, daily_most=10_000)
    first, second, third = (payable(ada, fund, amount, by=sam) for amount in (6000, 4000, 1))
    assert [one.goes for one in services.plan([first, second, third])] == [True, True, False]
    stripe_on.go_wrong(Kind.TIMEOUT)
    assert send(first, sam).state == "unknown"
    assert send(second, sam).state == "sent"
    assert code_of(lambda: send(third, sam)) == "daily-cap"
    with later(hours=24, seconds=1):
        assert send(third, sam).state == "sent"


def test_fund_frozen_after_approval_holds(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    freeze_fund(payment.award.fund, actor=sam, reason="The bank asks.")
    assert code_of(lambda: send(fresh(payment), sam)) == "fund-frozen"
    assert stripe_on.posts() == []


def test_approver_who_left_the_staff_holds(stripe_on: FakeStripe, payment: Payment, sam: Person, olga: Person) -> None:
    first, _second = approvers()
    RoleGrant.objects.filter(person=first).delete()
    assert code_of(lambda: send(fresh(payment), sam)) == "approvals-lapsed"
    assert stripe_on.posts() == []


def test_account_replaced_between_approval_and_payment_waits_three_days(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    RailAccount.objects.filter(person=ada).update(replaced_at=timezone.now())
    new = account_at(stripe_on, ada)
    PayProfile.objects.filter(person=ada).update(changed_at=timezone.now())
    assert code_of(lambda: send(payment, sam)) == "account-changed"
    with later(hours=72, seconds=1):
        send(payment, sam)
    assert Attempt.objects.get().destination == new.account
    assert differs() == []


def test_suspended_artist_is_paid(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person) -> None:
    from portal.program.reach import Target
    from portal.program.states import Scope
    from portal.program.suspending import suspend

    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A leak is looked into.")
    suspend(Target(Scope.PROGRAM), actor=sam, reason="All of it.")
    assert (holds_of(fresh(payment)), send(payment, sam).state) == ([], "sent")


def test_payment_by_hand_is_written_down_once(ada: Person, sam: Person) -> None:
    paid_by_hand(ada)
    payment = payable(ada, funded(sam), by=sam)
    assert code_of(lambda: send(payment, sam)) == "by-hand"

    def record(reference: str) -> Payment:
        return services.record_by_hand(payment, actor=sam, proof=shown(), reference=reference)

    assert code_of(lambda: record(" ")) == "reference-missing"
    assert code_of(lambda: record("x" * 121)) == "reference-long"
    assert (
        code_of(lambda: services.record_by_hand(payment, actor=sam, proof=None, reference="a")) == "second-factor-old"
    )
    done = record("  RF18  5390 ")
    assert (done.state, done.reference, done.rail, money(ada), Award.objects.get().state) == (
        "sent", "RF18 5390", "manual", (0, 0, 30_000), "closed",
    )  # fmt: skip
    assert code_of(lambda: record("again")) == "payment-moved"
    assert Entry.objects.get(kind="hand").key == f"hand-{payment.pk}"
    assert differs() == []
