"""The gateway and the real SDK, over HTTP, against a Stripe in which everything works."""

import dataclasses
import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
import stripe
from django.utils import timezone

from artists.compensation.stripe import facts
from artists.compensation.stripe.facts import Content, Funds, Order, Reversal, Transfer
from artists.compensation.stripe.gateway import Gateway, configured, open_gateway
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, NotDone
from tests.doubles.stripe import PLATFORM, FakeStripe, Kind

AN_HOUR_AGO = timezone.now() - timedelta(hours=1)


def account_of(gateway: Gateway, artist: str = "ada", country: str = "FR") -> str:
    """A fresh account of theirs."""
    return gateway.create_account(
        artist=artist, name=artist.title(), email=f"{artist}@example.org", country=country, key=f"account-{artist}-1"
    ).id


@pytest.fixture
def artist(fake: FakeStripe, gateway: Gateway) -> str:
    """An account that can take money."""
    account = account_of(gateway)
    fake.world.onboard(account)
    return account


def order(to: str, payment: str = "7", amount: int = 25_00, currency: str = "EUR", attempt: int = 1) -> Order:
    """A frozen order."""
    return Order(f"pay-{payment}-{attempt}", payment, attempt, amount, currency, to, "Grant of the spring round")


def sent(gateway: Gateway, asked: Order) -> Transfer:
    """The transfer of an order that goes well."""
    ended = gateway.send_transfer(asked, repeated=False)
    assert isinstance(ended, Accepted), ended
    return ended.fact


def test_account_is_made_once_and_says_what_it_needs(fake: FakeStripe, gateway: Gateway) -> None:
    first = gateway.create_account(artist="ada", name="Ada", email="ada@example.org", country="FR", key="account-ada-1")
    again = account_of(gateway)
    wants = [(need.about, need.due, need.of_artist) for need in first.needs]
    assert (first.transfers, first.payouts, first.artist, first.closed) == ("restricted", "restricted", "ada", False)
    assert again == first.id
    assert first.reasons == (("requirements_past_due", "provide_info"),)
    assert wants[0] == ("identity.individual.given_name", "currently_due", True)
    assert len(fake.world.accounts) == 1


def test_accounts_left_by_a_crash_are_found_by_their_artist(fake: FakeStripe, gateway: Gateway) -> None:
    ada, ben = account_of(gateway), account_of(gateway, "ben")
    lost = gateway.create_account(artist="ada", name="Ada", email="a@example.org", country="FR", key="account-ada-2").id
    fake.world.close(ben)
    assert (gateway.find_accounts("ada"), gateway.find_accounts("ben")) == ([lost, ada], [])


@pytest.mark.parametrize(
    ("happens", "transfers", "payouts", "of_artist", "closed"),
    [
        ("onboard", "active", "active", [], False),
        ("review", "pending", "pending", [False], False),
        ("ask_again", "restricted", "restricted", [True], False),
        ("reject", "rejected", "rejected", [], False),
        ("close", "restricted", "restricted", [True, True, True], True),
    ],
)
def test_account_is_read_as_it_stands(
    fake: FakeStripe, gateway: Gateway, happens: str, transfers: str, payouts: str, of_artist: list[bool], closed: bool
) -> None:
    account = account_of(gateway)
    getattr(fake.world, happens)(account)
    read = gateway.read_account(account)
    assert (read.transfers, read.payouts, [need.of_artist for need in read.needs], read.closed) == (
        transfers,
        payouts,
        of_artist,
        closed,
    )


