"""What staff fill in about the roadmap."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.program.forms import Refusable

from .services import LONGEST_TEXT, LONGEST_TITLE, LONGEST_VERSION, Step
from .sources import sources
from .states import STEPS

MOST = 2**31 - 1


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class ItemForm(Refusable):
    """Its words."""

    title = forms.CharField(label=_("In one line"), max_length=LONGEST_TITLE)
    text = forms.CharField(label=_("More"), max_length=LONGEST_TEXT, required=False, widget=_rows(4))
    FIELD_OF = {"title-missing": "title", "title-long": "title", "text-long": "text"}


class StepForm(Refusable):
    """Where it goes."""

    state = forms.ChoiceField(label=_("Put it to"))
    shipped_in = forms.CharField(label=_("Shipped in version"), max_length=LONGEST_VERSION, required=False)
    answer = forms.CharField(
        label=_("Why it is not planned"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_rows(2),
        help_text=_("Needed for “not planned”."),
    )
    FIELD_OF = {"item-state-unknown": "state", "version-long": "shipped_in", "reason-missing": "answer", "text-long": "answer"}  # fmt: skip

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [to for to, step in STEPS.items() if not state or state in step.sources]
        self.fields["state"].choices = [(to.value, to.label) for to in ways]  # type: ignore[attr-defined]

    def step(self) -> Step:
        """Where it goes."""
        given = self.cleaned_data
        return Step(given["state"], given["shipped_in"], given["answer"])


class SourceForm(Refusable):
    """What it came from."""

    kind = forms.ChoiceField(label=_("What"))
    key = forms.IntegerField(label=_("Number"), min_value=1, max_value=MOST)
    FIELD_OF = {"source-unknown": "key"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.kind, one.label) for one in sources()]  # type: ignore[attr-defined]
