"""What artists write and sign, and what the program answers and promises."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.consent.forms import Refusable
from artists.people.models import Person
from portal.program.letters import MOST_SIGNATURES

from .services.writing import LONGEST_TEXT, LONGEST_TITLE
from .states import ShownAs


def _names(person: Person) -> list[tuple[str, str]]:
    """One choice where both names are the same."""
    found = [(ShownAs.NAME.value, person.name)]
    return [*found, (ShownAs.CREDIT.value, person.credit)] if person.credit != person.name else found


class LetterForm(Refusable):
    """A letter."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=_("Letter"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Markdown; HTML is shown as text. From the first signature on nothing of it changes."),
    )  # fmt: skip
    shown_as = forms.ChoiceField(label=_("Signed by you as"), widget=forms.RadioSelect)
    FIELD_OF = {"text-long": "text", "shown-as-unknown": "shown_as", "name-missing": "shown_as"}

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown_as"].choices = _names(person)  # type: ignore[attr-defined]
        self.fields["shown_as"].initial = ShownAs.NAME


class SignForm(Refusable):
    """A signature; `digest` is that of the text on the page."""

    shown_as = forms.ChoiceField(label=_("Sign as"), widget=forms.RadioSelect)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    FIELD_OF = {"shown-as-unknown": "shown_as", "name-missing": "shown_as"}

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown_as"].choices = _names(person)  # type: ignore[attr-defined]
        self.fields["shown_as"].initial = ShownAs.NAME


class AnswerForm(Refusable):
    """What the program says."""

    text = forms.CharField(
        label=_("Answer of the program"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. It stands beneath the letter with your name, and cannot be changed."),
    )  # fmt: skip
    FIELD_OF = {"answer-empty": "text", "text-long": "text"}


class NumberForm(Refusable):
    """The promise."""

    number = forms.IntegerField(
        label=_("Signatures that make a letter public"), min_value=1, max_value=MOST_SIGNATURES,
        help_text=_("For letters that begin to seek signatures from now on. Those before keep theirs."),
    )  # fmt: skip
    FIELD_OF = {"letters-number": "number"}
