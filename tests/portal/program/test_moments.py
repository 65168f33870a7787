"""Days and moments as forms take them: far ones are refused before anything reckons with them."""

from typing import Any

import pytest
from django import forms
from django.utils import timezone

from portal.program.moments import DayField, MomentField


class WhenForm(forms.Form):
    """A day and a moment."""

    day = DayField(required=False)
    moment = MomentField(required=False)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
@pytest.mark.parametrize(
    ("day", "moment", "wrong"),
    [
        ("2026-11-29", "2026-11-29T10:00", []),
        ("2000-01-01", "2000-01-02T00:00", []),
        ("2100-12-31", "2100-12-30T00:00", []),
        ("", "", []),
        ("0001-01-01", "0001-01-01T00:00", ["day", "moment"]),
        ("9999-12-31", "9999-12-31T23:59", ["day", "moment"]),
        ("1999-12-31", "2101-01-02T00:00", ["day", "moment"]),
    ],
)
def test_days_of_this_century_are_taken_in_every_zone(zone: str, day: str, moment: str, wrong: list[str]) -> None:
    with timezone.override(zone):
        form = WhenForm({"day": day, "moment": moment})
        assert sorted(form.errors) == wrong


@pytest.mark.parametrize(("field", "value"), [("day", "9999-12-31"), ("moment", "9999-12-31T00:00")])
def test_far_day_says_what_is_taken(field: str, value: str) -> None:
    errors: Any = WhenForm({field: value}).errors[field]
    assert list(errors) == ["Enter a day of the years 2000 to 2100."]
