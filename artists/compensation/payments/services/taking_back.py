"""Take money back: the call is written down before it is made, made outside of every transaction, and its end written down after."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Payment, Return
from artists.compensation.payments.background import in_background
from artists.compensation.payments.queries import last_entry_of
from artists.compensation.payments.rails import RailAway, TakenBack, Way, open_way
from artists.compensation.payments.states import (
    RETURN_ACCEPTED,
    RETURN_REFUSED,
    RETURN_UNKNOWN,
    AttemptState,
    PaymentState,
    Rail,
)
from artists.compensation.refusing import refusal
from artists.compensation.stripe.facts import Reversal
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, NotDone
from artists.people.models import Person
from artists.people.proofs import require_recent
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move

from .resolving import A_DAY, AT_ONCE, NOTHING_CAME
from .returning import book_reversal
from .settling import LONGEST_CODE, LONGEST_WORDS, LOST_AFTER, OPEN, RAIL_SAYS, locked, next_look
from .standing import reason_in

log = logging.getLogger(__name__)
ACT = "payment.reverse"
BOOKED_AS = "reverse-"
# Stripe dates by its own clock.
CLOCKS_DIFFER = timedelta(minutes=5)
OUT = (PaymentState.SENT, PaymentState.PARTLY_REVERSED)


def _checked(fresh: Payment, amount: int, read_at: int | None) -> None:
    if fresh.state not in OUT:
        words = _("Nothing of this payment is out: %(state)s.") % {"state": fresh.get_state_display()}
        raise refusal(ACT, "payment-moved", words, _("Nothing was taken back."), Kind.CONFLICT)
    # The same form again, or one that is older than what came back since: whoever wrote it knew other figures.
    if read_at is not None and read_at != last_entry_of(fresh):
        words = _("Money of this payment has moved since you read its page.")
        todo = _("Look at what came back by now; this time nothing was taken back.")
        raise refusal(ACT, "payment-changed", words, todo, Kind.CONFLICT)
    if amount <= 0 or amount > fresh.amount - fresh.came_back:
        words = _("More than is out of this payment cannot come back.")
        raise refusal(ACT, "reversal-too-much", words, _("Nothing was taken back."))
    if fresh.returns.filter(state__in=OPEN).exists():
        words = _("Somebody has asked for money of this payment already, and how that ended is not known yet.")
        raise refusal(ACT, "return-open", words, _("It is looked at every minute; then ask again."), Kind.CONFLICT)


def _write_down(fresh: Payment, actor: Person, amount: int, reason: str, **more: object) -> Return:
    number, now = fresh.returns.count() + 1, timezone.now()
    return Return.objects.create(
        payment=fresh,
        number=number,
        key=f"back-{fresh.pk}-{number}",
        amount=amount,
        reason=reason,
        by=actor,
        by_label=actor.label[:200],
        began_at=now,
        called_at=now,
        **more,
    )


@transaction.atomic(durable=True)
def _begin(payment: Payment, actor: Person, amount: int, reason: str, read_at: int | None) -> tuple[Return, Way]:
    fresh = locked(payment)
    require(ACT, actor, fresh)
    _checked(fresh, amount, read_at)
    try:
        way = open_way(fresh.rail)
    except RailAway:
        raise refusal(ACT, "stripe-off", _("This program does not pay by Stripe at present.")) from None
    due = timezone.now() + LOST_AFTER
    made = _write_down(fresh, actor, amount, reason, transfer=fresh.transfer or "", due_at=due)
    # What the rail answers is recorded as the system's; who asked for it is recorded here.
    record(ACT, actor=actor, subject=fresh, detail={"return": made.number, "amount": amount, "reason": reason})
    return made, way


@transaction.atomic
def _by_hand(payment: Payment, actor: Person, amount: int, reason: str, reference: str, read_at: int | None) -> Payment:
    fresh = locked(payment)
    require(ACT, actor, fresh)
    _checked(fresh, amount, read_at)
    kept = " ".join(reference.split())[:120]
    if not kept:
        words = _("What came back at the bank has a reference there.")
        raise refusal(ACT, "reference-missing", words, _("Nothing was written down."))
    made = _write_down(
        fresh, actor, amount, reason, state=AttemptState.ACCEPTED, reversal=kept, ended_at=timezone.now()
    )
    return _booked(fresh, made, str(made.pk), actor, called=kept)


def _booked(payment: Payment, made: Return, reversal: str, actor: Person | None = None, *, called: str = "") -> Payment:
    done, _new = book_reversal(payment, reversal, made.amount, actor or RAIL_SAYS, called=called)
    Payment.objects.filter(pk=payment.pk).update(end_reason=made.reason)
    return Payment.objects.get(pk=done.pk)


@transaction.atomic
def _accept(made: Return, fact: Reversal) -> Payment:
    payment = locked(made.payment)
    done = {"reversal": fact.id, "ended_at": timezone.now(), "due_at": None}
    _row, moved = move(made, RETURN_ACCEPTED, actor=RAIL_SAYS, fields=done, detail={"reversal": fact.id})
    return _booked(payment, made, fact.id) if moved else payment


@transaction.atomic
def _refuse(made: Return, code: str, words: str) -> Payment:
    fresh = Return.objects.get(pk=made.pk)
    if fresh.called_at == made.called_at:
        done = {"code": code[:LONGEST_CODE], "words": words[:LONGEST_WORDS], "ended_at": timezone.now(), "due_at": None}
        move(made, RETURN_REFUSED, actor=RAIL_SAYS, fields=done, detail={"code": code})
    return Payment.objects.get(pk=made.payment_id)


@transaction.atomic
def _lose_sight(made: Return, code: str, words: str) -> Payment:
    told = {"code": code[:LONGEST_CODE], "words": words[:LONGEST_WORDS], "due_at": next_look(0)}
    fresh, moved = move(made, RETURN_UNKNOWN, actor=RAIL_SAYS, fields=told, detail={"code": code})
    if not moved and fresh.state == AttemptState.UNKNOWN:
        Return.objects.filter(pk=made.pk, state=AttemptState.UNKNOWN).update(**told)
    return Payment.objects.get(pk=made.payment_id)


def _settle(made: Return, ended: TakenBack) -> Payment:
    if isinstance(ended, Accepted):
        return _accept(made, ended.fact)
    if isinstance(ended, DefinitelyRefused):
        return _refuse(made, ended.code, ended.words)
    return _lose_sight(made, ended.code, ended.words)


def reverse(
    payment: Payment,
    *,
    actor: Person,
    proof: datetime | None,
    amount: int,
    reason: str,
    reference: str = "",
    read_at: int | None = None,
) -> Payment:
    """Take `amount` minor units back, all or a part, with a reason its artist reads. What was paid by hand is only written down.

    `read_at` is the last entry of the payment when its page was read, so that the same form sent twice takes nothing twice.
    The money is owed again, for whoever decides next. Not inside a transaction. Raises Refused role, own-money, second-factor-old,
    reason-missing, reference-missing, payment-moved, payment-changed, reversal-too-much, return-open, and return-refused where
    Stripe says no.
    """
    require(ACT, actor, payment)
    require_recent(ACT, proof)
    kept = reason_in(reason, ACT)
    if payment.rail == Rail.MANUAL:
        return _by_hand(payment, actor, amount, kept, reference, read_at)
    made, way = _begin(payment, actor, amount, kept, read_at)
    ended = way.reverse(made.transfer, amount=amount, payment=str(payment.pk), key=made.key, repeated=False)
    done = _settle(made, ended)
    if isinstance(ended, DefinitelyRefused):
        raise _said_no(ended)
    return done


def _said_no(ended: DefinitelyRefused) -> Refused:
    if ended.code == "balance_insufficient":
        words = _("Its artist has taken the money out of Stripe already, so it cannot be taken back from there.")
        todo = _("Agree with them how it comes back, and write it down then.")
    else:
        words = _("Stripe did not take it back: %(words)s") % {"words": ended.words or ended.code}
        todo = _("Nothing was changed.")
    return refusal(ACT, "return-refused", words, todo, Kind.CONFLICT)


def _mine(made: Return, found: list[Reversal]) -> Reversal | None:
    """The reversal that this call brought, if there is one: of its sum, not older than it, and no other call's."""
    known = set(Return.objects.filter(payment=made.payment_id).exclude(reversal="").values_list("reversal", flat=True))
    before = Entry.objects.filter(payment=made.payment_id, kind=EntryKind.REVERSE, at__lt=made.began_at)
    known |= {key.removeprefix(BOOKED_AS) for key in before.values_list("key", flat=True)}
    since = made.began_at - CLOCKS_DIFFER
    new = [one for one in found if one.id not in known and one.amount == made.amount and one.made_at >= since]
    return new[-1] if new else None


