"""What exactly two people approve: one hash over everything that is promised."""

import calendar
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from artists.compensation.contributions.services import split
from artists.compensation.models import Award


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of an award: minor units, and the day it is due on."""

    amount: int
    due: date

    def kept(self) -> dict[str, Any]:
        """As the award keeps it."""
        return {"amount": self.amount, "due": self.due.isoformat()}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Instalment":
        """As it was kept."""
        return cls(int(kept["amount"]), date.fromisoformat(kept["due"]))


def _months_on(day: date, months: int) -> date:
    """The same day that many months later, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def equal_parts(amount: int, parts: int, first: date, *, months_between: int = 1) -> list[Instalment]:
    """So many instalments of minor units that sum to `amount` exactly; the first ones get what is left over."""
    return [
        Instalment(part, _months_on(first, number * months_between)) for number, part in enumerate(split(amount, parts))
    ]


def digest_of(award: Award, contributions: Sequence[tuple[int, int]], submitted_at: datetime | None) -> str:
    """SHA-256 of what an award promises. `contributions` are (number, minor units) in the award.

    The moment it was handed in is part of it: what was approved before a change is never approved after it, even where the
    change was undone.
    """
    promised = {
        "award": str(award.pk),
        "kind": award.kind,
        "title": award.title,
        "payee": award.payee_id,
        "fund": str(award.fund_id),
        "amount": award.amount,
        "currency": award.currency,
        "purpose": award.purpose,
        "terms": award.terms,
        "instalments": award.instalments,
        "application": None if award.application_id is None else str(award.application_id),
        "contributions": sorted([number, amount] for number, amount in contributions),
        "submitted_at": None if submitted_at is None else submitted_at.astimezone(UTC).isoformat(),
    }
    text = json.dumps(promised, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_now(award: Award) -> str:
    """The digest of a row as it stands with its contributions; `award.digest` is the same, unless somebody went past the acts."""
    return digest_of(award, list(award.contributions.values_list("pk", "amount")), award.submitted_at)
