"""What somebody fills in to report a bug, and staff to triage it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.models import Take
from generation.registry import models
from portal.program.forms import Refusable

from .services.reporting import LONGEST_TEXT, LONGEST_TITLE
from .services.talking import LONGEST_MESSAGE
from .services.triage import LONGEST_ANSWER, LONGEST_VERSION, Verdict
from .states import STEPS, Severity

MOST_FRAMES = 2**31 - 1
PICTURE_CODES = (
    "reference-too-large", "reference-too-many-pixels", "reference-not-an-image", "reference-broken", "reference-animated",
)  # fmt: skip


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class ReportForm(Refusable):
    """What happened, what was expected, where on the film, and how bad it is."""

    title = forms.CharField(label=_("In one line"), max_length=LONGEST_TITLE)
    happened = forms.CharField(label=_("What happened"), max_length=LONGEST_TEXT, widget=_rows(5))
    expected = forms.CharField(label=_("What you expected"), max_length=LONGEST_TEXT, required=False, widget=_rows(3))
    severity = forms.ChoiceField(
        label=_("How bad is it"), choices=Severity.choices, initial=Severity.WRONG, widget=forms.RadioSelect
    )
    take = forms.ChoiceField(label=_("Which shot"), required=False)
    first = forms.IntegerField(label=_("From frame"), required=False, min_value=0, max_value=MOST_FRAMES)
    last = forms.IntegerField(label=_("To frame"), required=False, min_value=0, max_value=MOST_FRAMES)
    may_look = forms.BooleanField(
        label=_("The program staff may look at this film and read its prompts"),
        required=False,
        help_text=_("For this report only. Without it they see what you write here, the model and the seed."),
    )
    screenshot = forms.FileField(
        label=_("A picture of the screen"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, up to 20 MB. Place and device of a photo are removed."),
    )
    FIELD_OF = {
        "title-missing": "title", "title-long": "title", "happened-missing": "happened", "happened-long": "happened",
        "expected-long": "expected", "severity-unknown": "severity", "frames-without-film": "first",
        "frames-backwards": "last", "frames-outside": "last",
    } | dict.fromkeys(PICTURE_CODES, "screenshot")  # fmt: skip

    def __init__(self, *args: Any, takes: list[Take] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takes = {str(take.position): take for take in takes or []}
        if not self.takes:
            for name in ("take", "first", "last", "may_look"):
                del self.fields[name]
            return
        shots = [(number, _("Shot %(number)s") % {"number": number}) for number in self.takes]
        self.fields["take"].choices = [("", _("the whole film")), *shots]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What of it the act takes."""
        given = dict(self.cleaned_data)
        given.pop("screenshot")
        given["take"] = self.takes.get(given.get("take", ""))
        return given


class MessageForm(Refusable):
    """One message in the thread."""

    text = forms.CharField(label=_("Your message"), max_length=LONGEST_MESSAGE, widget=_rows(3))
    FIELD_OF = {"message-missing": "text", "message-long": "text"}


class VerdictForm(Refusable):
    """Where a report goes."""

    state = forms.ChoiceField(label=_("Put it to"))
    fixed_in = forms.CharField(
        label=_("Fixed in version"), max_length=LONGEST_VERSION, required=False, help_text=_("Needed for “fixed”.")
    )
    answer = forms.CharField(
        label=_("What its author reads"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=_rows(3),
        help_text=_("Needed for “will not be fixed”: why."),
    )
    FIELD_OF = {
        "bug-state-unknown": "state", "version-missing": "fixed_in", "version-long": "fixed_in",
        "reason-missing": "answer", "answer-long": "answer",
    }  # fmt: skip

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [to for to, step in STEPS.items() if not state or state in step.sources]
        self.fields["state"].choices = [(to.value, to.label) for to in ways]  # type: ignore[attr-defined]

    def verdict(self) -> Verdict:
        """Where it goes."""
        given = self.cleaned_data
        return Verdict(given["state"], given["fixed_in"], given["answer"])


class MergeForm(Refusable):
    """Which report tells of the same."""

    into = forms.IntegerField(
        label=_("Number of the other report"), min_value=1, max_value=MOST_FRAMES, help_text=_("As on the board: 12.")
    )
    FIELD_OF = {"merge-itself": "into", "merge-circle": "into", "not-found": "into"}


class FilterForm(forms.Form):
    """What of the board is shown."""

    q = forms.CharField(label=_("Words, artist or number"), required=False, max_length=100)
    severity = forms.ChoiceField(label=_("Severity"), required=False)
    model = forms.ChoiceField(label=_("Model"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [("", _("any")), *Severity.choices]  # type: ignore[attr-defined]
        self.fields["model"].choices = [("", _("any")), *((one.name, one.title) for one in models())]  # type: ignore[attr-defined]
