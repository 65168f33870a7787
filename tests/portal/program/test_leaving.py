"""Leaving: voluntary, undone within two weeks, and everything made stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from artists.invitations.services import accept, invite
from artists.people.models import Person
from generation.gate import may_generate
from generation.models import Clip
from portal.access import Refused
from portal.program.models import Leaving
from portal.program.services import leave, undo_leaving
from tests.factories.together import at_once

LATER = timedelta(days=15)


def test_leaving_stops_new_work_and_can_be_undone(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    client.post("/me/leave/", {"reason": " Enough. "})
    leaving = Leaving.objects.get()
    assert (may_generate(ada).code, leaving.reason) == ("leaving", "Enough.")
    assert (leaving.effective_at - leaving.asked_at).days in {13, 14}
    client.post("/me/leave/undo/")
    assert (may_generate(ada).allowed, Leaving.objects.get().state) == (True, "undone")


def test_leaving_is_final_after_its_date_and_works_stay(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    leaving = leave(actor=ada)
    with freeze_time(timezone.now() + LATER):
        assert may_generate(ada).code == "left"
        with pytest.raises(Refused) as refused:
            undo_leaving(leaving, actor=ada)
        assert refused.value.decision.code == "left"
        client = client_of(ada)
        paths = ("/library/", f"/library/{clip.pk}/", f"/library/{clip.pk}/download/", "/me/leave/", "/agreement/")
        assert [client.get(path).status_code for path in paths] == [200] * 5


def test_new_invitation_brings_back_who_had_left(ada: Person, ben: Person, sam: Person) -> None:
    leave(actor=ada)
    with pytest.raises(Refused) as refused:
        invite(ada.email, cohort=ben.membership.cohort, actor=sam)
    assert refused.value.decision.code == "already-here"
    with freeze_time(timezone.now() + LATER):
        invitation, _url = invite(ada.email, cohort=ben.membership.cohort, actor=sam)
        accept(invitation, actor=ada)
        back = Person.objects.get(pk=ada.pk)
        assert (may_generate(back).allowed, back.membership.cohort) == (True, ben.membership.cohort)
    assert Leaving.objects.get().state == "returned"


def test_leaving_of_somebody_else_cannot_be_undone(ada: Person, ben: Person) -> None:
    leaving = leave(actor=ada)
    with pytest.raises(Refused) as refused:
        undo_leaving(leaving, actor=ben)
    assert (refused.value.decision.code, Leaving.objects.get().state) == ("not-yours", "asked")


def test_leaving_page_says_what_is_kept_and_why(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip_of(ada)
    kept = client_of(ada).get("/me/leave/").context["kept"]
    assert [(one["what"], one.get("count")) for one in kept] == [
        ("What you signed, as text and PDF", 1),
        ("Your films and what they were made from", 1),
        ("Your bug reports", 0),
        ("What you answered to feedback forms", 0),
        ("The record of who did what", None),
    ]
    assert [one["why"] != "" for one in kept] == [True] * 5


def test_leaving_is_not_for_who_is_no_artist(rhea: Person, client_of: Callable[[Person], Client]) -> None:
    assert (client_of(rhea).post("/me/leave/").status_code, Leaving.objects.count()) == (403, 0)


@pytest.mark.django_db(transaction=True)
def test_leaving_from_ten_windows_at_once_is_one(ada: Person) -> None:
    results = at_once(10, lambda _number: leave(actor=ada).pk)
    assert (len(set(results)), Leaving.objects.count()) == (1, 1)
