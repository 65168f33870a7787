"""A request's story as those who made the work read it: what happened when, and what was promised. Never who decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from portal.appeals.queries import appeals_of

from .models import Outcome, ShareRequest, Terms
from .queries import Told, collaborators_of, decisions_told, questions_of
from .states import CollaboratorState, RequestState


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    at: datetime
    what: str
    tone: str = "plain"
    words: str = ""


def _answers(request: ShareRequest) -> list[Step]:
    says = {CollaboratorState.CONFIRMED: _("%(name)s confirmed"), CollaboratorState.DECLINED: _("%(name)s declined")}
    return [
        Step(one.answered_at, says[CollaboratorState(one.state)] % {"name": one.person.credit})
        for one in collaborators_of(request)
        if one.answered_at is not None and one.state in says
    ]


def _questions(request: ShareRequest) -> list[Step]:
    steps = []
    for one in questions_of(request):
        steps.append(Step(one.asked_at, _("A reviewer asked; the clock stopped"), "yours", one.text))
        if one.answered_at is not None:
            steps.append(Step(one.answered_at, _("Answered; the clock went on"), "plain", one.answer))
    return steps


def _decision(told: Told) -> Step:
    if told.revokes:
        return Step(told.told_at, _("The approval was taken back: %(ground)s") % {"ground": told.ground_label}, "stop")
    if told.by_clock:
        return Step(told.told_at, _("Nobody decided in time: approved, as promised"), "ok")
    if told.outcome == Outcome.APPROVED:
        return Step(told.told_at, _("Approved"), "ok")
    return Step(told.told_at, _("Refused: %(ground)s") % {"ground": told.ground_label}, "stop")


def _appeals(request: ShareRequest, told: list[Told]) -> list[Step]:
    steps = []
    for one in appeals_of(request.artist).filter(kind="share", key__in=[str(decision.pk) for decision in told]):
        steps.append(Step(one.asked_at, _("Appealed"), "info"))
        if one.decided_at is not None:
            words = _("The appeal was answered: %(state)s") % {"state": one.get_state_display()}
            steps.append(Step(one.decided_at, words, "info", one.answer))
    return steps


def _ends(request: ShareRequest) -> list[Step]:
    steps = []
    if request.late_at is not None:
        steps.append(Step(request.late_at, _("Nobody decided in time; it went to the program staff"), "warn"))
    if request.ended_at is not None and request.state == RequestState.WITHDRAWN:
        steps.append(Step(request.ended_at, _("Withdrawn")))
    if request.ended_at is not None and request.state == RequestState.EXPIRED:
        steps.append(Step(request.ended_at, _("Its time was over")))
    return steps


def timeline(request: ShareRequest) -> list[Step]:
    """Everything its makers may know, oldest first."""
    told = decisions_told(request)
    first = _("Begun") if request.state == RequestState.DRAFT else _("Sent")
    steps = [Step(request.asked_at, first), *_answers(request), *_questions(request)]
    steps += [*map(_decision, told), *_appeals(request, told), *_ends(request)]
    return sorted(steps, key=lambda step: step.at)


def promise(terms: Terms) -> dict[str, Any]:
    """What is promised about the clock, in words: hours, what silence means, and which days count."""
    days = [str(WEEKDAYS[day]) for day in sorted(set(terms.working_days))]
    return {
        "hours": terms.hours,
        "approves": terms.consequence == "approved",
        "consequence": str(terms.get_consequence_display()),
        "days": ", ".join(days),
        "holidays": terms.holidays,
        "zone": terms.zone,
    }
