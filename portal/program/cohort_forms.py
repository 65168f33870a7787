"""What staff write about cohorts, and what artists and reviewers write about themselves in them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .catalogue import offers
from .models import Cohort
from .moments import MomentField
from .services import CohortTerms

DAY, YEAR = 86_400, 31_536_000


def _seconds(label: Any, most: int, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=most, help_text=help_text)


class CohortForm(forms.Form):
    """Everything about a cohort but its doors."""

    name = forms.CharField(label=_("Name"), max_length=120)
    starts_at = MomentField(label=_("Begins"), required=False, help_text=_("Empty: as soon as it is open."))
    ends_at = MomentField(label=_("Ends"), required=False, help_text=_("Empty: no end is set."))
    daily_seconds = _seconds(
        _("Seconds of film a day"), DAY, _("For each artist; the day turns at midnight UTC."), required=True
    )
    total_seconds = _seconds(_("Seconds of film in all"), YEAR, _("Empty: no limit."))
    daily_gpu_seconds = _seconds(_("GPU-seconds a day"), DAY, _("Empty: no limit."))
    total_gpu_seconds = _seconds(_("GPU-seconds in all"), YEAR, _("Empty: no limit."))
    at_once = forms.IntegerField(label=_("Films under way at once"), min_value=1, max_value=100)
    allowed_models = forms.MultipleChoiceField(
        label=_("Models"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all.")
    )
    allowed_sizes = forms.MultipleChoiceField(
        label=_("Sizes"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all.")
    )
    wall = forms.BooleanField(
        label=_("Studio wall"),
        required=False,
        help_text=_("Artists may show works to each other here. Each decides for themselves; it is off until they do."),
    )
    pay = forms.CharField(
        label=_("What is paid"), required=False, max_length=300, help_text=_("One sentence, shown in the invitation.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = offers()
        given = self.initial
        models = {offer.name: offer.title for offer in known}
        sizes = {size: size.replace("x", " × ") for offer in known for size in offer.sizes}
        # What was allowed once stays visible although the model is no longer here.
        models |= {name: name for name in given.get("allowed_models", []) if name not in models}
        sizes |= {size: size for size in given.get("allowed_sizes", []) if size not in sizes}
        self.fields["allowed_models"].choices = list(models.items())
        self.fields["allowed_sizes"].choices = list(sizes.items())

    def clean(self) -> dict[str, Any]:
        """A cohort ends after it begins."""
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("A cohort ends after it begins."))
        return data

    def terms(self) -> CohortTerms:
        """What is decided."""
        return CohortTerms(**{name: self.cleaned_data[name] for name in self.base_fields if name != "slug"})


class NewCohortForm(CohortForm):
    """A cohort that is not there yet."""

    slug = forms.SlugField(label=_("Short name"), max_length=50, help_text=_("For the address and for commands."))
    field_order = ("name", "slug")

    def clean_slug(self) -> str:
        """Two cohorts never share a short name."""
        slug = str(self.cleaned_data["slug"])
        if slug == "new" or Cohort.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is a cohort of this short name already."), code="slug-taken")
        return slug


class DoorForm(forms.Form):
    """Why a cohort is closed; its artists read it."""

    reason = forms.CharField(label=_("Why; its artists read this"), max_length=300)


class MemberQuotaForm(forms.Form):
    """Another daily quota for one artist."""

    daily_seconds = _seconds(_("Seconds of film a day"), DAY)
