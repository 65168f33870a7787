"""The use register as a sheet (CSV after RFC 4180, UTF-8 with a byte order mark), and places in words."""

import csv
import io
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.money import plain_amount

from .kinds import WORLD
from .models import Use

COLUMNS = (
    "work", "clip", "artist", "use", "at", "place", "where", "url", "reach", "fee", "currency", "credit", "consent",
    "consent_until", "consent_state", "recorded_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def places_words(value: Collection[str] | str | None) -> str:
    """Say places: the world, or countries by their two letters."""
    found = [value] if isinstance(value, str) else list(value or [])
    return ", ".join(_("the whole world") if one == WORLD else one for one in found)


def _safe(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def row_of(use: Use) -> dict[str, Any]:
    """One line of the register as plain values; moments are ISO 8601, the fee as it is written."""
    consent, clip = use.consent, use.clip
    return {
        "work": clip.title,
        "clip": str(clip.pk),
        "artist": clip.artist.credit,
        "use": use.kind,
        "at": use.at.isoformat(),
        "place": use.place,
        "where": use.where,
        "url": use.url,
        "reach": use.reach,
        "fee": plain_amount(use.fee, use.currency),
        "currency": use.currency,
        "credit": consent.credit_line,
        "consent": str(consent.pk),
        "consent_until": consent.ends_at.isoformat(),
        "consent_state": consent.state,
        "recorded_at": use.recorded_at.isoformat(),
    }


def sheet_of(uses: Iterable[Use]) -> str:
    """The register as CSV, a head and a line for each use."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    for use in uses:
        writer.writerow({name: _safe(value) for name, value in row_of(use).items()})
    return "\ufeff" + written.getvalue()
