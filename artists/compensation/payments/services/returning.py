"""Money that came back: entered once for each reversal at the rail, whoever made it there."""

from django.db import transaction
from django.utils.translation import gettext as _

from artists.compensation.awards.states import REOPEN
from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Payment
from artists.compensation.payments.news import PaymentCameBack
from artists.compensation.payments.states import REVERSE, REVERSE_PART, PaymentState
from artists.compensation.refusing import refusal
from portal.access import Actor, Kind
from portal.machine import move

from .settling import locked


@transaction.atomic
def book_reversal(
    payment: Payment, reversal_id: str, amount: int, actor: Actor, *, called: str = ""
) -> tuple[Payment, bool]:
    """Enter `amount` minor units that were taken back; (payment, True) for the call that entered them. It calls no rail.

    `called`: what a bank calls it, where the id is only ours.

    The payment is then (partly) reversed, its award is open again and owes the money. Raises Refused payment-moved where the payment
    was never sent, reversal-too-much where more came back than is out.
    """
    fresh = locked(payment)
    key = f"reverse-{reversal_id}"
    if Entry.objects.filter(key=key).exists():
        return fresh, False
    if fresh.state not in {PaymentState.SENT, PaymentState.PARTLY_REVERSED}:
        words = _("This payment is not one that was sent: %(state)s.") % {"state": fresh.get_state_display()}
        raise refusal("payment.reverse", "payment-moved", words, _("Nothing was entered."), Kind.CONFLICT)
    came_back = fresh.came_back + amount
    if amount <= 0 or came_back > fresh.amount:
        words = _("More came back than is out of this payment.")
        raise refusal("payment.reverse", "reversal-too-much", words, _("Nothing was entered."), Kind.CONFLICT)
    attempt = fresh.attempts.filter(transfer=fresh.transfer).last() if fresh.transfer else None
    whole = came_back == fresh.amount
    moved, _new = move(
        fresh,
        REVERSE if whole else REVERSE_PART,
        actor=actor,
        fields={"came_back": came_back},
        detail={"reversal": reversal_id, "amount": amount},
        news=PaymentCameBack(str(fresh.pk), reversal_id, amount),
    )
    enter(
        EntryKind.REVERSE,
        amount,
        key=key,
        actor=actor,
        currency=fresh.currency,
        person=fresh.payee,
        about=About(award=fresh.award, payment=fresh, attempt=attempt, memo=called or reversal_id),
    )
    move(fresh.award, REOPEN, actor=actor, detail={"reversal": reversal_id})
    return moved, True


def book_reversals(payment: Payment, reversals: list[tuple[str, int]], actor: Actor) -> int:
    """Those of a transfer that are not in the books yet, as (id, amount); how many those were. Raises Refused as book_reversal."""
    return sum(book_reversal(payment, reversal, amount, actor)[1] for reversal, amount in reversals)
