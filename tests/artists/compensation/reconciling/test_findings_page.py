"""Findings on staff's pages: each with its next step; nobody else reads them."""

from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.compensation.models import Finding, Payment, RailAccount, RailEvent, Reconciliation
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.reconciling.kinds import KINDS
from artists.people.models import Person
from tests.doubles.stripe import FakeStripe
from tests.factories.pay import funded
from tests.factories.rail import promised, unknown

ClientOf = Callable[[Person], Client]
AccountOf = Callable[[Person], RailAccount]
PAGE = "/staff/payments/findings/"


def found(code: str, subject: str = str(uuid4())) -> Finding:
    """One that is open."""
    run, now = Reconciliation.objects.create(began_at=timezone.now()), timezone.now()
    return Finding.objects.create(code=code, subject=subject, words="It is so.", first_seen=run, last_seen=run, opened_at=now)  # fmt: skip


def read(client: Client, page: str = PAGE) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_finding_says_its_next_step_and_leads_to_its_payment(
    stripe_on: FakeStripe, account_of: AccountOf, client_of: ClientOf, ada: Person, sam: Person
) -> None:
    payment: Payment = promised(funded(sam), ada, title="October work")
    unknown(payment, account_of(ada))
    reconcile()
    said = read(client_of(sam))
    assert "1 finding is open" in said
    assert "manage.py reconcile --adopt" in said
    assert f'href="/staff/payments/{payment.pk}/">Ada, October work</a>' in said
    assert "findings are open, each with its next step" in read(client_of(sam), "/staff/")
    Finding.objects.update(closed_at=timezone.now())
    again = read(client_of(sam))
    assert ("The books agree" in again, "Nothing differs." in again, "October work" in again) == (True, True, True)


def test_every_kind_has_a_page(db: None, client_of: ClientOf, sam: Person) -> None:
    for code in KINDS:
        found(code)
    said = read(client_of(sam))
    assert [code for code in KINDS if code not in said] == []


def test_page_asks_as_often_for_three_findings_as_for_one(
    client_of: ClientOf, ada: Person, ben: Person, sam: Person
) -> None:
    fund, client = funded(sam), client_of(sam)
    found("attempt-unknown", str(promised(fund, ada).pk))
    read(client)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    one = asked()
    found("payment-differs", str(promised(fund, ben).pk))
    found("transfer-twice", str(promised(fund, ben).pk))
    assert asked() == one


def test_webhooks_that_cannot_be_looked_at_and_faults_are_on_today(db: None, client_of: ClientOf, sam: Person) -> None:
    client = client_of(sam)
    assert "Books and Stripe" not in read(client, "/staff/")
    now = timezone.now()
    RailEvent.objects.create(event="evt_1", type="payout.paid", body={}, received_at=now, due_at=now, tries=3, error="server-error: x")  # fmt: skip
    Reconciliation.objects.create(began_at=now, ended_at=now, error="no-answer: gone")
    said = read(client, "/staff/")
    assert ("webhooks could not be looked at" in said, "no-answer: gone" in said) == (True, True)


def test_only_staff_read_findings(client_of: ClientOf, ada: Person, rhea: Person, olga: Person) -> None:
    assert [client_of(who).get(PAGE).status_code for who in (ada, rhea, olga)] == [403, 403, 200]
