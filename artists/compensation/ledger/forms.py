"""What staff fill in about funds."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.compensation.forms import MoneyForm, SumField
from artists.compensation.models import Fund
from portal.money import currencies, plain_amount
from portal.program.forms import Refusable

from .services import FEWEST_APPROVALS, LONGEST_NAME, LONGEST_REASON, MOST_APPROVALS

_TEXT = forms.Textarea(attrs={"rows": 3})


class CareForm(MoneyForm):
    """How careful a fund is."""

    about = forms.CharField(label=_("What it is for"), required=False, max_length=2000, widget=_TEXT)
    approvals = forms.IntegerField(
        label=_("People who approve"), min_value=FEWEST_APPROVALS, max_value=MOST_APPROVALS, initial=FEWEST_APPROVALS,
        help_text=_("Neither who proposes nor who is paid is ever one of them."),
    )  # fmt: skip
    daily = SumField(label=_("At most in 24 hours"), required=False, help_text=_("Empty: as much as was approved."))
    asks_tax = forms.BooleanField(
        label=_("Pays only whose tax information is confirmed"), required=False,
        help_text=_("Somebody of the staff says that it was seen; the portal never keeps it."),
    )  # fmt: skip
    FIELD_OF = {"approvals-wrong": "approvals", "amount-wrong": "daily"}

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """The sum for a day in minor units."""
        cleaned = super().clean() or self.cleaned_data
        currency = self.currency or cleaned.get("currency", "")
        self.daily_most = self.read_sum("daily", currency) if currency else None
        return cleaned

    @classmethod
    def of(cls, fund: Fund) -> "CareForm":
        """As the fund is."""
        daily = "" if fund.daily_most is None else plain_amount(fund.daily_most, fund.currency)
        initial = {"about": fund.about, "approvals": fund.approvals_needed, "daily": daily, "asks_tax": fund.asks_tax}
        return cls(initial=initial, currency=fund.currency)


class FundForm(CareForm):
    """A new fund."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("It can never change."))
    FIELD_OF = {
        "name-missing": "name", "name-long": "name", "name-taken": "name", "currency-unused": "currency", **CareForm.FIELD_OF
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(one, one) for one in currencies()]  # type: ignore[attr-defined]
        self.order_fields(["name", "currency", "about", "approvals", "daily", "asks_tax"])


class BudgetForm(MoneyForm):
    """Money in or out; the key makes a form that is sent twice one act."""

    amount = SumField(label=_("Sum"))
    memo = forms.CharField(label=_("Where it comes from, or why it is taken out"), required=False, max_length=300)
    key = forms.UUIDField(widget=forms.HiddenInput)
    FIELD_OF = {"amount-wrong": "amount", "money-short": "amount"}

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """The sum in minor units."""
        cleaned = super().clean() or self.cleaned_data
        self.minor = self.read_sum("amount", self.currency)
        return cleaned


class ReasonForm(Refusable):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, help_text=_("Artists who are owed money from it read it.")
    )
    FIELD_OF = {"reason-missing": "reason", "reason-long": "reason"}
