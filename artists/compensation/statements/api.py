"""Balances, contributions and payments over the API: read only. No token promises, approves or sends money."""

import uuid
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from artists.compensation.models import Payment
from artists.people.bearer import caller
from artists.people.reading import zone_of
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries
from .holding import holding
from .paging import behind
from .periods import today_in
from .standing import Standing, standing_of

PAGE = 50
router = Router()
register_router("Ledger", router)
READING = Bearer(TokenScope.LEDGER, READ)


class BalanceSaid(Schema):
    """What there is in one currency, in minor units: earned, payable, on its way, paid."""

    currency: str
    earned: int
    payable: int
    on_its_way: int
    paid: int


class ContributionSaid(Schema):
    """One contribution. `amount` in minor units, 0 where it is unpaid; `award` once it is in one."""

    id: int
    kind: str
    about: str
    quantity: str
    at: datetime
    tariff: int | None
    amount: int
    currency: str
    state: str
    award: uuid.UUID | None


class PaymentSaid(Schema):
    """One payment, with its state, the one next step in words, and whether that is the artist's to take."""

    id: uuid.UUID
    award: uuid.UUID
    number: int
    amount: int
    currency: str
    came_back: int
    due_on: date
    state: str
    arrival: str
    rail: str
    sent_at: datetime | None
    stands: str
    next_step: str
    yours: bool


class ContributionPage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[ContributionSaid]
    next: int | None


class PaymentPage(Schema):
    """Newest first; `next` as with contributions."""

    items: list[PaymentSaid]
    next: uuid.UUID | None


@router.get("/ledger/balances", auth=READING, response={200: list[BalanceSaid], **FAULTS})
def read_balances(request: HttpRequest) -> list[dict[str, Any]]:
    """Sums by currency."""
    return [
        {
            "currency": one.currency,
            "earned": one.earned,
            "payable": one.payable,
            "on_its_way": one.travelling,
            "paid": one.paid,
        }
        for one in queries.sums_of(caller(request))
    ]


_CONTRIBUTION = ("kind", "about", "at", "tariff", "amount", "currency", "state")


@router.get("/ledger/contributions", auth=READING, response={200: ContributionPage, **FAULTS})
def list_contributions(request: HttpRequest, after: int | None = None) -> dict[str, Any]:
    """What one did that counts, paid or not, 50 a page."""
    page = behind(queries.contributions_of(caller(request)), "-at", str(after) if after is not None else None, PAGE)
    items = [
        {name: getattr(one, name) for name in _CONTRIBUTION}
        | {"id": one.pk, "award": one.award_id, "quantity": f"{one.quantity.normalize():f}"}
        for one in page.rows
    ]
    return {"items": items, "next": page.rows[-1].pk if page.has_next else None}


_PAYMENT = ("number", "amount", "currency", "came_back", "due_on", "state", "arrival", "rail", "sent_at")


def _said(payments: list[Payment], today: date) -> list[dict[str, Any]]:
    holds = holding(payments)
    return [_payment(one, standing_of(one, holds.get(one.pk, []), today)) for one in payments]


def _payment(payment: Payment, stands: Standing) -> dict[str, Any]:
    return {name: getattr(payment, name) for name in _PAYMENT} | {
        "id": payment.pk,
        "award": payment.award_id,
        "stands": str(stands.state),
        "next_step": str(stands.step),
        "yours": stands.yours,
    }


@router.get("/ledger/payments", auth=READING, response={200: PaymentPage, **FAULTS})
def list_payments(request: HttpRequest, after: uuid.UUID | None = None) -> dict[str, Any]:
    """Payments of awards that were approved, 50 a page."""
    who = caller(request)
    rows = queries.payments_of(who).prefetch_related("attempts")
    page = behind(rows, "-made_at", str(after) if after is not None else None, PAGE)
    items = _said(page.rows, today_in(zone_of(who.person)))
    return {"items": items, "next": page.rows[-1].pk if page.has_next else None}


@router.get("/ledger/payments/{uuid:pk}", auth=READING, response={200: PaymentSaid, **FAULTS})
def read_payment(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """One payment."""
    who = caller(request)
    found = queries.payments_of(who).prefetch_related("attempts").filter(pk=pk).first()
    if found is None:
        raise Http404
    return _said([found], today_in(zone_of(who.person)))[0]
