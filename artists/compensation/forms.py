"""Fields that forms of pay share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Refused
from portal.money import minor_units
from portal.program.forms import Refusable


class SumField(forms.CharField):
    """A sum as people write it, "25" or "25.00"; the form reads it in a currency with `read_sum`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **kwargs)


class MoneyForm(Refusable):
    """A form with sums in it."""

    def read_sum(self, name: str, currency: str) -> int | None:
        """Minor units of a field, None where it is empty or wrong; what is wrong is said at the field, with its code."""
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            amount = minor_units(text, currency)
        except Refused as refused:
            self.refusal = refused.decision
            words = f"{refused.decision.reason} {refused.decision.todo}".strip()
            self.add_error(name, forms.ValidationError(words, code=refused.decision.code))
            return None
        if not amount:
            words = _("A sum of nothing moves nothing.")
            self.add_error(name, forms.ValidationError(words, code="amount-wrong"))
            return None
        return amount
