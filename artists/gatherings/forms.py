"""What staff write about a gathering."""

import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.consent.forms import Refusable
from portal.program.moments import MomentField
from portal.program.queries import cohorts

from .kinds import PAID_AS, GatheringKind
from .models import Gathering
from .services import Plan
from .services.arranging import (
    LONGEST_LINK,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_SEATS,
    zones,
)

_THERE = _("On the clock of the host's time zone.")
_FORM = "%Y-%m-%dT%H:%M"


class HostMomentField(MomentField):
    """A moment on the host's clock; one that a change of the clocks leaves out or has twice is asked for again."""

    def clean(self, value: Any) -> Any:
        """The moment. Raises ValidationError clock-changes."""
        try:
            return super().clean(value)
        except forms.ValidationError as fault:
            if fault.code != "ambiguous_timezone":
                raise
            words = _("The clocks change there at that hour: it does not exist, or exists twice. Choose another.")
            raise forms.ValidationError(words, code="clock-changes") from None


class GatheringForm(Refusable):
    """Everything about a gathering."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GatheringKind.choices)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=_("What it is about"), required=False, max_length=LONGEST_TEXT, help_text=_("Markdown."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    zone = forms.CharField(
        label=_("The host's time zone"), max_length=60, help_text=_("For example Europe/Berlin."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    starts_at = HostMomentField(label=_("Begins"), help_text=_THERE)
    ends_at = HostMomentField(label=_("Ends"), help_text=_THERE)
    place = forms.CharField(
        label=_("Place"), required=False, max_length=LONGEST_PLACE, help_text=_("Shown to those who have a seat.")
    )
    call_link = forms.CharField(
        label=_("Link of the call"), required=False, max_length=LONGEST_LINK,
        help_text=_("Shown to those who have a seat."), widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    contribution = forms.ChoiceField(
        label=_("Pay"), required=False, help_text=_("Taking part is voluntary either way; the tariff says how much.")
    )
    cohorts = forms.ModelMultipleChoiceField(
        label=_("Cohorts that are invited"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every artist."),
    )  # fmt: skip
    FIELD_OF = {
        "kind-unknown": "kind", "title-missing": "title", "place-missing": "place", "url-not-web": "call_link",
        "contribution-unknown": "contribution", "pay-promised": "contribution", "zone-unknown": "zone",
        "ends-before": "ends_at", "gathering-long": "ends_at", "gathering-far": "starts_at", "starts-past": "starts_at",
        "capacity-wrong": "capacity", "capacity-taken": "capacity",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohorts"].queryset = cohorts()  # type: ignore[attr-defined] - a choice of rows
        paid = [(one.name, one.label) for one in PAID_AS]
        self.fields["contribution"].choices = [("", _("unpaid")), *paid]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, gathering: Gathering) -> "GatheringForm":
        """Filled in with what stands."""
        zone = zoneinfo.ZoneInfo(gathering.zone)
        same = ("kind", "title", "text", "zone", "place", "call_link", "capacity", "contribution")
        initial: dict[str, Any] = {name: getattr(gathering, name) for name in same}
        for name in ("starts_at", "ends_at"):
            initial[name] = getattr(gathering, name).astimezone(zone).strftime(_FORM)
        return cls(initial=initial | {"cohorts": list(gathering.cohorts.all())})

    def full_clean(self) -> None:
        """Moments are read on the host's clock."""
        typed = (self.data.get("zone") or "").strip() if self.is_bound else ""
        with timezone.override(zoneinfo.ZoneInfo(typed if typed in zones() else "UTC")):
            super().full_clean()

    def plan(self) -> Plan:
        """What is decided."""
        given = dict(self.cleaned_data)
        return Plan(**{**given, "zone": given["zone"].strip(), "cohorts": tuple(given["cohorts"])})


class CancelForm(Refusable):
    """Why it does not take place."""

    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, help_text=_("Those who come read exactly this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    FIELD_OF = {"reason-missing": "reason", "reason-long": "reason"}
