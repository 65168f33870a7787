"""The same gateway against Stripe itself: run by `pytest -m stripe_sandbox` and only then. See docs/stripe.md for what it needs.

What the fake knows of Stripe's behaviour comes from Stripe's pages; this is where it is compared with the thing.
"""

import os
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import stripe
from django.utils import timezone

from artists.compensation.stripe.facts import Order
from artists.compensation.stripe.gateway import Gateway, is_live
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, Unknown
from tests.doubles.stripe.contract import faults_of

pytestmark = pytest.mark.stripe_sandbox


def given(name: str) -> str:
    """A variable that this suite needs."""
    value = os.environ.get(name, "")
    if not value:
        pytest.fail(f"Set {name}; docs/stripe.md says to what.")
    return value


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Stripe, under a test key."""
    key = given("VERNISSAGE_STRIPE_TEST_KEY")
    if is_live(key):
        pytest.fail("VERNISSAGE_STRIPE_TEST_KEY is a live key.")
    opened = Gateway(key)
    yield opened
    opened.close()


@pytest.fixture
def sdk(gateway: Gateway) -> stripe.StripeClient:
    """The SDK itself, for what the product never does."""
    return gateway._client


def order(to: str, payment: str, attempt: int = 1, amount: int = 100) -> Order:
    """A small order in the currency of the sandbox."""
    currency = os.environ.get("VERNISSAGE_STRIPE_TEST_CURRENCY", "USD")
    return Order(f"pay-{payment}-{attempt}", payment, attempt, amount, currency, to, "Vernissage's own tests")


def test_fresh_account_needs_something_and_takes_no_money(gateway: Gateway, sdk: stripe.StripeClient) -> None:
    artist, country = str(uuid.uuid4()), os.environ.get("VERNISSAGE_STRIPE_TEST_COUNTRY", "US")
    asked = {
        "artist": artist,
        "name": "Ada",
        "email": "ada@example.com",
        "country": country,
        "key": f"account-{artist}",
    }
    account = gateway.create_account(**asked)
    assert gateway.create_account(**asked).id == account.id
    assert (account.transfers, account.live, account.needs != ()) == ("restricted", False, True)
    assert gateway.find_accounts(artist) == [account.id]
    link = gateway.account_link(account.id, refresh="https://example.com/again", back="https://example.com/back")
    assert link.url.startswith("https://connect.stripe.com/")
    payment = str(uuid.uuid4())
    ends = [gateway.send_transfer(order(account.id, payment), repeated=False) for _ in range(2)]
    assert [(type(end), end.code) for end in ends] == [  # type: ignore[union-attr]
        (DefinitelyRefused, "insufficient_capabilities_for_transfer")
    ] * 2
    changed = gateway.send_transfer(order(account.id, payment, amount=101), repeated=True)
    assert (type(changed), changed.code) == (Unknown, "key-reused")  # type: ignore[union-attr]
    assert gateway.find_transfers(payment) == []
    shown = sdk.v2.core.accounts.retrieve(account.id, {"include": ["configuration.recipient", "requirements"]})
    assert faults_of(type(shown), shown.to_dict()) == []
    sdk.v2.core.accounts.close(account.id, {"applied_configurations": ["recipient"]})


def test_transfer_is_made_once_found_and_taken_back(gateway: Gateway, sdk: stripe.StripeClient) -> None:
    account, payment = given("VERNISSAGE_STRIPE_TEST_ACCOUNT"), str(uuid.uuid4())
    asked = order(account, payment)
    # A test card whose money is there at once.
    sdk.v1.charges.create({"amount": 10_00, "currency": asked.currency.lower(), "source": "tok_bypassPending"})
    first, again = (gateway.send_transfer(asked, repeated=repeated) for repeated in (False, True))
    assert isinstance(first, Accepted), first
    assert isinstance(again, Accepted), again
    assert (first.fact, first.replayed, again.replayed) == (again.fact, False, True)
    assert gateway.find_transfers(payment) == [first.fact]
    told = sdk.v1.transfers.retrieve(first.fact.id)
    assert faults_of(type(told), told.to_dict()) == []
    back = gateway.reverse(first.fact.id, amount=100, payment=payment, key=f"back-{payment}", repeated=False)
    assert isinstance(back, Accepted), back
    assert gateway.read_transfer(first.fact.id).came_back == 100
    since = timezone.now() - timedelta(minutes=10)
    assert first.fact.id in {event.object for event in gateway.events_since(since)}


def test_more_than_there_is_is_refused_and_saved(gateway: Gateway) -> None:
    account, payment = given("VERNISSAGE_STRIPE_TEST_ACCOUNT"), str(uuid.uuid4())
    ends = [gateway.send_transfer(order(account, payment, amount=99_999_999), repeated=False) for _ in range(2)]
    assert [(type(end), end.code) for end in ends] == [(DefinitelyRefused, "balance_insufficient")] * 2  # type: ignore[union-attr]


def test_reads_have_the_shape_of_the_sdk(gateway: Gateway) -> None:
    account, since = given("VERNISSAGE_STRIPE_TEST_ACCOUNT"), timezone.now() - timedelta(days=29)
    assert gateway.read_account(account).transfers == "active"
    assert gateway.login_link(account).url.startswith("https://connect.stripe.com/")
    assert isinstance(gateway.balance(), tuple)
    payouts = gateway.payouts(account, since=since)
    held = [gateway.payout_contents(payout.id, account) for payout in payouts[:1]]
    assert all(line.source for lines in held for line in lines)
    assert isinstance(gateway.account_events_since(since), list)


def test_wrong_key_is_said_to_be_wrong() -> None:
    wrong = Gateway("sk_test_nobodys")
    ended = wrong.send_transfer(order("acct_1", str(uuid.uuid4())), repeated=False)
    wrong.close()
    assert isinstance(ended, DefinitelyRefused)
    assert (ended.code, ended.stops, "sk_test" in ended.words) == ("key-refused", True, False)