def _resolve(made: Return) -> Payment:
    """A look, then the same call while the key surely is the same; what refuses then is believed only if nothing is there."""
    payment = made.payment
    try:
        way = open_way(payment.rail)
    except RailAway:
        return _later(made)
    if made.state == AttemptState.PREPARED:
        _lose_sight(made, "caller-died", "Whoever made the call has died over it.")
    try:
        mine = _mine(made, way.reversals(made.transfer))
        if mine is not None:
            return _accept(made, mine)
        now = timezone.now()
        if now - made.began_at >= way.keeps_keys:
            words = "A day has passed and Stripe has nothing of it."
            return _refuse(made, NOTHING_CAME, words) if now - made.called_at >= A_DAY else _later(made)
        Return.objects.filter(pk=made.pk).update(called_at=now, due_at=now + LOST_AFTER)
        made = Return.objects.select_related("payment").get(pk=made.pk)
        ended = way.reverse(made.transfer, amount=made.amount, payment=str(payment.pk), key=made.key, repeated=True)
        if isinstance(ended, DefinitelyRefused):
            mine = _mine(made, way.reversals(made.transfer))
            return _accept(made, mine) if mine else _refuse(made, ended.code, ended.words)
    except NotDone:
        return _later(made)
    return _settle(made, ended)


def _later(made: Return) -> Payment:
    Return.objects.filter(pk=made.pk, state__in=OPEN).update(due_at=next_look(4))
    return Payment.objects.get(pk=made.payment_id)


def resolve_returns(limit: int = AT_ONCE) -> int:
    """Look at calls of unknown end that take money back; how many. Calls a rail: not inside a transaction."""
    due = Return.objects.filter(state__in=OPEN, due_at__lte=timezone.now()).order_by("due_at", "pk")
    looked = 0
    for made in due[:limit]:
        mine = Return.objects.filter(pk=made.pk, state__in=OPEN, due_at=made.due_at)
        if not mine.update(due_at=timezone.now() + LOST_AFTER):
            continue
        try:
            _resolve(Return.objects.select_related("payment").get(pk=made.pk))
        except Exception:  # whatever it is: one that cannot be looked at must not keep the others waiting
            log.exception("payments: return %s could not be looked at", made.pk)
        looked += 1
    return looked


def resolve_returns_beside() -> None:
    """For the sweep."""
    if Return.objects.filter(state__in=OPEN, due_at__lte=timezone.now()).exists():
        in_background("payments.returns", resolve_returns)
