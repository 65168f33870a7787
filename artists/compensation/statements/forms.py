"""What an artist fills in for a letter of service, and staff for the accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.compensation.ledger.queries import funds_overseen_by
from portal.access import Actor
from portal.program.forms import Refusable
from portal.program.moments import DayField

_PERIOD = {"period-backwards": "since", "period-future": "since", "period-long": "since"}


class LetterForm(Refusable):
    """A period, and whether sums are in it."""

    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))
    sums = forms.BooleanField(
        label=_("Say what was paid"), required=False,
        help_text=_("Whoever has the code reads it too. Leave it out where only the work matters."),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    FIELD_OF = {**_PERIOD, "letter-empty": "since"}


class ExportForm(Refusable):
    """A period and a fund."""

    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))
    fund = forms.ModelChoiceField(queryset=None, label=_("Fund"), required=False, empty_label=_("All funds"))
    FIELD_OF = _PERIOD

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["fund"].queryset = funds_overseen_by(actor)  # type: ignore[attr-defined]
