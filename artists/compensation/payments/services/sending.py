"""Send: write the attempt down, make the call outside of every transaction, write down how it ended. Begun by a person, never else."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.standing import still_approved
from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Fund, Payment
from artists.compensation.payments.holds import TIME, Hold, holds_of, holds_of_many, sent_within_a_day, way_of
from artists.compensation.payments.rails import RailAway, Sent, Way, open_way
from artists.compensation.payments.readiness import profiles_of
from artists.compensation.payments.states import SEND, AttemptState, PaymentState, Rail
from artists.compensation.refusing import refusal
from artists.compensation.stripe.facts import Order
from artists.compensation.stripe.outcomes import Accepted
from artists.people.models import Person
from artists.people.proofs import require_recent
from portal.access import ALLOWED, Decision, Kind, Refused, denied, require
from portal.machine import move

from .settling import LOST_AFTER, locked, settle

ACT = "payment.send"
# A person waits for the answer: what is not begun by then stays payable and is sent with the next press.
BATCH_SECONDS = 20.0
LONGEST_BATCH = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one payment of a batch: `why` is a no with its words, or nothing held it."""

    payment: Payment
    why: Decision


@dataclass(frozen=True, slots=True)
class Planned:
    """One payment of a dry run: what holds it, and by which way it would go."""

    payment: Payment
    holds: Sequence[Hold]
    way: str

    @property
    def goes(self) -> bool:
        """Whether it would be sent now."""
        return not self.holds and self.way == Rail.STRIPE_CONNECT


def moved_on(payment: Payment, action: str) -> Refused:
    """Somebody was faster, or this is a second click."""
    words = _("This payment is not payable now: %(state)s.") % {"state": payment.get_state_display()}
    return refusal(action, "payment-moved", words, _("Nothing was sent. Look at its page."), Kind.CONFLICT)


def held(holds: Sequence[Hold], action: str) -> Refused:
    """It is held; the first reason in words, the others counted."""
    words = " ".join(str(hold.words) for hold in holds)
    return Refused(action, denied(holds[0].code, words, todo=holds[0].todo, kind=Kind.CONFLICT))


def order_of(attempt: Attempt) -> Order:
    """The call as it was frozen in the attempt; the same each time."""
    return Order(
        key=attempt.key,
        payment=str(attempt.payment_id),
        attempt=attempt.number,
        amount=attempt.amount,
        currency=attempt.currency,
        destination=attempt.destination,
        about=f"Payment {attempt.payment_id}",
    )


def check_held(fresh: Payment, action: str, *, beside: frozenset[str] = frozenset()) -> None:
    """Raises Refused with the code of the first hold. The fund is locked, so that two at once do not both fit under its daily limit, and judged as it is then."""
    fresh.award.fund = Fund.objects.select_for_update().get(pk=fresh.award.fund_id)
    holds = [hold for hold in holds_of(fresh) if hold.code not in beside]
    if holds:
        raise held(holds, action)
    approved = still_approved(fresh.award)
    if not approved:
        raise Refused(action, approved)


@transaction.atomic(durable=True)
def _begin(payment: Payment, actor: Person) -> tuple[Attempt, Way]:
    """Transaction A: the payment is being sent, the attempt is frozen, its money is on its way. Raises Refused."""
    fresh = locked(payment)
    if fresh.state != PaymentState.READY:
        raise moved_on(fresh, ACT)
    check_held(fresh, ACT)
    try:
        way = open_way(way_of(profiles_of([fresh.payee_id]).get(fresh.payee_id)))
    except RailAway:
        raise refusal(ACT, "stripe-off", _("This program does not pay by Stripe at present.")) from None
    destination = way.prepare(fresh.payee)
    number = fresh.attempts.count() + 1
    now = timezone.now()
    # Its reason is asked again in the UPDATE itself: somebody may hold it at this moment.
    _sending, moved = move(
        fresh, SEND, actor=actor, where={"held_reason": ""}, detail={"attempt": number, "rail": str(way.rail)}
    )
    if not moved:
        raise moved_on(Payment.objects.get(pk=fresh.pk), ACT)
    attempt = Attempt.objects.create(
        payment=fresh,
        number=number,
        key=f"pay-{fresh.pk}-{number}",
        rail=way.rail,
        destination=destination,
        amount=fresh.amount,
        currency=fresh.currency,
        state=AttemptState.PREPARED,
        began_at=now,
        called_at=now,
        due_at=now + LOST_AFTER,
    )
    enter(
        EntryKind.SEND,
        fresh.amount,
        key=f"send-{attempt.pk}",
        actor=actor,
        currency=fresh.currency,
        person=fresh.payee,
        about=About(award=fresh.award, payment=fresh, attempt=attempt),
    )
    return attempt, way


