"""Payments on their way, as the books and the rail have them once an award was approved."""

from datetime import timedelta

from django.utils import timezone

from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Award, Fund, Payment, RailAccount
from artists.compensation.payments.states import AttemptState, PaymentState, Rail
from artists.people.models import Person
from portal.access import System
from tests.doubles.stripe import FakeStripe, objects

TESTS = System("tests")


def promised(fund: Fund, payee: Person, amount: int = 3000, *, title: str = "Fee") -> Payment:
    """An award that two people approved, in one instalment that is due: the money is reserved."""
    now = timezone.now()
    award = Award.objects.create(
        kind="fee",
        state="approved",
        title=title,
        payee=payee,
        fund=fund,
        amount=amount,
        currency=fund.currency,
        purpose="work",
        digest="0" * 64,
        proposer_label="tests",
        approved_at=now,
    )
    payment = Payment.objects.create(
        award=award, number=1, payee=payee, amount=amount, currency=fund.currency, due_on=now.date()
    )
    _enter(EntryKind.RESERVE, payment, f"reserve-{award.pk}", fund=fund)
    return payment


def _enter(
    kind: EntryKind, payment: Payment, key: str, *, fund: Fund | None = None, attempt: Attempt | None = None
) -> None:
    about = About(award=payment.award, payment=payment, attempt=attempt)
    enter(
        kind,
        payment.amount,
        key=key,
        actor=TESTS,
        currency=payment.currency,
        fund=fund,
        person=payment.payee,
        about=about,
    )


def account_at(fake: FakeStripe, person: Person, *, ready: bool = True) -> RailAccount:
    """An account of theirs at the fake, ready to take money unless said otherwise."""
    world = fake.world
    with world.lock:
        id_ = world.new_id("acct")
        asked = {
            "identity": {"country": "fr", "entity_type": "individual"},
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "metadata": {"artist": str(person.pk)},
        }
        world.accounts[id_] = objects.account(id_, asked, now=world.now(), live=world.live)
        if ready:
            world.onboard(id_)
    return RailAccount.objects.create(
        person=person,
        rail=Rail.STRIPE_CONNECT,
        country="FR",
        account=id_,
        readiness="active" if ready else "incomplete",
    )


def begun(payment: Payment, account: RailAccount, *, hours_ago: float = 0) -> Attempt:
    """An attempt that was written down; whether the call was made nobody knows."""
    number = payment.attempts.count() + 1
    at = timezone.now() - timedelta(hours=hours_ago)
    attempt = Attempt.objects.create(
        payment=payment,
        number=number,
        key=f"pay-{payment.pk}-{number}",
        rail=Rail.STRIPE_CONNECT,
        destination=account.account or "",
        amount=payment.amount,
        currency=payment.currency,
        began_at=at,
        called_at=at,
    )
    _enter(EntryKind.SEND, payment, f"send-{attempt.pk}", attempt=attempt)
    return attempt


def sent(fake: FakeStripe, payment: Payment, account: RailAccount) -> Payment:
    """A payment that Stripe accepted."""
    attempt = begun(payment, account)
    with fake.world.lock:
        told = fake.world.send(_order(attempt))
    _write(attempt, state=AttemptState.ACCEPTED, transfer=told["id"], ended_at=timezone.now())
    _enter(EntryKind.ARRIVE, payment, f"arrive-{attempt.pk}", attempt=attempt)
    _write(payment, state=PaymentState.SENT, transfer=told["id"], rail=Rail.STRIPE_CONNECT, sent_at=timezone.now())
    return payment


def unknown(payment: Payment, account: RailAccount, *, hours_ago: float = 2) -> Attempt:
    """An attempt of which nobody knows how it ended."""
    attempt = begun(payment, account, hours_ago=hours_ago)
    _write(attempt, state=AttemptState.UNKNOWN)
    _write(payment, state=PaymentState.UNKNOWN, rail=Rail.STRIPE_CONNECT)
    return attempt


def _order(attempt: Attempt) -> dict[str, object]:
    return {
        "amount": attempt.amount,
        "currency": attempt.currency.lower(),
        "destination": attempt.destination,
        "transfer_group": f"pay_{attempt.payment_id}",
        "metadata": {"payment": str(attempt.payment_id), "attempt": str(attempt.number)},
    }


def _write(row: Payment | Attempt, **fields: object) -> None:
    """Past the machine: these are states to begin a test with."""
    type(row).objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
