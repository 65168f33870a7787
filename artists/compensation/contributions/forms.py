"""What artists fill in to dispute a contribution, and staff to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.compensation.forms import MoneyForm, SumField
from portal.money import currencies
from portal.program.forms import Refusable

from .services.disputing import LONGEST


class DisputeForm(Refusable):
    """What is wrong, or what is missing."""

    text = forms.CharField(
        label=_("What was counted wrong, or is missing"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The staff answer in words, and add what was right. What you have earned stays as it is."),
    )  # fmt: skip
    FIELD_OF = {"text-missing": "text", "text-long": "text"}


class AnswerForm(MoneyForm):
    """Words, and a sum where the artist was right."""

    answer = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    amount = SumField(label=_("Add a sum"), required=False, help_text=_("Empty: nothing is added."))
    currency = forms.ChoiceField(label=_("Currency"))
    FIELD_OF = {
        "answer-missing": "answer",
        "answer-long": "answer",
        "amount-wrong": "amount",
        "currency-unused": "currency",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(one, one) for one in currencies()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The sum in minor units; 0 where none is added."""
        cleaned = super().clean() or self.cleaned_data
        self.minor = (self.read_sum("amount", cleaned["currency"]) or 0) if "currency" in cleaned else 0
        return cleaned
