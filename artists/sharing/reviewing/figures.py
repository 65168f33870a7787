"""A reviewer's own figures: hours at the film, decisions, how long they took, and how often they did not stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.sharing.models import Conflict, Decision, Outcome, Question, Sitting
from portal.access import Actor
from portal.appeals.models import Appeal
from portal.appeals.states import AppealState

LATELY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """Over one span. `median_seconds` runs from asking to the decision, every hour counted; None without a decision."""

    seconds: int
    approved: int
    refused: int
    questions: int
    conflicts: int
    median_seconds: float | None
    appealed: int
    overturned: int

    @property
    def decisions(self) -> int:
        """All of them."""
        return self.approved + self.refused

    @property
    def time(self) -> str:
        """The time at the film, in hours and minutes."""
        hours, minutes = divmod(self.seconds // 60, 60)
        said = _("%(n)d min") % {"n": minutes}
        return _("%(n)d h %(rest)s") % {"n": hours, "rest": said} if hours else said

    @property
    def overturn_percent(self) -> int | None:
        """Refusals that did not stand on appeal, of all refusals; None without a refusal."""
        return round(100 * self.overturned / self.refused) if self.refused else None


def figures_of(actor: Actor, since: datetime | None = None) -> Figures:
    """This person's own, since a moment or over all time. An appeal one answered is no decision of this sort."""
    mine = _decisions_of(actor)
    sittings = Sitting.objects.filter(reviewer_id=actor.pk)
    questions = Question.objects.filter(reviewer_id=actor.pk)
    conflicts = Conflict.objects.filter(reviewer_id=actor.pk)
    if since is not None:
        mine, sittings = mine.filter(decided_at__gte=since), sittings.filter(seen_at__gte=since)
        questions, conflicts = questions.filter(asked_at__gte=since), conflicts.filter(at__gte=since)
    rows = list(mine.values_list("outcome", "request_id", "decided_at", "request__asked_at"))
    took = [(decided - asked).total_seconds() for _outcome, _request, decided, asked in rows]
    refused = {request for outcome, request, _decided, _asked in rows if outcome == Outcome.REFUSED}
    keys = Decision.objects.filter(request__in=refused, outcome=Outcome.REFUSED).values_list("pk", flat=True)
    appeals = Appeal.objects.filter(kind="share", key__in=[str(pk) for pk in keys])
    states = list(appeals.values_list("state", flat=True))
    return Figures(
        seconds=sittings.aggregate(n=Sum("seconds"))["n"] or 0,
        approved=len(rows) - len(refused),
        refused=len(refused),
        questions=questions.count(),
        conflicts=conflicts.count(),
        median_seconds=median(took) if took else None,
        appealed=len(states),
        overturned=states.count(AppealState.OVERTURNED),
    )


def lately(actor: Actor) -> Figures:
    """The last thirty days."""
    return figures_of(actor, timezone.now() - LATELY)


def _decisions_of(actor: Actor) -> QuerySet[Decision]:
    """Views that were not undone; what overturned a refusal answered an appeal, and what revoked is the staff's."""
    before = Decision.objects.filter(
        request=OuterRef("request"), stands=True, outcome=Outcome.REFUSED, told_at__lt=OuterRef("decided_at")
    )
    views = Decision.objects.filter(reviewer_id=actor.pk, stands=True, revokes=False)
    return views.exclude(Exists(before), outcome=Outcome.APPROVED)
