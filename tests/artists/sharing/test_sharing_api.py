"""Sharing over the API: the same services as the site, one form of error, and never a reviewer."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artists.people.models import Person
from artists.people.states import TokenScope
from artists.sharing.models import ShareRequest
from artists.sharing.services import approve, question, refuse, tell_now
from generation.bin import delete_clip
from generation.models import Clip
from portal.audit.models import Entry
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.sharing import REASON, asked_for, refused, released
from tests.portal.api.test_api import Caller, code_of


@pytest.fixture
def clip(ada: Person, clip_of: Callable[..., Clip]) -> Clip:
    """Ada's."""
    return clip_of(ada)


def ask(caller: Caller, clip: Clip, /, **more: Any) -> Any:
    """Ask for a clip."""
    return caller.post("/shares", {"clip": str(clip.pk), "title": "Sea", "destination": "A festival"} | more)


def test_share_from_asking_to_public_and_back(ada: Person, rhea: Person, clip: Clip) -> None:
    caller = Caller(ada)
    asked = ask(caller, clip, channels=["festival"], words="On a loop.", showcase=True)
    said = asked.json()
    assert (asked.status_code, said["state"], said["hours"], said["silence"], said["page"]) == (
        201, "in_review", 72, "the work is approved", None,
    )  # fmt: skip
    assert said["due_at"] is not None
    work = released(ShareRequest.objects.get(), rhea, conditions="With the label.")
    public = caller.get(f"/shares/{said['id']}").json()
    assert (public["state"], public["page"].endswith(f"/w/{work.slug}/")) == ("approved", True)
    assert [(one["outcome"], one["conditions"]) for one in public["decisions"]] == [("approved", "With the label.")]
    gone = caller.post(f"/shares/{said['id']}/withdraw").json()
    assert (gone["state"], gone["page"]) == ("withdrawn", None)
    assert Client().get(f"/w/{work.slug}/").status_code == 410
    entry = Entry.objects.filter(action="sharing.withdraw").last()
    assert entry is not None and caller.token.prefix in json.dumps(entry.body)
    assert caller.post(f"/shares/{said['id']}/withdraw").json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("status", "code", "wrong"),
    [
        (422, "title-missing", {"title": " "}),
        (422, "destination-missing", {"destination": ""}),
        (422, "embargo-past", {"embargo_until": "2001-01-01T00:00:00Z"}),
        (422, "url-not-web", {"url": "javascript:alert(1)"}),
        (422, "collaborator-unknown", {"collaborators": ["nobody@example.org"]}),
        (422, "request-invalid", {"channels": ["billboard"]}),
        (422, "request-invalid", {"checked": ["criticism"]}),
        (422, "request-invalid", {"embargo_until": "soon"}),
        (404, "not-found", {"clip": "00000000-0000-4000-8000-000000000000"}),
    ],
)
def test_wrong_share_is_refused_and_writes_nothing(
    ada: Person, clip: Clip, status: int, code: str, wrong: dict[str, Any]
) -> None:
    assert (code_of(ask(Caller(ada), clip, **wrong)), ShareRequest.objects.count()) == ((status, code), 0)


def test_share_asked_twice_or_of_a_deleted_clip_is_refused(ada: Person, clip: Clip, clip_of: Callable[..., Clip]) -> None:  # fmt: skip
    caller, other = Caller(ada), clip_of(ada)
    ask(caller, clip)
    assert code_of(ask(caller, clip)) == (409, "share-open")
    delete_clip(other, actor=ada)
    assert code_of(ask(caller, other)) == (404, "not-found")


def test_embargo_without_an_offset_is_not_guessed_wrong(ada: Person, clip: Clip) -> None:
    opens = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    said = ask(Caller(ada), clip, embargo_until=opens.isoformat()).json()
    assert said["embargo_until"].replace("Z", "+00:00") == opens.isoformat()
    naive = ask(Caller(ada), clip, destination="Elsewhere", embargo_until=opens.replace(tzinfo=None).isoformat())
    assert code_of(naive) == (422, "request-invalid")


