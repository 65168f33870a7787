"""What counts as a contribution without a subject of its own that says so: works that were shared, fees for consents, answers to disputes."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from artists.tariff.kinds import ContributionKind, Unit, register_contribution
from artists.tariff.kinds import contribution_called as called_in_tariff
from portal.access.decisions import Words

SHARED = "share.approved"
register_contribution(ContributionKind(SHARED, _("A work approved for the public"), Unit.EACH))

# These have a sum that was agreed on, and no price in the tariff.
CONSENT_FEE, CORRECTION = "consent.fee", "pay.correction"
_AGREED = {CONSENT_FEE: _("The fee for a consent"), CORRECTION: _("Added after a dispute")}


def fee_source(consent: UUID, person: int) -> str:
    """What the fee of a consent, as far as it is this author's, is counted once by."""
    return f"consent:{consent}:{person}"


def consent_of_fee(source: str) -> UUID:
    """The consent that a fee was counted for; the other way round than `fee_source`."""
    return UUID(source.split(":")[1])


def label_of(kind: str) -> Words:
    """How people read a kind; a kind that the code no longer knows is read by its name."""
    if kind in _AGREED:
        return _AGREED[kind]
    try:
        return called_in_tariff(kind).label
    except KeyError:
        return kind
