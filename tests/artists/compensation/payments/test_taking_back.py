"""Money that comes back: asked for by a person, once; owed again; paid again under another key."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.awards.digest import equal_parts
from artists.compensation.awards.services import change_award, make_batch, plan_batch, submit_award, void_award
from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.services import close_fund, give_budget, take_budget
from artists.compensation.ledger.states import Side
from artists.compensation.models import Award, Contribution, Entry, Payment, Return
from artists.compensation.payments import services
from artists.people.models import Person
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.awards import promise, yes
from tests.factories.comparing import differs
from tests.factories.pay import earned, funded
from tests.factories.refusals import code_of
from tests.factories.sending import approvers, fresh, paid_by_hand, payable, shown

REVERSALS = r"/v1/transfers/\w+/reversals"


def money(person: Person) -> tuple[int, int, int]:
    """Owed, on its way, paid."""
    owed, flight, paid = (balance_of(side, "EUR", person=person) for side in (Side.OWED, Side.FLIGHT, Side.PAID))
    return owed, flight, paid


def back(payment: Payment, amount: int, by: Person, **more: str) -> Payment:
    given = {"reason": "Sent for the wrong month."} | more
    return services.reverse(fresh(payment), actor=by, proof=shown(), amount=amount, **given)


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    made = payable(ada, funded(sam), by=sam)
    return services.send_payment(made, actor=sam, proof=shown())


def test_part_and_rest_come_back_and_it_is_paid_again(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    assert Award.objects.get().state == "closed"
    part = back(payment, 10_000, sam)
    assert (part.state, part.came_back, part.end_reason, money(ada)) == (
        "partly_reversed", 10_000, "Sent for the wrong month.", (10_000, 0, 20_000),
    )  # fmt: skip
    assert Award.objects.get().state == "approved"
    assert code_of(lambda: back(payment, 20_001, sam)) == "reversal-too-much"
    assert code_of(lambda: back(payment, 0, sam)) == "reversal-too-much"
    whole = back(payment, 20_000, sam)
    assert (whole.state, money(ada), stripe_on.world.balance(ada_paid, "eur")) == ("reversed", (30_000, 0, 0), 0)
    assert code_of(lambda: back(payment, 1, sam)) == "payment-moved"
    services.pay_again(fresh(payment), actor=sam)
    paid = services.send_payment(fresh(payment), actor=sam, proof=shown())
    assert (paid.state, paid.came_back, money(ada), Award.objects.get().state) == ("sent", 0, (0, 0, 30_000), "closed")
    assert [one.key for one in stripe_on.posts()] == [f"pay-{payment.pk}-1", f"pay-{payment.pk}-2"]
    assert books_balance() == []
    assert differs() == []


def test_part_that_came_back_is_paid_again_by_a_payment_of_its_own_once(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    back(payment, 10_000, sam)
    rest = services.pay_again(fresh(payment), actor=sam)
    assert (rest.number, rest.amount, rest.state, rest.due_on) == (2, 10_000, "ready", payment.due_on)
    assert code_of(lambda: services.pay_again(fresh(payment), actor=sam)) == "payment-moved"
    sent = services.send_payment(rest, actor=sam, proof=shown())
    assert (sent.state, fresh(payment).state, fresh(payment).came_back, money(ada)) == (
        "sent", "partly_reversed", 10_000, (0, 0, 30_000),
    )  # fmt: skip
    assert (Award.objects.get().state, code_of(lambda: services.pay_again(fresh(payment), actor=sam))) == (
        "closed",
        "payment-moved",
    )
    assert [one.key for one in stripe_on.posts()] == [f"pay-{payment.pk}-1", f"pay-{rest.pk}-1"]
    # The rest of the first one comes back too: that alone is owed, not the whole sum again.
    assert back(payment, 20_000, sam).state == "reversed"
    other = services.pay_again(fresh(payment), actor=sam)
    assert (other.number, other.amount, Award.objects.get().state) == (3, 20_000, "approved")
    assert code_of(lambda: services.pay_again(fresh(payment), actor=sam)) == "payment-moved"
    services.cancel(other, actor=sam, reason="It was a mistake.")
    assert (money(ada), Award.objects.get().state, books_balance()) == ((0, 0, 10_000), "closed", [])
    assert differs() == []


def test_parts_of_two_payments_are_paid_again_together_and_whole_ones_as_they_were(ada: Person, sam: Person) -> None:
    paid_by_hand(ada)
    parts = equal_parts(30_000, 3, timezone.now().date())
    payable(ada, funded(sam), by=sam, instalments=parts)
    due = [services.record_by_hand(one, actor=sam, proof=shown(), reference="A") for one in Payment.objects.filter(due_on__lte=timezone.now())]  # fmt: skip
    with freeze_time(timezone.now() + timedelta(days=120), tick=True):
        rest = Payment.objects.filter(state="ready").order_by("number")
        first, second, third = [*due, *(services.record_by_hand(one, actor=sam, proof=shown(), reference="B") for one in rest)]  # fmt: skip
        back(first, 1000, sam, reference="C")
        back(second, 2000, sam, reference="D")
        back(third, 10_000, sam, reference="E")
        made = services.pay_again(fresh(second), actor=sam)
        assert (made.amount, code_of(lambda: services.pay_again(fresh(first), actor=sam))) == (3000, "payment-moved")
        assert services.pay_again(fresh(third), actor=sam).pk == third.pk
        for one in (made, third):
            services.record_by_hand(fresh(one), actor=sam, proof=shown(), reference="F")
    assert (money(ada), Award.objects.get().state, books_balance()) == ((0, 0, 30_000), "closed", [])
    assert differs() == []


def test_unknown_end_after_a_return_never_takes_the_old_transfer_for_the_new(stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    back(payment, 30_000, sam)
    services.pay_again(fresh(payment), actor=sam)
    stripe_on.go_wrong(Kind.TIMEOUT)
    services.send_payment(fresh(payment), actor=sam, proof=shown())
    with freeze_time(timezone.now() + timedelta(minutes=5), tick=True):
        services.resolve_due()
    first, second = stripe_on.world.transfers
    assert (fresh(payment).state, fresh(payment).transfer, first == second) == ("sent", second, False)
    assert differs() == []


def test_artist_who_took_the_money_out_keeps_it(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    stripe_on.world.pay_out(ada_paid)
    assert code_of(lambda: back(payment, 30_000, sam)) == "return-refused"
    assert (fresh(payment).state, money(ada), Return.objects.get().state) == ("sent", (0, 0, 30_000), "refused")
    # They put it back into their balance; the answer saved under the old key does not matter.
    stripe_on.world.transfer_by_hand(ada_paid, 30_000)
    assert back(payment, 30_000, sam).state == "reversed"
    # What they put back came past the portal, and is found.
    assert differs("transfer-not-in-books") == []


@pytest.mark.parametrize(("kind", "at", "status"), [
    (Kind.RESET, At.BEFORE, 0), (Kind.RESET, At.AFTER, 0), (Kind.TIMEOUT, At.BEFORE, 0), (Kind.TIMEOUT, At.AFTER, 0),
    (Kind.STATUS, At.BEFORE, 500), (Kind.STATUS, At.DURING, 500), (Kind.STATUS, At.AFTER, 500), (Kind.STATUS, At.BEFORE, 429),
    (Kind.LATE, At.BEFORE, 0), (Kind.LATE, At.DURING, 0), (Kind.GARBAGE, At.AFTER, 0),
])  # fmt: skip
def test_whatever_the_end_of_the_call_it_comes_back_once(  # noqa: PLR0913
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, kind: Kind, at: At, status: int
) -> None:
    stripe_on.go_wrong(kind, at, path=REVERSALS, status=status)
    unknown = back(payment, 12_000, sam)
    assert (unknown.state, Return.objects.get().state, money(ada)) == ("sent", "unknown", (0, 0, 30_000))
    assert code_of(lambda: back(payment, 12_000, sam)) == "return-open"
    with freeze_time(timezone.now() + timedelta(minutes=5), tick=True):
        services.resolve_returns()
    stripe_on.release()
    for hours in (2, 25, 49):
        with freeze_time(timezone.now() + timedelta(hours=hours), tick=True):
            stripe_on.pass_time(hours=0)  # keys that are a day old by then are forgotten
            services.resolve_returns()
    asked = Return.objects.get()
    if (kind, at) == (Kind.STATUS, At.DURING):
        assert (asked.state, asked.code, money(ada)) == ("refused", "nothing-came", (0, 0, 30_000))
        back(payment, 12_000, sam)
    [transfer] = stripe_on.world.transfers.values()
    assert (transfer["amount_reversed"], money(ada)) == (12_000, (12_000, 0, 18_000))
    assert (fresh(payment).state, Entry.objects.filter(kind="reverse").count(), books_balance()) == (
        "partly_reversed",
        1,
        [],
    )
    assert differs() == []


def test_only_others_with_a_second_factor_and_a_reason_take_back(stripe_on: FakeStripe, payment: Payment, ada: Person, ben: Person, sam: Person) -> None:  # fmt: skip
    assert [code_of(lambda who=person: back(payment, 5, who)) for person in (ada, ben)] == ["own-money", "role"]
    assert code_of(lambda: back(payment, 5, sam, reason=" ")) == "reason-missing"
    assert (
        code_of(lambda: services.reverse(payment, actor=sam, proof=None, amount=5, reason="x")) == "second-factor-old"
    )
    assert (Return.objects.count(), stripe_on.posts(REVERSALS)) == (0, [])


def test_what_came_back_at_the_bank_is_written_down_and_paid_anew(ada: Person, sam: Person) -> None:
    paid_by_hand(ada)
    payment = payable(ada, funded(sam), by=sam)
    services.record_by_hand(payment, actor=sam, proof=shown(), reference="One")
    assert code_of(lambda: back(payment, 30_000, sam)) == "reference-missing"
    assert back(payment, 30_000, sam, reference="Bank 77").state == "reversed"
    assert (money(ada), Return.objects.get().reversal) == ((30_000, 0, 0), "Bank 77")
    services.pay_again(fresh(payment), actor=sam)
    again = services.record_by_hand(fresh(payment), actor=sam, proof=shown(), reference="Two")
    assert (again.state, again.reference, money(ada)) == ("sent", "Two", (0, 0, 30_000))
    assert list(Entry.objects.filter(kind="hand").values_list("key", "memo")) == [
        (f"hand-{payment.pk}", "One"), (f"hand-{payment.pk}-2", "Two"),
    ]  # fmt: skip
    assert differs() == []


def test_cancelled_payment_is_free_in_the_fund_and_an_ended_award_pays_nothing_again(stripe_on: FakeStripe, ada_paid: str, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    other = payable(ada, payment.award.fund, 4000, by=sam)
    fund = payment.award.fund
    before = balance_of(Side.FUND, "EUR", fund=fund)
    assert code_of(lambda: services.cancel(other, actor=sam, reason="")) == "reason-missing"
    done = services.cancel(other, actor=sam, reason="The film was not made.")
    assert (done.state, done.end_reason, balance_of(Side.FUND, "EUR", fund=fund)) == ("cancelled", "The film was not made.", before + 4000)  # fmt: skip
    assert services.cancel(other, actor=sam, reason="Again.").end_reason == "The film was not made."
    back(payment, 30_000, sam)
    void_award(fresh(payment).award, actor=sam, reason="It was a mistake.")
    assert code_of(lambda: services.pay_again(fresh(payment), actor=sam)) == "award-ended"
    assert (money(ada), balance_of(Side.FUND, "EUR", fund=fund), books_balance()) == ((0, 0, 0), 100_000, [])
    assert differs() == []


def test_contributions_are_earned_again_once_what_was_paid_of_an_ended_award_came_back(ada: Person, sam: Person) -> None:  # fmt: skip
    paid_by_hand(ada)
    fund, made = funded(sam), earned(ada, 10_000)
    until = timezone.now() + timedelta(minutes=1)
    seen = plan_batch(fund, until, actor=sam).digest
    award = make_batch(fund, until, actor=sam, title="Autumn", seen=seen, people={ada.pk}).awards.get()
    parts = equal_parts(10_000, 2, timezone.now().date())
    changed = change_award(award, promise(ada, fund, 10_000, kind="batch", instalments=parts), actor=sam)
    submit_award(changed, actor=sam)
    for person in approvers():
        yes(award, person)
    payment = Payment.objects.get(number=1)
    services.record_by_hand(payment, actor=sam, proof=shown(), reference="A")
    void_award(award, actor=sam, reason="Over.")
    assert Contribution.objects.get(pk=made.pk).state == "awarded"
    back(payment, 5000, sam, reference="B")
    for _ in range(2):
        void_award(award, actor=sam, reason="Over.")
    assert (Contribution.objects.get(pk=made.pk).state, money(ada)) == ("earned", (0, 0, 0))
    assert (balance_of(Side.FUND, "EUR", fund=fund), books_balance()) == (100_000, [])


def test_what_comes_back_to_a_closed_fund_is_paid_again_or_taken_out(ada: Person, sam: Person) -> None:
    paid_by_hand(ada)
    fund = funded(sam, 30_000)
    payment = payable(ada, fund, by=sam)
    services.record_by_hand(payment, actor=sam, proof=shown(), reference="A")
    close_fund(fund, actor=sam, reason="Over.")
    back(payment, 30_000, sam, reference="B")
    services.pay_again(fresh(payment), actor=sam)
    assert services.record_by_hand(fresh(payment), actor=sam, proof=shown(), reference="C").state == "sent"
    back(payment, 30_000, sam, reference="D")
    void_award(payment.award, actor=sam, reason="Over.")
    assert code_of(lambda: give_budget(fund, 5, actor=sam, key="in")) == "fund-closed"
    take_budget(fund, 30_000, actor=sam, key="out")
    assert (money(ada), balance_of(Side.FUND, "EUR", fund=fund), books_balance()) == ((0, 0, 0), 0, [])
    assert differs() == []


def test_held_by_name_with_a_reason_and_let_go(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person) -> None:
    payment = payable(ada, funded(sam), by=sam)
    assert code_of(lambda: services.hold(payment, actor=sam, reason=" ")) == "reason-missing"
    assert code_of(lambda: services.hold(payment, actor=ada, reason="No.")) == "role"
    held = services.hold(payment, actor=sam, reason="The invoice is missing.")
    assert (held.held_reason, held.held_by_label) == ("The invoice is missing.", sam.label)
    assert code_of(lambda: services.send_payment(held, actor=sam, proof=shown())) == "person-hold"
    services.unhold(held, actor=sam)
    assert services.unhold(held, actor=sam).held_reason == ""
    services.send_payment(fresh(payment), actor=sam, proof=shown())
    assert code_of(lambda: services.hold(payment, actor=sam, reason="Late.")) == "payment-moved"
