"""Dates and times as forms take them: in the zone of the person who types, and of this century."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Beyond these a day in one zone is no day in another, and nothing here began or ends there.
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _of_this_century(day: date | None) -> None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("Enter a day of the years %(first)s to %(last)s.")
        raise ValidationError(words, code="date-far", params={"first": FIRST_YEAR, "last": LAST_YEAR})


class MomentField(forms.DateTimeField):
    """A date and a time; browsers bring their own picker."""

    default_validators = [_of_this_century]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**kwargs)


class DayField(forms.DateField):
    """A day."""

    default_validators = [_of_this_century]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
