"""What artists and staff fill in about payments."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.compensation.forms import MoneyForm, SumField
from artists.compensation.models import PayProfile
from portal.program.forms import Refusable

from .countries import NAMES
from .services.by_hand import LONGEST_REFERENCE
from .services.standing import LONGEST_REASON
from .states import Rail

_FORM_OF = {"reason-missing": "reason", "reason-long": "reason"}


class WayForm(Refusable):
    """Country and way."""

    FIELD_OF = {"country-unknown": "country", "rail-unknown": "rail"}
    country = forms.ChoiceField(label=_("Country in which you have your bank account"))
    rail = forms.ChoiceField(label=_("How you want to be paid"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, stripe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, str(name)) for code, name in NAMES.items()), key=lambda one: one[1])
        self.fields["country"].choices = [("", _("Choose one")), *named]  # type: ignore[attr-defined]
        ways = [
            (Rail.STRIPE_CONNECT, _("By Stripe: you complete an account there, and money reaches your bank by itself"))
        ]
        ways = [
            *(ways if stripe else []),
            (Rail.MANUAL, _("By bank transfer: the program staff ask you for your bank details")),
        ]
        self.fields["rail"].choices = ways  # type: ignore[attr-defined]

    @classmethod
    def of(cls, profile: PayProfile | None, typed: Mapping[str, str], *, stripe: bool) -> "WayForm":
        """With what was typed a moment ago, else with what was said before."""
        known = {} if profile is None else {"country": profile.country, "rail": profile.rail}
        return cls(initial={**known, **typed}, stripe=stripe)


class RecordForm(Refusable):
    """A payment that was made at the bank."""

    FIELD_OF = {"reference-missing": "reference", "reference-long": "reference", "proof-unreadable": "file"}
    reference = forms.CharField(
        label=_("Reference"),
        max_length=LONGEST_REFERENCE,
        help_text=_("The words by which its artist finds it at the bank."),
    )
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        help_text=_("A PDF or a picture, if there is one. Cover account numbers: none are kept here."),
    )


class ReasonForm(Refusable):
    """Why; its artist reads it."""

    FIELD_OF = _FORM_OF
    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON, help_text=_("Its artist reads this."))


class BackForm(MoneyForm):
    """How much is taken back, and why."""

    FIELD_OF = _FORM_OF | {"reversal-too-much": "amount", "reference-missing": "reference"}
    amount = SumField(label=_("How much comes back"))
    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON, help_text=_("Its artist reads this."))
    reference = forms.CharField(
        label=_("Reference at the bank"),
        max_length=LONGEST_REFERENCE,
        required=False,
        help_text=_("Of money that came back outside of the portal."),
    )
    # The page writes it from the payment as it is, never from what was sent: after a refusal the figures are new.
    read_at = forms.IntegerField(widget=forms.HiddenInput, required=False)
    minor: int | None = None

    def __init__(self, *args: Any, currency: str, by_hand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        if not by_hand:
            del self.fields["reference"]

    def clean(self) -> dict[str, Any] | None:
        """Read the sum."""
        self.minor = self.read_sum("amount", self.currency)
        return self.cleaned_data
