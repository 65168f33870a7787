"""What one may see of what one has earned and was paid; nothing here counts or sums all entries of somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone

from artists.compensation.awards.states import AwardState
from artists.compensation.contributions.queries import contributions_of, earned_of
from artists.compensation.contributions.states import ContributionState
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Account, Award, Contribution, Entry, Fund, Payment, ServiceLetter
from artists.compensation.payments.states import UNDER_WAY, Arrival, PaymentState, Rail
from artists.people.models import Person
from portal.access import Actor, check

# Sent, and not known to be at the bank of its artist. What is paid by hand arrives outside of the portal.
NOT_ARRIVED = (Arrival.NONE, Arrival.PENDING, Arrival.IN_TRANSIT, Arrival.FAILED)
OPEN = (PaymentState.READY, PaymentState.REFUSED, *UNDER_WAY)
# Of what came back in part, the rest is out like anything that was sent.
OUT = (PaymentState.SENT, PaymentState.PARTLY_REVERSED)
_BESIDE = ("award__fund", "payout", "payee__pay_profile")
PROPOSED = (AwardState.DRAFT, AwardState.SUBMITTED)


def payments_of(actor: Actor) -> QuerySet[Payment]:
    """One's own payments with what is said beside them."""
    mine = Payment.objects.filter(payee_id=actor.pk) if actor.pk else Payment.objects.none()
    return mine.select_related(*_BESIDE)


def _payments_where(actor: Actor, *either: Q, **standing: Any) -> QuerySet[Payment]:
    """One's own payments that stand so: found by their standing and sorted after, never looked for along all of them.

    A condition beside the order would have the database walk the whole past in that order to find a few.
    """
    found = payments_of(actor).filter(*either, **standing).order_by().values("pk")
    return Payment.objects.filter(pk__in=found).select_related(*_BESIDE)


def payments_open(actor: Actor) -> QuerySet[Payment]:
    """Payable, or under way to the rail; what is due first comes first."""
    found = _payments_where(actor, state__in=OPEN).prefetch_related("attempts")
    return found.order_by("due_on", "made_at", "number")


def payments_travelling(actor: Actor) -> QuerySet[Payment]:
    """Sent by a rail and not known to be at the bank, the oldest first."""
    way = {"state__in": OUT, "rail": Rail.STRIPE_CONNECT, "arrival__in": NOT_ARRIVED}
    return _payments_where(actor, **way).order_by("sent_at", "pk")


def payments_paid(actor: Actor) -> QuerySet[Payment]:
    """Arrived, or paid by hand; newest first."""
    arrived = Q(arrival=Arrival.PAID) | Q(rail=Rail.MANUAL)
    return (
        payments_of(actor).filter(arrived, state=PaymentState.SENT, sent_at__isnull=False).order_by("-sent_at", "-pk")
    )


def payments_returned(actor: Actor) -> QuerySet[Payment]:
    """Came back, or never left; came back in part, with the rest at the bank. Newest first."""
    whole = Q(state__in=(PaymentState.REVERSED, PaymentState.CANCELLED))
    partly = Q(state=PaymentState.PARTLY_REVERSED) & (Q(arrival=Arrival.PAID) | Q(rail=Rail.MANUAL))
    return _payments_where(actor, whole | partly).order_by("-made_at", "-pk")


def contributions_earned(actor: Actor) -> QuerySet[Contribution]:
    """Earned, in no award yet; newest first."""
    return contributions_of(actor).filter(state=ContributionState.EARNED)


def contributions_proposed(actor: Actor) -> QuerySet[Contribution]:
    """In an award that two people have not approved yet: found by those awards, which are few, and not along the past."""
    awards = Award.objects.filter(payee_id=actor.pk, state__in=PROPOSED)
    return Contribution.objects.filter(award__in=awards).select_related("award").order_by("-at", "-pk")


def contributions_unpromised(actor: Actor) -> QuerySet[Contribution]:
    """Earned, or in an award that is not approved; newest first."""
    both = (contributions_earned(actor), contributions_proposed(actor))
    earned, proposed = (Q(pk__in=rows.order_by().values("pk")) for rows in both)
    return Contribution.objects.filter(earned | proposed).select_related("award").order_by("-at", "-pk")


def contributions_unpaid(actor: Actor) -> QuerySet[Contribution]:
    """Counted, and not paid for; newest first."""
    return contributions_of(actor).filter(state=ContributionState.UNPAID)


@dataclass(slots=True)
class Sums:
    """What somebody has in one currency, in minor units."""

    currency: str
    earned: int = 0
    payable: int = 0
    travelling: int = 0
    paid: int = 0

    @property
    def open(self) -> int:
        """What has still to reach them."""
        return self.earned + self.payable + self.travelling


