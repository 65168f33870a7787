"""What one may see of funds and of the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When

from artists.compensation.models import Account, Entry, Fund
from portal.access import Actor, check

from .states import FundState, Side


@dataclass(frozen=True, slots=True)
class Stand:
    """A fund with its money in minor units: free, promised, on its way, paid; together its budget."""

    fund: Fund
    free: int
    owed: int
    flight: int
    paid: int

    @property
    def budget(self) -> int:
        """What was put in, less what was taken out."""
        return self.free + self.owed + self.flight + self.paid


def funds_overseen_by(actor: Actor) -> QuerySet[Fund]:
    """All funds by name, for staff."""
    return Fund.objects.order_by("name") if check("ledger.read", actor) else Fund.objects.none()


def funds_in_use(actor: Actor) -> QuerySet[Fund]:
    """Those from which something can be promised."""
    return funds_overseen_by(actor).filter(state=FundState.OPEN)


def stands(funds: Iterable[Fund]) -> list[Stand]:
    """Each fund with its money: three queries, however many funds."""
    found = list(funds)
    ids = [fund.pk for fund in found]
    free = dict(Account.objects.filter(side=Side.FUND, fund__in=ids).values_list("fund", "balance"))
    entries = Entry.objects.filter(award__fund__in=ids).order_by()

    def by_side(side: Side) -> dict[UUID, int]:
        signed = Case(When(credit__side=side, then=F("amount")), default=-F("amount"))
        touched = entries.filter(Q(credit__side=side) | Q(debit__side=side))
        return dict(touched.values_list("award__fund").annotate(moved=Sum(signed)))

    sides = {side: by_side(side) for side in (Side.OWED, Side.FLIGHT, Side.PAID)}
    return [
        Stand(
            fund, free.get(fund.pk, 0), *(sides[side].get(fund.pk, 0) for side in (Side.OWED, Side.FLIGHT, Side.PAID))
        )
        for fund in found
    ]


def entries_of_fund(actor: Actor, fund: Fund) -> QuerySet[Entry]:
    """What went in and out of it, newest first, for staff."""
    mine = Entry.objects.filter(Q(debit__fund=fund) | Q(credit__fund=fund)).select_related("award", "person", "credit")
    return mine.order_by("-number") if check("ledger.read", actor) else mine.none()


def totals() -> dict[str, dict[str, int]]:
    """By currency: what is free, promised, on its way and paid, in minor units."""
    told: dict[str, dict[str, int]] = {}
    sides = Account.objects.exclude(side=Side.CAPITAL).order_by("currency", "side")
    for currency, side, balance in sides.values_list("currency", "side").annotate(Sum("balance")):
        told.setdefault(currency, {})[str(Side(side))] = balance
    return told
