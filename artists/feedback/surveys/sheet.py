"""The sheet an artist fills in: one field or two for each question, in the order of the form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from artists.feedback.models import Answer, Question, Response
from portal.program.forms import Refusable

from .labels import labels_of
from .services import Said
from .services.answering import LONGEST_ANSWER
from .states import QuestionKind

_TIMECODE = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})[:;](\d{1,3})")
FPS = 24
HIGHEST_FRAME = 10**6


class FrameField(forms.CharField):
    """A frame by its number, or as timecode HH:MM:SS:FF at the rate of the film."""

    def __init__(self, *, fps: float, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.fps = max(1, round(fps))

    def clean(self, value: Any) -> Any:
        """The number of the frame, from 0; None for nothing."""
        text = super().clean(value).strip()
        if not text:
            return None
        found = _TIMECODE.fullmatch(text)
        if found:
            hours, minutes, seconds, part = (int(one or 0) for one in found.groups())
            text = str((hours * 3600 + minutes * 60 + seconds) * self.fps + part)
        if not text.isdecimal() or int(text) > HIGHEST_FRAME:
            words = _("Write a frame as its number, or as 00:00:01:12.")
            raise forms.ValidationError(words, code="frame-unreadable")
        return int(text)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question on the page with its fields."""

    question: Question
    fields: list[forms.BoundField]


class AnswerSheet(Refusable):
    """Fields by question: `q7` what is counted or said, `t7` words beside it, `f7` a frame."""

    def __init__(self, questions: list[Question], *args: Any, fps: float = FPS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            self.fields.update(_fields(one, fps))

    def asking(self) -> Iterator[Asking]:
        """The questions in their order."""
        for one in self.questions:
            names = (f"q{one.pk}", f"f{one.pk}", f"t{one.pk}")
            yield Asking(one, [self[name] for name in names if name in self.fields])

    def said(self) -> dict[int, Said]:
        """What was answered, by number of the question."""
        given = self.cleaned_data
        return {one.pk: _said(one, given) for one in self.questions}


def _words(label: Any, rows: int, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=LONGEST_ANSWER, widget=area, help_text=help_text)


def _fields(one: Question, fps: float) -> dict[str, forms.Field]:
    helps = escape(one.help)  # field templates take help for HTML of our own
    choice, why = f"q{one.pk}", f"t{one.pk}"
    if one.kind == QuestionKind.TEXT:
        return {why: _words(one.text, 4, helps)}
    if one.kind == QuestionKind.TIMECODE:
        help_text = helps or _("The number of a frame, or a timecode such as 00:00:01:12.")
        frame = FrameField(label=one.text, required=False, help_text=help_text, fps=fps)
        return {f"f{one.pk}": frame, why: _words(_("What is there?"), 2)}
    options = labels_of(one)
    kind: Any = forms.MultipleChoiceField if one.several else forms.ChoiceField
    widget = forms.CheckboxSelectMultiple if one.several else forms.RadioSelect
    fields = {choice: kind(label=one.text, required=False, choices=options, widget=widget, help_text=helps)}
    return fields | ({why: _words(_("Why?"), 2)} if one.kind == QuestionKind.COMPARE else {})


def _said(one: Question, given: Mapping[str, Any]) -> Said:
    value = given.get(f"q{one.pk}") or ()
    values = (value,) if isinstance(value, str) else tuple(value)
    return Said(values, given.get(f"t{one.pk}") or "", given.get(f"f{one.pk}"))


def begun_with(response: Response) -> dict[str, Any]:
    """What was kept, as the sheet shows it."""
    initial: dict[str, Any] = {}
    several: dict[int, list[str]] = {}
    answers: list[Answer] = list(response.answers.select_related("question"))
    for one in answers:
        pk = one.question_id
        several.setdefault(pk, []).append(one.value)
        initial[f"q{pk}"] = several[pk] if one.question.several else one.value
        if one.text:
            initial[f"t{pk}"] = one.text
        if one.frame is not None:
            initial[f"f{pk}"] = str(one.frame)
    return initial
