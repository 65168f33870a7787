"""What one may see of critique: nothing of a week that runs, and of the rest no more than there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from artists.feedback.models import Critique, CritiqueWeek
from portal.access import Actor, check

from .states import WeekState


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it is shown; withheld, its ground instead of its words."""

    pk: UUID
    week: str
    text: str
    ground: str
    answer: str
    answered_by: str
    answered_in: str


def texts_public() -> QuerySet[Critique]:
    """Texts of weeks that are over, newest week first; inside a week by their random numbers."""
    return Critique.objects.filter(week__state=WeekState.OVER).order_by("-week", "id")


def shown(rows: Iterable[Critique], *, whole: bool = False) -> list[Text]:
    """As everybody reads them; `whole` keeps the words of withheld ones, for staff."""
    return [
        Text(
            pk=one.pk,
            week=one.week_id,
            text="" if one.withheld and not whole else one.text,
            ground=str(one.get_withheld_display()) if one.withheld else "",
            answer=one.answer,
            answered_by=one.answered_by,
            answered_in=one.answered_in,
        )
        for one in rows
    ]


def texts_overseen_by(actor: Actor) -> QuerySet[Critique]:
    """What staff may answer: the same weeks as everybody's."""
    seen = texts_public().select_related("week")
    return seen if check("critique.oversee", actor) else seen.none()


def unanswered(actor: Actor) -> int:
    """How many public texts have no answer."""
    return texts_overseen_by(actor).filter(answer="", withheld="").count()


def weeks_over() -> QuerySet[CritiqueWeek]:
    """Counts by week, newest first; the week that runs is not told."""
    return CritiqueWeek.objects.filter(state=WeekState.OVER)
