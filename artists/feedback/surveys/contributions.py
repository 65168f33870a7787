"""What of the tariff a form may pay; sending a response is enough, whatever it says."""

from django.utils.translation import gettext_lazy as _

from artists.tariff.kinds import ContributionKind, Unit, register_contribution

KINDS = (
    ContributionKind("feedback.form", _("A feedback form answered"), Unit.EACH),
    ContributionKind("feedback.long_form", _("A long feedback form answered"), Unit.EACH),
    ContributionKind("feedback.note", _("Feedback on a film"), Unit.EACH),
)
for _kind in KINDS:
    register_contribution(_kind)
CHOICES = [(kind.name, kind.label) for kind in KINDS]
NAMES = frozenset(kind.name for kind in KINDS)
