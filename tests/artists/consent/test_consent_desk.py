"""The consent desk and the API of consent: asking, recording, proving; nothing typed is lost, no private title is shown."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.consent.models import Answer, ConsentRequest, Use
from artists.consent.services import ask_back, record_use, say_yes
from artists.consent.services.register import Happened
from artists.people.models import Person
from artists.people.states import TokenScope
from artists.people.tokens import Limits, make_token
from generation.models import Clip
from portal.audit.models import Entry
from portal.panels import status
from tests.factories.consent import asked_authors, consented
from tests.factories.sharing import asked_for, released

ClientOf = Callable[[Person], Client]
ClipOf = Callable[..., Clip]
LATER = "2099-01-01T10:00"


def local(moment: Any) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def asking(**more: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "kind": "social", "where": "@northlight", "places": "de, fr", "starts_at": local(now), "fee": "12.50",
        "ends_at": local(now + timedelta(days=90)), "currency": "EUR", "text": "A post about you.",
        "answer_by": local(now + timedelta(days=7)), "credit_line": "",
    } | more  # fmt: skip


def test_staff_preview_as_the_artist_sees_it_and_then_ask(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip, client = clip_of(ada), client_of(sam)
    typed = asking(work=str(clip.pk))
    shown = client.post(reverse("consent_ask"), typed | {"act": "preview"})
    text = shown.content.decode()
    assert (shown.status_code, "As the artist sees it" in text, "12.50" in text, "DE, FR" in text, ConsentRequest.objects.count()) == (200, True, True, True, 0)  # fmt: skip
    changed = client.post(reverse("consent_ask"), typed | {"act": "change"}).content.decode()
    assert ("A post about you." in changed, f'value="{clip.pk}"' in changed) == (True, True)
    sent = client.post(reverse("consent_ask"), typed | {"act": "send"})
    request = ConsentRequest.objects.get()
    assert (sent["Location"], request.fee, request.places, Answer.objects.get().person) == (
        reverse("consent_request", args=[request.pk]), 1250, ["DE", "FR"], ada,
    )  # fmt: skip
    again = client.post(reverse("consent_ask"), typed | {"act": "preview"})
    assert (again.status_code, "asked-already" in again.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends_at": "2020-01-01T10:00", "starts_at": "2019-01-01T10:00"}, "period-over"),
        ({"starts_at": "2098-01-01T10:00"}, "period-backwards"),
        ({"ends_at": LATER}, "period-long"),
        ({"currency": "XTS"}, "currency-unused"),
        ({"fee": "a lot"}, "amount-unreadable"),
        ({"fee": "1.234"}, "amount-unreadable"),
        ({"places": "Europe"}, "places-unknown"),
        ({"answer_by": "2020-01-01T10:00"}, "answer-by-wrong"),
        ({"work": "nothing"}, "works-missing"),
    ],
)
def test_request_that_cannot_be_asked_keeps_what_was_typed(
    more: dict[str, str], code: str, ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip = clip_of(ada)
    for act in ("preview", "send"):
        answer = client_of(sam).post(reverse("consent_ask"), asking(work=str(clip.pk)) | more | {"act": act})
        shown = answer.content.decode()
        assert (answer.status_code, code in shown, "A post about you." in shown, ConsentRequest.objects.count()) == (
            422, True, True, 0,
        )  # fmt: skip


def test_works_that_are_not_public_have_no_title_for_staff(
    ada: Person, ben: Person, sam: Person, rhea: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    secret, public = clip_of(ben, title="A very private title"), clip_of(ada, title="Working title")
    released(asked_for(public, title="Tide table"), rhea)
    client = client_of(sam)

    def found(words: str) -> tuple[bool, bool, bool]:
        shown = client.post(reverse("consent_ask"), asking(words=words) | {"act": "search"}).content.decode()
        assert "A post about you." in shown
        return str(secret.pk) in shown, str(public.pk) in shown, "A very private title" in shown

    assert (found("tide"), found("very private"), found("Ben"), found("")) == (
        (False, True, False), (False, False, False), (True, False, False), (False, True, False),
    )  # fmt: skip
    given = asked_authors(secret, by=sam)[0]
    before = page(client, "consent_request", given.work.request_id)
    say_yes(given, actor=ben)
    after = page(client, "consent_request", given.work.request_id)
    assert ("very private" in before, "very private" in after) == (False, True)


def test_use_is_recorded_under_a_live_consent_and_its_reach_later(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    consent = consented(clip_of(ada), by=sam, places=("DE",))
    client, address = client_of(sam), reverse("consent_file", args=[consent.pk])
    wrong = {
        "consent-place": {"place": "FR"},
        "consent-not-begun": {"at": "2020-01-01T10:00"},
        "use-future": {"at": LATER},
        "place-unknown": {"place": "Berln"},
        "amount-unreadable": {"fee": "x"},
    }
    typed = {"where": "A wall in Berlin", "place": "de", "note": "Typed."}
    for code, more in wrong.items():
        answer = client.post(address, typed | more)
        shown = answer.content.decode()
        assert (code, answer.status_code in {409, 422}, code in shown, "Typed." in shown) == (code, True, True, True)
    assert Use.objects.count() == 0
    client.post(address, typed | {"url": "https://wall.example", "fee": "3"})
    use = Use.objects.get()
    assert (use.place, use.fee, use.reach) == ("DE", 300, None)
    bad = client.post(reverse("consent_reach", args=[use.pk]), {"reach": "-1"})
    client.post(reverse("consent_reach", args=[use.pk]), {"reach": "1200", "url": ""})
    use.refresh_from_db()
    assert (bad.status_code, use.reach, use.url) == (422, 1200, "https://wall.example")
    assert "A wall in Berlin" in page(client_of(ada), "uses")


def test_question_is_answered_on_the_page_of_its_request(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    given = asked_authors(clip_of(ada), by=sam)[0]
    ask_back(given, actor=ada, text="Which scene?")
    client = client_of(sam)
    assert ("1 artist asked something" in page(client, "consent_desk"), "Which scene?" in page(client, "consent_request", given.work.request_id)) == (True, True)  # fmt: skip
    empty = client.post(reverse("consent_reply", args=[given.pk]), {"reply": " "})
    client.post(reverse("consent_reply", args=[given.pk]), {"reply": "The one with the ball."})
    assert (empty.status_code, "The one with the ball." in page(client_of(ada), "consent_answer", given.pk)) == (422, True)  # fmt: skip


def test_proof_is_one_archive_and_in_the_record(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    consent = consented(clip_of(ada), by=sam)
    record_use(consent, Happened(timezone.now(), "northlight.example"), actor=sam)
    data = client_of(sam).get(reverse("consent_proof", args=[consent.pk])).content
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.namelist() == ["receipt.json", "receipt.pdf", "register.json", "register.csv"]
    assert json.loads(archive.read("register.json"))[0]["where"] == "northlight.example"
    assert Entry.objects.filter(action="consent.export_proof", actor_id=sam.pk).count() == 1


def test_desk_today_and_dossier_say_what_waits(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    consent = consented(clip_of(ada), by=sam, ends_at=timezone.now() + timedelta(days=20))
    record_use(consent, Happened(timezone.now(), "northlight.example"), actor=sam)
    client = client_of(sam)
    assert ("Ending within 30 days" in page(client, "consent_desk"), "end within 30 days" in page(client, "today"), "Consents in force" in page(client, "person", ada.pk)) == (True, True, True)  # fmt: skip
    client_of(ada).post(reverse("consent_withdraw", args=[consent.pk]))
    shown = page(client, "consent_desk")
    assert ("Withdrawn lately" in shown, "stops by" in shown) == (True, True)
    assert status()["consent"] == {"asked": 0, "in_force": 0, "withdrawn": 1, "questions": 0, "pauses": 0}


def test_api_reads_own_consents_and_uses_and_consents_to_nothing(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf
) -> None:
    consent = consented(clip_of(ada), by=sam, fee=1250)
    use = record_use(consent, Happened(timezone.now(), "northlight.example", reach=4), actor=sam)

    def calls(person: Person, *scopes: TokenScope) -> Client:
        _row, secret = make_token(person, "s", scopes=scopes, days=3, limits=Limits(budget_seconds=9), actor=person)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    mine, theirs = calls(ada, TokenScope.READ), calls(ben, TokenScope.READ)
    one = mine.get("/api/v1/consents").json()["items"][0]
    assert (one["id"], one["use"], one["fee"], one["state"], one["live"]) == (str(consent.pk), "showcase", 1250, "given", True)  # fmt: skip
    assert mine.get(f"/api/v1/consents/{consent.pk}").json() == one
    assert mine.get(f"/api/v1/consents/{consent.pk}/receipt").json()["header"]["receipt_id"] == str(consent.pk)
    used = mine.get("/api/v1/uses").json()["items"][0]
    assert (used["id"], used["reach"], used["consent"]) == (use.pk, 4, str(consent.pk))
    assert (theirs.get("/api/v1/consents").json()["items"], theirs.get(f"/api/v1/consents/{consent.pk}").status_code) == ([], 404)  # fmt: skip
    assert calls(ada, TokenScope.ACCOUNT).get("/api/v1/uses").status_code == 403
    assert mine.post(f"/api/v1/consents/{consent.pk}").status_code == 405
