"""What a contribution pays at a moment, and which versions one may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Actor, check
from portal.money import currencies, plain_amount

from .kinds import ContributionKind, Unit, contribution_called, contributions
from .models import TariffPrice, TariffVersion
from .states import TariffState


@dataclass(frozen=True, slots=True)
class Price:
    """What one kind of contribution pays: minor units of a currency; 0 is unpaid. `version` is None where none is published."""

    kind: ContributionKind
    amount: int
    currency: str
    version: int | None

    @property
    def unit(self) -> Unit:
        """For each, or for an hour."""
        return self.kind.unit

    @property
    def sum_words(self) -> str:
        """The sum alone: "EUR 25.00", "EUR 25.00 an hour", "unpaid"."""
        if not self.amount:
            return _("unpaid")
        told = f"{self.currency} {plain_amount(self.amount, self.currency)}"
        return _("%(sum)s an hour") % {"sum": told} if self.unit == Unit.HOUR else told

    @property
    def words(self) -> str:
        """What stands beside the button: "optional, pays EUR 25.00", "optional, unpaid"."""
        return _("optional, pays %(sum)s") % {"sum": self.sum_words} if self.amount else _("optional, unpaid")


def published() -> QuerySet[TariffVersion]:
    """All published versions, in force or announced, newest first."""
    return TariffVersion.objects.filter(state=TariffState.PUBLISHED)


def version_at(at: datetime | None = None) -> TariffVersion | None:
    """The version in force at a moment (default: now); None before the first."""
    begun = published().filter(in_force_from__lte=at or timezone.now())
    return begun.order_by("-in_force_from", "-number").first()


def announced() -> list[TariffVersion]:
    """Published versions whose date is still to come, the next one first."""
    return list(published().filter(in_force_from__gt=timezone.now()).order_by("in_force_from", "number"))


def price_of(kind: str, at: datetime | None = None) -> Price:
    """What this kind of contribution pays at a moment. A kind that no version prices is unpaid. Raises KeyError."""
    known, version = contribution_called(kind), version_at(at)
    if version is None:
        return Price(known, 0, currencies()[0], None)
    amount = TariffPrice.objects.filter(version=version, kind=kind).values_list("amount", flat=True).first()
    return Price(known, amount or 0, version.currency, version.number)


def _amounts(version: TariffVersion) -> Mapping[str, int]:
    return {price.kind: price.amount for price in version.prices.all()}


def prices_of(version: TariffVersion | None) -> list[Price]:
    """Every registered kind with its price in this version, in the order of their names; without one all are unpaid."""
    if version is None:
        return [Price(kind, 0, currencies()[0], None) for kind in contributions()]
    amounts = _amounts(version)
    return [Price(kind, amounts.get(kind.name, 0), version.currency, version.number) for kind in contributions()]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a preview: what a kind pays now and what it would; `before` is None where no price was published."""

    before: Price | None
    after: Price

    @property
    def differs(self) -> bool:
        """Whether anything changes for whoever is paid."""
        if self.before is None:
            return True
        return (self.before.amount, self.before.currency) != (self.after.amount, self.after.currency)


def changes(former: TariffVersion | None, version: TariffVersion) -> list[Change]:
    """Every registered kind, as it is and as it would be."""
    known = _amounts(former) if former is not None else {}
    before = {price.kind.name: price for price in prices_of(former) if price.kind.name in known}
    return [Change(before.get(price.kind.name), price) for price in prices_of(version)]


def versions_visible_to(actor: Actor) -> QuerySet[TariffVersion]:
    """Published versions for everybody, drafts too for staff; newest first."""
    return TariffVersion.objects.all() if check("tariff.see_drafts", actor) else published()


def the_draft(actor: Actor) -> TariffVersion | None:
    """The draft, for those who may see it."""
    return versions_visible_to(actor).filter(state=TariffState.DRAFT).first()


def tariff_status() -> dict[str, Any]:
    """The version in force and since when, and how many are announced."""
    version = version_at()
    return {
        "version": version and version.number,
        "in_force_from": version and version.in_force_from,
        "announced": len(announced()),
    }
