"""Webhooks are believed or refused, kept once, and change nothing by themselves."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from artists.compensation.models import Payment, Payout, RailAccount, RailEvent
from artists.compensation.payments import hooks
from artists.compensation.reconciling.hearing import apply_due_events
from artists.people.models import Person
from tests.doubles.stripe import FakeStripe
from tests.factories.hooks import Hook
from tests.factories.pay import funded
from tests.factories.rail import promised, sent

AccountOf = Callable[[Person], RailAccount]


@pytest.fixture
def payment(stripe_on: FakeStripe, account_of: AccountOf, ada: Person, sam: Person) -> Payment:
    """One that went out, with a payout of it."""
    account = account_of(ada)
    payment = sent(stripe_on, promised(funded(sam), ada), account)
    stripe_on.world.pay_out(account.account or "")
    return payment


def test_event_is_kept_once_and_answered_at_once(hook: Hook, payment: Payment) -> None:
    waiting = len(hook.outbox.waiting())
    assert hook.deliver(duplicate=1.0, shuffle=True) == [200] * 2 * waiting
    kept = RailEvent.objects.order_by("pk")
    types = {
        "transfer.created",
        "payout.created",
        "v2.core.account[requirements].updated",
        "v2.core.account_link.returned",
    }
    assert (kept.count(), {row.type for row in kept} >= types, {str(row.body) for row in kept}) == (
        waiting,
        True,
        {"{}"},
    )
    # A hint changes nothing: that is for whoever reads Stripe.
    payment.refresh_from_db()
    assert (payment.arrival, Payout.objects.count(), kept.filter(applied_at=None).count()) == ("none", 0, waiting)
    hook.deliver(hook.outbox.world.news[:1])
    assert (hook.code, kept.count()) == ("known", waiting)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"secret": "whsec_forged"}, "signature-wrong"),
        ({"age_s": 301}, "signature-old"),
        ({"wrong_mode": True}, "mode-wrong"),
    ],
)
def test_forged_old_or_of_the_wrong_mode_changes_nothing(
    hook: Hook, payment: Payment, how: dict[str, object], code: str
) -> None:
    assert set(hook.deliver(**how)) == {400}
    assert (hook.code, RailEvent.objects.count()) == (code, 0)
    assert Payment.objects.get().state == "sent"


def test_what_is_no_event_is_refused(hook: Hook, payment: Payment) -> None:
    body, header = hook.outbox.signed(hook.outbox.world.news[0])
    assert (hook.post(body, ""), hook.code) == (400, "signature-missing")
    assert (hook.post(body.replace(b"acct_", b"acct-"), header), hook.code) == (400, "signature-wrong")
    assert (hook.post(b"\xff", header), hook.code) == (400, "body-unreadable")
    assert (hook.post(b"x" * (hooks.LARGEST + 1), header), hook.code) == (413, "body-too-large")
    assert RailEvent.objects.count() == 0
    assert (hook.post(body, header), RailEvent.objects.count()) == (200, 1)


def test_account_that_nobody_here_has_is_refused(hook: Hook, payment: Payment) -> None:
    RailAccount.objects.update(account="acct_other")
    about_accounts = [one for one in hook.outbox.waiting() if one.endpoint != "account"]
    assert (set(hook.deliver(about_accounts)), hook.code, RailEvent.objects.count()) == ({400}, "account-unknown", 0)
    # The program's own news goes on.
    assert (set(hook.deliver([one for one in hook.outbox.waiting() if one.endpoint == "account"])), hook.code) == (
        {200}, "kept",
    )  # fmt: skip


def test_type_of_a_later_version_is_kept(hook: Hook, payment: Payment) -> None:
    news = hook.outbox.world.news[-1]
    news.told["type"] = "payout.teleported"
    assert hook.deliver([news]) == [200]
    assert RailEvent.objects.get().type == "payout.teleported"


def test_event_of_an_older_version_is_a_hint_like_any_other(hook: Hook, payment: Payment) -> None:
    news = [one for one in hook.outbox.waiting() if "api_version" in one.told]
    for one in news:
        one.told["api_version"] = "2020-08-27"
        about = one.told["data"]["object"]
        # Of its object nothing is read but the id: it may lack what this version has.
        one.told["data"]["object"] = {"id": about["id"], "object": about["object"]}
    assert set(hook.deliver(news)) == {200}
    assert apply_due_events() == len(news) == RailEvent.objects.filter(error="").count()
    payment.refresh_from_db()
    assert (payment.state, payment.arrival) == ("sent", "pending")


def test_both_secrets_hold_while_one_is_changed(hook: Hook, payment: Payment, settings: object) -> None:
    hook.outbox.secrets["account"] = "whsec_new"
    settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET += ["whsec_new"]  # type: ignore[attr-defined]
    assert set(hook.deliver()) == {200}


def test_no_session_no_sign_in_and_few_queries(hook: Hook, payment: Payment) -> None:
    body, header = hook.outbox.signed(next(one for one in hook.outbox.waiting() if one.endpoint == "connect"))
    with CaptureQueriesContext(connection) as asked:
        assert hook.post(body, header) == 200
    assert [one["sql"] for one in asked if "session" in one["sql"].lower()] == []
    assert len(asked) <= 5  # the account, the event looked for, written between a savepoint's ends
    assert Client().get("/payments/stripe/").status_code == 405


def test_without_a_key_nothing_is_taken(client: Client, db: None) -> None:
    answer = client.post("/payments/stripe/", json.dumps({}), content_type="application/json")
    assert (answer.status_code, answer.json()["code"], RailEvent.objects.count()) == (404, "stripe-off", 0)
