"""What of the tariff a mission may pay."""

from django.utils.translation import gettext_lazy as _

from artists.tariff.kinds import ContributionKind, Unit, register_contribution

KINDS = (
    ContributionKind("mission.hour", _("An hour of a test mission"), Unit.HOUR),
    ContributionKind("mission.each", _("A test mission"), Unit.EACH),
    ContributionKind("interview.hour", _("An hour of an interview"), Unit.HOUR),
    ContributionKind("interview.each", _("An interview"), Unit.EACH),
)
for _kind in KINDS:
    register_contribution(_kind)
CHOICES = [(kind.name, kind.label) for kind in KINDS]
NAMES = frozenset(kind.name for kind in KINDS)
HOURLY = frozenset(kind.name for kind in KINDS if kind.unit == Unit.HOUR)
