"""What a reviewer fills in: a decision, a note on frames. Everything typed is kept on every no."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from artists.sharing.services.deciding import Frames
from artists.sharing.services.reviewing import DRAFTED
from portal.access import Decision, Kind, denied
from portal.program.moments import MomentField

KEPT: Final = _("Nothing was sent; what you wrote is kept.")
LONGEST: Final = 100_000  # the service says how long a text may be, with its code


def _frame() -> forms.IntegerField:
    wrong = _("Frames are whole numbers, counted from 0.")
    return forms.IntegerField(required=False, error_messages={"invalid": wrong})


class WithCode(forms.Form):
    """A form whose first mistake is told as a refusal: a code, a sentence, what to do."""

    CODES: dict[str, str] = {}

    @property
    def refusal(self) -> Decision | None:
        """The first mistake; None for a form without one."""
        for name, errors in self.errors.items():
            return denied(self.CODES.get(name, "form-wrong"), errors[0], todo=KEPT, kind=Kind.INVALID)
        return None

    def frames(self, first: str = "first_frame", last: str = "last_frame") -> Frames | None:
        """The frames typed; one number alone is a single frame."""
        given = [self.cleaned_data[name] for name in (first, last) if self.cleaned_data[name] is not None]
        return Frames(given[0], given[-1]) if given else None


class VerdictForm(WithCode):
    """A decision. What it needs is said by the services, which every other way in asks too."""

    CODES = {
        "outcome": "outcome-missing",
        "ends_at": "end-unreadable",
        "first_frame": "frames-unreadable",
        "last_frame": "frames-unreadable",
    }
    outcome = forms.ChoiceField(
        choices=[
            ("approve", _("Approve")),
            ("conditions", _("Approve with conditions")),
            ("question", _("Ask the artist")),
            ("refuse", _("Refuse")),
        ],
        error_messages={
            "required": _("Choose what you decide."),
            "invalid_choice": _("This is none of the decisions there are."),
        },
    )
    ground = forms.CharField(max_length=LONGEST, required=False)
    reason = forms.CharField(max_length=LONGEST, required=False)
    conditions = forms.CharField(max_length=LONGEST, required=False)
    question = forms.CharField(max_length=LONGEST, required=False)
    ends_at = MomentField(
        required=False, error_messages={"invalid": _("The end is a date and a time, as 2027-03-01 18:00.")}
    )
    first_frame = _frame()
    last_frame = _frame()


class NoteForm(WithCode):
    """A remark on frames."""

    CODES = {"note_first": "frames-unreadable", "note_last": "frames-unreadable"}
    note = forms.CharField(max_length=LONGEST, required=False)
    note_first = _frame()
    note_last = _frame()


def drafted(data: QueryDict | dict[str, Any]) -> dict[str, str]:
    """What of a form belongs in a draft; fields that it does not have are not in it."""
    return {name: str(data[name]) for name in DRAFTED if name in data}
