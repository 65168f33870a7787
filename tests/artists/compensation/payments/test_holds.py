"""What holds a payment: each reason by itself, in words, with whose turn it is; and sums and currencies at their edges."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.awards.digest import Instalment
from artists.compensation.awards.services import void_award
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.services import freeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Payment, PayProfile, RailAccount
from artists.compensation.payments import services
from artists.compensation.payments.holds import holds_of, holds_of_many
from artists.compensation.payments.services.sending import check_held
from artists.people.models import Person, RoleGrant
from tests.doubles.stripe import At, FakeStripe, Kind, routes
from tests.factories.awards import yes
from tests.factories.pay import funded
from tests.factories.people import holder_of
from tests.factories.refusals import code_of
from tests.factories.sending import account_at, approvers, fresh, payable, shown


def told(payment: Payment) -> list[tuple[str, str]]:
    """Codes, and whose turn each is."""
    holds = holds_of(fresh(payment))
    assert all(str(hold.words) and str(hold.todo) for hold in holds)
    return [(hold.code, hold.whose) for hold in holds]


def readiness(person: Person, state: str) -> None:
    RailAccount.objects.filter(person=person).update(readiness=state)


HELD: dict[str, tuple[Callable[[Payment], object], str]] = {
    "not-onboarded": (lambda one: readiness(one.payee, "incomplete"), "payee"),
    "capability-off": (lambda one: readiness(one.payee, "restricted"), "payee"),
    "account-changed": (
        lambda one: PayProfile.objects.filter(person=one.payee).update(changed_at=timezone.now()),
        "time",
    ),
    "way-impossible": (lambda one: PayProfile.objects.filter(person=one.payee).update(country="MX"), "payee"),
    "tax-missing": (lambda one: type(one.award.fund).objects.update(asks_tax=True), "staff"),
    "fund-frozen": (lambda one: freeze_fund(one.award.fund, actor=approvers()[0], reason="The bank asks."), "staff"),
    "person-hold": (lambda one: services.hold(one, actor=approvers()[0], reason="Wait."), "staff"),
    "approvals-lapsed": (lambda one: RoleGrant.objects.filter(person=approvers()[0]).delete(), "staff"),
    "daily-cap": (lambda one: type(one.award.fund).objects.update(daily_most=1), "time"),
}


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    return payable(ada, funded(sam), by=sam)


@pytest.mark.parametrize("code", sorted(HELD))
def test_each_reason_holds_and_sends_nothing(stripe_on: FakeStripe, payment: Payment, sam: Person, code: str) -> None:
    assert told(payment) == []
    happens, whose = HELD[code]
    happens(payment)
    assert told(payment) == [(code, whose)]
    assert code_of(lambda: services.send_payment(fresh(payment), actor=sam, proof=shown())) == code
    assert (stripe_on.posts(), fresh(payment).state, Attempt.objects.count()) == ([], "ready", 0)
    [planned] = services.plan([fresh(payment)])
    assert (planned.goes, [hold.code for hold in planned.holds]) == (False, [code])


@pytest.mark.parametrize("code", sorted(HELD))
def test_by_hand_only_the_way_does_not_count(stripe_on: FakeStripe, payment: Payment, sam: Person, code: str) -> None:
    HELD[code][0](payment)

    def record() -> Payment:
        return services.record_by_hand(fresh(payment), actor=sam, proof=shown(), reference="RF18")

    if code in {"not-onboarded", "capability-off", "way-impossible"}:
        assert record().state == "sent"
    else:
        assert code_of(record) == code
        assert fresh(payment).state == "ready"


def test_instalment_that_is_not_due_waits(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person) -> None:
    parts = [Instalment(1000, timezone.localdate() + timedelta(days=1))]
    later = payable(ada, funded(sam), 1000, by=sam, instalments=parts)
    acts: list[Callable[[], object]] = [
        lambda: services.send_payment(later, actor=sam, proof=shown()),
        lambda: services.record_by_hand(fresh(later), actor=sam, proof=shown(), reference="RF18"),
    ]
    assert (told(later), [code_of(act) for act in acts]) == ([("not-due", "time")], ["not-due"] * 2)
    [planned] = services.plan([fresh(later)])
    assert (planned.goes, stripe_on.posts(), Attempt.objects.count()) == (False, [], 0)


def test_account_that_stripe_looks_into_waits_for_stripe(payment: Payment, ada: Person) -> None:
    readiness(ada, "review")
    assert told(payment) == [("capability-off", "rail")]


def test_without_a_key_nothing_can_go_by_stripe(payment: Payment, settings: Any) -> None:
    settings.VERNISSAGE_STRIPE_KEY = ""
    assert told(payment) == [("way-impossible", "payee")]


def test_award_that_ended_pays_nothing(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person) -> None:
    today = timezone.localdate()
    parts = [Instalment(600, today), Instalment(400, today + timedelta(days=30))]
    first = payable(ada, funded(sam), 1000, by=sam, instalments=parts)
    second = Payment.objects.get(award=first.award, number=2)
    assert [told(one) for one in (first, second)] == [[], [("not-due", "time")]]
    services.send_payment(first, actor=sam, proof=shown())
    assert fresh(second).award.state == "approved"  # half of it is paid
    void_award(fresh(second).award, actor=sam, reason="The film was not made.")
    assert (fresh(second).state, told(second)) == ("cancelled", [])
    assert code_of(lambda: services.send_payment(fresh(second), actor=sam, proof=shown())) == "payment-moved"
    assert [one["amount"] for one in stripe_on.world.transfers.values()] == [600]


def test_approval_anew_lets_it_go(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    HELD["approvals-lapsed"][0](payment)
    yes(fresh(payment).award, holder_of("staff", "Uma"))  # type: ignore[arg-type] - a role by its name
    assert told(payment) == []
    assert services.send_payment(fresh(payment), actor=sam, proof=shown()).state == "sent"


def test_what_is_sent_is_held_by_nothing(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    sent = services.send_payment(payment, actor=sam, proof=shown())
    HELD["fund-frozen"][0](payment)
    assert told(sent) == []


def test_many_are_asked_about_with_as_few_questions_as_one(
    payment: Payment, ada: Person, ben: Person, sam: Person
) -> None:
    def asked() -> int:
        rows = list(Payment.objects.select_related("award__fund", "payee"))
        with CaptureQueriesContext(connection) as queries:
            assert len(holds_of_many(rows)) == len(rows)
        return len(queries)

    one = asked()
    for number in range(3):
        payable(ben if number else ada, payment.award.fund, 100, by=sam)
    assert asked() == one


def test_sums_beyond_32_bits_and_currencies_without_a_fraction(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person, settings: Any) -> None:  # fmt: skip
    settings.VERNISSAGE_CURRENCIES = ["EUR", "JPY", "ISK"]
    large, yen = 3_000_000_000, 500
    stripe_on.world.top_up(large)
    stripe_on.world.top_up(yen, "jpy")
    rows = [
        payable(ada, funded(sam, large, name="Large"), large, by=sam),
        payable(ada, funded(sam, yen, name="Yen", currency="JPY"), yen, by=sam),
    ]
    services.send_due(rows, actor=sam, proof=shown())
    sent = [(one["amount"], one["currency"]) for one in stripe_on.world.transfers.values()]
    assert sent == [(large, "eur"), (yen, "jpy")]
    # Stripe counts krónur in hundredths: what would be a hundred times too little is not sent at all.
    krona = payable(ada, funded(sam, yen, name="Krona", currency="ISK"), yen, by=sam)
    assert told(krona) == [("way-impossible", "payee")]


def test_database_that_is_away_after_the_call_loses_nothing(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def away(*_args: object) -> None:
        raise OperationalError("the database is away")

    other = payable(ada, payment.award.fund, 500, by=sam)
    with monkeypatch.context() as patched:
        patched.setattr("artists.compensation.payments.services.sending.settle", away)
        with pytest.raises(OperationalError):
            services.send_due([payment, other], actor=sam, proof=shown())
    assert (fresh(payment).state, fresh(other).state) == ("sending", "ready")
    Attempt.objects.update(due_at=timezone.now())
    services.resolve_due()
    assert (fresh(payment).state, len(stripe_on.world.transfers)) == ("sent", 1)
    assert balance_of(Side.PAID, "EUR", person=ada) == 30_000


def test_country_in_which_stripe_opens_no_account(
    stripe_on: FakeStripe, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.choose_way(ada, actor=ada, country="DE", rail="stripe_connect")
    for name in ("SELF_SERVE", "BEYOND"):
        monkeypatch.setattr(routes, name, frozenset())
    assert code_of(lambda: services.open_account(ada, actor=ada)) == "country-not-by-stripe"
    assert RailAccount.objects.get().account is None


def test_somebody_else_s_transfer_for_the_payment_waits_for_a_person(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ben: Person, sam: Person) -> None:  # fmt: skip
    stripe_on.go_wrong(Kind.RESET, At.AFTER)
    services.send_payment(payment, actor=sam, proof=shown())
    more = {"transfer_group": f"pay_{payment.pk}"}
    by_hand = stripe_on.world.transfer_by_hand(ada_paid, 30_000, **more)
    looked = services.look_again(payment, actor=sam)
    assert (looked.state, Attempt.objects.get().code) == ("needs_human", "two-transfers")
    # Nothing looks at it by itself any more; somebody puts it right at Stripe and says so.
    assert services.resolve_due() == 0
    stripe_on.world.reverse_by_hand(by_hand)
    assert services.look_again(payment, actor=sam).state == "sent"
    assert len(stripe_on.posts()) == 1


def test_account_of_another_in_the_answer_waits_for_a_person(stripe_on: FakeStripe, payment: Payment, ben: Person, sam: Person) -> None:  # fmt: skip
    other = str(account_at(stripe_on, ben).account)
    stripe_on.go_wrong(Kind.RESET, At.BEFORE)
    services.send_payment(payment, actor=sam, proof=shown())
    stripe_on.world.transfer_by_hand(other, 30_000, transfer_group=f"pay_{payment.pk}")
    assert services.look_again(payment, actor=sam).state == "needs_human"
    assert Attempt.objects.get().code == "transfer-differs"


def test_due_day_is_that_of_utc_wherever_the_sender_is(ada_paid: str, ada: Person, sam: Person) -> None:
    payment = payable(ada, funded(sam), 1000, by=sam, instalments=[Instalment(1000, date(2027, 3, 2))])
    for moment, held in (("2027-03-01T23:59", ["not-due"]), ("2027-03-02T00:00", [])):
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            with freeze_time(moment), timezone.override(zone):
                assert [hold.code for hold in holds_of(fresh(payment))] == held, (moment, zone)


def test_fund_is_judged_as_it_is_under_its_lock(ada_paid: str, ada: Person, sam: Person) -> None:
    payment = payable(ada, funded(sam), by=sam)
    read_before = fresh(payment)
    freeze_fund(payment.award.fund, actor=sam, reason="The bank asks.")
    assert code_of(lambda: check_held(read_before, "payment.send")) == "fund-frozen"
