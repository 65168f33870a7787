"""Asking, deciding, the public page and its end, by their addresses."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from artists.sharing.models import Release, ShareRequest
from artists.sharing.services import approve, request_share, withdraw
from generation.models import Clip
from tests.factories.sharing import released


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request, in review."""
    return request_share(clip_of(ada), actor=ada, title="Harbour", destination="a festival", words='For "you" & me')


def test_share_form_without_destination_keeps_the_rest_as_a_draft(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    answer = client_of(ada).post(reverse("share_new", args=[clip.pk]), {"title": "Harbour", "words": "Kept words"})
    page = answer.content.decode()
    assert (answer.status_code, "Kept words" in page, "destination-missing" in page) == (422, True, True)
    assert [(one.state, one.words) for one in ShareRequest.objects.all()] == [("draft", "Kept words")]


def test_share_form_for_a_clip_already_asked_for_says_so(
    ada: Person, asked: ShareRequest, client_of: Callable[[Person], Client]
) -> None:
    wanted = {"title": "Again", "destination": "A  FESTIVAL"}
    answer = client_of(ada).post(reverse("share_new", args=[asked.clip_id]), wanted)
    assert (answer.status_code, "already an open request" in answer.content.decode()) == (409, True)


def test_review_refused_without_reason_changes_nothing(
    rhea: Person, asked: ShareRequest, client_of: Callable[[Person], Client]
) -> None:
    answer = client_of(rhea).post(
        reverse("review", args=[asked.pk]), {"outcome": "refuse", "ground": "rights", "reason": " "}
    )
    asked.refresh_from_db()
    assert (answer.status_code, "reason-missing" in answer.content.decode(), asked.state) == (422, True, "in_review")


def test_review_after_somebody_faster_keeps_the_text(
    rhea: Person, rolf: Person, asked: ShareRequest, client_of: Callable[[Person], Client]
) -> None:
    approve(asked, actor=rolf)
    answer = client_of(rhea).post(
        reverse("review", args=[asked.pk]), {"outcome": "refuse", "ground": "rights", "reason": "Too dark"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "already-decided" in page, "Too dark" in page) == (409, True, True)


def test_review_is_not_there_for_artists(
    ada: Person, ben: Person, asked: ShareRequest, client_of: Callable[[Person], Client]
) -> None:
    pages = [reverse("review_queue"), reverse("review", args=[asked.pk]), reverse("review_film", args=[asked.pk])]
    assert [client_of(person).get(page).status_code for person in (ada, ben) for page in pages] == [404] * 6


def test_request_of_another_artist_is_not_there(
    ben: Person, asked: ShareRequest, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ben)
    page = reverse("share_withdraw", args=[asked.pk])
    statuses = [client.get(reverse("share_request", args=[asked.pk])).status_code, client.get(page).status_code]
    assert [*statuses, client.post(page).status_code] == [404] * 3


def public_statuses(work: Release, client: Client) -> list[int]:
    """Status of the page, the film and the poster."""
    return [
        client.get(reverse(name, args=[work.slug])).status_code
        for name in ("release", "release_film", "release_poster", "release_filmstrip")
    ]


def test_release_is_gone_at_the_next_request_after_withdrawal(
    ada: Person, rhea: Person, asked: ShareRequest, client: Client
) -> None:
    work = released(asked, rhea)
    before = public_statuses(work, client)
    withdraw(asked, actor=ada)
    assert (before, public_statuses(work, client)) == ([200] * 4, [410] * 4)


def test_withdrawing_needs_a_post(ada: Person, asked: ShareRequest, client_of: Callable[[Person], Client]) -> None:
    page = reverse("share_withdraw", args=[asked.pk])
    client = client_of(ada)
    client.get(page)
    asked.refresh_from_db()
    assert asked.state == "in_review"
    client.post(page)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