def test_scopes_of_sharing_are_their_own(ada: Person, clip: Clip) -> None:
    makes, reads, shares = (Caller(ada, scope) for scope in (TokenScope.MAKE, TokenScope.READ, TokenScope.SHARE))
    assert [code_of(ask(one, clip)) for one in (makes, reads)] == [(403, "token-scope")] * 2
    pk = ask(shares, clip).json()["id"]
    assert [code_of(one.get(f"/shares/{pk}")) for one in (makes, shares)] == [(403, "token-scope")] * 2
    assert code_of(reads.post(f"/shares/{pk}/withdraw")) == (403, "token-scope")
    assert reads.get(f"/shares/{pk}").json()["id"] == pk


def test_requests_of_others_are_not_there_not_even_those_one_is_named_in(ada: Person, ben: Person, clip: Clip) -> None:
    asked = asked_for(clip, collaborators=[ben.email])
    caller = Caller(ben)
    assert [code_of(caller.get(f"/shares/{asked.pk}")), code_of(caller.post(f"/shares/{asked.pk}/withdraw"))] == [
        (404, "not-found"), (404, "not-found"),
    ]  # fmt: skip
    assert caller.get("/shares").json() == {"items": [], "next": None}


def test_list_is_paged_and_filtered_by_the_state_that_is_told(ada: Person, rhea: Person, clip: Clip) -> None:
    caller = Caller(ada)
    first, second = asked_for(clip), asked_for(clip, destination="Elsewhere")
    refused(first, rhea)
    approve(second, actor=rhea)

    def listed(query: str = "") -> list[str]:
        return [one["id"] for one in caller.get(f"/shares{query}").json()["items"]]

    assert listed() == [str(second.pk), str(first.pk)]
    assert [listed(f"?state={state}") for state in ("refused", "in_review", "approved", "resting")] == [
        [str(first.pk)], [str(second.pk)], [], [],
    ]  # fmt: skip
    assert listed(f"?after={second.pk}") == [str(first.pk)]


def test_nothing_over_the_api_says_who_decided_or_what_rests(ada: Person, rhea: Person, rolf: Person, clip: Clip) -> None:  # fmt: skip
    caller = Caller(ada)
    asked = asked_for(clip)
    asked_now = ShareRequest.objects.get(pk=asked.pk)
    question(asked_now, actor=rhea, text="Whose music is it?")
    stands = caller.get(f"/shares/{asked.pk}").json()
    assert (stands["state"], stands["due_at"], stands["questions"][0]["text"]) == ("question", None, "Whose music is it?")  # fmt: skip
    other = asked_for(clip, destination="Elsewhere")
    approve(other, actor=rolf, conditions="Untold.", reason="Untold.")
    resting = caller.get(f"/shares/{other.pk}").json()
    assert (resting["state"], resting["decisions"], "Untold" in json.dumps(resting)) == ("in_review", [], False)
    third = asked_for(clip, destination="A third place")
    refuse(third, actor=rhea, ground="person", reason=REASON)
    refuse(third, actor=rolf, ground="person", reason=REASON)
    tell_now(third, actor=rolf)
    everything = json.dumps(caller.get("/shares").json())
    assert [one["reason"] for one in caller.get(f"/shares/{third.pk}").json()["decisions"]] == [REASON] * 2
    names = [rhea.name, rhea.email, rolf.name, rolf.email, '"reviewer"']
    assert [name for name in names if name in everything] == []


def test_suspended_artist_reads_and_withdraws_but_asks_for_nothing(
    ada: Person, sam: Person, rhea: Person, clip: Clip
) -> None:
    caller = Caller(ada)
    asked = asked_for(clip)
    released(asked, rhea)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A question is open.")
    said = caller.get(f"/shares/{asked.pk}").json()
    assert (said["state"], said["page"]) == ("approved", None)
    assert code_of(ask(caller, clip, destination="Elsewhere")) == (403, "suspended-artist")
    assert caller.post(f"/shares/{asked.pk}/withdraw").json()["state"] == "withdrawn"
