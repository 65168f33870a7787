"""The tariff over the API: what each kind of contribution pays now."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries

router = Router()
register_router("Tariff", router)
READING = Bearer(TokenScope.READ, READ)


class PriceSaid(Schema):
    """What one kind of contribution pays: minor units of the currency; 0 is unpaid. `unit` is each or hour."""

    kind: str
    label: str
    unit: str
    amount: int
    currency: str
    words: str


class TariffSaid(Schema):
    """The version in force; `version` is None before the first is published, when everything is unpaid."""

    version: int | None
    in_force_from: datetime | None
    prices: list[PriceSaid]


@router.get("/tariff", auth=READING, response={200: TariffSaid, **FAULTS})
def read_tariff(request: HttpRequest) -> dict[str, Any]:
    """What the program pays for, at this moment."""
    del request
    version = queries.version_at()
    prices = [
        {
            "kind": price.kind.name,
            "label": str(price.kind.label),
            "unit": price.unit.value,
            "amount": price.amount,
            "currency": price.currency,
            "words": price.words,
        }
        for price in queries.prices_of(version)
    ]
    return {"version": version and version.number, "in_force_from": version and version.in_force_from, "prices": prices}
