"""The API as a program meets it: tokens, scopes, one form of error, paces, and films from price to file."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from freezegun import freeze_time
from ninja.operation import PathView

from artists.people.models import AccessToken, Person
from artists.people.states import TokenScope
from artists.people.tokens import Limits, make_token, revoke_token
from artists.sharing.services import request_share
from generation.models import Clip, Generation
from portal.api.models import Stride
from portal.api.paces import READ, Pace, TooMany, keep_pace
from portal.audit.models import Entry
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from portal.urls import API
from tests.factories import films
from tests.factories.bugs import reported
from tests.factories.consent import given
from tests.factories.gatherings import gathered
from tests.factories.ledger import paid_by_hand, promised
from tests.factories.pay import funded
from tests.factories.together import at_once
from tests.portal.storage.test_images import encoded, picture

EVERYTHING = tuple(TokenScope)
FILM = {"shots": [{"prompt": "a red ball rises", "seconds": 1}], "model": films.MODEL}


class Caller:
    """A program with one token."""

    def __init__(self, person: Person, *scopes: TokenScope, **limits: Any) -> None:
        self.token, self.secret = make_token(
            person, "script", scopes=scopes or EVERYTHING, days=30, limits=Limits(**({"budget_seconds": 600} | limits)), actor=person
        )  # fmt: skip
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(f"/api/v1{path}", **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", **more)


def code_of(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert sorted(body) == ["action", "code", "message"]
    return answer.status_code, body["code"]


def operations() -> list[tuple[str, str]]:
    """(method, path) of everything the schema describes."""
    found = API.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return [(method, path) for path, methods in found.items() for method in methods]


def addressed(path: str, pk: Any) -> str:
    return path.replace("{pk}", str(pk))


def test_every_operation_wants_a_token_of_its_scope_and_of_the_owner(
    ada: Person, ben: Person, sam: Person, clip_of: Callable[..., Clip], generation_of: Callable[..., Generation]
) -> None:
    clip, running = clip_of(ada), generation_of(ada)
    keys = {"generations": running.pk, "consents": given(clip, sam).pk}
    keys["shares"] = request_share(clip, actor=ada, title="Sea", destination="A festival").pk
    keys["bugs"] = reported(ada).pk
    keys["ledger/payments"] = paid_by_hand(promised(funded(sam), ada)[0]).pk
    keys["gatherings"] = gathered(sam, cohorts=(ada.membership.cohort,)).pk
    refused = {"none": [], "other scope": [], "other artist": []}  # type: ignore[var-annotated]
    scopes = {"get": TokenScope.MAKE, "post": TokenScope.READ, "delete": TokenScope.READ}
    narrow = {scope: Caller(ada, scope).client for scope in TokenScope}
    stranger = Caller(ben).client
    for method, path in operations():
        own = addressed(path, next((key for name, key in keys.items() if f"/{name}" in path), clip.pk))
        refused["none"].append(code_of(getattr(Client(), method)(own)))
        refused["other scope"].append(code_of(getattr(narrow[scopes[method]], method)(own)))
        if "{pk}" in path:
            refused["other artist"].append(code_of(getattr(stranger, method)(own)))
    assert set(refused["none"]) == {(401, "token-missing")}
    assert set(refused["other scope"]) == {(403, "token-scope")}
    assert (set(refused["other artist"]), len(refused["other artist"])) == ({(404, "not-found")}, 13)
    assert Generation.objects.get(pk=running.pk).state == "queued"


def test_token_that_is_no_good_is_told_apart(ada: Person) -> None:
    live = Caller(ada)
    spoilt = live.secret[:-1] + ("a" if live.secret[-1] != "a" else "b")
    malformed = Client(headers={"Authorization": f"Bearer {spoilt}"}).get("/api/v1/account")
    assert (code_of(malformed), malformed["WWW-Authenticate"]) == ((401, "token-malformed"), "Bearer")
    revoke_token(live.token, actor=ada)
    assert code_of(live.get("/account")) == (401, "token-revoked")


def test_sign_in_of_a_browser_is_no_way_in(ada: Person, client_of: Callable[[Person], Client]) -> None:
    assert code_of(client_of(ada).get("/api/v1/clips")) == (401, "token-missing")


def test_film_from_price_to_file(ada: Person) -> None:
    caller = Caller(ada)
    assert caller.post("/price", FILM).json()["seconds"] == 1.0
    asked = caller.post("/generations", FILM)
    film = asked.json()
    assert (asked.status_code, film["state"], film["clip"], len(film["shots"])) == (201, "queued", None, 1)
    films.deliver_waiting()
    done = caller.get(f"/generations/{film['id']}").json()
    clip = caller.get(f"/clips/{done['clip']}").json()
    saved = caller.client.get(clip["film"], headers={"Range": "bytes=4-7"})
    assert (done["state"], saved.status_code, b"".join(saved.streaming_content)) == ("done", 206, b"ftyp")
    whole = caller.client.get(clip["film"])
    b"".join(whole.streaming_content)
    assert whole["Content-Disposition"].startswith("attachment;")
    last = Entry.objects.order_by("-pk").first()
    assert last is not None and (last.action, caller.token.prefix in json.dumps(last.body)) == (
        "storage.download",
        True,
    )
    assert [one["id"] for one in caller.get("/clips").json()["items"]] == [clip["id"]]


def test_film_asked_twice_with_one_key_is_asked_once(ada: Person) -> None:
    caller = Caller(ada)
    first, again = (caller.post("/generations", FILM, headers={"Idempotency-Key": "k"}).json() for _ in range(2))
    assert (first["id"] == again["id"], Generation.objects.count()) == (True, 1)


def test_film_is_charged_to_its_token(ada: Person) -> None:
    caller = Caller(ada, budget_generations=1, at_once=5)
    assert caller.post("/generations", FILM).status_code == 201
    assert code_of(caller.post("/generations", FILM)) == (429, "token-generations")
    assert caller.get("/token").json()["made_generations"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"shots": []}, 422, "shot-missing"),
        ({"shots": [{"prompt": " "}]}, 422, "prompt-empty"),
        ({"shots": [{"prompt": "x" * 10_000}]}, 422, "prompt-too-long"),
        ({"shots": [{"prompt": "a ball", "seconds": 61}]}, 422, "film-too-long"),
        ({"shots": [{"prompt": "a ball"}], "size": "7x7"}, 422, "size-not-offered"),
        ({"shots": [{"prompt": "a ball"}], "model": "none"}, 422, "model-unknown"),
        ({"shots": [{"prompt": "a ball", "follows": "jump"}]}, 422, "request-invalid"),
        ({"shots": [{"prompt": "a ball", "reference": 999}]}, 404, "not-found"),
        ({"shots": "a ball"}, 422, "request-invalid"),
        ({}, 422, "request-invalid"),
    ],
)
def test_film_of_bad_input_is_refused_and_writes_nothing(ada: Person, body: Any, status: int, code: str) -> None:
    assert (code_of(Caller(ada).post("/generations", body)), Generation.objects.count()) == ((status, code), 0)


def test_body_that_is_no_json_is_refused(ada: Person) -> None:
    caller = Caller(ada)
    answer = caller.client.post("/api/v1/generations", b"{shots", content_type="application/json")
    assert code_of(answer) == (400, "request-unreadable")


def test_reference_image_is_checked_and_kept(ada: Person, ben: Person) -> None:
    caller = Caller(ada)
    path = "/api/v1/references"
    kept = caller.client.post(path, {"image": SimpleUploadedFile("a.png", encoded(picture(), "PNG"))})
    assert kept.status_code == 201
    assert code_of(caller.client.post(path, {"image": SimpleUploadedFile("a.png", b"text")}))[0] == 422
    body = {"shots": [{"prompt": "a ball", "reference": kept.json()["id"]}], "model": films.MODEL}
    assert (code_of(Caller(ben).post("/generations", body)), caller.post("/generations", body).status_code) == (
        (404, "not-found"),
        201,
    )


def test_account_says_standing_and_quota(ada: Person, nia: Person) -> None:
    mine, unsigned = Caller(ada).get("/account").json(), Caller(nia).get("/account").json()
    assert (mine["standing"]["allowed"], mine["cohort"], mine["quota"]["spent"]) == (True, "first", 0.0)
    assert (unsigned["standing"]["allowed"], unsigned["standing"]["code"]) == (False, "agreement-unsigned")


def test_suspended_artist_still_reads_and_saves(ada: Person, sam: Person, clip_of: Callable[..., Clip]) -> None:
    clip, caller = clip_of(ada), Caller(ada)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A question is open.")
    assert code_of(caller.post("/generations", FILM))[0] == 403
    assert (caller.get(f"/clips/{clip.pk}").status_code, caller.get(f"/clips/{clip.pk}/film").status_code) == (200, 200)


def test_suspended_token_is_refused_everywhere(ada: Person, sam: Person) -> None:
    caller, other = Caller(ada), Caller(ada)
    suspend(Target(Scope.TOKEN, token=caller.token), actor=sam, reason="It was seen on a public page.")
    assert (code_of(caller.get("/clips"))[0], other.get("/clips").status_code) == (403, 200)


def test_token_ends_itself(ada: Person) -> None:
    caller = Caller(ada)
    assert caller.client.delete("/api/v1/token").status_code == 204
    assert code_of(caller.get("/token")) == (401, "token-revoked")
    assert AccessToken.objects.get().state == "revoked"


def test_pages_show_every_film_once(
    ada: Person, generation_of: Callable[..., Generation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.api.PAGE", 2)
    asked = [generation_of(ada) for _number in range(3)]
    caller = Caller(ada)
    first = caller.get("/generations").json()
    second = caller.get(f"/generations?after={first['next']}").json()
    seen = [one["id"] for one in first["items"] + second["items"]]
    assert (seen, second["next"]) == ([str(one.pk) for one in reversed(asked)], None)
    assert code_of(caller.get("/generations?state=lost"))[1] == "request-invalid"


def test_list_costs_the_same_for_any_number_of_films(
    ada: Person, generation_of: Callable[..., Generation], django_assert_num_queries: Any
) -> None:
    caller = Caller(ada)
    caller.get("/generations")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _number in range(2):
        generation_of(ada)
        with CaptureQueriesContext(connection) as seen:
            caller.get("/generations")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_pace_is_kept_over_processes_and_per_person(ada: Person, ben: Person) -> None:
    with freeze_time("2026-11-24 12:00:00") as clock:
        mine, other = Caller(ada), Caller(ben)
        answers = [mine.get("/token").status_code for _number in range(READ.at_once)]
        late = mine.get("/token")
        assert (set(answers), code_of(late), late["Retry-After"]) == ({200}, (429, "too-many-requests"), "1")
        assert (Caller(ada).get("/token").status_code, other.get("/token").status_code) == (429, 200)
        clock.tick(1)
        assert mine.get("/token").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_pace_under_thirty_at_once_is_never_exceeded() -> None:
    pace = Pace("test", a_minute=1, at_once=7)

    def one(number: int) -> bool:
        try:
            keep_pace(pace, "somebody")
        except TooMany:
            return False
        return True

    assert sum(at_once(30, one)) == 7
    row: Model = Stride.objects.get()
    assert str(row) == "test:somebody"


def test_address_and_method_the_api_does_not_have(ada: Person) -> None:
    assert code_of(Client().get("/api/v1/nothing")) == (404, "not-found")
    answer = Caller(ada).client.delete("/api/v1/clips")
    assert (code_of(answer), answer["Allow"]) == ((405, "method-not-allowed"), "GET")


def test_mistake_of_ours_is_said_in_the_api_s_form(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(actor: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("generation.queries.clips_visible_to", fall)
    assert code_of(Caller(ada).get("/clips")) == (500, "server-error")


@pytest.mark.django_db
def test_schema_is_openapi_3_1_and_names_every_fault() -> None:
    schema = Client().get("/api/schema").json()
    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            faults = {"400", "401", "403", "404", "409", "410", "422", "429", "503"}
            assert faults <= set(operation["responses"]), (method, path)
            assert operation["security"], (method, path)


def test_every_operation_has_a_token() -> None:
    views: list[PathView] = [view for _prefix, router in API._routers for view in router.path_operations.values()]
    assert [operation.path for view in views for operation in view.operations if not operation.auth_callbacks] == []