def sums_of(actor: Actor) -> list[Sums]:
    """By currency: earned, payable, on its way, paid; four queries, however long the past."""
    told: dict[str, Sums] = {}

    def of(currency: str) -> Sums:
        return told.setdefault(currency, Sums(currency))

    for account in accounts_of(actor):
        one = of(account.currency)
        if account.side == Side.OWED:
            one.payable += account.balance
        elif account.side == Side.FLIGHT:
            one.travelling += account.balance
        else:
            one.paid += account.balance
    for currency, minor in earned_of(actor).items():
        of(currency).earned += minor
    waiting = contributions_proposed(actor).order_by().values_list("currency").annotate(Sum("amount"))
    for currency, minor in waiting:
        of(currency).earned += minor
    travelling = payments_travelling(actor).order_by().values_list("currency")
    for currency, minor in travelling.annotate(rest=Sum(F("amount") - F("came_back"))):
        one = of(currency)
        one.travelling += minor
        one.paid -= minor
    return [told[currency] for currency in sorted(told)]


def accounts_of(actor: Actor) -> QuerySet[Account]:
    """One's own accounts: at most three for a currency."""
    mine = Account.objects.filter(person_id=actor.pk) if actor.pk else Account.objects.none()
    return mine.order_by("currency", "side")


def entries_of(actor: Actor) -> QuerySet[Entry]:
    """One's own entries, in the order of the books."""
    mine = Entry.objects.filter(person_id=actor.pk) if actor.pk else Entry.objects.none()
    return mine.order_by("number")


def first_entry_at(actor: Actor) -> datetime | None:
    """When the books first name somebody."""
    found: datetime | None = entries_of(actor).order_by("at").values_list("at", flat=True).first()
    return found


def letters_of(actor: Actor) -> QuerySet[ServiceLetter]:
    """One's own letters of service, newest first."""
    return ServiceLetter.objects.filter(person_id=actor.pk) if actor.pk else ServiceLetter.objects.none()


def letter_of_code(code: str) -> ServiceLetter | None:
    """The letter with this code, for whoever has it."""
    return ServiceLetter.objects.filter(code=code).first()


def entries_overseen_by(actor: Actor, begin: datetime, end: datetime, fund: Fund | None = None) -> QuerySet[Entry]:
    """The books between two moments, of one fund or all, for staff."""
    if not check("ledger.export", actor):
        return Entry.objects.none()
    found = Entry.objects.filter(at__gte=begin, at__lt=end)
    if fund is not None:
        found = found.filter(Q(debit__fund=fund) | Q(credit__fund=fund) | Q(award__fund=fund))
    beside = ("debit__fund", "credit__fund", "person", "award__fund", "attempt")
    return found.select_related(*beside).order_by("number")


@dataclass(frozen=True, slots=True)
class YearLine:
    """What somebody was paid in a year for one purpose, and what came back of it, in minor units."""

    person: Person
    currency: str
    purpose: str
    paid: int
    came_back: int


def paid_in(entries: QuerySet[Entry], begin: datetime, end: datetime) -> list[YearLine]:
    """By person, currency and purpose, of what was sent between two moments."""
    sent = entries.filter(kind__in=(EntryKind.ARRIVE, EntryKind.HAND, EntryKind.REVERSE), at__gte=begin, at__lt=end)
    back = Q(kind=EntryKind.REVERSE)
    rows = (
        sent.order_by()
        .values_list("person", "currency", "award__purpose")
        .annotate(sent=Sum("amount", filter=~back, default=0), back=Sum("amount", filter=back, default=0))
    )
    people = Person.objects.select_related("pay_profile").in_bulk({row[0] for row in rows})
    lines = [YearLine(people[pk], currency, purpose or "", paid, came) for pk, currency, purpose, paid, came in rows]
    return sorted(lines, key=lambda one: (one.person.name.casefold(), one.person.pk, one.currency, one.purpose))


def last_sent_of(actor: Actor) -> Payment | None:
    """The newest payment that was sent to somebody."""
    return Payment.objects.filter(payee_id=actor.pk, sent_at__isnull=False).order_by("-sent_at", "-pk").first()


def owed_now() -> dict[str, Any]:
    """What the program owes: minor units by currency, people, payments that are late and that need somebody to look."""
    owed = Account.objects.filter(side__in=(Side.OWED, Side.FLIGHT), balance__gt=0)
    due = Payment.objects.filter(state=PaymentState.READY)
    stuck = (PaymentState.REFUSED, PaymentState.NEEDS_HUMAN, PaymentState.UNKNOWN)
    return {
        "minor_units": dict(owed.order_by("currency").values_list("currency").annotate(Sum("balance"))),
        "people": owed.aggregate(n=Count("person", distinct=True))["n"],
        "due": due.filter(due_on__lte=timezone.now().date()).count(),
        "due_since": due.aggregate(first=Min("due_on"))["first"],
        "held": due.exclude(held_reason="").count(),
        "stuck": Payment.objects.filter(state__in=stuck).count(),
    }


def years_of_books(actor: Actor) -> list[int]:
    """Years in which the books have entries, newest first, for staff."""
    if not check("ledger.export", actor):
        return []
    first = Entry.objects.order_by("number").values_list("at", flat=True).first()
    return list(range(timezone.now().year, first.year - 1, -1)) if first else []
