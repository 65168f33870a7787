"""The payments desk: a dry run, sending with a recent second factor, failures with their next step, one payment with its story."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.models import Payment
from artists.compensation.payments import services
from artists.people.models import Person, RoleGrant
from portal.happenings.delivery import sweep as tell_news
from portal.notices.models import Letter, Notice
from portal.storage.models import HandOut, StoredFile
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.codes import one_time_code
from tests.factories.films import picture_file
from tests.factories.pay import funded
from tests.factories.sending import account_at, fresh, paid_by_hand, payable, shown

ClientOf = Callable[[Person], Client]
SECRET = "JBSWY3DPEHPK3PXP"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def payment(ada_paid: str, ada: Person, sam: Person) -> Payment:
    return payable(ada, funded(sam), by=sam)


def by_code(person: Person) -> Client:
    """A browser in which somebody signed in with a password and a one-time code."""
    TOTP.activate(person, SECRET)
    person.set_password("a long enough sentence")
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": "a long enough sentence"})
    client.post("/accounts/2fa/authenticate/", {"code": one_time_code(SECRET)})
    return client


def read_at(client: Client, payment: Payment) -> str:
    """What the form that takes money back says of when it was read; empty where there is none."""
    page = client.get(reverse("staff_payment", args=[payment.pk])).content.decode()
    return "".join(re.findall(r'name="read_at" value="(\d+)"', page))


def test_dry_run_then_send(stripe_on: FakeStripe, client_of: ClientOf, payment: Payment, ada: Person, ben: Person, sam: Person) -> None:  # fmt: skip
    nobody = payable(ben, payment.award.fund, 5000, by=sam)
    client = client_of(sam)
    desk = client.get(reverse("staff_payments")).content.decode()
    assert (f'value="{payment.pk}"' in desk, f'value="{nobody.pk}"' in desk, "not-onboarded" in desk) == (
        True,
        False,
        True,
    )
    url = f"{reverse('staff_payments_batch')}?p={payment.pk}&p={nobody.pk}&p=nonsense"
    dry = client.get(url).content.decode()
    assert ("A dry run: nothing is sent yet" in dry, "Send 1 payment" in dry, stripe_on.posts()) == (True, True, [])
    sent = client.post(url)
    text = sent.content.decode()
    assert (sent.status_code, "Sent; how each one ended is below" in text, len(stripe_on.world.transfers)) == (
        200,
        True,
        1,
    )
    assert (fresh(payment).state, fresh(nobody).state) == ("sent", "ready")
    # A second press sends nothing more.
    client.post(url)
    assert len(stripe_on.world.transfers) == 1
    tell_news()
    assert Notice.objects.get(person=ada, kind="pay.sent").url == reverse("ledger_payment", args=[payment.pk])


def test_old_second_factor_sends_nothing_and_leads_back(stripe_on: FakeStripe, payment: Payment, sam: Person) -> None:
    client = by_code(sam)
    batch = f"{reverse('staff_payments_batch')}?p={payment.pk}"
    here, record = reverse("staff_payment", args=[payment.pk]), reverse("staff_payment_record", args=[payment.pk])
    with freeze_time(timezone.now() + timedelta(minutes=20), tick=True):
        typed = client.post(record, {"reference": "RF18 5390"})
        assert (typed.status_code, "RF18 5390" in typed.content.decode()) == (403, True)
        page = client.post(batch)
        text = page.content.decode()
        assert (page.status_code, "second-factor-old" in text, stripe_on.posts(), fresh(payment).state) == (403, True, [], "ready")  # fmt: skip
        again = re.search(r'href="(/accounts/2fa/reauthenticate/[^"]+)"', text)
        assert again is not None
        back = client.post(again[1].replace("&amp;", "&"), {"code": one_time_code(SECRET)})
        # Back to the same dry run; what was typed elsewhere is there too.
        assert (back.status_code, back["Location"]) == (302, batch)
        assert 'value="RF18 5390"' in client.get(here).content.decode()
        client.post(batch)
    assert (fresh(payment).state, len(stripe_on.world.transfers)) == ("sent", 1)


def test_failure_says_its_one_next_step_and_the_staff_are_told(stripe_on: FakeStripe, client_of: ClientOf, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    stripe_on.world.balances[("", "eur")] = 0
    services.send_payment(payment, actor=sam, proof=shown())
    RoleGrant.objects.create(person=ada, role="staff")
    tell_news()
    told = Notice.objects.filter(kind="pay.desk").values_list("person__name", flat=True)
    assert (sorted(told), Letter.objects.filter(to=ada.email, subject="A payment was refused").count()) == (["Sam", "Stella", "Theo"], 0)  # fmt: skip
    client = client_of(sam)
    desk = client.get(reverse("staff_payments")).content.decode()
    assert ("Top up the balance at Stripe, then make it payable again." in desk, "balance_insufficient" in desk) == (
        True,
        True,
    )
    assert client.post(reverse("staff_payment_retry", args=[payment.pk])).status_code == 302
    assert fresh(payment).state == "ready"
    today = client.get(reverse("today"))
    assert today.status_code == 200


def test_unknown_payment_is_looked_at_when_asked(
    stripe_on: FakeStripe, client_of: ClientOf, payment: Payment, sam: Person
) -> None:
    stripe_on.go_wrong(Kind.RESET, At.AFTER)
    services.send_payment(payment, actor=sam, proof=shown())
    client = client_of(sam)
    page = client.get(reverse("staff_payment", args=[payment.pk])).content.decode()
    assert ("Look again" in page, "no-answer" in page) == (True, True)
    client.post(reverse("staff_payment_look", args=[payment.pk]))
    assert (fresh(payment).state, len(stripe_on.posts())) == ("sent", 1)


def test_proof_is_kept_apart_and_handed_out_to_staff_only(
    client_of: ClientOf, ada: Person, ben: Person, sam: Person
) -> None:
    paid_by_hand(ada)
    payment = payable(ada, funded(sam), by=sam)
    client, act = client_of(sam), reverse("staff_payment_record", args=[payment.pk])
    for wrong in (
        SimpleUploadedFile("proof.html", b"<script>alert(1)</script>"),
        SimpleUploadedFile("proof.pdf", b"%PDF-1.4 but cut off"),
        SimpleUploadedFile("proof.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        page = client.post(act, {"reference": "RF18", "file": wrong})
        assert (page.status_code, "proof-unreadable" in page.content.decode()) == (422, True)
    assert (StoredFile.objects.filter(key__startswith="payment-proofs").count(), fresh(payment).state) == (0, "ready")
    assert client.post(act, {"reference": "RF18", "file": SimpleUploadedFile("my bank.pdf", PDF)}).status_code == 302
    url = reverse("staff_payment_proof", args=[payment.pk])
    file = client.get(url)
    assert (file["Content-Type"], file["Content-Disposition"], b"".join(file.streaming_content)) == (
        "application/pdf", 'attachment; filename="proof.pdf"', PDF,
    )  # fmt: skip
    assert HandOut.objects.filter(purpose="payment-proof").count() == 1
    assert [client_of(who).get(url).status_code for who in (ada, ben)] == [403, 403]
    # A second one that is refused leaves no file behind.
    assert client.post(act, {"reference": "RF19", "file": SimpleUploadedFile("b.pdf", PDF)}).status_code == 409
    assert StoredFile.objects.filter(key__startswith="payment-proofs").count() == 1


def test_picture_as_proof_is_drawn_anew(client_of: ClientOf, ada: Person, sam: Person) -> None:
    paid_by_hand(ada)
    payment = payable(ada, funded(sam), by=sam)
    act = reverse("staff_payment_record", args=[payment.pk])
    assert client_of(sam).post(act, {"reference": "RF18", "file": picture_file()}).status_code == 302
    assert StoredFile.objects.get(key=fresh(payment).proof).content_type == "image/png"


def test_hold_cancel_take_back_and_pay_again_by_pages(stripe_on: FakeStripe, client_of: ClientOf, payment: Payment, ada: Person, sam: Person) -> None:  # fmt: skip
    client = client_of(sam)

    def post(name: str, **typed: str) -> int:
        read = {"read_at": read_at(client, payment)} if name == "back" else {}
        return client.post(reverse(f"staff_payment_{name}", args=[payment.pk]), typed | read).status_code

    assert post("hold", **{"hold-reason": ""}) == 422
    assert (post("hold", **{"hold-reason": "The invoice is missing."}), fresh(payment).held_reason) == (302, "The invoice is missing.")  # fmt: skip
    tell_news()
    assert Notice.objects.filter(person=ada, kind="pay.held").count() == 1
    assert (post("unhold"), fresh(payment).held_reason) == (302, "")
    services.send_payment(fresh(payment), actor=sam, proof=shown())
    assert (post("back", amount="0", reason="x"), post("back", amount="10.005", reason="x")) == (422, 422)
    assert (post("back", amount="300.01", reason="x"), post("cancel", **{"end-reason": "x"})) == (422, 409)
    assert (post("back", amount="300", reason="For the wrong month."), fresh(payment).state) == (302, "reversed")
    page = client.get(reverse("staff_payment", args=[payment.pk])).content.decode()
    assert ("Asked back: For the wrong month." in page, "Pay it again" in page) == (True, True)
    assert (post("again"), fresh(payment).state) == (302, "ready")
    assert (post("cancel", **{"end-reason": "Not made."}), fresh(payment).state) == (302, "cancelled")


def test_form_that_takes_back_counts_once_however_often_it_is_sent(client_of: ClientOf, ada: Person, sam: Person) -> None:  # fmt: skip
    paid_by_hand(ada)
    payment = payable(ada, funded(sam), by=sam)
    services.record_by_hand(payment, actor=sam, proof=shown(), reference="RF18")
    client, url = client_of(sam), reverse("staff_payment_back", args=[payment.pk])
    form = {"amount": "30.00", "reason": "Too much.", "reference": "B1", "read_at": read_at(client, payment)}
    assert (client.post(url, form).status_code, fresh(payment).came_back) == (302, 3000)
    again = client.post(url, form)
    assert (again.status_code, "payment-changed" in again.content.decode()) == (409, True)
    assert client.post(url, form | {"read_at": ""}).status_code == 409
    assert (fresh(payment).came_back, payment.returns.count()) == (3000, 1)
    # Somebody who reads the new figures and means it is not stopped.
    [now] = re.findall(r'name="read_at" value="(\d+)"', again.content.decode())
    assert (client.post(url, form | {"read_at": now}).status_code, fresh(payment).came_back) == (302, 6000)


def test_nobody_acts_on_money_of_their_own(
    stripe_on: FakeStripe, client_of: ClientOf, payment: Payment, ada: Person
) -> None:
    RoleGrant.objects.create(person=ada, role="staff")
    client = client_of(Person.objects.get(pk=ada.pk))
    page = client.get(reverse("staff_payment", args=[payment.pk])).content.decode()
    assert "own-money" in page
    told = client.post(f"{reverse('staff_payments_batch')}?p={payment.pk}").content.decode()
    assert ("own-money" in told, stripe_on.posts(), fresh(payment).state) == (True, [], "ready")
    assert client.post(reverse("staff_payment_look", args=[payment.pk])).status_code == 403


def test_lists_ask_as_often_for_five_payments_as_for_two(stripe_on: FakeStripe, client_of: ClientOf, ada: Person, ben: Person, sam: Person) -> None:  # fmt: skip
    account_at(stripe_on, ada)
    fund, capped = funded(sam), funded(sam, name="Capped", daily_most=10_000)
    client = client_of(sam)
    for who, money in ((ada, fund), (ben, capped)):
        payable(who, money, 1000, by=sam)
    rows = Payment.objects.order_by("pk")
    urls = [reverse("staff_payments"), reverse("staff_payments_all"), reverse("staff_pay_person", args=[ada.pk])]

    def asked() -> list[int]:
        counts = []
        chosen = "&".join(f"p={pk}" for pk in rows.values_list("pk", flat=True))
        for url in [*urls, f"{reverse('staff_payments_batch')}?{chosen}"]:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    for who, money in ((ada, fund), (ben, capped), (ada, capped)):
        payable(who, money, 1000, by=sam)
    assert asked() == before


def test_pages_are_for_staff_alone(client_of: ClientOf, payment: Payment, ada: Person, rhea: Person) -> None:
    for who in (ada, rhea):
        client = client_of(who)
        for name, args in (("staff_payments", []), ("staff_payments_all", []), ("staff_payment", [payment.pk]), ("staff_pay_person", [ada.pk])):  # fmt: skip
            assert client.get(reverse(name, args=args)).status_code == 403
