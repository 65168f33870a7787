"""Count what was accepted, at the price of the day it was made on; take it into an award, and out again."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.contributions.news import ContributionCounted
from artists.compensation.contributions.states import LET_GO, TAKE_INTO_AWARD, ContributionState
from artists.compensation.models import Award, Contribution
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.tariff.queries import price_of
from portal import happenings
from portal.access import Actor, Kind, System
from portal.audit.chain import record
from portal.machine import move

LONGEST_ABOUT = 200
COUNTER = System("pay")


def _count(source: str, person: Person, **columns: object) -> tuple[Contribution, bool]:
    """The contribution of this source, and whether it is new: the unique source decides, whoever is told twice."""
    amount = columns["amount"]
    columns |= {
        "person": person,
        "about": str(columns["about"])[:LONGEST_ABOUT],
        "state": ContributionState.EARNED if amount else ContributionState.UNPAID,
        "counted_at": timezone.now(),
    }
    found, new = Contribution.objects.get_or_create(source=source, defaults=columns)
    if new:
        detail = {"source": source, "person": person.pk, "amount": amount, "currency": found.currency}
        record("contribution.count", actor=COUNTER, subject=found, detail=detail)
        happenings.announce(ContributionCounted(found.pk))
    return found, new


@transaction.atomic
def count_by_tariff(
    *, source: str, person: Person, kind: str, quantity: Decimal, at: datetime, about: str
) -> tuple[Contribution, bool]:
    """Count it at the tariff's price of the moment `at`; half a minor unit is rounded up. (contribution, True) once a source."""
    price = price_of(kind, at)
    amount = int((quantity * price.amount).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return _count(
        source,
        person,
        kind=kind,
        about=about,
        quantity=quantity,
        at=at,
        tariff=price.version,
        unit_price=price.amount,
        amount=amount,
        currency=price.currency,
    )


@transaction.atomic
def count_agreed(
    *, source: str, person: Person, kind: str, amount: int, currency: str, at: datetime, about: str
) -> tuple[Contribution, bool]:
    """Count a sum that was agreed on, in minor units. (contribution, True) once a source."""
    return _count(
        source,
        person,
        kind=kind,
        about=about,
        quantity=Decimal(1),
        at=at,
        tariff=None,
        unit_price=amount,
        amount=amount,
        currency=currency,
    )


def split(amount: int, parts: int) -> list[int]:
    """Share minor units among so many, the first ones get what is left over: no unit is lost. Raises ValueError below one."""
    if parts < 1:
        message = f"{parts} are nobody to share among"
        raise ValueError(message)
    each, over = divmod(amount, parts)
    return [each + (number < over) for number in range(parts)]


@transaction.atomic
def take_into_award(contributions: Iterable[Contribution], *, award: Award, actor: Actor) -> int:
    """Make contributions part of an award; returns their sum in minor units.

    Raises Refused contribution-elsewhere (in another award), contribution-unfit (somebody else's, or another currency).
    """
    total = 0
    for one in contributions:
        if (one.person_id, one.currency) != (award.payee_id, award.currency):
            words = _("A contribution of somebody else, or in another currency, cannot be in this award.")
            raise refusal("contribution.award", "contribution-unfit", words, _("Nothing was changed."))
        taken, moved = move(one, TAKE_INTO_AWARD, actor=actor, fields={"award": award})
        if not moved:
            words = _("“%(about)s” is in another award already.") % {"about": taken.about}
            todo = _("Nothing was changed. Choose again.")
            raise refusal("contribution.award", "contribution-elsewhere", words, todo, Kind.CONFLICT)
        total += taken.amount
    return total


@transaction.atomic
def let_go(award: Award, *, actor: Actor) -> int:
    """Let the contributions of an award be earned again, because it ends unpaid; returns how many there were."""
    count = 0
    for one in Contribution.objects.filter(award=award, state=ContributionState.AWARDED):
        _fresh, moved = move(one, LET_GO, actor=actor, fields={"award": None})
        count += moved
    return count