class _Stay(HTTPRedirectHandler):
    """Follows nothing, so that the address can be read."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def press(url: str, act: str | None = None) -> tuple[int, str]:
    """Open a page of the fake, or press its button: (status, where it leads)."""
    data = urlencode({"act": act}).encode() if act else None
    opener = build_opener(_Stay)
    opener.process_response = {}  # type: ignore[attr-defined] # answers as they are, no exception for 303
    with opener.open(Request(url, data), timeout=5) as answer:
        return answer.status, answer.headers.get("Location", "")


def test_link_leads_to_a_form_that_is_used_once(fake: FakeStripe, gateway: Gateway) -> None:
    account = account_of(gateway)
    link = gateway.account_link(account, refresh="https://here.example/again", back="https://here.example/back")
    assert link.expires_at is not None
    assert (press(link.url), gateway.read_account(account).transfers) == ((200, ""), "restricted")
    assert press(link.url, "complete") == (303, "https://here.example/back")
    assert gateway.read_account(account).transfers == "active"
    assert press(link.url) == (303, "https://here.example/again")
    fresh = gateway.account_link(account, refresh="https://here.example/again", back="https://here.example/back")
    fake.world.offset_s += 3600
    assert press(fresh.url) == (303, "https://here.example/again")


def test_own_page_is_for_those_who_completed_the_form(fake: FakeStripe, gateway: Gateway) -> None:
    account = account_of(gateway)
    with pytest.raises(NotDone) as caught:
        gateway.login_link(account)
    assert (caught.value.outcome.code, "completed onboarding" in caught.value.outcome.words) == ("refused", True)
    fake.world.onboard(account)
    link = gateway.login_link(account)
    assert (press(link.url)[0], link.expires_at) == (200, None)


def test_transfer_is_sent_as_it_was_frozen(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    transfer = sent(gateway, order(artist))
    assert dataclasses.replace(transfer, id="", arrived_as="", made_at=AN_HOUR_AGO) == Transfer(
        id="", amount=25_00, currency="EUR", destination=artist, group="pay_7", payment="7", attempt="1",
        came_back=0, arrived_as="", live=False, made_at=AN_HOUR_AGO,
    )  # fmt: skip
    assert (fake.world.balance(artist, "EUR"), fake.world.balance(PLATFORM, "EUR")) == (25_00, 975_00)
    assert [seen.key for seen in fake.posts()] == ["pay-7-1"]
    assert (gateway.find_transfers("7"), gateway.read_transfer(transfer.id)) == ([transfer], transfer)
    assert gateway.find_transfers("8") == []


def test_repeated_call_is_answered_with_the_first_transfer(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    first = gateway.send_transfer(order(artist), repeated=False)
    again = gateway.send_transfer(order(artist), repeated=True)
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (first.fact == again.fact, first.replayed, again.replayed) == (True, False, True)
    assert (first.request != again.request, fake.world.balance(artist, "EUR")) == (True, 25_00)


# Of ISK and UGX Stripe counts hundredths that are always 0, of HUF and TWD it pays out whole units only, of KWD the last digit is 0.
@pytest.mark.parametrize("currency", ["ISK", "UGX", "HUF", "TWD", "KWD", "XXX"])
def test_currency_that_stripe_counts_otherwise_is_not_sent(fake: FakeStripe, gateway: Gateway, currency: str) -> None:
    ended = gateway.send_transfer(order("acct_1", currency=currency), repeated=False)
    assert (ended.code, fake.seen) == ("currency-not-by-stripe", [])  # type: ignore[union-attr]


def test_whole_units_are_sent_as_they_are(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    fake.world.top_up(500_000, "jpy")
    assert sent(gateway, order(artist, amount=1234, currency="JPY")).amount == 1234
    assert gateway.balance() == (Funds("EUR", 1000_00, 0), Funds("JPY", 498_766, 0))


def test_balance_tells_apart_what_is_there_and_what_is_on_its_way(fake: FakeStripe, gateway: Gateway) -> None:
    fake.world.top_up(-1005_00)
    fake.world.top_up(400_00, delayed=True)
    fake.world.top_up(700, "jpy", delayed=True)
    assert gateway.balance() == (Funds("EUR", -5_00, 400_00), Funds("JPY", 0, 700))
    fake.world.top_ups_arrive()
    assert gateway.balance() == (Funds("EUR", 395_00, 0), Funds("JPY", 700, 0))


def test_every_transfer_is_listed_whoever_made_it(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    ours = sent(gateway, order(artist))
    stray = fake.world.transfer_by_hand(artist, 5_00)
    more = [fake.world.transfer_by_hand(artist, 1) for _ in range(120)]
    listed = gateway.transfers_since(AN_HOUR_AGO)
    assert [transfer.id for transfer in listed] == [*more[::-1], stray, ours.id]
    assert [(one.payment, one.attempt, one.group) for one in listed[-2:]] == [("", "", ""), ("7", "1", "pay_7")]
    assert gateway.transfers_since(timezone.now() + timedelta(hours=1)) == []


def test_money_is_taken_back_while_it_is_there(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    transfer = sent(gateway, order(artist))
    part = gateway.reverse(transfer.id, amount=10_00, payment="7", key="back-7-1", repeated=False)
    again = gateway.reverse(transfer.id, amount=10_00, payment="7", key="back-7-1", repeated=True)
    assert isinstance(part, Accepted)
    assert isinstance(again, Accepted)
    assert (part.fact, again.replayed) == (again.fact, True)
    assert dataclasses.replace(part.fact, id="", made_at=AN_HOUR_AGO) == Reversal(
        "", transfer.id, 10_00, "EUR", AN_HOUR_AGO
    )
    by_hand = fake.world.reverse_by_hand(transfer.id, 5_00)
    read = gateway.read_transfer(transfer.id)
    assert (read.came_back, [one.id for one in gateway.reversals_of(transfer.id)]) == (15_00, [by_hand, part.fact.id])
    too_much = gateway.reverse(transfer.id, amount=10_01, payment="7", key="back-7-2", repeated=False)
    assert isinstance(too_much, DefinitelyRefused)
    assert too_much.code == "amount_too_large"


def test_money_that_went_to_the_bank_is_not_taken_back(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    transfer = sent(gateway, order(artist))
    fake.world.pay_out(artist)
    ended = gateway.reverse(transfer.id, amount=1_00, payment="7", key="back-7-1", repeated=False)
    assert isinstance(ended, DefinitelyRefused)
    assert (ended.code, gateway.read_transfer(transfer.id).came_back) == ("balance_insufficient", 0)


def test_payout_says_which_transfers_it_holds(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    other = account_of(gateway, "ben", "DE")
    fake.world.onboard(other)
    three = [sent(gateway, order(artist, payment, 10_00)) for payment in ("1", "2", "3")]
    sent(gateway, order(other, "4", 10_00))
    payout = fake.world.pay_out(artist)[0]
    theirs = fake.world.pay_out(other)[0]
    read = gateway.payouts(artist, since=AN_HOUR_AGO)
    assert [(one.id, one.account, one.amount, one.status, one.automatic) for one in read] == [
        (payout, artist, 30_00, "pending", True)
    ]
    held = gateway.payout_contents(payout, artist)
    assert {line.source for line in held} == {transfer.arrived_as for transfer in three}
    assert {(line.type, line.amount, line.currency) for line in held} == {("payment", 10_00, "EUR")}
    # Somebody else's payout is not there, whoever asks.
    with pytest.raises(NotDone) as caught:
        gateway.read_payout(theirs, artist)
    assert caught.value.outcome.code == "resource_missing"


def test_payout_fails_after_it_was_paid_and_its_money_goes_again(
    fake: FakeStripe, gateway: Gateway, artist: str
) -> None:
    transfer = sent(gateway, order(artist))
    payout = fake.world.pay_out(artist)[0]
    said = []
    for status in ("in_transit", "paid", "failed"):
        fake.world.move_payout(payout, status)
        read = gateway.read_payout(payout, artist)
        said.append((read.status, read.failure))
    assert said == [("in_transit", ""), ("paid", ""), ("failed", "account_closed")]
    account = gateway.read_account(artist)
    assert (account.transfers, account.payouts, account.needs[0].about) == (
        "active",
        "restricted",
        "defaults.payout_methods",
    )
    assert fake.world.pay_out(artist) == []
    fake.world.onboard(artist)
    again = fake.world.pay_out(artist)[0]
    held = gateway.payout_contents(again, artist)
    assert [(line.type, line.source, line.amount) for line in held] == [("payout_failure", payout, 25_00)]
    assert [line.source for line in gateway.payout_contents(payout, artist)] == [transfer.arrived_as]


def test_little_money_waits_at_stripe(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    sent(gateway, order(artist, amount=99))
    assert (fake.world.pay_out(artist), gateway.payouts(artist, since=AN_HOUR_AGO)) == ([], [])


def test_account_in_another_currency_keeps_a_rest_after_a_reversal(
    fake: FakeStripe, gateway: Gateway, artist: str
) -> None:
    fake.world.settles[artist] = ("usd", Decimal("1.10"))
    transfer = sent(gateway, order(artist, amount=100_00))
    assert (transfer.currency, fake.world.balance(artist, "USD")) == ("EUR", 110_00)
    fake.world.settles[artist] = ("usd", Decimal("1.08"))
    gateway.reverse(transfer.id, amount=100_00, payment="7", key="back-7-1", repeated=False)
    read = gateway.read_transfer(transfer.id)
    assert (read.came_back, fake.world.balance(artist, "USD"), fake.world.balance(PLATFORM, "EUR")) == (
        100_00,
        2_00,
        1000_00,
    )
    payout = fake.world.pay_out(artist)[0]
    assert [line.currency for line in gateway.payout_contents(payout, artist)] == ["USD", "USD"]


def test_news_is_asked_for_oldest_first(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    transfer = sent(gateway, order(artist))
    payout = fake.world.pay_out(artist)[0]
    fake.world.move_payout(payout, "paid")
    fake.world.reverse_by_hand(fake.world.transfer_by_hand(artist, 1))
    fake.world.close(artist)
    own = [(event.type, event.account) for event in gateway.events_since(AN_HOUR_AGO)]
    theirs = gateway.events_since(AN_HOUR_AGO, account=artist)
    accounts = [(event.type, event.account, event.object) for event in gateway.account_events_since(AN_HOUR_AGO)]
    assert own == [("transfer.created", ""), ("transfer.created", ""), ("transfer.reversed", "")]
    assert gateway.events_since(AN_HOUR_AGO)[0].object == transfer.id
    assert [(event.type, event.account, event.object) for event in theirs] == [
        ("payout.created", artist, payout),
        ("payout.paid", artist, payout),
    ]
    assert accounts[0] == ("v2.core.account[requirements].updated", artist, artist)
    assert accounts[-2:] == [
        ("v2.core.account_link.returned", artist, artist),
        ("v2.core.account.closed", artist, artist),
    ]
    assert gateway.account_events_since(timezone.now() + timedelta(minutes=1)) == []


def test_news_that_no_webhook_brought_is_told_apart(fake: FakeStripe, gateway: Gateway, artist: str) -> None:
    sent(gateway, order(artist))
    fake.world.news[-1].delivered = True
    fake.world.transfer_by_hand(artist, 1)
    missed = gateway.events_since(AN_HOUR_AGO, undelivered=True)
    assert (len(gateway.events_since(AN_HOUR_AGO)), len(missed)) == (2, 1)


def test_more_accounts_than_a_page_are_found(gateway: Gateway) -> None:
    made = [account_of(gateway, f"artist{n}") for n in range(105)]
    assert gateway.find_accounts("artist0") == [made[0]]


def test_neither_key_nor_person_is_told_to_a_log(
    fake: FakeStripe, gateway: Gateway, artist: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sent(gateway, order(artist))
        fake.go_wrong(Kind.STATUS, status=500, times=1)
        gateway.send_transfer(order(artist, "8"), repeated=False)
        fake.key = "sk_test_replaced"
        gateway.send_transfer(order(artist, "9"), repeated=False)
    told = caplog.text + repr(gateway) + repr(vars(gateway)["live"])
    assert [secret for secret in ("sk_test", "example.org", artist, "balance_transaction") if secret in told] == []
    assert (logging.getLogger("stripe").level, stripe.enable_telemetry) == (logging.WARNING, False)


def test_facts_hold_no_person_and_no_bank() -> None:
    kinds = [kind for kind in vars(facts).values() if dataclasses.is_dataclass(kind)]
    names = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert (len(kinds), names & {"email", "name", "bank", "iban", "tax_id", "address", "last4", "raw", "body"}) == (
        10,
        set(),
    )
    assert dataclasses.fields(Content)[2].name == "source"


def test_gateway_is_there_where_a_key_is(settings: Any, fake: FakeStripe) -> None:
    settings.VERNISSAGE_STRIPE_KEY = ""
    with pytest.raises(RuntimeError, match="VERNISSAGE_STRIPE_KEY"):
        open_gateway()
    assert not configured()
    settings.VERNISSAGE_STRIPE_KEY, settings.VERNISSAGE_STRIPE_API_BASE = fake.key, fake.address
    opened = open_gateway()
    assert (configured(), opened.live, opened is open_gateway(), opened.balance()[0].available) == (
        True,
        False,
        True,
        1000_00,
    )
    opened.close()
    assert (Gateway("sk_live_x").live, Gateway("rk_live_x").live, Gateway("rk_test_x").live) == (True, True, False)
