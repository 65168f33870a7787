"""Find out how calls of unknown end ended: look first, then the same key, and no other before a day has passed and nothing is there."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from artists.compensation.awards.standing import still_approved
from artists.compensation.ledger.states import FundState
from artists.compensation.models import Attempt, Fund, Payment, RailAccount
from artists.compensation.payments.background import in_background
from artists.compensation.payments.rails import RailAway, Way, open_way
from artists.compensation.payments.states import AGAIN, PaymentState
from artists.compensation.stripe.facts import Transfer
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, NotDone
from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record
from portal.machine import move

from .returning import book_reversals
from .sending import order_of
from .settling import LONGEST_WAIT, LOST_AFTER, OPEN, RAIL_SAYS, accept, locked, lose, lose_sight, next_look, refuse

log = logging.getLogger(__name__)
# From the last call with a key on: what was to come late has come by then, and lists show it.
A_DAY = timedelta(hours=24)
AT_ONCE = 20
NOTHING_CAME = "nothing-came"


def _claim(attempt: Attempt) -> bool:
    """Whether this caller looks at it now; nobody else does for two minutes."""
    mine = Attempt.objects.filter(pk=attempt.pk, state__in=OPEN, due_at=attempt.due_at)
    return bool(mine.update(due_at=timezone.now() + LOST_AFTER))


def _not_ours_yet(attempt: Attempt, found: list[Transfer]) -> list[Transfer]:
    """Transfers that no earlier attempt of this payment has brought."""
    others = attempt.payment.attempts.exclude(pk=attempt.pk).exclude(transfer="")
    known = set(others.values_list("transfer", flat=True))
    return [one for one in found if one.id not in known]


def _fits(attempt: Attempt, fact: Transfer) -> bool:
    return (fact.amount, fact.currency, fact.destination) == (attempt.amount, attempt.currency, attempt.destination)


def _taken(attempt: Attempt, found: list[Transfer], way: Way) -> Payment | None:
    """Settle by what the rail shows; None where it shows nothing."""
    new = _not_ours_yet(attempt, found)
    if not new:
        return None
    # Several, of which all but one were taken back again whole, are one.
    live = [one for one in new if one.came_back < one.amount] or [one for one in new if _fits(attempt, one)][:1]
    if not live:  # somebody else's, and taken back
        return None
    if len(live) > 1:
        words = f"Stripe has {len(live)} transfers for this payment: {', '.join(one.id for one in live)}."
        return lose_sight(attempt, "two-transfers", words, human=True)
    if not _fits(attempt, live[0]):
        words = f"Stripe's transfer {live[0].id} is another sum, or goes to another account."
        return lose_sight(attempt, "transfer-differs", words, human=True)
    paid = accept(attempt, live[0])
    if live[0].came_back:
        try:
            back = [(one.id, one.amount) for one in way.reversals(live[0].id)]
        except NotDone:  # reconciliation asks again
            return paid
        book_reversals(paid, back, RAIL_SAYS)
        paid = Payment.objects.get(pk=paid.pk)
    return paid


def _later(attempt: Attempt) -> Payment:
    Attempt.objects.filter(pk=attempt.pk, state__in=OPEN).update(due_at=next_look(attempt.calls))
    return Payment.objects.get(pk=attempt.payment_id)


def _stopped(payment: Payment, attempt: Attempt) -> bool:
    """Whether it would not be sent today as it was frozen: its fund is, an approval lapsed, or its artist left that account.

    It is looked for all the same, and is owed again when a day has passed and nothing came.
    """
    fund = Fund.objects.select_for_update().get(pk=payment.award.fund_id)
    left = RailAccount.objects.filter(account=attempt.destination).exclude(replaced_at=None)
    return fund.state == FundState.FROZEN or not still_approved(payment.award) or left.exists()


@transaction.atomic(durable=True)
def _call_again(attempt: Attempt) -> bool:
    """Whether this caller makes the same call once more."""
    fresh = locked(attempt.payment)
    if _stopped(fresh, attempt):
        return False
    _row, moved = move(fresh, AGAIN, actor=RAIL_SAYS, detail={"attempt": attempt.number})
    if moved:
        now = timezone.now()
        Attempt.objects.filter(pk=attempt.pk).update(called_at=now, calls=F("calls") + 1, due_at=now + LOST_AFTER)
    return moved


def _again(attempt: Attempt, way: Way) -> Payment:
    """The same key and the same call. What refuses now is believed only if nothing is there."""
    if not _call_again(attempt):
        return _later(attempt)
    attempt = Attempt.objects.select_related("payment").get(pk=attempt.pk)
    ended = way.send(order_of(attempt), repeated=True)
    if isinstance(ended, Accepted):
        return accept(attempt, ended.fact)
    if not isinstance(ended, DefinitelyRefused):
        return lose(attempt, ended)
    try:
        found = way.find(str(attempt.payment_id))
    except NotDone as fault:
        return lose_sight(attempt, fault.outcome.code, fault.outcome.words)
    return _taken(attempt, found, way) or refuse(attempt, ended.code, ended.words)


def _resolve(attempt: Attempt) -> Payment:
    """One look, and what follows from it. The caller has claimed it."""
    try:
        way = open_way(attempt.rail)
    except RailAway:
        Attempt.objects.filter(pk=attempt.pk, state__in=OPEN).update(due_at=timezone.now() + LONGEST_WAIT)
        return Payment.objects.get(pk=attempt.payment_id)
    if attempt.payment.state == PaymentState.SENDING:
        # Whoever called has died: from here on it is a call of unknown end.
        lose_sight(attempt, attempt.code or "caller-died", attempt.words or "Whoever made the call has died over it.")
        attempt = Attempt.objects.select_related("payment").get(pk=attempt.pk)
        if attempt.state not in OPEN:
            return attempt.payment
        Attempt.objects.filter(pk=attempt.pk).update(due_at=timezone.now() + LOST_AFTER)
    try:
        found = way.find(str(attempt.payment_id))
    except NotDone as fault:
        log.warning("payments: a look failed (%s)", fault.outcome.code)
        return _later(attempt)
    settled = _taken(attempt, found, way)
    if settled is not None:
        return settled
    now = timezone.now()
    if attempt.payment.state == PaymentState.UNKNOWN and now - attempt.began_at < way.keeps_keys:
        return _again(attempt, way)
    if now - attempt.called_at >= A_DAY:
        words = "A day has passed and Stripe has nothing of it: it was not sent."
        return refuse(attempt, NOTHING_CAME, words)
    Attempt.objects.filter(pk=attempt.pk, state__in=OPEN).update(due_at=attempt.called_at + A_DAY)
    return Payment.objects.get(pk=attempt.payment_id)


def resolve_due(limit: int = AT_ONCE) -> int:
    """Look at calls whose end is not known; how many. Several at once share them. Calls a rail: not inside a transaction."""
    due = Attempt.objects.filter(state__in=OPEN, due_at__lte=timezone.now()).select_related("payment")
    looked = 0
    for attempt in due.order_by("due_at", "pk")[:limit]:
        if not _claim(attempt):
            continue
        try:
            _resolve(Attempt.objects.select_related("payment").get(pk=attempt.pk))
        except Exception:
            # This one is looked at again in two minutes; the others do not wait for it.
            log.exception("payments: attempt %s could not be looked at", attempt.pk)
        looked += 1
    return looked


def look_again(payment: Payment, *, actor: Person) -> Payment:
    """Look now, because a person asks for it. It sends nothing that was not begun. Raises Refused role, own-money."""
    require("payment.look", actor, payment)
    attempt = payment.attempts.filter(state__in=OPEN).select_related("payment").last()
    if attempt is None:
        return Payment.objects.get(pk=payment.pk)
    record("payment.look", actor=actor, subject=payment, detail={"attempt": attempt.number})
    # A call that may still be going on is not disturbed.
    if attempt.payment.state == PaymentState.SENDING and timezone.now() - attempt.called_at < LOST_AFTER:
        return attempt.payment
    return _resolve(attempt)


def resolve_beside() -> None:
    """For the sweep: where something is due, look at it beside it."""
    if Attempt.objects.filter(state__in=OPEN, due_at__lte=timezone.now()).exists():
        in_background("payments.resolve", resolve_due)
