"""The books against themselves, and what we know to be unfinished. Asks nobody."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from artists.compensation.ledger.books import books_balance
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Payment
from artists.compensation.payments.states import UNDER_WAY, AttemptState, PaymentState
from artists.compensation.reconciling.arrivals import failed_payouts_of

from . import Check, Found, Look, money

LATE = timedelta(hours=1)
OPEN = (AttemptState.PREPARED, AttemptState.UNKNOWN)
_PAID = (PaymentState.SENT, PaymentState.PARTLY_REVERSED, PaymentState.REVERSED)


def _moved(plus: tuple[EntryKind, ...], minus: tuple[EntryKind, ...]) -> Coalesce:
    signed = Case(
        When(entries__kind__in=plus, then=F("entries__amount")),
        When(entries__kind__in=minus, then=-F("entries__amount")),
        default=Value(0),
    )
    return Coalesce(Sum(signed), 0)


def broken_books(look: Look) -> Iterator[Found]:
    """Balances and entries; the same sums the database itself keeps."""
    del look
    for line in books_balance():
        yield Found("books-broken", line.partition(":")[0][:120], line[:400])


def payments_that_differ(look: Look) -> Iterator[Found]:
    """Each payment's state against its entries: what is on its way, and what was paid and not taken back."""
    del look
    flight = _moved((EntryKind.SEND,), (EntryKind.ARRIVE, EntryKind.REFUSE))
    paid = _moved((EntryKind.ARRIVE, EntryKind.HAND), (EntryKind.REVERSE,))
    rows = Payment.objects.order_by("pk").annotate(flight=flight, paid=paid)
    for row in rows.iterator():
        state = row.state
        wanted = (row.amount if state in UNDER_WAY else 0, row.amount - row.came_back if state in _PAID else 0)
        if (row.flight, row.paid) != wanted:
            words = _(
                "It is %(state)s; the books have %(flight)s on its way and %(paid)s paid, not %(a)s and %(b)s."
            ) % {
                "state": row.get_state_display(),
                "flight": money(row.flight, row.currency),
                "paid": money(row.paid, row.currency),
                "a": money(wanted[0], row.currency),
                "b": money(wanted[1], row.currency),
            }
            yield Found("payment-differs", str(row.pk), words)


def unknown_for_long(look: Look) -> Iterator[Found]:
    """Calls of which nobody knows how they ended."""
    late = Attempt.objects.filter(state__in=OPEN, began_at__lte=look.began_at - LATE).order_by("pk")
    for attempt in late.select_related("payment__payee", "payment__award"):
        words = _("%(sum)s to %(name)s for “%(title)s”, attempt %(n)s: %(why)s") % {
            "sum": money(attempt.amount, attempt.currency),
            "name": attempt.payment.payee.name,
            "title": attempt.payment.award.title,
            "n": attempt.number,
            "why": attempt.words or attempt.code or _("whoever called did not come back"),
        }
        yield Found("attempt-unknown", str(attempt.payment_id), words[:400])


def failed_payouts(look: Look) -> Iterator[Found]:
    """What a bank sent back and no later payout took along."""
    del look
    for payout in failed_payouts_of().select_related("account__person"):
        words = _("%(sum)s of %(name)s came back from the bank: %(why)s") % {
            "sum": money(payout.amount, payout.currency),
            "name": payout.account.person.name,
            "why": payout.failure.replace("_", " ") or _("it said no reason"),
        }
        yield Found("payout-failed", payout.payout, words)


CHECKS = (
    Check(frozenset({"books-broken"}), broken_books, by_stripe=False),
    Check(frozenset({"payment-differs"}), payments_that_differ, by_stripe=False),
    Check(frozenset({"attempt-unknown"}), unknown_for_long, by_stripe=False),
    Check(frozenset({"payout-failed"}), failed_payouts, by_stripe=False),
)
