"""What a comparison finds, when it finds it no longer, and that it sends nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from artists.compensation.models import Attempt, Entry, Finding, Payment, RailAccount, Reconciliation
from artists.compensation.payments.services import book_reversal
from artists.compensation.reconciling import comparing
from artists.compensation.reconciling.comparing import compare_hourly, comparison_due, reconcile, sweep_rail
from artists.people.models import Person
from portal.access import System
from portal.panels import status
from tests.doubles.stripe import FakeStripe, Kind
from tests.factories import ledger
from tests.factories.pay import funded
from tests.factories.rail import begun, promised, sent, transfer_of, unknown

AccountOf = Callable[[Person], RailAccount]


def open_now(**more: Any) -> list[tuple[str, str]]:
    """Code and subject of what is open after a comparison."""
    return [(one.code, one.subject) for one in reconcile(**more).open]


@pytest.fixture
def account(account_of: AccountOf, ada: Person) -> RailAccount:
    """Ada's."""
    return account_of(ada)


@pytest.fixture
def payment(ada: Person, sam: Person) -> Payment:
    """One that is payable."""
    return promised(funded(sam), ada)


def test_books_and_stripe_agree(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    done = reconcile()
    assert (done.open, done.error, done.run.compared, done.run.found) == ([], "", 1, 0)
    assert [seen.method for seen in stripe_on.seen if seen.method != "GET"] == []


def test_transfer_made_by_hand_is_found_until_it_is_taken_back(stripe_on: FakeStripe, account: RailAccount) -> None:
    stray = stripe_on.world.transfer_by_hand(account.account or "", 700)
    assert open_now() == [("transfer-not-in-books", stray)]
    first = Finding.objects.get()
    assert open_now() == [("transfer-not-in-books", stray)]
    again = Finding.objects.get()
    assert (again.pk, again.first_seen_id == first.first_seen_id, again.last_seen_id > first.last_seen_id) == (
        first.pk, True, True,
    )  # fmt: skip
    stripe_on.world.reverse_by_hand(stray)
    assert open_now() == []
    assert Finding.objects.get().closed_at is not None
    assert Entry.objects.count() == 0


def test_two_transfers_for_one_payment(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    second = transfer_of(stripe_on, payment.attempts.get())
    assert open_now() == [("transfer-not-in-books", second), ("transfer-twice", str(payment.pk))]
    stripe_on.world.reverse_by_hand(second)
    assert open_now() == []


def test_what_stripe_does_not_have(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    del stripe_on.world.transfers[payment.transfer or ""]
    assert open_now() == [("transfer-not-at-stripe", payment.transfer)]


def test_other_sum_than_was_asked_for(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    stripe_on.world.transfers[payment.transfer or ""]["amount"] = 2999
    assert open_now() == [("transfer-differs", payment.transfer)]


def test_reversal_past_the_portal_is_entered_and_shown_once(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount
) -> None:
    sent(stripe_on, payment, account)
    stripe_on.world.reverse_by_hand(payment.transfer or "", 1000)
    assert open_now() == [("reversed-elsewhere", payment.transfer)]
    payment.refresh_from_db()
    assert (payment.state, payment.came_back) == ("partly_reversed", 1000)
    assert open_now() == []
    assert Entry.objects.filter(kind="reverse").count() == 1


def test_more_back_in_the_books_than_at_stripe(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    book_reversal(payment, "trr_nowhere", 1000, System("tests"))
    assert open_now() == [("transfer-differs", payment.transfer)]
    assert Finding.objects.get().words == "0.00 EUR came back at Stripe; the books have 10.00 EUR."


def test_unknown_is_found_after_an_hour_and_adopted_only_when_asked(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount
) -> None:
    attempt = unknown(payment, account, hours_ago=0.5)
    transfer = transfer_of(stripe_on, attempt)
    assert open_now() == []
    Attempt.objects.update(began_at=timezone.now() - timedelta(minutes=61))
    assert open_now() == [("attempt-unknown", str(payment.pk))]
    done = reconcile(adopt=True)
    payment.refresh_from_db()
    assert (done.adopted, done.open) == ([str(payment.pk)], [])
    assert (payment.state, payment.transfer, Attempt.objects.get().state) == ("sent", transfer, "accepted")
    assert (reconcile(adopt=True).adopted, Entry.objects.filter(kind="arrive").count()) == ([], 1)
    assert stripe_on.posts() == []


def test_nothing_is_adopted_that_is_not_surely_ours(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount
) -> None:
    attempt = unknown(payment, account)
    assert reconcile(adopt=True).adopted == []  # nothing is there
    first = transfer_of(stripe_on, attempt)
    second = transfer_of(stripe_on, attempt)
    assert reconcile(adopt=True).adopted == []  # two are there
    stripe_on.world.transfers[second]["transfer_group"] = "elsewhere"
    stripe_on.world.transfers[first]["amount"] = 2999
    assert reconcile(adopt=True).adopted == []  # another sum
    payment.refresh_from_db()
    assert (payment.state, Entry.objects.filter(kind="arrive").count()) == ("unknown", 0)


def test_accounts_of_those_who_are_owed(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount, account_of: AccountOf, ben: Person
) -> None:
    account_of(ben)  # is owed nothing: nobody asks after his account
    assert open_now() == []
    stripe_on.world.ask_again(account.account or "")
    assert open_now() == [("account-changed", account.account)]
    stripe_on.world.close(account.account or "")
    assert open_now() == [("account-closed", account.account)]
    account.refresh_from_db()
    assert account.readiness == "closed"
    del stripe_on.world.accounts[account.account or ""]
    assert open_now() == [("account-closed", account.account)]


def test_less_at_stripe_than_is_to_be_paid(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    stripe_on.world.top_up(2999 - 1000_00)
    assert open_now() == [("balance-low", "EUR")]
    assert Finding.objects.get().words == "30.00 EUR is to be paid; Stripe has 29.99 EUR of the program's."
    stripe_on.world.top_up(1)
    assert open_now() == []


def test_webhooks_that_do_not_arrive(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    assert open_now() == []
    for news in stripe_on.world.news:
        if news.endpoint == "account":
            news.told["created"] -= 2 * 3600
    assert open_now() == [("webhooks-undelivered", "account")]
    for news in stripe_on.world.news:
        news.delivered = True
    assert open_now() == []


def test_news_of_a_payout_that_does_not_arrive(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    sent(stripe_on, payment, account)
    stripe_on.world.pay_out(account.account)
    for news in stripe_on.world.news:
        news.delivered = news.endpoint == "account"
        if news.endpoint == "connect":
            news.told["created"] -= 2 * 3600
    assert open_now() == [("webhooks-undelivered", "connect")]
    for news in stripe_on.world.news:
        news.delivered = True
    assert open_now() == []


def test_payment_against_its_entries(db: None, ada: Person, sam: Person) -> None:
    fund = funded(sam)
    [by_hand] = ledger.promised(fund, ada)
    ledger.paid_by_hand(by_hand)
    [back] = ledger.promised(fund, ada)
    ledger.came_back(ledger.sent(back))
    ledger.refused(ledger.promised(fund, ada)[0])
    ledger.attempted(ledger.promised(fund, ada)[0])
    assert open_now() == []
    Payment.objects.filter(pk=by_hand.pk).update(came_back=1)
    assert open_now() == [("payment-differs", str(by_hand.pk))]


def test_without_a_key_the_books_alone_and_what_was_found_there_stays(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount, settings: Any
) -> None:
    stray = stripe_on.world.transfer_by_hand(account.account or "", 700)
    unknown(payment, account)
    assert len(open_now()) == 2
    settings.VERNISSAGE_STRIPE_KEY = ""
    Attempt.objects.update(began_at=timezone.now())
    stripe_on.seen.clear()
    done = reconcile()
    assert ([one.subject for one in done.open], done.by_stripe, stripe_on.seen) == ([stray], False, [])


def test_stripe_away_closes_nothing_and_says_so(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    stray = stripe_on.world.transfer_by_hand(account.account or "", 700)
    assert open_now() == [("transfer-not-in-books", stray)]
    stripe_on.world.reverse_by_hand(stray)
    stripe_on.go_wrong(Kind.STATUS, method="GET", path="/v1/transfers", times=3, status=503)
    stripe_on.seen.clear()
    done = reconcile()
    assert ([one.subject for one in done.open], done.error.split(":")[0]) == ([stray], "server-error")
    assert {seen.path for seen in stripe_on.seen} == {"/v1/transfers"}  # nothing else is waited for
    assert (status()["reconcile"]["error"], status()["reconcile"]["findings"]) == (done.error, 1)
    assert open_now() == []


def test_right_that_the_key_lacks_spoils_one_check(
    stripe_on: FakeStripe, payment: Payment, account: RailAccount
) -> None:
    stripe_on.forbidden.add("/v1/balance")
    stripe_on.world.close(account.account or "")
    done = reconcile()
    assert ([one.code for one in done.open], done.error.split(":")[0]) == (["account-closed"], "key-may-not")


def test_shorter_look_closes_nothing_of_before(stripe_on: FakeStripe, account: RailAccount) -> None:
    stray = stripe_on.world.transfer_by_hand(account.account or "", 700)
    stripe_on.world.transfers[stray]["created"] -= 10 * 86400
    assert open_now() == [("transfer-not-in-books", stray)]
    assert open_now(since=timezone.now() - timedelta(days=1)) == [("transfer-not-in-books", stray)]
    stripe_on.world.reverse_by_hand(stray)
    assert open_now(since=timezone.now() - timedelta(days=1)) == [("transfer-not-in-books", stray)]
    assert open_now() == []


def test_hourly_and_not_before_there_is_anything(db: None, ada: Person, sam: Person) -> None:
    sweep_rail()
    assert (comparison_due(), Reconciliation.objects.count()) == (False, 0)
    promised(funded(sam), ada)
    sweep_rail()
    sweep_rail()
    assert (compare_hourly(), Reconciliation.objects.count()) == (0, 1)
    Reconciliation.objects.update(began_at=timezone.now() - comparing.EVERY)
    sweep_rail()
    assert Reconciliation.objects.count() == 2


def told_by(*words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("reconcile", *words, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_command_exits_by_what_is_open(stripe_on: FakeStripe, account: RailAccount) -> None:
    code, said, fault = told_by("--json")
    assert (code, json.loads(said), fault) == (
        0, {"stripe": "on", "compared": 0, "findings": [], "closed": 0, "adopted": [], "error": ""}, "",
    )  # fmt: skip
    stray = stripe_on.world.transfer_by_hand(account.account or "", 700)
    code, said, _fault = told_by("--json", "--adopt", "--since", "2020-01-01")
    [one] = json.loads(said)["findings"]
    assert (code, one["code"], one["subject"], one["step"][:8]) == (1, "transfer-not-in-books", stray, "Find out")
    code, said, _fault = told_by()
    assert (code, said.splitlines()[-1]) == (1, "Compared 1 transfers and the books: 1 findings are open, 0 closed.")
    stripe_on.go_wrong(Kind.STATUS, method="GET", path="/v1/transfers", times=3, status=500)
    code, _said, fault = told_by()
    assert (code, fault.split(":")[0]) == (1, "server-error")


@pytest.mark.parametrize(("day", "code"), [("yesterday", "date-unreadable"), ("2026-13-01", "date-unreadable"), ("2999-01-01", "date-ahead")])  # fmt: skip
def test_command_refuses_a_wrong_day(db: None, day: str, code: str) -> None:
    exit_code, _said, fault = told_by("--since", day)
    assert (exit_code, fault.split(":")[0], Reconciliation.objects.count()) == (1, code, 0)


def test_attempt_whose_caller_died_is_found_too(stripe_on: FakeStripe, payment: Payment, account: RailAccount) -> None:
    begun(payment, account, hours_ago=2)
    Payment.objects.filter(pk=payment.pk).update(state="sending")
    assert open_now() == [("attempt-unknown", str(payment.pk))]
