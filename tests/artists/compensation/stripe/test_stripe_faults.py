"""What goes wrong between us and Stripe: how the gateway says a call ended, and that the same key then pays once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from artists.compensation.stripe.facts import Order
from artists.compensation.stripe.gateway import Gateway
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, NotDone, Unknown, clean
from tests.doubles.stripe import At, FakeStripe, Kind

AMOUNT = 25_00
GARBAGE = [
    b"<html>502 Bad Gateway</html>",
    b'{"id": "tr_1", "obj',
    b"{}",
    b"[]",
    b"",
    b"null",
    b'{"object": "transfer"}',
]


@pytest.fixture
def artist(fake: FakeStripe, gateway: Gateway) -> str:
    """An account that can take money."""
    account = gateway.create_account(
        artist="ada", name="Ada", email="ada@example.org", country="FR", key="account-ada-1"
    ).id
    fake.world.onboard(account)
    return account


def order(to: str, attempt: int = 1, amount: int = AMOUNT) -> Order:
    """The order of one attempt."""
    return Order(f"pay-7-{attempt}", "7", attempt, amount, "EUR", to, "Grant")


@pytest.mark.parametrize(
    ("kind", "at", "more", "code", "done"),
    [
        (Kind.RESET, At.BEFORE, {}, "no-answer", 0),
        (Kind.RESET, At.AFTER, {}, "no-answer", 1),
        (Kind.TIMEOUT, At.BEFORE, {}, "no-answer", 0),
        (Kind.TIMEOUT, At.AFTER, {}, "no-answer", 1),
        (Kind.LATE, At.BEFORE, {}, "no-answer", 0),
        (Kind.LATE, At.DURING, {}, "no-answer", 0),
        (Kind.STATUS, At.BEFORE, {"status": 500}, "server-error", 0),
        (Kind.STATUS, At.BEFORE, {"status": 503}, "server-error", 0),
        (Kind.STATUS, At.BEFORE, {"status": 409}, "idempotency_key_in_use", 0),
        (Kind.STATUS, At.BEFORE, {"status": 429}, "rate_limit", 0),
        (Kind.STATUS, At.BEFORE, {"status": 408}, "unreadable", 0),
        (Kind.STATUS, At.AFTER, {"status": 429}, "rate_limit", 1),
        *[(Kind.GARBAGE, At.AFTER, {"body": body}, "unreadable", 1) for body in GARBAGE],
    ],
)
def test_end_is_unknown_and_the_same_key_then_pays_once(
    fake: FakeStripe, gateway: Gateway, artist: str, kind: Kind, at: At, more: dict[str, Any], code: str, done: int
) -> None:
    fake.go_wrong(kind, at, **more)
    ended = gateway.send_transfer(order(artist), repeated=False)
    assert isinstance(ended, Unknown), ended
    # The library did not try again by itself: every end of a call that moves money is seen by whoever asked.
    assert (ended.code, ended.stops, len(fake.posts()), len(gateway.find_transfers("7"))) == (code, False, 1, done)
    late = fake.release()
    again = gateway.send_transfer(order(artist), repeated=True)
    assert isinstance(again, Accepted), again
    assert (again.replayed, gateway.find_transfers("7")) == (bool(done or late), [again.fact])
    assert (fake.world.balance(artist, "EUR"), {seen.key for seen in fake.posts()}) == (AMOUNT, {"pay-7-1"})


@pytest.mark.parametrize(("at", "done"), [(At.DURING, 0), (At.AFTER, 1)])
def test_saved_server_error_stays_unknown_until_a_look_or_a_day(
    fake: FakeStripe, gateway: Gateway, artist: str, at: At, done: int
) -> None:
    fake.go_wrong(Kind.STATUS, at, status=500)
    ends = [gateway.send_transfer(order(artist), repeated=n > 0) for n in range(3)]
    assert [(type(end), end.code) for end in ends] == [(Unknown, "server-error")] * 3  # type: ignore[union-attr]
    # Only the look tells the two apart.
    assert len(gateway.find_transfers("7")) == done


def test_second_key_after_an_empty_list_pays_twice_when_the_first_was_late(
    fake: FakeStripe, gateway: Gateway, artist: str
) -> None:
    # Why no new key is minted on an empty list alone.
    fake.go_wrong(Kind.LATE, At.BEFORE)
    assert isinstance(gateway.send_transfer(order(artist), repeated=False), Unknown)
    assert gateway.find_transfers("7") == []
    assert isinstance(gateway.send_transfer(order(artist, attempt=2), repeated=False), Accepted)
    fake.release()
    assert sorted(one.attempt for one in gateway.find_transfers("7")) == ["1", "2"]


def test_list_may_lag_behind(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    fake.world.list_lag_s = 3600
    gateway.send_transfer(order(artist), repeated=False)
    assert gateway.find_transfers("7") == []
    fake.pass_time(hours=1)
    assert len(gateway.find_transfers("7")) == 1


def test_key_is_in_use_while_stripe_works(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    fake.go_wrong(Kind.LATE, At.DURING)
    first = gateway.send_transfer(order(artist), repeated=False)
    second = gateway.send_transfer(order(artist), repeated=True)
    assert [(type(end), end.code) for end in (first, second)] == [  # type: ignore[union-attr]
        (Unknown, "no-answer"),
        (Unknown, "idempotency_key_in_use"),
    ]
    fake.release()
    assert isinstance(gateway.send_transfer(order(artist), repeated=True), Accepted)
    assert fake.world.balance(artist, "EUR") == AMOUNT


def _no_account(fake: FakeStripe, account: str) -> None:
    del fake.world.accounts[account]


def _no_funds(fake: FakeStripe, account: str) -> None:
    fake.world.top_up(-(1000_00 - AMOUNT + 1))


def _abroad(fake: FakeStripe, account: str) -> None:
    fake.world.accounts[account]["identity"]["country"] = "mx"


@pytest.mark.parametrize(
    ("happens", "code", "word"),
    [
        (_no_account, "resource_missing", "No such destination"),
        (lambda fake, account: fake.world.close(account), "resource_missing", "No such destination"),
        (
            lambda fake, account: fake.world.ask_again(account),
            "insufficient_capabilities_for_transfer",
            "capabilities enabled: transfers",
        ),
        (lambda fake, account: fake.world.reject(account), "insufficient_capabilities_for_transfer", "capabilities"),
        (_no_funds, "balance_insufficient", "insufficient available funds"),
        (_abroad, "refused", "located in MX"),
    ],
)
def test_refusal_is_certain_and_saved_under_its_key(
    fake: FakeStripe,
    gateway: Gateway,
    artist: str,
    happens: Callable[[FakeStripe, str], None],
    code: str,
    word: str,
) -> None:
    happens(fake, artist)
    ended = gateway.send_transfer(order(artist), repeated=False)
    assert isinstance(ended, DefinitelyRefused), ended
    assert (ended.code, word in ended.words, ended.stops, ended.request[:4]) == (code, True, False, "req_")
    # Whatever was wrong is put right: the old key says no as before, the next attempt's key pays.
    fake.world.top_up(AMOUNT)
    if artist in fake.world.accounts:
        fake.world.accounts[artist]["closed"] = False
        fake.world.accounts[artist]["identity"]["country"] = "fr"
        fake.world.onboard(artist)
        again, next_ = (gateway.send_transfer(order(artist, attempt=n), repeated=False) for n in (1, 2))
        assert (type(again), type(next_)) == (DefinitelyRefused, Accepted)
        assert fake.world.balance(artist, "EUR") == AMOUNT


def test_refused_key_stops_the_queue_and_nothing_was_sent(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    fake.key = "sk_test_replaced"
    ended = gateway.send_transfer(order(artist), repeated=False)
    assert ended == DefinitelyRefused(
        "key-refused", "Invalid API Key provided: sk_…", stops=True, request=getattr(ended, "request", "")
    )
    with pytest.raises(NotDone) as caught:
        gateway.balance()
    assert (caught.value.outcome.code, caught.value.outcome.stops, fake.world.balance(artist, "EUR")) == (
        "key-refused",
        True,
        0,
    )


@pytest.mark.parametrize("how", ["key", "permission"])
def test_refused_key_proves_nothing_of_a_call_before_it(
    fake: FakeStripe, gateway: Gateway, artist: str, how: str
) -> None:
    # The money went, the answer was lost; then somebody replaced the key, or took a permission from it.
    fake.go_wrong(Kind.RESET, At.AFTER)
    assert isinstance(gateway.send_transfer(order(artist), repeated=False), Unknown)
    if how == "key":
        fake.key = "sk_test_replaced"
    else:
        fake.forbidden.add("/v1/transfers")
    ended = gateway.send_transfer(order(artist), repeated=True)
    assert isinstance(ended, Unknown), ended
    assert (ended.code, ended.stops) == (("key-refused", True) if how == "key" else ("key-may-not", False))


def test_key_without_permission_is_a_certain_refusal(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    fake.forbidden.add("/v1/transfers")
    ended = gateway.send_transfer(order(artist), repeated=False)
    assert isinstance(ended, DefinitelyRefused)
    assert (ended.code, ended.stops) == ("key-may-not", False)


def test_key_used_for_another_amount_is_an_alarm(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    gateway.send_transfer(order(artist), repeated=False)
    ended = gateway.send_transfer(order(artist, amount=AMOUNT + 1), repeated=True)
    assert isinstance(ended, Unknown)
    assert (ended.code, ended.alarm, fake.world.balance(artist, "EUR")) == ("key-reused", True, AMOUNT)


@pytest.mark.parametrize(
    "change", [{"amount": 1}, {"currency": "usd"}, {"destination": "acct_2"}, {"transfer_group": "x"}]
)
def test_answer_about_another_transfer_is_an_alarm(
    fake: FakeStripe, gateway: Gateway, artist: str, change: dict[str, Any]
) -> None:
    made = fake.world.transfers[fake.world.transfer_by_hand(artist, AMOUNT, transfer_group="pay_7")]
    fake.go_wrong(Kind.GARBAGE, At.BEFORE, body=json.dumps(made | change).encode())
    ended = gateway.send_transfer(order(artist), repeated=False)
    assert isinstance(ended, Unknown)
    assert (ended.code, ended.alarm) == ("answer-differs", True)


def test_nobody_listens(fake: FakeStripe) -> None:
    nowhere = Gateway(fake.key, base="http://127.0.0.1:9", seconds=0.3, connect_seconds=0.3)
    ended = nowhere.send_transfer(order("acct_1"), repeated=False)
    assert isinstance(ended, Unknown)
    assert (ended.code, ended.stops, "127.0.0.1" in ended.words) == ("no-answer", False, True)
    nowhere.close()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Kind.RESET, {}),
        (Kind.TIMEOUT, {}),
        (Kind.STATUS, {"status": 500}),
        (Kind.STATUS, {"status": 409}),
        (Kind.STATUS, {"status": 429, "headers": {"Stripe-Should-Retry": "true"}}),
    ],
)
def test_what_only_reads_is_tried_three_times(
    fake: FakeStripe, gateway: Gateway, kind: Kind, more: dict[str, Any]
) -> None:
    fake.go_wrong(kind, method="GET", path="/v1/balance", times=2, **more)
    assert (gateway.balance()[0].available, len(fake.seen)) == (1000_00, 3)


def test_what_only_reads_says_that_no_answer_came(fake: FakeStripe, gateway: Gateway) -> None:
    fake.go_wrong(Kind.RESET, method="GET", path="/v1/balance", times=3)
    with pytest.raises(NotDone) as caught:
        gateway.balance()
    assert (type(caught.value.outcome), caught.value.outcome.code, caught.value.__cause__) == (
        Unknown,
        "no-answer",
        None,
    )


@pytest.mark.parametrize("body", GARBAGE)
def test_what_only_reads_says_that_the_answer_was_unreadable(fake: FakeStripe, gateway: Gateway, body: bytes) -> None:
    fake.go_wrong(Kind.GARBAGE, method="GET", path=r"/v1/(balance|payouts)", times=2, body=body)
    for ask in (gateway.balance, lambda: gateway.read_payout("po_1", "")):
        with pytest.raises(NotDone) as caught:
            ask()
        assert (type(caught.value.outcome), caught.value.outcome.code) == (Unknown, "unreadable")
        fake.faults.clear()
        fake.go_wrong(Kind.GARBAGE, method="GET", path=r"/v1/payouts/po_1", body=body)


def test_account_made_twice_by_a_lost_answer_is_one_account(fake: FakeStripe, gateway: Gateway) -> None:
    fake.go_wrong(Kind.RESET, At.AFTER, path="/v2/core/accounts", times=3)
    asked = {"artist": "ada", "name": "Ada", "email": "ada@example.org", "country": "FR", "key": "account-ada-1"}
    with pytest.raises(NotDone):
        gateway.create_account(**asked)
    account = gateway.create_account(**asked)
    assert (list(fake.world.accounts), gateway.find_accounts("ada")) == ([account.id], [account.id])


def test_country_without_accounts_is_said_at_once(fake: FakeStripe, gateway: Gateway) -> None:
    with pytest.raises(NotDone) as caught:
        gateway.create_account(artist="kim", name="Kim", email="kim@example.org", country="KP", key="account-kim-1")
    assert caught.value.outcome == DefinitelyRefused(
        "country_unsupported", "Accounts in KP are not supported.", request=caught.value.outcome.request
    )


def test_reversal_of_unknown_end_is_repeated_with_its_key(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    sent = gateway.send_transfer(order(artist), repeated=False)
    assert isinstance(sent, Accepted)
    fake.go_wrong(Kind.TIMEOUT, At.AFTER, path=r"/v1/transfers/\w+/reversals")
    ends = [
        gateway.reverse(sent.fact.id, amount=AMOUNT, payment="7", key="back-7-1", repeated=repeated)
        for repeated in (False, True)
    ]
    assert [type(end) for end in ends] == [Unknown, Accepted]
    assert (gateway.read_transfer(sent.fact.id).came_back, len(gateway.reversals_of(sent.fact.id))) == (AMOUNT, 1)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Invalid API Key provided: sk_live_51Habc*****xyz", "Invalid API Key provided: sk_…"),
        ("a\n  b\tc", "a b c"),
        ("with whsec_abc and rk_test_1 in it", "with whsec_… and rk_… in it"),
        ("x" * 400, "x" * 300),
    ],
)
def test_words_for_the_books_hold_no_key(words: str, kept: str) -> None:
    assert clean(words) == kept
