"""What staff fill in to post a mission, and artists to deliver."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Mission
from artists.feedback.surveys.forms import CohortsField
from portal.program.forms import Refusable
from portal.program.moments import MomentField

from .contributions import CHOICES
from .services import LONGEST_ABOUT, LONGEST_REPLY, LONGEST_TITLE, LONGEST_WORK, MOST_PLACES, Wanted, Work
from .states import MissionKind

_SAME = ("kind", "title", "about", "hours", "contribution", "places", "closes_at")


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class MissionForm(Refusable):
    """What, how long, what it pays, how many, until when."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MissionKind.choices)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    about = forms.CharField(
        label=_("What is to be done"), max_length=LONGEST_ABOUT, widget=_rows(6),
        help_text=_("And what is to be delivered; for an interview also when."),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("Hours it takes at most"), min_value=Decimal("0.01"), max_digits=5, decimal_places=2,
        help_text=_("For each place, as 1.5."),
    )  # fmt: skip
    contribution = forms.ChoiceField(
        label=_("What it counts as"), choices=CHOICES, help_text=_("What that pays is in the tariff.")
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_PLACES)
    closes_at = MomentField(label=_("Places can be taken until"), help_text=_("In your time zone."))
    cohorts = CohortsField()
    FIELD_OF = {
        "kind-unknown": "kind", "title-missing": "title", "title-long": "title", "about-missing": "about",
        "about-long": "about", "hours-wrong": "hours", "contribution-unknown": "contribution", "places-wrong": "places",
        "closes-past": "closes_at",
    }  # fmt: skip

    def wanted(self) -> Wanted:
        """What is asked for."""
        given = self.cleaned_data
        return Wanted(**{name: given[name] for name in _SAME}, cohorts=list(given["cohorts"]))

    @classmethod
    def of(cls, mission: Mission) -> "MissionForm":
        """As the mission stands."""
        initial = {name: getattr(mission, name) for name in _SAME} | {"cohorts": list(mission.cohorts.all())}
        return cls(initial=initial)


class ExtendForm(Refusable):
    """More places, more time."""

    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_PLACES)
    closes_at = MomentField(label=_("Places can be taken until"), help_text=_("In your time zone."))
    FIELD_OF = {"places-fewer": "places", "places-wrong": "places", "closes-past": "closes_at"}


class DeliverForm(Refusable):
    """What was done, where it is, how long it took."""

    text = forms.CharField(label=_("What you did and found"), max_length=LONGEST_WORK, widget=_rows(8))
    links = forms.CharField(
        label=_("Links"), required=False, max_length=6000, widget=_rows(3), help_text=_("One a line; up to ten.")
    )
    hours = forms.DecimalField(
        label=_("Hours it took"), min_value=Decimal("0.01"), max_digits=5, decimal_places=2, help_text=_("As 1.5.")
    )
    FIELD_OF = {
        "work-missing": "text", "work-long": "text", "link-wrong": "links", "links-many": "links",
        "hours-wrong": "hours", "hours-many": "hours",
    }  # fmt: skip

    def work(self) -> Work:
        """What is delivered."""
        given = self.cleaned_data
        return Work(given["text"], given["hours"], tuple(given["links"].splitlines()))


class ReplyForm(Refusable):
    """What staff say to a delivery, and the hours that count."""

    reply = forms.CharField(
        label=_("Your words"), required=False, max_length=LONGEST_REPLY, widget=_rows(3),
        help_text=_("Needed to ask for more, or where fewer hours count."),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("Hours that count"), min_value=Decimal("0.01"), max_digits=5, decimal_places=2, required=False,
        help_text=_("Empty: all that were recorded."),
    )  # fmt: skip
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    FIELD_OF = {"reply-missing": "reply", "reply-long": "reply", "hours-wrong": "hours", "hours-more": "hours"}
