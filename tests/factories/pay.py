"""Funds, contributions and awards along their way."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from artists.compensation.contributions.services import count_agreed, count_by_tariff
from artists.compensation.ledger.services import give_budget, make_fund
from artists.compensation.models import Award, Contribution, Fund
from artists.people.models import Person


def funded(staff: Person, amount: int = 100_000, *, name: str = "Autumn", currency: str = "EUR", **more: Any) -> Fund:
    """A fund with so many minor units in it."""
    fund = make_fund(name, actor=staff, currency=currency, **more)
    if amount:
        give_budget(fund, amount, actor=staff, key=f"first-{fund.pk}")
    return fund


def earned(
    person: Person, amount: int = 2500, *, source: str = "test:1", currency: str = "EUR", about: str = "A bug"
) -> Contribution:
    """A contribution with a sum that was agreed on."""
    now = timezone.now()
    made, _new = count_agreed(
        source=source, person=person, kind="pay.correction", amount=amount, currency=currency, at=now, about=about
    )
    return made


def counted(
    person: Person, kind: str, quantity: str = "1", *, source: str = "test:1", at: datetime | None = None
) -> Contribution:
    """A contribution by the tariff of a moment (default: now)."""
    made, _new = count_by_tariff(
        source=source, person=person, kind=kind, quantity=Decimal(quantity), at=at or timezone.now(), about="Work"
    )
    return made


def drafted_award(fund: Fund, payee: Person, amount: int = 30_000, *, by: Person | None = None) -> Award:
    """A row of an award that nobody approved yet, for tests of the books alone."""
    return Award.objects.create(
        kind="fee",
        title="Fee",
        payee=payee,
        fund=fund,
        amount=amount,
        currency=fund.currency,
        purpose="work",
        digest="0" * 64,
        proposer=by,
        proposer_label="tests",
    )
