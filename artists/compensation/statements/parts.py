"""The parts of the ledger that have pages of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Contribution
from portal.access import Actor
from portal.access.decisions import Words

from . import queries
from .reading import payment_lines
from .standing import Line, contribution_line


@dataclass(frozen=True, slots=True)
class Part:
    """One part: how it is called, its rows in their order, and how they are read."""

    name: str
    title: Words
    says: Words
    rows: Callable[[Actor], QuerySet[Any]]
    order: str
    read: Callable[[list[Any], tzinfo], list[Line]]


def _contributions(rows: list[Contribution], zone: tzinfo) -> list[Line]:
    return [contribution_line(one, zone) for one in rows]


PARTS = {
    part.name: part
    for part in (
        Part(
            "earned", _("Earned"), _("What counts and is in no award that is approved."),
            queries.contributions_unpromised, "-at", _contributions,
        ),
        Part(
            "contributions", _("Contributions"), _("Everything that was counted, paid or not."),
            queries.contributions_of, "-at", _contributions,
        ),
        Part("unpaid", _("Counted, unpaid"), _("What you did that the tariff pays nothing for."),
             queries.contributions_unpaid, "-at", _contributions),
        Part("payable", _("Payable"), _("Promised by an approved award, and not with you yet."),
             queries.payments_open, "due_on", payment_lines),
        Part("travelling", _("On its way"), _("Sent, and not known to be at your bank."),
             queries.payments_travelling, "sent_at", payment_lines),
        Part("paid", _("Paid"), _("Arrived at your bank, or paid by hand."),
             queries.payments_paid, "-sent_at", payment_lines),
        Part("returned", _("Returned"), _("What came back, and what was ended unpaid."),
             queries.payments_returned, "-made_at", payment_lines),
    )
}  # fmt: skip
