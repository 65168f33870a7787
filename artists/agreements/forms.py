"""What staff write about agreements."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from artists.people.languages import LANGUAGES
from portal.program.moments import DayField, MomentField
from portal.program.queries import cohorts

from .models import Agreement, Sort

LONGEST = 200_000


def _not_blank(text: str) -> None:
    if not text.strip():
        raise forms.ValidationError(_("Write it; spaces alone bind nobody."), code="blank")


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    # Kept exactly as typed: a signature binds to every character.
    return forms.CharField(
        label=label,
        strip=False,
        validators=[MaxLengthValidator(LONGEST), _not_blank],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _plain(text: str) -> str:
    """Line ends as they are stored, whatever the browser sends."""
    return text.replace("\r\n", "\n")


class DraftForm(forms.Form):
    """The text of a version."""

    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), initial="en")
    summary = _text(
        _("In plain words"),
        7,
        _(
            "One point on each line: what may be shared, who owns what, training, pay, confidentiality, what ends access, appeal."
        ),
    )
    text = _text(_("Full text"), 24, _("Markdown; HTML is shown as text."))
    confidential_until = DayField(
        label=_("Confidential until"),
        required=False,
        help_text=_(
            "The last day of what the text says about confidentiality. The pages warn until then, and say when it is over."
        ),
    )

    def fields_of_version(self) -> dict[str, Any]:
        """The fields of the version."""
        data = self.cleaned_data
        return {
            "language": data["language"],
            "summary": _plain(data["summary"]),
            "text": _plain(data["text"]),
            "confidential_until": data["confidential_until"],
        }


class NewAgreementForm(DraftForm):
    """A document that is not there yet."""

    field_order = ("title", "slug", "sort", "language", "summary", "text", "confidential_until")
    title = forms.CharField(label=_("Title"), max_length=160)
    slug = forms.SlugField(
        label=_("Short name"), max_length=50, help_text=_("For the address; letters, digits, hyphens.")
    )
    sort = forms.ChoiceField(label=_("What it is about"), choices=Sort.choices)

    def clean_slug(self) -> str:
        """A second document of this name would be a version of the first."""
        slug = str(self.cleaned_data["slug"])
        if slug == "new" or Agreement.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is a document of this short name already."), code="slug-taken")
        return slug


class TranslationForm(forms.Form):
    """A draft in one more language."""

    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    title = forms.CharField(label=_("Title"), max_length=160)
    summary = _text(_("In plain words"), 7)
    text = _text(_("Full text"), 24)

    def fields_of_translation(self) -> dict[str, str]:
        """Title and texts."""
        data = self.cleaned_data
        return {"title": data["title"], "summary": _plain(data["summary"]), "text": _plain(data["text"])}


class PublishForm(forms.Form):
    """From when, and how long the former text does."""

    at = MomentField(label=_("In force from"), required=False, help_text=_("Empty: at once."))
    grace_until = MomentField(
        label=_("Former text holds until"),
        required=False,
        help_text=_("Until then artists who signed an earlier version go on under it. Empty: no grace."),
    )


class AudienceForm(forms.Form):
    """Who is asked to sign."""

    cohorts = forms.ModelMultipleChoiceField(
        label=_("Cohorts that are asked to sign"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every cohort."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohorts"].queryset = cohorts()
