"""Versions of the tariff, by the services staff use."""

from datetime import datetime

from artists.people.models import Person
from artists.tariff.models import TariffVersion
from artists.tariff.services import draft_version, edit_draft, publish_version


def drafted(staff: Person, prices: dict[str, int] | None = None) -> TariffVersion:
    """A draft with these prices; every other kind pays what it did."""
    return edit_draft(draft_version(actor=staff), prices or {}, actor=staff, currency="EUR")


def in_force(staff: Person, prices: dict[str, int] | None = None, at: datetime | None = None) -> TariffVersion:
    """A published version with these prices, in force from `at` (default: now)."""
    draft = drafted(staff, prices)
    return publish_version(draft, actor=staff, seen=draft.edits, at=at)
