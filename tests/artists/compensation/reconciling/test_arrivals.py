"""What reached the bank, by webhooks and by looking; a failed payout is told to whoever can mend it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.models import Attempt, Entry, Payment, Payout, RailAccount, RailEvent
from artists.compensation.reconciling.arrivals import look_at_payouts
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.reconciling.hearing import apply_due_events, events_stuck
from artists.people.models import Person
from portal.happenings import delivery
from portal.notices.models import Notice
from tests.doubles.stripe import FakeStripe, Kind
from tests.factories.hooks import Hook
from tests.factories.pay import funded
from tests.factories.rail import promised, sent

AccountOf = Callable[[Person], RailAccount]
TOLD = ("pay.arrived", "pay.payout_failed", "pay.came_back", "pay.account_stopped", "pay.account_ready")


def told(person: Person) -> list[str]:
    """Kinds of what this room told somebody, oldest first."""
    delivery.sweep()
    return list(Notice.objects.filter(person=person, kind__in=TOLD).order_by("pk").values_list("kind", flat=True))


def arrivals() -> list[tuple[str, str | None]]:
    """Each payment: how it stands at the bank, and in which payout."""
    return list(Payment.objects.order_by("made_at", "pk").values_list("arrival", "payout__payout"))


@pytest.fixture
def account(account_of: AccountOf, ada: Person) -> RailAccount:
    """Ada's."""
    return account_of(ada)


@pytest.fixture
def three(stripe_on: FakeStripe, account: RailAccount, ada: Person, sam: Person) -> list[Payment]:
    """Three payments to Ada that Stripe took."""
    fund = funded(sam)
    return [sent(stripe_on, promised(fund, ada, 1000 * n, title=f"Work {n}"), account) for n in (1, 2, 3)]


def test_payout_of_three_payments_goes_its_way(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], account: RailAccount, ada: Person
) -> None:
    [payout] = stripe_on.world.pay_out(account.account or "")
    seen = []
    for status in ("pending", "in_transit", "paid"):
        if status != "pending":
            stripe_on.world.move_payout(payout, status)
        hook.deliver()
        apply_due_events()
        seen.append(arrivals())
    assert seen == [[(status, payout)] * 3 for status in ("pending", "in_transit", "paid")]
    row = Payout.objects.get()
    assert (row.amount, row.currency, row.failure, row.account_id) == (6000, "EUR", "", account.pk)
    assert told(ada) == ["pay.arrived"] * 3
    assert Entry.objects.filter(kind="arrive").count() == 3  # a bank's word moves nothing in the books
    assert set(Attempt.objects.values_list("arrived_as", flat=True)) == {
        told["destination_payment"] for told in stripe_on.world.transfers.values()
    }


def test_paid_then_failed_needs_its_artist_and_the_next_payout_pays(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], account: RailAccount, ada: Person, ben: Person
) -> None:
    world, acct = stripe_on.world, account.account or ""
    [first] = world.pay_out(acct)
    world.move_payout(first, "paid")
    hook.deliver()
    apply_due_events()
    world.move_payout(first, "failed", "account_closed")
    hook.deliver()
    apply_due_events()
    account.refresh_from_db()
    assert (arrivals(), account.readiness) == ([("failed", first)] * 3, "restricted")
    assert sorted(told(ada)) == ["pay.account_stopped", *["pay.arrived"] * 3, "pay.payout_failed"]
    notice = Notice.objects.get(kind="pay.payout_failed")
    assert ("60.00 EUR" in notice.body, Payout.objects.get().failure) == (True, "account_closed")
    assert [one.code for one in reconcile().open] == ["payout-failed"]
    world.onboard(acct)  # the bank account is mended
    [second] = world.pay_out(acct)
    world.move_payout(second, "paid")
    hook.deliver()
    apply_due_events()
    assert (arrivals(), reconcile().open) == ([("paid", second)] * 3, [])
    assert list(Payout.objects.order_by("made_at", "pk").values_list("payout", "status", "again_in__payout")) == [
        (first, "failed", second),
        (second, "paid", None),
    ]
    assert told(ada)[-4:].count("pay.arrived") == 3
    assert told(ben) == []


