"""What is typed about critique."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.program.forms import Refusable

from .services import LONGEST, LONGEST_ANSWER
from .states import Withheld


class CritiqueForm(Refusable):
    """A text; the browser is asked not to keep it."""

    text = forms.CharField(
        label=_("Your critique"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        help_text=_("Your way of writing, and what only you could know, may tell who you are."),
    )
    FIELD_OF = {"critique-missing": "text", "critique-long": "text"}


class AnswerForm(Refusable):
    """A public answer."""

    answer = forms.CharField(
        label=_("Your answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody reads it, with your name."),
    )  # fmt: skip
    FIELD_OF = {"answer-missing": "answer", "answer-long": "answer"}


class WithholdForm(Refusable):
    """Why a text is not shown."""

    ground = forms.ChoiceField(
        label=_("Ground"), required=False, choices=[("", _("Show it")), *Withheld.choices], widget=forms.RadioSelect
    )
    FIELD_OF = {"ground-unknown": "ground"}
