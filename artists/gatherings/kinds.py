"""The kinds of gatherings, and what taking part can be paid as."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from artists.tariff.kinds import ContributionKind, Unit, register_contribution


class GatheringKind(models.TextChoices):
    """What people come together for."""

    SCREENING = "screening", _("screening")
    CALL = "call", _("call")
    VISIT = "visit", _("studio visit")


PAID_AS = (
    ContributionKind("gathering.screening", _("Speaking at a screening"), Unit.EACH),
    ContributionKind("gathering.call", _("Taking part in a call"), Unit.HOUR),
    ContributionKind("gathering.visit", _("Opening the studio for a visit"), Unit.EACH),
)
for _one in PAID_AS:
    register_contribution(_one)