def test_later_payout_seen_first_is_not_undone_by_the_earlier(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], account: RailAccount, ada: Person
) -> None:
    world, acct = stripe_on.world, account.account or ""
    [first] = world.pay_out(acct)
    world.move_payout(first, "failed")
    world.onboard(acct)
    [second] = world.pay_out(acct)
    world.move_payout(second, "paid")
    about = {id_: [one for one in hook.outbox.waiting() if one.told.get("data", {}).get("object", {}).get("id") == id_] for id_ in (first, second)}  # fmt: skip
    for id_ in (second, first, second, first):
        hook.deliver(about[id_])
        apply_due_events()
        assert arrivals() == [("paid", second)] * 3
    # It was over when we learned of it: nobody is asked to do anything.
    assert told(ada) == ["pay.arrived"] * 3


def test_lost_webhooks_cost_time_only(
    stripe_on: FakeStripe, three: list[Payment], account: RailAccount, ada: Person
) -> None:
    world = stripe_on.world
    [payout] = world.pay_out(account.account or "")
    world.move_payout(payout, "paid")
    assert (reconcile().open, arrivals()) == ([], [("paid", payout)] * 3)
    world.move_payout(payout, "failed")
    assert ([one.code for one in reconcile().open], arrivals()) == (
        ["payout-failed"], [("failed", payout)] * 3,
    )  # fmt: skip
    assert told(ada)[-2:].count("pay.payout_failed") == 1


def test_what_is_known_already_is_not_read_again(
    stripe_on: FakeStripe, three: list[Payment], account: RailAccount
) -> None:
    world, since = stripe_on.world, timezone.now() - timedelta(days=1)
    [payout] = world.pay_out(account.account or "")
    world.move_payout(payout, "paid")
    look_at_payouts(account, since=since)
    stripe_on.seen.clear()
    assert look_at_payouts(account, since=since) == 1
    assert [seen.path for seen in stripe_on.seen] == ["/v1/payouts"]


def test_canceled_payout_asks_nothing_of_anybody(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], account: RailAccount, ada: Person
) -> None:
    [payout] = stripe_on.world.pay_out(account.account or "")
    stripe_on.world.payouts[payout][1]["status"] = "canceled"
    hook.deliver()
    apply_due_events()
    assert (arrivals(), told(ada), reconcile().open) == ([("failed", payout)] * 3, [], [])


def test_word_of_a_later_version_is_on_its_way_until_one_is_known(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], account: RailAccount, ada: Person
) -> None:
    world = stripe_on.world
    [payout] = world.pay_out(account.account or "")
    world.payouts[payout][1]["status"] = "looked_at_by_the_bank"
    hook.deliver()
    assert apply_due_events() == RailEvent.objects.filter(error="").count()
    assert (arrivals(), told(ada), reconcile().open) == ([("pending", payout)] * 3, [], [])
    world.move_payout(payout, "paid")
    assert (reconcile().open, arrivals(), told(ada)) == ([], [("paid", payout)] * 3, ["pay.arrived"] * 3)


def test_sum_below_the_smallest_payout_waits_for_months_without_an_alarm(
    stripe_on: FakeStripe, account: RailAccount, ada: Person, sam: Person
) -> None:
    world, fund, acct = stripe_on.world, funded(sam), account.account or ""
    sent(stripe_on, promised(fund, ada, 60), account)
    for days in (31, 62, 124):
        with freeze_time(timezone.now() + timedelta(days=days)):
            assert (world.pay_out(acct), reconcile().open, arrivals()) == ([], [], [("none", None)])
    with freeze_time(timezone.now() + timedelta(days=125)):
        sent(stripe_on, promised(fund, ada, 40), account)
        [payout] = world.pay_out(acct)
        world.move_payout(payout, "paid")
        assert (reconcile().open, arrivals()) == ([], [("paid", payout)] * 2)


