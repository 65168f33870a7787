"""Asking: what is checked before anything is sent, and nothing is sent before everybody who made it agrees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from artists.people.models import Person
from artists.sharing.models import ShareRequest
from artists.sharing.queries import requests_made_with, requests_to_review
from artists.sharing.services import Ask, confirm, decline, rewrite, save_draft, send, withdraw
from generation.models import Clip
from portal.access import check
from tests.factories.refusals import code_of
from tests.factories.sharing import asked_for, released
from tests.factories.together import at_once


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("title-missing", {"title": " "}),
        ("destination-missing", {"destination": ""}),
        ("embargo-past", {"embargo_until": timezone.now() - timedelta(days=1)}),
        ("url-not-web", {"url": "javascript:alert(1)"}),
        ("url-not-web", {"url": "https://"}),
        ("url-not-web", {"url": "data:text/html,x"}),
        ("channel-unknown", {"channels": ["billboard"]}),
        ("ground-unknown", {"checked": ["criticism"]}),
        ("collaborator-unknown", {"collaborators": ["nobody@example.org"]}),
        ("collaborators-many", {"collaborators": [f"{n}@example.org" for n in range(13)]}),
    ],
)
def test_wrong_request_is_refused_whole(
    ada: Person, clip_of: Callable[..., Clip], code: str, wrong: dict[str, object]
) -> None:
    clip = clip_of(ada)
    assert (code_of(lambda: asked_for(clip, **wrong)), ShareRequest.objects.count()) == (code, 0)


def test_clip_of_somebody_else_is_not_there(ada: Person, ben: Person, clip_of: Callable[..., Clip]) -> None:
    clip = clip_of(ada)
    assert code_of(lambda: save_draft(clip, Ask("Sea", "A festival"), actor=ben)) == "not-found"


def test_draft_is_nobody_elses_business_until_it_is_sent(
    ada: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    clip = clip_of(ada)
    draft = save_draft(clip, Ask("", ""), actor=ada)
    assert (list(requests_to_review(rhea)), check("sharing.review", rhea, draft).code) == ([], "not-found")
    assert code_of(lambda: send(draft, actor=ada)) == "title-missing"
    kept = save_draft(clip, Ask("Sea", "A festival", channels=["social", "festival"]), actor=ada, request=draft)
    assert (kept.pk, kept.scope, send(kept, actor=ada).state) == (draft.pk, "festival,social|a festival", "in_review")
    assert code_of(lambda: save_draft(clip, Ask("Other", "x"), actor=ada, request=kept)) == "state-changed"


def test_all_who_made_it_must_say_yes_before_review(
    ada: Person, ben: Person, nia: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    assert code_of(lambda: asked_for(clip_of(ada), collaborators=[ada.email])) == "collaborator-self"
    asked = asked_for(clip_of(ada), collaborators=[ben.email, nia.email.upper()])
    assert (asked.state, list(requests_made_with(ben)), check("sharing.see_film", nia, asked).allowed) == (
        "waiting", [asked], True,
    )  # fmt: skip
    first, second = asked.collaborators.order_by("pk")
    assert code_of(lambda: confirm(first, actor=second.person)) == "not-found"
    assert confirm(first, actor=first.person).state == "waiting"
    entered = confirm(second, actor=second.person)
    assert (entered.state, entered.due_at is not None, list(requests_to_review(rhea))) == ("in_review", True, [asked])


def test_one_no_brings_it_back_to_a_draft_and_sending_asks_everybody_anew(
    ada: Person, ben: Person, nia: Person, clip_of: Callable[..., Clip]
) -> None:
    asked = asked_for(clip_of(ada), collaborators=[ben.email, nia.email])
    by_ben, by_nia = (asked.collaborators.get(person=person) for person in (ben, nia))
    confirm(by_ben, actor=ben)
    assert decline(by_nia, actor=nia).state == "draft"
    assert code_of(lambda: confirm(by_ben, actor=ben)) == "state-changed"
    send(ShareRequest.objects.get(), actor=ada)
    assert set(asked.collaborators.values_list("state", flat=True)) == {"asked"}
    assert rewrite(ShareRequest.objects.get(), actor=ada).state == "draft"


def test_whoever_made_it_too_may_end_it(
    ada: Person, ben: Person, nia: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    asked = asked_for(clip_of(ada), collaborators=[ben.email])
    release = released(confirm(asked.collaborators.get(), actor=ben), rhea)
    assert code_of(lambda: withdraw(asked, actor=nia)) == "not-found"
    assert withdraw(asked, actor=ben)[1]
    assert check("sharing.see_release", ben, release).code == "work-withdrawn"


@pytest.mark.django_db(transaction=True)
def test_the_last_two_who_confirm_at_once_start_one_clock(
    ada: Person, ben: Person, nia: Person, clip_of: Callable[..., Clip]
) -> None:
    asked = asked_for(clip_of(ada), collaborators=[ben.email, nia.email])
    parts = list(asked.collaborators.select_related("person"))
    at_once(2, lambda number: confirm(parts[number], actor=parts[number].person))
    asked.refresh_from_db()
    assert asked.state == "in_review"
