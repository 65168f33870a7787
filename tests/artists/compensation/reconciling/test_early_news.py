"""News that comes before our own commit: it changes nothing then, and nothing of it is lost."""

import pytest

from artists.compensation.models import Attempt, Entry, Payment, RailAccount, RailEvent
from artists.compensation.payments import services
from artists.compensation.payments.services import sending, settling
from artists.compensation.reconciling.hearing import apply_due_events
from artists.people.models import Person
from tests.doubles.stripe import FakeStripe
from tests.factories.comparing import differs
from tests.factories.hooks import Hook
from tests.factories.pay import funded
from tests.factories.sending import account_at, fresh, payable, shown


@pytest.fixture
def payment(stripe_on: FakeStripe, ada: Person, sam: Person) -> Payment:
    """One that is payable to Ada by Stripe."""
    account_at(stripe_on, ada)
    return payable(ada, funded(sam), by=sam)


@pytest.mark.parametrize("reversed_there", [False, True])
def test_news_of_a_transfer_that_is_not_in_the_books_yet(  # noqa: PLR0913
    stripe_on: FakeStripe, hook: Hook, payment: Payment, sam: Person, monkeypatch: pytest.MonkeyPatch, reversed_there: bool
) -> None:  # fmt: skip
    def heard_first(*call: object) -> Payment:
        """Between Stripe's answer and our commit."""
        [transfer] = stripe_on.world.transfers
        if reversed_there:
            stripe_on.world.reverse_by_hand(transfer)
        assert set(hook.deliver()) == {200}
        assert apply_due_events() == RailEvent.objects.filter(error="").count()
        assert (fresh(payment).state, Attempt.objects.get().state, Attempt.objects.get().transfer) == (
            "sending", "prepared", "",
        )  # fmt: skip
        return settling.settle(*call)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "settle", heard_first)
    assert services.send_payment(payment, actor=sam, proof=shown()).state == "sent"
    # A return of which the news came too early is found by looking.
    if reversed_there:
        assert differs("reversed-elsewhere") == []
    assert differs() == []
    kinds = list(Entry.objects.filter(payment=payment).order_by("number").values_list("kind", flat=True))
    assert (fresh(payment).state, kinds) == (
        ("reversed", ["send", "arrive", "reverse"]) if reversed_there else ("sent", ["send", "arrive"])
    )
    assert len(stripe_on.world.transfers) == 1


def test_news_of_an_account_whose_id_is_not_kept_yet_comes_again(
    stripe_on: FakeStripe, hook: Hook, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.choose_way(ada, actor=ada, country="DE", rail="stripe_connect")

    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("artists.compensation.payments.services.connecting.record", die)
        with pytest.raises(SystemExit):
            services.open_account(ada, actor=ada)
    [account] = stripe_on.world.accounts
    stripe_on.world.onboard(account)
    waiting = len(hook.outbox.waiting())
    # Anything but 200 has Stripe send it again, for three days.
    assert (hook.deliver(), hook.code, RailEvent.objects.count()) == ([400] * waiting, "account-unknown", 0)
    assert services.open_account(ada, actor=ada).account == account
    assert (hook.deliver(), apply_due_events()) == ([200] * waiting, waiting)
    assert RailAccount.objects.get().readiness == "active"
