"""Promises and payments along their way, in the books and in their rows, for tests of what is read of them."""

from datetime import date
from typing import Any

from django.utils import timezone

from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import (
    Approval,
    Attempt,
    Award,
    Entry,
    Fund,
    Payment,
    Payout,
    PayProfile,
    RailAccount,
    Return,
)
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import System
from tests.factories import people

BY = System("tests")


def promised(
    fund: Fund, payee: Person, amount: int = 2500, *, title: str = "October work", due: date | None = None, parts: int = 1,
    purpose: str = "work",
) -> list[Payment]:  # fmt: skip
    """An approved award with its money set aside, in so many equal payments."""
    now = timezone.now()
    award = Award.objects.create(
        kind="fee", state="approved", title=title, payee=payee, fund=fund, amount=amount, currency=fund.currency,
        purpose=purpose, instalments=[{"amount": amount // parts}] * parts, digest="0" * 64, proposer_label="tests",
        submitted_at=now, approved_at=now,
    )  # fmt: skip
    for name in ("Una", "Udo"):
        by = Person.objects.filter(email=f"{name.lower()}@example.org").first() or people.holder_of(Role.STAFF, name)
        Approval.objects.create(award=award, digest=award.digest, verdict="yes", by=by, by_label=by.label, at=now)
    moved(EntryKind.RESERVE, amount, award, key=f"reserve-{award.pk}")
    return [
        Payment.objects.create(
            award=award, number=number + 1, payee=payee, amount=amount // parts, currency=fund.currency,
            due_on=due or now.date(),
        )
        for number in range(parts)
    ]  # fmt: skip


def payable(person: Person, country: str = "DE") -> PayProfile:
    """They are paid by bank transfer, so nothing of theirs holds a payment."""
    return PayProfile.objects.create(person=person, country=country, rail="manual")


def moved(kind: EntryKind, amount: int, award: Award, *, key: str, **about: Any) -> Entry:
    """An entry of an award."""
    entry, _new = enter(
        kind, amount, key=key, actor=BY, currency=award.currency, fund=award.fund, person=award.payee,
        about=About(award=award, **about),
    )  # fmt: skip
    return entry


def attempted(payment: Payment, number: int = 1) -> Attempt:
    """A call to the rail that has begun: the money has left what is owed."""
    now = timezone.now()
    made = Attempt.objects.create(
        payment=payment, number=number, key=f"pay-{payment.pk}-{number}", rail="stripe_connect", destination="acct_1",
        amount=payment.amount, currency=payment.currency, began_at=now, called_at=now,
    )  # fmt: skip
    moved(EntryKind.SEND, payment.amount, payment.award, key=f"send-{made.pk}", payment=payment, attempt=made)
    Payment.objects.filter(pk=payment.pk).update(state="sending", rail="stripe_connect")
    return made


def sent(payment: Payment, *, arrival: str = "none", number: int = 1) -> Payment:
    """Taken by the rail."""
    attempt, now = attempted(payment, number), timezone.now()
    transfer = f"tr_{payment.pk.hex[:12]}"
    Attempt.objects.filter(pk=attempt.pk).update(state="accepted", transfer=transfer, ended_at=now)
    attempt.refresh_from_db()
    moved(EntryKind.ARRIVE, payment.amount, payment.award, key=f"arrive-{attempt.pk}", payment=payment, attempt=attempt)
    Payment.objects.filter(pk=payment.pk).update(state="sent", transfer=transfer, sent_at=now, arrival=arrival)
    return Payment.objects.get(pk=payment.pk)


def refused(payment: Payment, code: str = "balance_insufficient") -> Payment:
    """Refused by the rail: the money is owed again."""
    attempt = attempted(payment)
    Attempt.objects.filter(pk=attempt.pk).update(
        state="refused", code=code, words="No such destination: 'acct_1'", ended_at=timezone.now()
    )
    attempt.refresh_from_db()
    moved(EntryKind.REFUSE, payment.amount, payment.award, key=f"refuse-{attempt.pk}", payment=payment, attempt=attempt)
    Payment.objects.filter(pk=payment.pk).update(state="refused")
    return Payment.objects.get(pk=payment.pk)


def paid_by_hand(payment: Payment, reference: str = "NL-7") -> Payment:
    """Recorded as paid outside of the portal."""
    moved(EntryKind.HAND, payment.amount, payment.award, key=f"hand-{payment.pk}", payment=payment, memo=reference)
    Payment.objects.filter(pk=payment.pk).update(
        state="sent", rail="manual", reference=reference, sent_at=timezone.now()
    )
    return Payment.objects.get(pk=payment.pk)


def came_back(payment: Payment, why: str = "The account was closed") -> Payment:
    """The whole of it came back."""
    arrived = payment.entries.get(kind__in=("arrive", "hand"))
    now, number = timezone.now(), f"trr_{payment.pk.hex[:12]}" if payment.transfer else "NL-7 back"
    Return.objects.create(
        payment=payment, number=1, key=f"back-{payment.pk}-1", transfer=payment.transfer or "", amount=payment.amount,
        state="accepted", reversal=number, reason=why, by_label="tests", began_at=now, called_at=now, ended_at=now,
    )  # fmt: skip
    moved(
        EntryKind.REVERSE, payment.amount, payment.award, key=f"reverse-{payment.pk}", payment=payment, memo=number,
        attempt=payment.attempts.filter(transfer=payment.transfer).last() if payment.transfer else None,
    )  # fmt: skip
    assert arrived.amount == payment.amount
    Payment.objects.filter(pk=payment.pk).update(
        state="reversed", came_back=payment.amount, ended_at=timezone.now(), end_reason=why
    )
    return Payment.objects.get(pk=payment.pk)


def on_the_way_to_a_bank(payment: Payment, status: str, *, failure: str = "", arrives: date | None = None) -> Payment:
    """What the rail said of the payout a payment is in."""
    now = timezone.now()
    account, _new = RailAccount.objects.get_or_create(
        person=payment.payee, rail="stripe_connect", replaced_at=None, defaults={"country": "DE", "account": "acct_1"}
    )
    payout = Payout.objects.create(
        payout=f"po_{payment.pk.hex[:12]}", account=account, amount=payment.amount, currency=payment.currency,
        status=status, failure=failure, arrives_on=arrives, made_at=now, read_at=now,
    )  # fmt: skip
    Payment.objects.filter(pk=payment.pk).update(payout=payout, arrival=status)
    return Payment.objects.get(pk=payment.pk)
