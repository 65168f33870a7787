"""What happened to a payment, line by line, with dates and numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Payment
from artists.compensation.payments.causes import cause_of
from artists.compensation.payments.states import Arrival, PaymentState, Rail

from .standing import told

MOST = 100


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing: when, in words, and the number under which it is known."""

    at: datetime
    words: str
    number: str = ""


def _entry(entry: Entry, reasons: dict[str, str]) -> Happened:
    attempt = entry.attempt
    sum_ = told(entry.amount, entry.currency)
    number = _("entry %(n)s") % {"n": entry.number}
    if entry.kind == EntryKind.SEND:
        return Happened(entry.at, _("%(sum)s left for the rail") % {"sum": sum_}, number)
    if entry.kind == EntryKind.ARRIVE:
        rail_number = attempt.transfer if attempt is not None else ""
        return Happened(entry.at, _("The rail took %(sum)s") % {"sum": sum_}, f"{number}, {rail_number}".rstrip(", "))
    if entry.kind == EntryKind.REFUSE:
        why = cause_of(attempt.code).why if attempt is not None else ""
        words = _("The rail refused it: %(why)s") % {"why": why} if why else _("The rail refused it")
        return Happened(entry.at, words, number)
    if entry.kind == EntryKind.REVERSE:
        words, why = _("%(sum)s came back") % {"sum": sum_}, reasons.get(entry.memo)
        return Happened(entry.at, f"{words}: {why}" if why else words, f"{number}, {entry.memo}".rstrip(", "))
    if entry.kind == EntryKind.HAND:
        reference = _("reference %(text)s") % {"text": entry.memo} if entry.memo else ""
        return Happened(entry.at, _("%(sum)s paid by hand") % {"sum": sum_}, f"{number}, {reference}".rstrip(", "))
    return Happened(entry.at, str(EntryKind(entry.kind).label).capitalize(), number)


def story_of(payment: Payment) -> list[Happened]:
    """From the approval on, oldest first."""
    award, payout = payment.award, payment.payout
    rows = payment.entries.select_related("attempt").order_by("number")[:MOST]
    reasons = {one.reversal: one.reason for one in payment.returns.all() if one.reversal}
    story = [_entry(entry, reasons) for entry in rows]
    if award.approved_at is not None:
        words = _("Approved by two people: %(sum)s of it is this payment") % {
            "sum": told(payment.amount, payment.currency)
        }
        story.insert(0, Happened(award.approved_at, words, _("award %(n)s") % {"n": award.pk}))
    if payout is not None and payment.rail == Rail.STRIPE_CONNECT:
        said = {
            Arrival.PENDING: _("Stripe is about to send it to your bank"),
            Arrival.IN_TRANSIT: _("Stripe sent it to your bank"),
            Arrival.PAID: _("It arrived at your bank"),
            Arrival.FAILED: _("Your bank sent it back"),
        }
        if payment.arrival in said:
            story.append(Happened(payout.read_at, said[Arrival(payment.arrival)], payout.payout))
    if payment.state == PaymentState.CANCELLED and payment.ended_at is not None and payment.end_reason:
        story.append(Happened(payment.ended_at, payment.end_reason))
    return sorted(story, key=lambda one: one.at)
