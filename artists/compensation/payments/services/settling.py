"""Write down how a call to a rail ended: states, books, news, in one transaction; the same end again changes nothing."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from artists.compensation.awards.services import settle_award
from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Award, Payment
from artists.compensation.payments.news import PaymentSent, PaymentStuck
from artists.compensation.payments.rails import Sent
from artists.compensation.payments.states import (
    ACCEPT,
    ASK_HUMAN,
    ATTEMPT_ACCEPTED,
    ATTEMPT_REFUSED,
    ATTEMPT_UNKNOWN,
    LOSE,
    REFUSE,
    AttemptState,
    PaymentState,
)
from artists.compensation.stripe.facts import Transfer
from artists.compensation.stripe.outcomes import Accepted, DefinitelyRefused, Unknown
from portal import happenings
from portal.access import System
from portal.machine import move

log = logging.getLogger(__name__)
RAIL_SAYS = System("payments")
FIRST_LOOK, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# A caller who says nothing for this long has died: no call lasts half as long.
LOST_AFTER = timedelta(minutes=2)
OPEN = (AttemptState.PREPARED, AttemptState.UNKNOWN)
# Ends that no look and no repetition mends: a person looks.
FOR_A_PERSON = frozenset({"key-reused", "answer-differs"})
LONGEST_WORDS, LONGEST_CODE = 300, 80


def locked(payment: Payment) -> Payment:
    """The fresh payment under lock. Award first, as every act on its money does: two acts wait for each other."""
    Award.objects.select_for_update(of=("self",)).get(pk=payment.award_id)
    rows = Payment.objects.select_for_update(of=("self",)).select_related("award__fund", "payee")
    return rows.get(pk=payment.pk)


def next_look(calls: int) -> datetime:
    """When to look again after so many calls: twice as long each time, an hour at most."""
    return timezone.now() + min(FIRST_LOOK * 2 ** min(calls, 12), LONGEST_WAIT)


def _open(attempt: Attempt) -> tuple[Payment, Attempt]:
    payment = locked(attempt.payment)
    return payment, Attempt.objects.select_for_update().get(pk=attempt.pk)


def _enter(kind: EntryKind, word: str, payment: Payment, attempt: Attempt, memo: str) -> None:
    enter(
        kind,
        attempt.amount,
        key=f"{word}-{attempt.pk}",
        actor=RAIL_SAYS,
        currency=attempt.currency,
        person=payment.payee,
        about=About(award=payment.award, payment=payment, attempt=attempt, memo=memo),
    )


@transaction.atomic
def accept(attempt: Attempt, fact: Transfer) -> Payment:
    """The rail has it: paid in the books, its award settled."""
    payment, fresh = _open(attempt)
    if fresh.state not in OPEN:
        if fresh.transfer != fact.id:
            log.error("payments: %s came for an attempt that had ended; reconciliation shows it", fact.id)
        return payment
    now = timezone.now()
    done = {"transfer": fact.id, "arrived_as": fact.arrived_as, "ended_at": now, "due_at": None}
    move(fresh, ATTEMPT_ACCEPTED, actor=RAIL_SAYS, fields=done, detail={"transfer": fact.id})
    paid, moved = move(
        payment,
        ACCEPT,
        actor=RAIL_SAYS,
        fields={"transfer": fact.id, "sent_at": now, "rail": fresh.rail, "came_back": 0},
        detail={"transfer": fact.id, "attempt": fresh.number},
        news=PaymentSent(str(payment.pk), fresh.number),
    )
    if moved:
        _enter(EntryKind.ARRIVE, "arrive", payment, fresh, fact.id)
        settle_award(payment.award, actor=RAIL_SAYS)
    return paid


@transaction.atomic
def refuse(attempt: Attempt, code: str, words: str) -> Payment:
    """It was not done and will not be: the money is owed again, and a person clears the cause.

    `attempt` is as its caller knew it: where somebody has called again since, that call says how it ended.
    """
    payment, fresh = _open(attempt)
    if fresh.state not in OPEN or fresh.calls != attempt.calls:
        return payment
    done = {"code": code[:LONGEST_CODE], "words": words[:LONGEST_WORDS], "ended_at": timezone.now(), "due_at": None}
    move(fresh, ATTEMPT_REFUSED, actor=RAIL_SAYS, fields=done, detail={"code": code})
    again, moved = move(
        payment,
        REFUSE,
        actor=RAIL_SAYS,
        detail={"attempt": fresh.number, "code": code},
        news=PaymentStuck(str(payment.pk), fresh.number, PaymentState.REFUSED),
    )
    if moved:
        _enter(EntryKind.REFUSE, "refuse", payment, fresh, code)
    return again


@transaction.atomic
def lose_sight(attempt: Attempt, code: str, words: str, *, human: bool = False) -> Payment:
    """Nobody knows: the money stays where it is. `human`: it is not looked at again before a person asks for it."""
    payment, fresh = _open(attempt)
    if fresh.state not in OPEN:
        return payment
    due = None if human else next_look(fresh.calls)
    told = {"code": code[:LONGEST_CODE], "words": words[:LONGEST_WORDS], "due_at": due}
    if fresh.state == AttemptState.PREPARED:
        move(fresh, ATTEMPT_UNKNOWN, actor=RAIL_SAYS, fields=told, detail={"code": code})
    else:
        Attempt.objects.filter(pk=fresh.pk, state=fresh.state).update(**told)
    if not human:
        return move(payment, LOSE, actor=RAIL_SAYS, detail={"attempt": fresh.number, "code": code})[0]
    asked, moved = move(payment, ASK_HUMAN, actor=RAIL_SAYS, detail={"attempt": fresh.number, "code": code})
    if moved:
        happenings.announce(PaymentStuck(str(payment.pk), fresh.number, PaymentState.NEEDS_HUMAN))
    return asked


def settle(attempt: Attempt, ended: Sent) -> Payment:
    """Write down how a call ended that was the first with its key."""
    if isinstance(ended, Accepted):
        return accept(attempt, ended.fact)
    if isinstance(ended, DefinitelyRefused):
        return refuse(attempt, ended.code, ended.words)
    return lose(attempt, ended)


def lose(attempt: Attempt, ended: Unknown) -> Payment:
    """Write down that nobody knows how a call ended."""
    if ended.alarm:
        log.error("payments: attempt %s ended in %s: %s", attempt.pk, ended.code, ended.words)
    return lose_sight(attempt, ended.code, ended.words, human=ended.code in FOR_A_PERSON)
