"""A call of unknown end, and something that would not let it be sent today: nothing more leaves, and nothing is lost."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.services import freeze_fund, unfreeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Contribution, Payment, RailAccount
from artists.compensation.payments import services
from artists.people.models import Person, RoleGrant
from portal.audit.models import Entry as Recorded
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.pay import earned, funded
from tests.factories.sending import account_at, approvers, fresh, payable, shown


def later(**kwargs: float) -> freeze_time:
    return freeze_time(timezone.now() + timedelta(**kwargs), tick=True)


@pytest.fixture
def lost(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person) -> Payment:
    """Its call never reached Stripe, which nobody knows yet."""
    payment = payable(ada, funded(sam), by=sam)
    stripe_on.go_wrong(Kind.RESET, At.BEFORE)
    return services.send_payment(payment, actor=sam, proof=shown())


def freeze(payment: Payment, by: Person) -> None:
    freeze_fund(fresh(payment).award.fund, actor=by, reason="The bank warns.")


def leave_the_account(payment: Payment, by: Person) -> None:
    RailAccount.objects.filter(person=payment.payee).update(replaced_at=timezone.now())


def lose_an_approver(payment: Payment, by: Person) -> None:
    RoleGrant.objects.filter(person__email="stella@example.org").delete()


@pytest.mark.parametrize("stop", [freeze, leave_the_account, lose_an_approver])
def test_nothing_is_called_again(
    stripe_on: FakeStripe, lost: Payment, ada: Person, sam: Person, stop: Callable[[Payment, Person], None]
) -> None:
    stop(lost, sam)
    for hours in (0.1, 3, 20):
        with later(hours=hours):
            services.resolve_due()
            assert (fresh(lost).state, len(stripe_on.posts())) == ("unknown", 1)
    with later(hours=25):
        services.resolve_due()
        assert (fresh(lost).state, Attempt.objects.get().code) == ("refused", "nothing-came")
    assert (len(stripe_on.posts()), stripe_on.world.transfers, books_balance()) == (1, {}, [])
    assert balance_of(Side.OWED, "EUR", person=ada) == lost.amount


def test_freed_in_time_it_goes_with_the_same_key(stripe_on: FakeStripe, lost: Payment, sam: Person) -> None:
    freeze(lost, sam)
    with later(hours=1):
        services.resolve_due()
    unfreeze_fund(fresh(lost).award.fund, actor=approvers()[0])
    with later(hours=2):
        services.resolve_due()
    assert (fresh(lost).state, len({post.key for post in stripe_on.posts()}), len(stripe_on.posts())) == ("sent", 1, 2)


def test_transfer_of_somebody_else_that_was_taken_back_is_not_ours(
    stripe_on: FakeStripe, lost: Payment, ben: Person, sam: Person
) -> None:
    stray = stripe_on.world.transfer_by_hand(
        str(account_at(stripe_on, ben).account), lost.amount, transfer_group=f"pay_{lost.pk}"
    )
    assert services.look_again(lost, actor=sam).state == "needs_human"
    stripe_on.world.reverse_by_hand(stray)
    assert services.look_again(fresh(lost), actor=sam).state == "needs_human"
    with later(hours=25):
        services.resolve_due()
        assert (fresh(lost).state, Attempt.objects.get().code) == ("refused", "nothing-came")
    assert books_balance() == []


def test_contributions_of_an_award_that_is_not_paid_are_earned_again(ada_paid: str, ada: Person, sam: Person) -> None:
    payment = payable(ada, funded(sam), 2500, by=sam)
    Contribution.objects.filter(pk=earned(ada).pk).update(state="awarded", award=payment.award)
    services.cancel(payment, actor=sam, reason="The festival was called off.")
    award = fresh(payment).award
    assert (award.state, award.end_reason) == ("void", "The festival was called off.")
    assert Contribution.objects.values_list("state", "award").get() == ("earned", None)
    assert balance_of(Side.OWED, "EUR", person=ada) == 0


def test_who_takes_money_back_is_in_the_record(stripe_on: FakeStripe, ada_paid: str, ada: Person, sam: Person) -> None:
    payment = services.send_payment(payable(ada, funded(sam), by=sam), actor=sam, proof=shown())
    services.reverse(payment, actor=sam, proof=shown(), amount=100, reason="Sent too much.")
    told = Recorded.objects.filter(action="payment.reverse", actor_id=sam.pk).get()
    assert json.loads(told.body)["detail"] == {"return": 1, "amount": 100, "reason": "Sent too much."}
