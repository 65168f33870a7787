"""What people decide of a payment that is not under way: hold, let go, try again, end, pay again."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.services import end_unpaid, settle_award
from artists.compensation.awards.states import AwardState
from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Payment
from artists.compensation.payments.news import PaymentCancelled, PaymentHeld
from artists.compensation.payments.queries import rest_of
from artists.compensation.payments.states import CANCEL, PAY_AGAIN, RETRY, Arrival, PaymentState
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move

from .settling import locked

LONGEST_REASON = 300
_CAME_BACK = (PaymentState.REVERSED, PaymentState.PARTLY_REVERSED)


def reason_in(text: str, action: str) -> str:
    """The reason as it is kept. Raises Refused reason-missing, reason-long."""
    kept = text.strip()
    if not kept:
        raise refusal(action, "reason-missing", _("Say why: its artist reads it."), _("Nothing was changed."))
    if len(kept) > LONGEST_REASON:
        words = _("It has up to %(most)s characters.") % {"most": LONGEST_REASON}
        raise refusal(action, "reason-long", words, _("Shorten it; what you typed is kept."))
    return kept


def _moved_on(payment: Payment, action: str) -> Refused:
    words = _("This payment is %(state)s by now.") % {"state": payment.get_state_display()}
    return refusal(action, "payment-moved", words, _("Nothing was changed."), Kind.CONFLICT)


@transaction.atomic
def hold(payment: Payment, *, actor: Person, reason: str) -> Payment:
    """Let nothing of it leave, by name, with a reason its artist reads. Raises Refused reason-missing, reason-long, payment-moved."""
    fresh = locked(payment)
    require("payment.hold", actor, fresh)
    kept = reason_in(reason, "payment.hold")
    if fresh.state not in {PaymentState.READY, PaymentState.REFUSED}:
        raise _moved_on(fresh, "payment.hold")
    now = timezone.now()
    Payment.objects.filter(pk=fresh.pk).update(held_reason=kept, held_by_label=actor.label[:200])
    record("payment.hold", actor=actor, subject=fresh, detail={"reason": kept})
    happenings.announce(PaymentHeld(str(fresh.pk), now.isoformat()))
    return Payment.objects.get(pk=fresh.pk)


@transaction.atomic
def unhold(payment: Payment, *, actor: Person) -> Payment:
    """Nobody holds it any more. Twice is once."""
    fresh = locked(payment)
    require("payment.unhold", actor, fresh)
    if fresh.held_reason:
        Payment.objects.filter(pk=fresh.pk).update(held_reason="", held_by_label="")
        record("payment.unhold", actor=actor, subject=fresh, detail={})
    return Payment.objects.get(pk=fresh.pk)


@transaction.atomic
def retry(payment: Payment, *, actor: Person) -> Payment:
    """The cause of a refusal is cleared: it is payable again, and the next attempt has another key. Raises Refused payment-moved."""
    fresh, moved = move(payment, RETRY, actor=actor)
    if not moved and fresh.state != PaymentState.READY:
        raise _moved_on(fresh, "payment.retry")
    return fresh


@transaction.atomic
def cancel(payment: Payment, *, actor: Person, reason: str) -> Payment:
    """It is not paid: its money is free in the fund again. Where nothing of its award is paid, that ends too.

    Raises Refused reason-missing, reason-long, payment-moved.
    """
    kept = reason_in(reason, "payment.cancel")
    fresh = locked(payment)
    fields = {"ended_at": timezone.now(), "end_reason": kept}
    done, moved = move(
        fresh, CANCEL, actor=actor, fields=fields, detail={"reason": kept}, news=PaymentCancelled(str(fresh.pk))
    )
    if not moved:
        if done.state == PaymentState.CANCELLED:
            return done
        raise _moved_on(done, "payment.cancel")
    end_unpaid(fresh.award, actor=actor, reason=kept)
    number = Entry.objects.filter(award=fresh.award, kind=EntryKind.RELEASE).count() + 1
    enter(
        EntryKind.RELEASE,
        fresh.amount,
        key=f"release-{fresh.award_id}-{number}",
        actor=actor,
        currency=fresh.currency,
        fund=fresh.award.fund,
        person=fresh.payee,
        about=About(award=fresh.award, payment=fresh, memo=kept),
    )
    settle_award(fresh.award, actor=actor)
    return done


def _pay_rest(payment: Payment, rest: int, actor: Person) -> Payment:
    """A payment beside the one that came back, which keeps its sum, its transfer and what is out of it. Its award is locked."""
    if not rest:
        words = _("What came back of it is payable already, or was paid again.")
        raise refusal("payment.pay_again", "payment-moved", words, _("Nothing was changed."), Kind.CONFLICT)
    last = Payment.objects.filter(award=payment.award).aggregate(last=Max("number"))["last"]
    made = Payment.objects.create(
        award=payment.award,
        number=last + 1,
        payee=payment.payee,
        amount=rest,
        currency=payment.currency,
        due_on=payment.due_on,
    )
    record("payment.pay_again", actor=actor, subject=made, detail={"rest_of": str(payment.pk), "amount": rest})
    return made


@transaction.atomic
def pay_again(payment: Payment, *, actor: Person) -> Payment:
    """What came back is payable again: all of it as it was approved, a part as a payment of its own, which is what is returned.

    Raises Refused payment-moved, award-ended.
    """
    fresh = locked(payment)
    require("payment.pay_again", actor, fresh)
    if fresh.state in _CAME_BACK and fresh.award.state not in {AwardState.APPROVED, AwardState.CLOSED}:
        words = _("The award of this payment has ended, so it is not paid again.")
        raise refusal("payment.pay_again", "award-ended", words, _("Propose another award."), Kind.CONFLICT)
    rest = rest_of(fresh)
    # Whole again only what is owed whole: a part of it may have been paid again before the rest came back.
    if fresh.state == PaymentState.PARTLY_REVERSED or (fresh.state == PaymentState.REVERSED and rest < fresh.amount):
        return _pay_rest(fresh, rest, actor)
    fields = {
        "came_back": 0,
        "transfer": None,
        "rail": "",
        "reference": "",
        "proof": "",
        "sent_at": None,
        "arrival": Arrival.NONE,
        "payout": None,
    }
    again, moved = move(fresh, PAY_AGAIN, actor=actor, fields=fields, detail={"transfer": fresh.transfer})
    if not moved and again.state != PaymentState.READY:
        raise _moved_on(again, "payment.pay_again")
    return again
