"""Browsers a person is signed in with: by name, each ended alone, never somebody else's."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from artists.people.sessions import name_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("curl/8", "curl/8"),
        ("", "a browser without a name"),
    ],
)
def test_browser_has_a_name(agent: str, name: str) -> None:
    assert name_of(agent) == name


def test_another_browser_is_ended_and_this_one_goes_on(ada: Person, client_of: Callable[[Person], Client]) -> None:
    here, there = client_of(ada), client_of(ada)
    there.get(reverse("sessions"), headers={"user-agent": SAFARI})
    rows = here.get(reverse("sessions"), headers={"user-agent": FIREFOX}).context["rows"]
    other = next(row["session"] for row in rows if not row["here"])
    here.post(reverse("session_end", args=[other.pk]))
    assert sorted(row["name"] for row in rows) == ["Firefox on Linux", "Safari on iPhone"]
    assert [one.get(reverse("library")).status_code for one in (here, there)] == [200, 302]


def test_somebody_elses_browser_stays(ada: Person, ben: Person, client_of: Callable[[Person], Client]) -> None:
    hers, his = client_of(ada), client_of(ben)
    row = hers.get(reverse("sessions")).context["rows"][0]
    his.post(reverse("session_end", args=[row["session"].pk]))
    assert hers.get(reverse("library")).status_code == 200
