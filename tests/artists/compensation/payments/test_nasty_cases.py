"""What seldom happens and costs most: people who leave, a program stopped halfway, a rail that is overrun, pages that say too much."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter
from freezegun import freeze_time

from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Payment
from artists.compensation.payments import services
from artists.compensation.payments.accounts import readiness_of
from artists.compensation.payments.holds import holds_of
from artists.compensation.payments.services import sending, settling
from artists.compensation.stripe.facts import Account
from artists.people.models import Person, RoleGrant
from artists.people.roles import Role
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.doubles.stripe import FakeStripe, Kind
from tests.doubles.stripe.outbox import SECRETS
from tests.factories.awards import yes
from tests.factories.comparing import differs
from tests.factories.pay import funded
from tests.factories.people import holder_of
from tests.factories.refusals import code_of
from tests.factories.sending import fresh, payable, shown

ClientOf = Callable[[Person], Client]
IBAN = "DE89370400440532013000"


def money(person: Person) -> tuple[int, int, int]:
    """Owed, on its way, paid."""
    owed, flight, paid = (balance_of(side, "EUR", person=person) for side in (Side.OWED, Side.FLIGHT, Side.PAID))
    return owed, flight, paid


def send(payment: Payment, by: Person) -> Payment:
    return services.send_payment(fresh(payment), actor=by, proof=shown())


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    return payable(ada, funded(sam), by=sam)


def test_artist_who_is_owed_money_is_not_deleted_and_is_paid_after_leaving(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    with pytest.raises(ProtectedError):
        ada.delete()
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert (holds_of(fresh(payment)), money(ada)) == ([], (30_000, 0, 0))
    assert (send(payment, sam).state, money(ada)) == ("sent", (0, 0, 30_000))
    # Nor afterwards: the books go on naming whom they paid.
    with pytest.raises(ProtectedError):
        ada.delete()
    assert differs() == []


def test_last_of_the_staff_is_the_payee_and_moves_none_of_it(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    RoleGrant.objects.filter(role=Role.STAFF).delete()
    RoleGrant.objects.create(person=ada, role=Role.STAFF)
    last = Person.objects.get(pk=ada.pk)
    acts: list[Callable[[], object]] = [
        lambda: send(payment, last),
        lambda: services.record_by_hand(payment, actor=last, proof=shown(), reference="A"),
        lambda: services.cancel(payment, actor=last, reason="No."),
        lambda: services.hold(payment, actor=last, reason="No."),
        lambda: yes(payment.award, last),
    ]
    assert [code_of(act) for act in acts] == ["own-money"] * 5
    assert ([hold.code for hold in holds_of(fresh(payment))], money(ada)) == (["approvals-lapsed"], (30_000, 0, 0))
    # Whoever comes next approves it as it stands; until then it stays promised.
    new = [holder_of(Role.STAFF, name) for name in ("Una", "Udo")]
    assert code_of(lambda: send(payment, new[0])) == "approvals-lapsed"
    for person in new:
        yes(payment.award, person)
    assert (send(payment, new[0]).state, money(ada), differs()) == ("sent", (0, 0, 30_000), [])


def test_program_suspended_in_the_middle_of_a_batch_stops_no_money(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [payment, *(payable(ada, payment.award.fund, amount, by=sam) for amount in (5000, 700))]
    stopped_after: list[Payment] = []

    def and_stop(*call: Any) -> Payment:
        done = settling.settle(*call)
        if not stopped_after:
            suspend(Target(Scope.PROGRAM), actor=sam, reason="All of it.")
            stopped_after.append(done)
        return done

    monkeypatch.setattr(sending, "settle", and_stop)
    told = services.send_due(rows, actor=sam, proof=shown())
    assert [(one.payment.state, one.why.code) for one in told] == [("sent", "")] * 3
    assert (stopped_after, Suspension.objects.get().state) == ([payment], "in_force")
    assert (money(ada), differs()) == ((0, 0, 35_700), [])


def test_burst_of_too_many_calls_pays_each_once_when_it_is_over(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    rows = [payment, *(payable(ada, payment.award.fund, amount, by=sam) for amount in (5000, 700))]
    stripe_on.go_wrong(Kind.STATUS, status=429, times=3)
    stripe_on.go_wrong(Kind.STATUS, method="GET", status=429, times=3)
    told = services.send_due(rows, actor=sam, proof=shown())
    # It may have been done: nothing goes back, and nobody can send it anew.
    assert [(one.payment.state, one.why.code) for one in told] == [("unknown", "")] * 3
    assert (money(ada), stripe_on.world.transfers) == ((0, 35_700, 0), {})
    with freeze_time(timezone.now() + timedelta(minutes=5), tick=True):
        assert services.resolve_due() == 3  # each look meets it too
        assert {fresh(one).state for one in rows} == {"unknown"}
        assert services.resolve_due() == 0  # and is not made again at once
    with freeze_time(timezone.now() + timedelta(hours=2), tick=True):
        services.resolve_due()
    assert [fresh(one).state for one in rows] == ["sent"] * 3
    assert sorted(one["amount"] for one in stripe_on.world.transfers.values()) == [700, 5000, 30_000]
    assert [one.key for one in stripe_on.posts()] == [f"pay-{one.pk}-1" for one in rows] * 2
    assert (money(ada), differs()) == ((0, 0, 35_700), [])


def test_top_up_that_is_on_its_way_is_waited_for(
    stripe_on: FakeStripe, payment: Payment, ada: Person, sam: Person
) -> None:
    world = stripe_on.world
    world.top_up(-1005_00)  # what was taken back from the program leaves it below nothing
    assert differs("balance-low") == []
    world.top_up(400_00, delayed=True)
    assert differs() == []
    assert (send(payment, sam).state, Attempt.objects.get().code, money(ada)) == (
        "refused", "balance_insufficient", (30_000, 0, 0),
    )  # fmt: skip
    world.top_ups_arrive()
    services.retry(fresh(payment), actor=sam)
    assert (send(payment, sam).state, world.balance("", "eur"), differs()) == ("sent", 95_00, [])


def account(transfers: str | None, payouts: str | None) -> Account:
    return Account("acct_1", "", False, False, transfers, payouts, (), ())


@pytest.mark.parametrize(("transfers", "payouts"), [("teleported", "active"), ("active", "teleported"), (None, None)])
def test_account_in_a_state_that_we_do_not_know_is_not_ready(transfers: str | None, payouts: str | None) -> None:
    assert readiness_of(account("active", "active")) == "active"
    assert readiness_of(account(transfers, payouts)) == "restricted"


def test_no_page_of_an_error_names_a_key_or_a_bank(  # noqa: PLR0913
    stripe_on: FakeStripe, payment: Payment, ada: Person, client_of: ClientOf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET = list(SECRETS.values())
    secrets = [stripe_on.key, IBAN, *SECRETS.values()]
    said = " ".join(secrets)
    client = client_of(ada)
    client.raise_request_exception = False
    # What Stripe answers, and what breaks on our side with all of it in its words.
    stripe_on.go_wrong(Kind.GARBAGE, method="GET", path=r"/v2/core/accounts/\w+", body=said.encode(), times=3)
    pages = [client.post(reverse("pay_check"))]

    def broken() -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("artists.compensation.payments.accounts.open_gateway", broken)
    pages.append(client.post(reverse("pay_check")))
    pages.append(client.post(reverse("pay_check"), headers={"Accept": "application/json"}))
    assert [page.status_code for page in pages] == [503, 500, 500]
    told = " ".join(page.content.decode() for page in pages)
    # Where somebody runs it with DEBUG, Django's own page shows the settings.
    told += str(SafeExceptionReporterFilter().get_safe_settings())
    assert [secret for secret in secrets if secret in told] == []
