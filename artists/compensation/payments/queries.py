"""What one may see of payments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from artists.compensation.awards.states import AwardState
from artists.compensation.ledger.books import left_of
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Entry, Payment
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor, check
from portal.access.decisions import Words

from .causes import cause_of
from .states import PaymentState, Rail

FAILED = (PaymentState.REFUSED, PaymentState.NEEDS_HUMAN)
TRAVELLING = (PaymentState.SENDING, PaymentState.UNKNOWN)
_CAME_BACK = (PaymentState.REVERSED, PaymentState.PARTLY_REVERSED)


def payments_overseen_by(actor: Actor) -> QuerySet[Payment]:
    """All payments with award, fund and artist, for staff."""
    rows = Payment.objects.select_related("award__fund", "payee")
    return rows if check("payment.oversee", actor) else rows.none()


def payable(actor: Actor) -> QuerySet[Payment]:
    """Those that could be sent, held or not; the longest due first."""
    return payments_overseen_by(actor).filter(state=PaymentState.READY).order_by("due_on", "made_at", "number", "pk")


def failing(actor: Actor) -> QuerySet[Payment]:
    """Those that a person has to look at, with what was tried."""
    return payments_overseen_by(actor).filter(state__in=FAILED).prefetch_related("attempts").order_by("due_on", "pk")


def travelling(actor: Actor) -> QuerySet[Payment]:
    """Those whose end is not known yet."""
    rows = payments_overseen_by(actor).filter(state__in=TRAVELLING)
    return rows.prefetch_related("attempts").order_by("due_on", "pk")


def chosen(actor: Actor, keys: Iterable[str]) -> QuerySet[Payment]:
    """These of the payments, by their ids as they were sent; what is no id is left out."""
    ids = []
    for key in keys:
        try:
            ids.append(UUID(key))
        except ValueError:
            continue
    return payments_overseen_by(actor).filter(pk__in=ids).order_by("due_on", "made_at", "number", "pk")


def people_overseen_by(actor: Actor) -> QuerySet[Person]:
    """Artists, for staff."""
    artists = Person.objects.filter(grants__role=Role.ARTIST).distinct()
    return artists if check("payment.oversee", actor) else artists.none()


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a payment's story: when, what, by whom, and under which id."""

    at: datetime
    what: Words
    who: str = ""
    number: str = ""


def _said(entry: Entry) -> Words:
    return {
        EntryKind.SEND: _("Sending began: the money is set aside"),
        EntryKind.ARRIVE: _("Accepted by the rail"),
        EntryKind.REFUSE: _("Refused by the rail: the money is owed again"),
        EntryKind.REVERSE: _("Came back: the money is owed again"),
        EntryKind.HAND: _("Paid by hand"),
        EntryKind.RELEASE: _("Not paid: the money is free in its fund"),
    }[EntryKind(entry.kind)]


def _called(attempt: Attempt) -> list[Happened]:
    told = []
    if attempt.calls > 1:
        words = _("Asked again under the same key, %(n)s calls in all") % {"n": attempt.calls}
        told.append(Happened(attempt.called_at, words, number=attempt.key))
    return told


def story_of(payment: Payment) -> list[Happened]:
    """What happened to a payment, oldest first."""
    begun = [Happened(payment.made_at, _("Promised: it is payable from its day on"), payment.award.proposer_label)]
    if is_rest(payment):
        begun = [Happened(payment.made_at, _("Owed because it came back of another payment of its award"))]
    entries = Entry.objects.filter(payment=payment).order_by("number")
    entered = [Happened(one.at, _said(one), one.actor_label, one.memo) for one in entries]
    repeated = [told for attempt in payment.attempts.all() for told in _called(attempt)]
    back = [
        Happened(one.began_at, _("Asked back: %(why)s") % {"why": one.reason}, one.by_label)
        for one in payment.returns.all()
    ]
    return sorted([*begun, *entered, *repeated, *back], key=lambda one: one.at)


def is_rest(payment: Payment) -> bool:
    """Whether it pays again what came back in part of another one: the instalments that were approved have the first numbers."""
    return 0 < len(payment.award.instalments) < payment.number


def last_entry_of(payment: Payment) -> int:
    """The number of the last entry of its money, 0 where there is none: a form says by it when it was read."""
    return payment.entries.order_by("-number").values_list("number", flat=True).first() or 0


def rest_of(payment: Payment) -> int:
    """What is owed because this came back, all or a part, and is in no payment that could be sent; in minor units.

    Read from the books of its award, which owes each sum once, whichever payment it went with.
    """
    if payment.state not in _CAME_BACK or payment.award.state != AwardState.APPROVED:
        return 0
    payable_already = Q(state__in=[PaymentState.READY, PaymentState.REFUSED])
    if payment.state == PaymentState.PARTLY_REVERSED:
        # Others that came back whole are paid again as they are.
        payable_already |= Q(state=PaymentState.REVERSED)
    others = Payment.objects.filter(payable_already, award=payment.award_id).exclude(pk=payment.pk)
    return max(left_of(payment.award) - (others.aggregate(sum=Sum("amount"))["sum"] or 0), 0)


def next_step(payment: Payment) -> Words:
    """The one next step of staff for a payment that is stuck or under way."""
    last = next(reversed(payment.attempts.all()), None)
    if payment.state == PaymentState.NEEDS_HUMAN:
        return _("Look at this payment in Stripe's dashboard, put it right there, then press “Look again”.")
    if payment.state in TRAVELLING:
        return _("Nothing: it is looked at again by itself until it is known.")
    if payment.state in _CAME_BACK and payment.award.state == AwardState.VOID and left_of(payment.award):
        return _("End its award once more: then what came back is free in its fund.")
    if payment.state != PaymentState.REFUSED or last is None:
        return ""
    return cause_of(last.code).staff


def by_rail(payment: Payment) -> bool:
    """Whether a rail has it, so that it could be taken back there."""
    return payment.rail == Rail.STRIPE_CONNECT
