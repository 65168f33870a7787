"""What staff fill in: the terms, a ground's wording, an answer, a revocation. Every no has its code."""

from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from portal.access import ALLOWED, Decision, Kind, denied
from portal.program.forms import Saying

from .grounds import LONGEST_WORDING
from .models import Consequence, Terms
from .models.terms import MOST_HOURS
from .queries import grounds
from .services.deciding import LONGEST_REASON
from .services.overseeing import LONGEST_ANSWER, Promise


class Coded(Saying):
    """What Django finds wrong has the code that the service would give it."""

    CODES: ClassVar[dict[tuple[str, str], str]] = {}

    @property
    def refusal(self) -> Decision:
        """The first thing that is wrong; ALLOWED while nothing is."""
        if not self.is_bound:
            return ALLOWED
        for name, errors in self.errors.as_data().items():
            code = str(errors[0].code or "invalid")
            return denied(self.CODES.get((name, code), code), " ".join(errors[0].messages), kind=Kind.INVALID)
        return ALLOWED


class TermsForm(Coded):
    """The clock and what silence means."""

    hours = forms.IntegerField(
        label=_("Hours"), help_text=_("Working time from being sent to the decision: 1 to %(most)s.") % {"most": MOST_HOURS}
    )  # fmt: skip
    consequence = forms.ChoiceField(
        label=_("When nobody decides in time"), choices=Consequence.choices, widget=forms.RadioSelect
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Days that count"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every day counts."),
    )
    holidays = forms.CharField(
        label=_("Holidays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("Days that do not count, one on each line, as 2026-12-25."),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("In which a day begins and ends, as Europe/Berlin."),
    )
    FIELD_OF = {
        "hours-outside": "hours", "consequence-unknown": "consequence", "day-unknown": "working_days",
        "holiday-not-a-date": "holidays", "holidays-many": "holidays", "zone-unknown": "zone",
        "no-day-counts": "working_days",
    }  # fmt: skip
    CODES = {
        ("hours", "required"): "hours-outside", ("hours", "invalid"): "hours-outside",
        ("consequence", "required"): "consequence-unknown", ("consequence", "invalid_choice"): "consequence-unknown",
        ("working_days", "invalid_choice"): "day-unknown",
        ("zone", "required"): "zone-unknown", ("zone", "max_length"): "zone-unknown",
    }  # fmt: skip

    @classmethod
    def begun(cls, terms: Terms) -> "TermsForm":
        """Filled with what is in force."""
        names = ("hours", "consequence", "working_days", "zone")
        return cls(initial={name: getattr(terms, name) for name in names} | {"holidays": "\n".join(terms.holidays)})

    def promise(self) -> Promise:
        """What was filled in."""
        data = self.cleaned_data
        days, holidays = data["working_days"], data["holidays"].splitlines()
        return Promise(data["hours"], data["consequence"], days, holidays, data["zone"].strip())


class WordingForm(Coded):
    """How a ground is worded."""

    definition = forms.CharField(
        label=_("Definition"),
        max_length=LONGEST_WORDING,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Artists and reviewers read exactly this."),
    )
    example = forms.CharField(
        label=_("Example"), max_length=LONGEST_WORDING, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    CODES = {
        ("definition", "required"): "definition-missing", ("definition", "max_length"): "wording-long",
        ("example", "max_length"): "wording-long",
    }  # fmt: skip


class AnswerForm(Coded):
    """An answer to what the public reported."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Whoever reported it reads this, without your name."),
    )
    FIELD_OF = {"answer-missing": "text", "answer-long": "text"}
    CODES = {("text", "required"): "answer-missing", ("text", "max_length"): "answer-long"}


class RevokeForm(Coded):
    """Taking an approval back."""

    ground = forms.ChoiceField(label=_("Ground"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The artist reads it, and may appeal."),
    )
    FIELD_OF = {
        "ground-missing": "ground", "ground-unknown": "ground", "reason-missing": "reason", "reason-long": "reason",
    }  # fmt: skip
    CODES = {
        ("ground", "required"): "ground-missing", ("ground", "invalid_choice"): "ground-unknown",
        ("reason", "required"): "reason-missing", ("reason", "max_length"): "reason-long",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "–"), *((str(one.ground), one.label) for one in grounds())]
