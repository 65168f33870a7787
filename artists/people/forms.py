"""What an artist fills in to make an access token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Refused

from .states import TokenScope
from .tokens import LARGEST, LONGEST_DAYS, Limits


class TokenForm(forms.Form):
    """A name, what for, how long, how much."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("So that you know which is which: “editing script”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What for"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple, initial=[TokenScope.READ]
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=30)
    budget_seconds = forms.IntegerField(
        label=_("Budget: seconds of GPU work"),
        min_value=1,
        max_value=LARGEST,
        initial=600,
        help_text=_("In its whole life."),
    )
    budget_generations = forms.IntegerField(label=_("Budget: films"), min_value=1, max_value=LARGEST, initial=20)
    at_once = forms.IntegerField(label=_("Films at once"), min_value=1, max_value=100, initial=1)
    longest_seconds = forms.FloatField(
        label=_("Longest film in seconds"), min_value=0.1, max_value=3600, required=False
    )
    largest_pixels = forms.IntegerField(
        label=_("Largest picture in pixels"),
        min_value=1,
        max_value=LARGEST,
        required=False,
        help_text=_("Width times height."),
    )
    networks = forms.CharField(
        label=_("Only from these networks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, like 192.0.2.0/24. Empty: from anywhere."),
    )
    FIELD_OF = {"network-unreadable": "networks", "networks-many": "networks", "token-name-missing": "name"}

    def limits(self) -> Limits:
        """The budget and the limits as typed."""
        values = self.cleaned_data
        return Limits(
            budget_seconds=values["budget_seconds"],
            budget_generations=values["budget_generations"],
            at_once=values["at_once"],
            longest_seconds=values["longest_seconds"],
            largest_pixels=values["largest_pixels"],
            networks=[line for line in values["networks"].splitlines() if line.strip()],
        )

    def say(self, refused: Refused) -> None:
        """Put a refusal at the field it is about, with its code; everything typed stays."""
        decision = refused.decision
        words = f"{decision.reason} {decision.todo}".strip()
        self.add_error(self.FIELD_OF.get(decision.code), forms.ValidationError(words, code=decision.code))


class RotateForm(forms.Form):
    """How long the old secret works on."""

    hours = forms.IntegerField(label=_("Hours the old one works on"), min_value=0, max_value=7 * 24, initial=24)
