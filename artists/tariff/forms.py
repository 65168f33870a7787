"""What staff fill in: a price for each kind of contribution, and from when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Decision, Kind, Refused, denied
from portal.money import currencies, minor_units, plain_amount
from portal.program.forms import Saying
from portal.program.moments import MomentField

from .kinds import Unit, contributions
from .services import LONGEST_NOTE

HELP = {Unit.EACH: _("For each. 0: unpaid."), Unit.HOUR: _("For an hour. 0: unpaid.")}


class Refusable(Saying):
    """Keeps the refusal too, so that its code is shown above the form."""

    refusal: Decision | None = None

    def say(self, refused: Refused) -> None:
        """At its field, and above."""
        self.refusal = refused.decision
        super().say(refused)

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        if self.refusal is not None:
            return self.refusal.kind.value
        return 422 if self.errors else 200


class PricesForm(Refusable):
    """Every registered kind; a sum is written as people do, "25" or "25.00"."""

    currency = forms.ChoiceField(label=_("Currency"))
    note = forms.CharField(
        label=_("What changes, and why"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it beside the prices."),
    )
    FIELD_OF = {"currency-unused": "currency", "note-long": "note"}

    def __init__(self, *args: Any, amounts: dict[str, int], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(one, one) for one in currencies()]  # type: ignore[attr-defined]
        for kind in contributions():
            self.fields[f"price-{kind.name}"] = forms.CharField(
                label=kind.label,
                max_length=20,
                initial=plain_amount(amounts.get(kind.name, 0), currency),
                help_text=HELP[kind.unit],
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.order_fields([*(f"price-{kind.name}" for kind in contributions()), "currency", "note"])

    def clean(self) -> dict[str, Any]:
        """Sums as minor units, each with what is wrong with it at its own field."""
        cleaned = super().clean() or self.cleaned_data
        self.prices: dict[str, int] = {}
        for kind in contributions():
            text = cleaned.get(f"price-{kind.name}")
            if text is None or "currency" not in cleaned:
                continue
            try:
                self.prices[kind.name] = minor_units(text, cleaned["currency"])
            except Refused as refused:
                self.refusal = refused.decision
                words = f"{refused.decision.reason} {refused.decision.todo}"
                self.add_error(f"price-{kind.name}", forms.ValidationError(words, code=refused.decision.code))
        return cleaned


class PublishForm(Refusable):
    """From when; and which wording of the draft was read."""

    at = MomentField(label=_("In force from"), required=False, help_text=_("In your time zone. Empty: at once."))
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    FIELD_OF = {"date-past": "at", "tariff-before-announced": "at"}

    def clean(self) -> dict[str, Any]:
        """A page that does not say what was read publishes nothing."""
        cleaned = super().clean() or self.cleaned_data
        if "seen" in self.errors:
            words = _("The page does not say which draft was read.")
            self.refusal = denied("draft-changed", words, todo=_("Load it again, then publish."), kind=Kind.CONFLICT)
        return cleaned
