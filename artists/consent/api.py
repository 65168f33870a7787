"""Own consents and uses over the API: read only. No token consents, answers, withdraws or pauses."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Router, Schema

from artists.people.bearer import caller
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries
from .models import Consent, Use
from .receipts import receipt_of
from .standing import Line, lines_of

PAGE = 50
router = Router()
register_router("Consents", router)
READING = Bearer(TokenScope.READ, READ)


class ConsentSaid(Schema):
    """One consent. `live`: it covers uses now. `fee` in minor units; places are "world" or countries by two letters."""

    id: uuid.UUID
    clip: uuid.UUID
    use: str
    where: str
    places: list[str]
    starts_at: datetime
    ends_at: datetime
    fee: int
    currency: str
    credit_line: str
    conditions: str
    state: str
    live: bool
    given_at: datetime
    withdrawn_at: datetime | None


class UseSaid(Schema):
    """One use of a work; `reach` is None while it is not known."""

    id: int
    consent: uuid.UUID
    clip: uuid.UUID
    use: str
    at: datetime
    where: str
    place: str
    url: str
    reach: int | None
    fee: int
    currency: str


class ConsentPage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[ConsentSaid]
    next: uuid.UUID | None


class UsePage(Schema):
    """Newest first; `next` as with consents."""

    items: list[UseSaid]
    next: int | None


_SAME = (
    "clip_id", "where", "places", "starts_at", "ends_at", "fee", "currency", "credit_line", "conditions", "state",
    "given_at", "withdrawn_at",
)  # fmt: skip


def _said(line: Line) -> dict[str, Any]:
    told = {name: getattr(line.consent, name) for name in _SAME}
    return told | {
        "id": line.consent.pk,
        "clip": told.pop("clip_id"),
        "use": line.consent.kind,
        "live": line.stands.live,
    }


def _said_use(use: Use) -> dict[str, Any]:
    told = {name: getattr(use, name) for name in ("at", "where", "place", "url", "reach", "fee", "currency")}
    return told | {"id": use.pk, "consent": use.consent_id, "clip": use.clip_id, "use": use.kind}


def _found(rows: QuerySet[Any], pk: Any) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _behind(rows: QuerySet[Any], place: str, after: Any) -> list[Any]:
    """The rows behind the row `after`, and one more than a page."""
    if after is not None:
        last = _found(rows, after)
        moment = getattr(last, place)
        rows = rows.filter(Q(**{f"{place}__lt": moment}) | Q(**{place: moment, "pk__lt": last.pk}))
    return list(rows.order_by(f"-{place}", "-pk")[: PAGE + 1])


@router.get("/consents", auth=READING, response={200: ConsentPage, **FAULTS})
def list_consents(request: HttpRequest, after: uuid.UUID | None = None) -> dict[str, Any]:
    """Consents one has a part in, 50 a page."""
    found: list[Consent] = _behind(queries.consents_of(caller(request)), "given_at", after)
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return {"items": [_said(line) for line in lines_of(found[:PAGE])], "next": more}


@router.get("/consents/{uuid:pk}", auth=READING, response={200: ConsentSaid, **FAULTS})
def read_consent(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """One consent."""
    return _said(lines_of([_found(queries.consents_of(caller(request)), pk)])[0])


@router.get("/consents/{uuid:pk}/receipt", auth=READING, response={200: dict[str, Any], **FAULTS})
def read_receipt(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Its receipt, with the fields of ISO/IEC TS 27560."""
    return receipt_of(_found(queries.consents_of(caller(request)), pk))


@router.get("/uses", auth=READING, response={200: UsePage, **FAULTS})
def list_uses(request: HttpRequest, after: int | None = None) -> dict[str, Any]:
    """Every use of works one has made, 50 a page."""
    found: list[Use] = _behind(queries.uses_of(caller(request)), "at", after)
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return {"items": [_said_use(use) for use in found[:PAGE]], "next": more}
