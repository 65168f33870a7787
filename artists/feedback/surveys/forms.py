"""What staff fill in to build a form."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import FeedbackForm, Question
from generation.models import Clip
from portal.program.forms import Refusable
from portal.program.models import Cohort
from portal.program.moments import MomentField

from .contributions import CHOICES
from .services import Asked, Frame
from .services.building import LONGEST_ABOUT, LONGEST_QUESTION, LONGEST_TITLE, MOST_EACH
from .services.running import LONGEST_OUTCOME
from .states import QuestionKind


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class CohortsField(forms.ModelMultipleChoiceField):
    """Whom something asks; none ticked: all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Cohorts"),
            queryset=Cohort.objects.order_by("name"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None ticked: every cohort."),
            **kwargs,
        )


class FrameForm(Refusable):
    """Everything about a form but its words and questions."""

    contribution = forms.ChoiceField(
        label=_("What it counts as"),
        choices=CHOICES,
        help_text=_("What that pays is in the tariff, and is shown beside the form."),
    )
    about_film = forms.BooleanField(
        label=_("About a film of theirs"),
        required=False,
        help_text=_("Linked from the page of every film, once for each film."),
    )
    most_each = forms.IntegerField(
        label=_("Responses one artist may send"),
        min_value=1,
        max_value=MOST_EACH,
        initial=10,
        help_text=_("Only for forms about films; every other form is answered once."),
    )
    opens_at = MomentField(label=_("Opens"), required=False, help_text=_("In your time zone. Empty: when published."))
    closes_at = MomentField(label=_("Closes"), required=False, help_text=_("In your time zone. Empty: until you do."))
    cohorts = CohortsField()
    FIELD_OF = {
        "contribution-unknown": "contribution", "window-backwards": "closes_at", "most-each-wrong": "most_each",
    }  # fmt: skip

    def frame(self) -> Frame:
        """What is decided."""
        given = self.cleaned_data
        names = ("contribution", "about_film", "most_each", "opens_at", "closes_at")
        return Frame(**{name: given[name] for name in names}, cohorts=list(given["cohorts"]))

    @classmethod
    def of(cls, form: FeedbackForm) -> "FrameForm":
        """As the form stands."""
        names = ("contribution", "about_film", "most_each", "opens_at", "closes_at")
        return cls(initial={name: getattr(form, name) for name in names} | {"cohorts": list(form.cohorts.all())})


class WordsForm(Refusable):
    """Title and words."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    about = forms.CharField(
        label=_("What it is for"), required=False, max_length=LONGEST_ABOUT, widget=_rows(4),
        help_text=_("Say also what will be done with the answers."),
    )  # fmt: skip
    FIELD_OF = {"title-missing": "title", "title-long": "title", "about-long": "about"}


class NewForm(WordsForm, FrameForm):
    """A form that is not there yet."""

    slug = forms.SlugField(label=_("Short name"), max_length=60, help_text=_("For the address."))
    field_order = ("title", "slug", "about")
    FIELD_OF = FrameForm.FIELD_OF | WordsForm.FIELD_OF | {"form-slug-taken": "slug"}


class QuestionForm(Refusable):
    """One question; what does not belong to its kind is not kept."""

    kind = forms.ChoiceField(label=_("Kind"), choices=QuestionKind.choices)
    text = forms.CharField(label=_("Question"), max_length=LONGEST_QUESTION)
    help = forms.CharField(label=_("Help"), required=False, max_length=300)
    choices = forms.CharField(
        label=_("Answers"), required=False, max_length=1200, widget=_rows(4), help_text=_("One a line.")
    )
    several = forms.BooleanField(label=_("More than one may be ticked"), required=False)
    points = forms.IntegerField(label=_("Points"), min_value=2, max_value=11, initial=5, required=False)
    low = forms.CharField(label=_("What 1 means"), required=False, max_length=60)
    high = forms.CharField(label=_("What the last point means"), required=False, max_length=60)
    first = forms.ModelChoiceField(label=_("Take A"), queryset=Clip.objects.none(), required=False)
    second = forms.ModelChoiceField(
        label=_("Take B"), queryset=Clip.objects.none(), required=False,
        help_text=_("Films of your own. Artists see neither title nor model."),
    )  # fmt: skip
    FIELD_OF = {
        "kind-unknown": "kind", "question-missing": "text", "question-long": "text", "choices-wrong": "choices",
        "choices-same": "choices", "choice-long": "choices", "points-wrong": "points", "takes-missing": "first",
        "takes-same": "second", "takes-not-yours": "first",
    }  # fmt: skip

    def __init__(self, *args: Any, films: QuerySet[Clip], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field: Any = self.fields[name]
            field.queryset = films
            field.label_from_instance = lambda clip: f"{clip.title} ({clip.seconds:g} s, {str(clip.pk)[:4]})"

    def asked(self) -> Asked:
        """The question as wanted."""
        given = dict(self.cleaned_data)
        given["choices"] = tuple(given["choices"].splitlines())
        given["points"] = given["points"] or 5
        return Asked(**given)

    @classmethod
    def of(cls, question: Question, films: QuerySet[Clip]) -> "QuestionForm":
        """As the question stands."""
        names = ("kind", "text", "help", "several", "points", "low", "high", "first", "second")
        initial = {name: getattr(question, name) for name in names} | {"choices": "\n".join(question.choices)}
        return cls(initial=initial, films=films)


class OutcomeForm(Refusable):
    """What became of it."""

    text = forms.CharField(
        label=_("What became of it"), max_length=LONGEST_OUTCOME, widget=_rows(5),
        help_text=_("Whoever answered is told, and reads it with the counts."),
    )  # fmt: skip
    FIELD_OF = {"outcome-missing": "text", "outcome-long": "text"}
