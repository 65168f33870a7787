"""Gatherings and letters of the demonstration, however often it runs."""

import pytest

from artists.feedback.models import LetterAnswer, OpenLetter
from artists.gatherings.models import Gathering, Seat
from portal.web.demonstration import load

pytestmark = pytest.mark.django_db


def test_demonstration_has_a_waiting_list_a_public_letter_and_one_that_seeks_signatures() -> None:
    for _time in range(2):
        load(generate=True)
    assert sorted(Seat.objects.values_list("person__name", "state")) == [
        ("Ada Moreau", "seated"), ("Ben Castell", "seated"), ("Lena Vogt", "waiting"),
    ]  # fmt: skip
    assert sorted(OpenLetter.objects.values_list("title", "state")) == [
        ("Say what changed in the model", "seeking"), ("Testing is work", "public"),
    ]  # fmt: skip
    assert (Gathering.objects.count(), LetterAnswer.objects.count()) == (2, 1)
