"""What one may see of contributions and disputes."""

from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from artists.compensation.models import Contribution, Dispute, Fund
from portal.access import Actor, check

from .states import ContributionState, DisputeState


def contributions_of(actor: Actor) -> QuerySet[Contribution]:
    """One's own, newest first."""
    mine = Contribution.objects.filter(person_id=actor.pk) if actor.pk else Contribution.objects.none()
    return mine.select_related("award").order_by("-at", "-pk")


def earned_of(actor: Actor) -> dict[str, int]:
    """What one has earned and is in no award yet, in minor units by currency."""
    rows = contributions_of(actor).filter(state=ContributionState.EARNED).order_by().values_list("currency")
    return dict(rows.annotate(Sum("amount")).order_by("currency"))


def contributions_overseen_by(actor: Actor) -> QuerySet[Contribution]:
    """Everybody's, newest first, for staff."""
    seen = Contribution.objects.select_related("person", "award").order_by("-at", "-pk")
    return seen if check("contribution.oversee", actor) else seen.none()


def earned_for(fund: Fund, until: datetime) -> QuerySet[Contribution]:
    """What a batch of this fund may pay: earned, in its currency, made before a moment; by person, oldest first."""
    earned = Contribution.objects.filter(state=ContributionState.EARNED, currency=fund.currency, at__lt=until)
    return earned.select_related("person").order_by("person__name", "person_id", "at", "pk")


def earned_in_all(actor: Actor) -> list[tuple[str, int, int]]:
    """(currency, minor units, people) that are earned and in no award, for staff."""
    rows = contributions_overseen_by(actor).filter(state=ContributionState.EARNED).order_by().values_list("currency")
    return list(rows.annotate(Sum("amount"), Count("person", distinct=True)).order_by("currency"))


def disputes_of(actor: Actor) -> QuerySet[Dispute]:
    """One's own, newest first."""
    mine = Dispute.objects.filter(person_id=actor.pk) if actor.pk else Dispute.objects.none()
    return mine.select_related("contribution", "added")


def disputes_overseen_by(actor: Actor) -> QuerySet[Dispute]:
    """Everybody's, for staff."""
    seen = Dispute.objects.select_related("contribution", "person", "added")
    return seen if check("dispute.oversee", actor) else seen.none()


def disputes_waiting(actor: Actor) -> QuerySet[Dispute]:
    """Those nobody has answered, longest waiting first, for staff."""
    return disputes_overseen_by(actor).filter(state=DisputeState.OPEN).order_by("asked_at", "pk")
