"""What a bug report is worth: its kinds in the tariff."""

from django.utils.translation import gettext_lazy as _

from artists.tariff.kinds import ContributionKind, Unit, register_contribution

NEW, DUPLICATE = "bug.new", "bug.duplicate"

register_contribution(ContributionKind(NEW, _("A bug report that is new"), Unit.EACH))
register_contribution(ContributionKind(DUPLICATE, _("A bug report of a bug that is known"), Unit.EACH))
