"""The safety desk in a browser, and what those stopped see."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.people.models import Person
from artists.sharing.services import request_share
from generation.models import Clip
from portal.notices.models import Notice
from portal.program.models import Program, Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from tests.factories import films

ClientOf = Callable[[Person], Client]
WHY = "A proxy page was found."


def asked(client: Client, scope: str, name: str = "", **fields: str):
    address = f"{reverse('suspend')}?scope={scope}&name={name}"
    return client.post(address, {"reason": WHY, "running": "stop", "until": "", **fields})


def test_preview_shows_who_is_hit_and_stops_nothing(ada: Person, nia: Person, sam: Person, client_of: ClientOf) -> None:
    films.submitted(ada)
    page = client_of(sam).get(reverse("suspend"), {"scope": "cohort", "name": "first"})
    assert (page.status_code, page.context["reach"]["people"], page.context["reach"]["generations_queued"]) == (
        200,
        2,
        1,
    )
    assert Suspension.objects.count() == 0


@pytest.mark.parametrize(
    ("scope", "name", "code"),
    [
        ("artist", "nobody@example.org", "person-unknown"),
        ("cohort", "nowhere", "cohort-unknown"),
        ("model", "none", "model-unknown"),
        ("token", "zzzzzzzz", "token-unknown"),
        ("planet", "earth", "invalid_choice"),
    ],
)
def test_unknown_target_is_said_at_its_field(
    sam: Person, client_of: ClientOf, cohort_a: object, scope: str, name: str, code: str
) -> None:
    page = client_of(sam).get(reverse("suspend"), {"scope": scope, "name": name})
    errors = page.context["form"].errors.as_data()
    assert (page.status_code, [error.code for field in errors.values() for error in field]) == (422, [code])


def test_confirmed_by_typing_it_stops_and_shows_itself(ada: Person, sam: Person, client_of: ClientOf) -> None:
    client = client_of(sam)
    wrong = asked(client, "artist", ada.email, typed="ada")
    right = asked(client, "artist", ada.email, typed=ada.email.upper())
    stopped = Suspension.objects.get()
    assert (wrong.status_code, right.status_code, right.url) == (422, 302, reverse("suspension", args=[stopped.pk]))
    assert (stopped.artist, stopped.by, stopped.reason) == (ada, sam, WHY)
    assert client.get(right.url).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"until": "2001-01-01T10:00"}, 422), ({"until": "soon"}, 422), ({"reason": "  "}, 422), ({"running": "x"}, 422)],
)
def test_bad_input_keeps_what_was_typed(
    ada: Person, sam: Person, client_of: ClientOf, fields: dict[str, str], status: int
) -> None:
    page = asked(client_of(sam), "artist", ada.email, typed=ada.email, **fields)
    assert (page.status_code, Suspension.objects.count(), page.context["form"]["typed"].value()) == (
        status,
        0,
        ada.email,
    )


def test_second_person_ratifies_in_the_browser(ada: Person, sam: Person, olga: Person, client_of: ClientOf) -> None:
    asked(client_of(sam), "program", typed="everything")
    stopped = Suspension.objects.get()
    client_of(sam).post(reverse("suspension_ratify", args=[stopped.pk]))
    stopped.refresh_from_db()
    before = stopped.ratified_by
    client_of(olga).post(reverse("suspension_ratify", args=[stopped.pk]))
    stopped.refresh_from_db()
    assert (before, stopped.ratified_by) == (None, olga)


def test_artist_cannot_end_or_ratify(ada: Person, sam: Person, client_of: ClientOf) -> None:
    stopped = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason=WHY)
    answers = [
        client_of(ada).post(reverse(name, args=[stopped.pk])).status_code
        for name in ("suspension_end", "suspension_ratify", "suspension_confirm", "suspension_stop_running")
    ]
    stopped.refresh_from_db()
    assert (answers, stopped.state) == ([403] * 4, "in_force")


def test_stopped_artist_reads_why_and_keeps_own_works(
    ada: Person, sam: Person, clip_of: Callable[..., Clip], client_of: ClientOf
) -> None:
    clip = clip_of(ada)
    client = client_of(ada)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason=WHY, until=timezone.now() + timedelta(days=1))
    page = client.get(reverse("standing"))
    stands = {stand.ability.name: stand.decision.code for stand in page.context["stands"]}
    assert stands == {
        "make": "suspended-artist",
        "keep": "",
        "consent": "",
        "share": "suspended-artist",
        "withdraw": "",
        "agreement": "",
        "feedback": "",
        "bugs": "",
        "letters": "",
        "appeal": "",
        "ledger": "",
        "pay": "",
    }
    assert WHY in page.content.decode()
    media = [client.get(reverse(name, args=[clip.pk])).status_code for name in ("clip", "clip_film", "clip_download")]
    made = client.post(reverse("studio"), {"model": films.MODEL, "key": "k", "shot-1-prompt": "a red ball rises"})
    shared = client.post(reverse("share_new", args=[clip.pk]), {"title": "Sea", "destination": "A festival"})
    assert (media, made.status_code, shared.status_code) == ([200] * 3, 403, 403)


def test_banner_is_on_every_page_of_those_stopped_only(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    suspend(Target(Scope.COHORT, cohort=ada.membership.cohort), actor=sam, reason=WHY)
    pages = {who.name: client_of(who).get(reverse("library")).content.decode() for who in (ada, ben)}
    assert {name: WHY in page for name, page in pages.items()} == {"Ada": True, "Ben": False}


def test_request_of_a_stopped_artist_is_not_approved_and_keeps_its_place(
    ada: Person, sam: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: ClientOf
) -> None:
    request = request_share(clip_of(ada), actor=ada, title="Sea", destination="A festival")
    stopped = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason=WHY)
    refused = client_of(rhea).post(reverse("review", args=[request.pk]), {"outcome": "approve"})
    resume(stopped, actor=sam)
    approved = client_of(rhea).post(reverse("review", args=[request.pk]), {"outcome": "approve"})
    request.refresh_from_db()
    assert (refused.status_code, approved.status_code, request.state) == (409, 302, "resting")


def test_history_of_the_whole_program_is_public(program: Program, sam: Person) -> None:
    stopped = suspend(Target(Scope.PROGRAM), actor=sam, reason=WHY)
    during = Client().get(reverse("status")).content.decode()
    resume(stopped, actor=sam)
    after = Client().get(reverse("status")).content.decode()
    assert [WHY in page for page in (during, after)] == [True, True]


def test_suspension_of_one_artist_is_not_public(ada: Person, sam: Person) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason=WHY)
    assert WHY not in Client().get(reverse("status")).content.decode()


def test_those_stopped_and_the_second_person_are_told(
    ada: Person, ben: Person, sam: Person, olga: Person, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        suspend(Target(Scope.PROGRAM), actor=sam, reason=WHY)
    told = set(Notice.objects.values_list("person__name", "kind"))
    assert told == {("Ada", "program.suspended"), ("Ben", "program.suspended"), ("Olga", "program.ratify")}