def _send(payment: Payment, actor: Person, proof: datetime | None) -> tuple[Payment, Sent]:
    require(ACT, actor, payment)
    require_recent(ACT, proof)
    attempt, way = _begin(payment, actor)
    ended = way.send(order_of(attempt), repeated=False)
    return settle(attempt, ended), ended


def send_payment(payment: Payment, *, actor: Person, proof: datetime | None) -> Payment:
    """Send one payment now, with a second factor shown at `proof`; how it ended is its state. Not inside a transaction.

    Raises Refused role, own-money, second-factor-old, payment-moved, by-hand, or with the code of what holds it.
    """
    return _send(payment, actor, proof)[0]


def plan(payments: Iterable[Payment]) -> list[Planned]:
    """The dry run: what each would meet now, the daily limit of its fund counted over all of them together. Nothing is changed."""
    rows = list(payments)
    holds, profiles = holds_of_many(rows), profiles_of({one.payee_id for one in rows})
    planned = [Planned(one, holds.get(one.pk, []), way_of(profiles.get(one.payee_id))) for one in rows]
    return _within_limits(planned)


def _within_limits(planned: list[Planned]) -> list[Planned]:
    """Hold what comes after the daily limit of its fund is reached by those before it."""
    funds = {one.payment.award.fund_id for one in planned if one.payment.award.fund.daily_most is not None}
    spent = sent_within_a_day(funds) if funds else {}
    told = []
    for one in planned:
        fund, amount = one.payment.award.fund, one.payment.amount
        if one.goes and fund.daily_most is not None:
            if spent.get(fund.pk, 0) + amount > fund.daily_most:
                words = _("With those before it, more than this fund sends in 24 hours would leave it.")
                hold = Hold("daily-cap", words, _("It is sent when that is past, or the staff raise the limit."), TIME)
                told.append(Planned(one.payment, [hold], one.way))
                continue
            spent[fund.pk] = spent.get(fund.pk, 0) + amount
        told.append(one)
    return told


def send_due(payments: Iterable[Payment], *, actor: Person, proof: datetime | None) -> list[Told]:
    """Send each of these, one after the other; each stands or falls alone. Not inside a transaction.

    It stops where the rail refuses our key, and where it takes longer than somebody waits: the rest stays payable. Raises Refused
    role, second-factor-old before anything is sent, batch-long.
    """
    rows = list(payments)
    require("payment.oversee", actor)
    require_recent(ACT, proof)
    if len(rows) > LONGEST_BATCH:
        words = _("Up to %(most)s payments are sent at once.") % {"most": LONGEST_BATCH}
        raise refusal(ACT, "batch-long", words, _("Choose fewer; nothing was sent."))
    told, stop, until = [], ALLOWED, time.monotonic() + BATCH_SECONDS
    for one in rows:
        if stop and time.monotonic() > until:
            words = _("The rail answers slowly: this one was not begun.")
            stop = denied("batch-stopped", words, todo=_("It is still payable: send the rest."), kind=Kind.UNAVAILABLE)
        if not stop:
            told.append(Told(one, stop))
            continue
        try:
            payment, ended = _send(one, actor, proof)
        except Refused as refused:
            told.append(Told(one, refused.decision))
            continue
        told.append(Told(payment, ALLOWED))
        if not isinstance(ended, Accepted) and ended.stops:
            words = _("Stripe does not take the key of this program, so nothing else was sent.")
            stop = denied("key-refused", words, todo=_("The operators look at the key."), kind=Kind.UNAVAILABLE)
    return told