def test_reversal_in_the_dashboard_is_entered_and_told(
    stripe_on: FakeStripe, hook: Hook, three: list[Payment], ada: Person, sam: Person
) -> None:
    world, payment = stripe_on.world, three[1]
    world.reverse_by_hand(payment.transfer or "", 500)
    hook.deliver(duplicate=1.0, shuffle=True)
    apply_due_events()
    payment.refresh_from_db()
    assert (payment.state, payment.came_back, told(ada)) == ("partly_reversed", 500, ["pay.came_back"])
    assert Notice.objects.filter(person=sam, kind="pay.desk_came_back").count() == 1
    world.reverse_by_hand(payment.transfer or "")
    hook.deliver()
    apply_due_events()
    payment.refresh_from_db()
    assert (payment.state, payment.came_back, Entry.objects.filter(kind="reverse").count()) == ("reversed", 2000, 2)
    assert reconcile().open == []


def test_account_that_stops_is_told_once(stripe_on: FakeStripe, hook: Hook, account: RailAccount, ada: Person) -> None:
    hook.deliver()
    apply_due_events()
    stripe_on.world.ask_again(account.account or "")
    hook.deliver(duplicate=1.0)
    apply_due_events()
    apply_due_events()
    account.refresh_from_db()
    assert (account.readiness, account.needs[0]["due"], told(ada)) == (
        "restricted",
        "past_due",
        ["pay.account_stopped"],
    )
    stripe_on.world.onboard(account.account or "")
    hook.deliver()
    apply_due_events()
    assert told(ada) == ["pay.account_stopped", "pay.account_ready"]


def test_fault_puts_off_and_keeps_its_words(stripe_on: FakeStripe, hook: Hook, three: list[Payment]) -> None:
    hook.deliver([one for one in hook.outbox.waiting() if one.told["type"] == "transfer.created"][:1])
    row = RailEvent.objects.get()
    waits = []
    for _ in range(3):
        stripe_on.go_wrong(Kind.STATUS, method="GET", path=r"/v1/transfers/\w+", times=3, status=500)
        RailEvent.objects.update(due_at=timezone.now())
        assert apply_due_events() == 0
        row.refresh_from_db()
        waits.append(round((row.due_at - timezone.now()).total_seconds() / 30))
    assert (row.tries, waits, row.error.split(":")[0], events_stuck()) == (3, [1, 2, 4], "server-error", 1)
    assert apply_due_events() == 0  # not due
    RailEvent.objects.update(due_at=timezone.now())
    assert (apply_due_events(), events_stuck()) == (1, 0)
    row.refresh_from_db()
    assert (row.applied_at is not None, row.error) == (True, "")


def test_what_is_not_there_is_not_asked_for_again(stripe_on: FakeStripe, hook: Hook, three: list[Payment]) -> None:
    hook.deliver([one for one in hook.outbox.waiting() if one.told["type"] == "transfer.created"][:1])
    RailEvent.objects.update(object="tr_nowhere")
    assert (apply_due_events(), apply_due_events()) == (1, 0)
    row = RailEvent.objects.get()
    assert (row.applied_at is not None, row.error.split(":")[0]) == (True, "resource_missing")


def test_many_hints_of_one_thing_are_one_look(stripe_on: FakeStripe, hook: Hook, account: RailAccount) -> None:
    for _ in range(3):
        stripe_on.world.ask_again(account.account or "")
    hook.deliver()
    stripe_on.seen.clear()
    assert apply_due_events() == RailEvent.objects.count()
    assert [seen.path for seen in stripe_on.seen] == [f"/v2/core/accounts/{account.account}"]
