"""Gatherings over the API: read only. Taking a seat and giving it up is done in a browser."""

import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema

from artists.people.bearer import caller
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries
from .models import Gathering
from .states import SeatState

MOST = 50
router = Router()
register_router("Gatherings", router)
READING = Bearer(TokenScope.READ, READ)


class GatheringSaid(Schema):
    """One gathering. `mine`: "seated", "waiting", "given_up" or None; `place` and `call_link` only with a seat."""

    id: uuid.UUID
    kind: str
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    capacity: int
    seated: int
    waiting: int
    state: str
    reason: str
    mine: str | None
    place: str | None
    call_link: str | None
    pays: str


class GatheringPage(Schema):
    """The next first, up to 50."""

    items: list[GatheringSaid]


_SAME = (
    "id", "kind", "title", "text", "starts_at", "ends_at", "zone", "capacity", "seated", "waiting", "state", "reason",
    "mine",
)  # fmt: skip


def _said(one: Gathering, prices: dict[str, Any]) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in _SAME}
    here = told["mine"] == SeatState.SEATED and not one.cancelled
    pays = str(prices[one.contribution].words) if one.contribution else gettext("optional, unpaid")
    return told | {"place": one.place if here else None, "call_link": one.call_link if here else None, "pays": pays}


@router.get("/gatherings", auth=READING, response={200: GatheringPage, **FAULTS})
def list_gatherings(request: HttpRequest) -> dict[str, Any]:
    """What one is invited to and is not over."""
    prices = queries.prices()
    found = queries.coming(queries.gatherings_visible_to(caller(request)))[:MOST]
    return {"items": [_said(one, prices) for one in found]}


@router.get("/gatherings/{uuid:pk}", auth=READING, response={200: GatheringSaid, **FAULTS})
def read_gathering(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """One gathering."""
    found = queries.gatherings_visible_to(caller(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _said(found, queries.prices())
