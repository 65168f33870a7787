"""Own awards, grant calls and applications over the API: read only. No token proposes, approves, applies or decides."""

import uuid
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from artists.compensation.models import Application, Award, Round
from artists.people.bearer import caller
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries
from .states import ApplicationState, RoundState

MOST = 100
router = Router()
register_router("Awards and grants", router)
READING = Bearer(TokenScope.READ, READ)


class InstalmentSaid(Schema):
    """One part of an award; minor units."""

    amount: int
    due: date


class AwardSaid(Schema):
    """What was promised; `amount` in minor units. `digest` names exactly what two people approved."""

    id: uuid.UUID
    kind: str
    title: str
    amount: int
    currency: str
    purpose: str
    terms: str
    instalments: list[InstalmentSaid]
    state: str
    digest: str
    approved_at: datetime | None
    end_reason: str


class ApplicationSaid(Schema):
    """One's own application; `granted`, `reasons` and `answer` once the round is decided."""

    state: str
    amount: int | None
    granted: int | None
    reasons: list[str]
    answer: str
    handed_in_at: datetime | None


class GrantCallSaid(Schema):
    """A call for grants; `most_each` in minor units. `mine` is None where one wrote nothing."""

    id: uuid.UUID
    title: str
    call: str
    criteria: list[str]
    most_each: int
    currency: str
    grants: int
    opens_at: datetime
    closes_at: datetime
    decided_by: datetime
    state: str
    mine: ApplicationSaid | None


_AWARD = (
    "id", "kind", "title", "amount", "currency", "purpose", "terms", "instalments", "state", "digest", "approved_at",
    "end_reason",
)  # fmt: skip
_ROUND = (
    "id", "title", "call", "criteria", "most_each", "grants", "opens_at", "closes_at", "decided_by", "state",
)  # fmt: skip


def _said_award(award: Award) -> dict[str, Any]:
    return {name: getattr(award, name) for name in _AWARD}


def _said_application(mine: Application | None, found: Round) -> dict[str, Any] | None:
    if mine is None:
        return None
    told = found.state == RoundState.DECIDED
    chosen = {ApplicationState.GRANTED, ApplicationState.DECLINED}
    return {
        # What was chosen is told to everybody at once, when the round is decided.
        "state": mine.state if told or mine.state not in chosen else ApplicationState.SUBMITTED,
        "amount": mine.amount,
        "granted": mine.granted if told else None,
        "reasons": mine.reasons if told else [],
        "answer": mine.answer if told else "",
        "handed_in_at": mine.handed_in_at,
    }


@router.get("/awards", auth=READING, response={200: list[AwardSaid], **FAULTS})
def list_awards(request: HttpRequest) -> list[dict[str, Any]]:
    """What was promised to the caller, the newest 100."""
    return [_said_award(one) for one in queries.awards_of(caller(request))[:MOST]]


@router.get("/awards/{uuid:pk}", auth=READING, response={200: AwardSaid, **FAULTS})
def read_award(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """One award of the caller."""
    found = queries.awards_of(caller(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _said_award(found)


@router.get("/grants", auth=READING, response={200: list[GrantCallSaid], **FAULTS})
def list_grants(request: HttpRequest) -> list[dict[str, Any]]:
    """Calls that ask the caller, open ones first, with their own application; the newest 100."""
    actor = caller(request)
    rounds = list(queries.rounds_visible_to(actor)[:MOST])
    mine = queries.by_round(actor, rounds)
    return [
        {name: getattr(one, name) for name in _ROUND}
        | {"currency": one.fund.currency, "mine": _said_application(mine.get(one.pk), one)}
        for one in rounds
    ]
