"""The demonstration completes itself, whoever calls it and however often."""

import pytest
from django.test import Client
from django.urls import reverse

from artists.sharing.models import Decision, Release, ShareRequest
from artists.sharing.services import withdraw
from generation.models import Generation
from portal.web.demonstration import complete, load
from tests.factories.films import deliver_waiting

pytestmark = pytest.mark.django_db


def states() -> dict[str, str]:
    return dict(ShareRequest.objects.values_list("title", "state"))


def test_without_films_nothing_is_shared() -> None:
    load(generate=True)
    assert (complete(), states(), Generation.objects.count()) == (False, {}, 7)


def test_with_films_requests_stand_in_every_state_by_different_people() -> None:
    load(generate=True)
    deliver_waiting("sketch")
    load(generate=True)
    assert states() == {
        "Tide table": "approved",
        "Small astronomy": "in_review",
        "Parcel, unaccompanied": "refused",
        "Signal, answered": "withdrawn",
    }
    assert sorted(Decision.objects.values_list("reviewer__name", "outcome")) == [
        ("Paul Serrano", "refused"),
        ("Ruth Adeyemi", "approved"),
        ("Yuki Tanabe", "approved"),
    ]
    pages = {
        r.request.title: Client().get(reverse("release", args=[r.slug])).status_code for r in Release.objects.all()
    }
    assert pages == {"Tide table": 200, "Signal, answered": 410}


def test_again_and_again_changes_nothing_and_what_a_visitor_did_stands() -> None:
    load(generate=True)
    deliver_waiting("sketch")
    assert complete()
    shared = ShareRequest.objects.get(title="Tide table")
    withdraw(shared, actor=shared.artist)
    before = states()
    load(generate=True)
    assert (complete(), states(), ShareRequest.objects.count(), Generation.objects.count()) == (True, before, 4, 7)
