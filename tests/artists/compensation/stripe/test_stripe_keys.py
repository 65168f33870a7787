"""Idempotency as Stripe has it, seen through the real SDK: what is saved, what is not, and what is forgotten."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from tests.doubles.stripe import PLATFORM, At, FakeStripe, Kind

ACCOUNT = {
    "contact_email": "ada@example.org",
    "dashboard": "express",
    "identity": {"country": "fr", "entity_type": "individual"},
    "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
    "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
}


@pytest.fixture
def client(fake: FakeStripe) -> Iterator[stripe.StripeClient]:
    """The SDK, which tries twice more."""
    http = stripe.RequestsClient(timeout=(2, 0.3))
    yield stripe.StripeClient(fake.key, base_addresses={"api": fake.address}, max_network_retries=2, http_client=http)
    http.close()


@pytest.fixture
def artist(fake: FakeStripe, client: stripe.StripeClient) -> str:
    """An account that can take money."""
    account = client.v2.core.accounts.create(ACCOUNT, {"idempotency_key": "account-ada-1"}).id
    fake.world.onboard(account)
    return account


def send(client: stripe.StripeClient, to: str, key: str, amount: int = 100) -> Any:
    """One transfer."""
    asked = {"amount": amount, "currency": "eur", "destination": to, "transfer_group": "pay_7"}
    return client.v1.transfers.create(asked, {"idempotency_key": key})


def fault_of(client: stripe.StripeClient, to: str, key: str, amount: int = 100) -> tuple[str, int | None, str | None]:
    """The error that a transfer meets: its class, status and code."""
    with pytest.raises(stripe.StripeError) as caught:
        send(client, to, key, amount)
    return type(caught.value).__name__, caught.value.http_status, getattr(caught.value, "code", None)


def test_same_key_is_done_once_and_answered_again(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    first, second = send(client, artist, "k"), send(client, artist, "k")
    replayed = [answer.last_response.headers.get("Idempotent-Replayed") for answer in (first, second)]
    assert (first.id == second.id, replayed, fake.world.balance(artist, "EUR")) == (True, [None, "true"], 100)


def test_refusal_is_saved_under_its_key(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    refused = ("InvalidRequestError", 400, "balance_insufficient")
    assert fault_of(client, artist, "k", 1000_01) == refused
    fake.world.top_up(1)
    # The money is there now, and the old key still says no; a new one says yes.
    assert fault_of(client, artist, "k", 1000_01) == refused
    assert send(client, artist, "k2", 1000_01).amount == 1000_01


def test_malformed_request_is_not_saved(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="memo"):
        client.v1.transfers.create(
            {"amount": 1, "currency": "eur", "destination": artist, "memo": "x"}, {"idempotency_key": "k"}
        )
    assert fake.violations == ["POST /v1/transfers: Received unknown parameter: memo"]
    fake.violations.clear()
    assert send(client, artist, "k").amount == 100


def test_server_error_after_the_effect_is_saved(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    fake.go_wrong(Kind.STATUS, At.AFTER, status=500)
    # Each of the SDK's own repetitions, and every later one, is told the saved 500; the money has gone.
    assert [fault_of(client, artist, "k")[:2] for _ in range(2)] == [("APIError", 500)] * 2
    assert (fake.world.balance(artist, "EUR"), len(client.v1.transfers.list({"transfer_group": "pay_7"}).data)) == (
        100,
        1,
    )


def test_server_error_without_effect_is_saved_too(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    fake.go_wrong(Kind.STATUS, At.DURING, status=500)
    assert [fault_of(client, artist, "k")[:2] for _ in range(2)] == [("APIError", 500)] * 2
    assert fake.world.balance(artist, "EUR") == 0


def test_server_error_before_it_began_is_not_saved(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    fake.go_wrong(Kind.STATUS, At.BEFORE, status=503)
    assert (send(client, artist, "k").amount, len(fake.posts())) == (100, 2)


def test_key_in_use_answers_409_and_saves_nothing(fake: FakeStripe, artist: str) -> None:
    fake.go_wrong(Kind.LATE, At.DURING)
    http = stripe.RequestsClient(timeout=(2, 5))
    single = stripe.StripeClient(
        fake.key, base_addresses={"api": fake.address}, max_network_retries=0, http_client=http
    )
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(lambda: send(single, artist, "k").id)
        while not fake.late:
            pass
        assert fault_of(single, artist, "k") == ("APIError", 409, None)
        fake.release()
        first = slow.result(5)
        pool.submit(http.close).result()
    again = send(single, artist, "k")
    http.close()
    assert (again.id == first, fake.world.balance(artist, "EUR")) == (True, 100)


def test_key_with_other_parameters_is_an_error(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    send(client, artist, "k")
    assert fault_of(client, artist, "k", 101)[:2] == ("IdempotencyError", 400)
    assert fake.world.balance(artist, "EUR") == 100


def test_key_is_forgotten_after_a_day(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    first = send(client, artist, "k")
    kept = fake.pass_time(hours=23)
    assert (kept, send(client, artist, "k").id) == (0, first.id)
    # The account's key is a v2 one of the same age.
    assert fake.pass_time(hours=1.1) == 2
    second = send(client, artist, "k")
    assert (second.id == first.id, fake.world.balance(artist, "EUR")) == (False, 200)


def test_key_belongs_to_one_account(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    send(client, artist, "k")
    with pytest.raises(stripe.PermissionError):
        client.v1.transfers.create(
            {"amount": 100, "currency": "eur", "destination": artist, "transfer_group": "pay_7"},
            {"idempotency_key": "k", "stripe_account": "acct_unknown"},
        )
    assert fake.world.balance(artist, "EUR") == 100


def test_v2_repeats_success_and_tries_failure_again(fake: FakeStripe, client: stripe.StripeClient) -> None:
    accounts, key = client.v2.core.accounts, {"idempotency_key": "account-ben-1"}
    fake.go_wrong(Kind.STATUS, At.DURING, path="/v2/core/accounts", status=500)
    # The failure is not saved: the SDK's own second try makes the account. After that the same one comes back.
    first, second = accounts.create(ACCOUNT, key), accounts.create(ACCOUNT, key)
    assert (first.id == second.id, len(fake.world.accounts), len(fake.posts("/v2/core/accounts"))) == (True, 1, 3)


def test_unsupported_country_is_refused_and_may_be_tried_again(fake: FakeStripe, client: stripe.StripeClient) -> None:
    wrong = ACCOUNT | {"identity": {"country": "kp", "entity_type": "individual"}}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v2.core.accounts.create(wrong, {"idempotency_key": "account-ben-1"})
    again = client.v2.core.accounts.create(ACCOUNT, {"idempotency_key": "account-ben-1"})
    assert (caught.value.code, again.id in fake.world.accounts) == ("country_unsupported", True)


def test_fake_wants_the_key_and_the_pinned_version(fake: FakeStripe, artist: str) -> None:
    http = stripe.RequestsClient(timeout=2)
    base = {"api": fake.address}
    other = stripe.StripeClient("sk_test_other", base_addresses=base, http_client=http)
    with pytest.raises(stripe.AuthenticationError):
        other.v1.balance.retrieve()
    old = stripe.StripeClient(fake.key, base_addresses=base, stripe_version="2025-01-27.acacia", http_client=http)
    with pytest.raises(stripe.InvalidRequestError, match="pinned version"):
        old.v1.balance.retrieve()
    http.close()
    said = "/v1/balance: Stripe-Version 2025-01-27.acacia is not the pinned 2026-10-28.endive"
    assert fake.violations == [said]
    fake.violations.clear()


def test_lists_come_in_pages(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    made = [fake.world.transfer_by_hand(artist, 1, transfer_group="pay_7") for _ in range(25)]
    first = client.v1.transfers.list({"transfer_group": "pay_7"})
    found = [row.id for row in first.auto_paging_iter()]
    assert (len(first.data), first.has_more, found) == (10, True, made[::-1])
    for n in range(24):
        client.v2.core.accounts.create(ACCOUNT, {"idempotency_key": f"more-{n}"})
    accounts = [row.id for row in client.v2.core.accounts.list({"limit": 10}).auto_paging_iter()]
    assert accounts == list(fake.world.accounts)[::-1]


def test_account_without_include_says_nothing(client: stripe.StripeClient, artist: str) -> None:
    bare, full = (client.v2.core.accounts.retrieve(artist, {"include": wanted}) for wanted in ([], ["requirements"]))
    part = client.v2.core.accounts.retrieve(artist, {"include": ["configuration.recipient"]})
    seen = part.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status
    assert (bare.configuration, bare.requirements, full.requirements.entries, seen) == (None, None, [], "active")
    assert (part.configuration.merchant, part.identity) == (None, None)


def test_money_is_neither_made_nor_lost(fake: FakeStripe, client: stripe.StripeClient, artist: str) -> None:
    transfer = send(client, artist, "k", 250)
    client.v1.transfers.reversals.create(transfer.id, {"amount": 50}, {"idempotency_key": "r"})
    payout = fake.world.pay_out(artist)[0]
    held = [fake.world.balance(who, "EUR") for who in (PLATFORM, artist)]
    fake.world.move_payout(payout, "failed")
    assert (held, fake.world.balance(artist, "EUR")) == ([1000_00 - 200, 0], 200)
