"""Pages of consent: who asks, who answers, who sees what, and that nothing typed is lost."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.consent import authors
from artists.consent.models import Answer, Call, Consent, Nomination, Pause, Preference
from artists.consent.services import call_members, name_delegate, record_use, withdraw_consent
from artists.consent.services.register import Happened
from artists.people.looks import begin_look
from artists.people.models import Person
from artists.people.models.looks import LookKind
from generation.models import Clip
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories import people
from tests.factories.consent import asked_authors, consented

ClientOf = Callable[[Person], Client]
ClipOf = Callable[..., Clip]
LATER = "2099-01-01T10:00"


@pytest.fixture
def together(ada: Person, nia: Person, ben: Person, clip_of: ClipOf) -> Iterator[Clip]:
    """A film of Ada's that Nia and Ben made too."""
    clip = clip_of(ada)
    authors.register_authors("tests", lambda one: {nia.pk, ben.pk} if one.pk == clip.pk else set())
    yield clip
    authors.register_authors("tests", lambda _one: set())


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


def test_uses_say_first_what_waits_then_nobody_uses(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:  # fmt: skip
    client = client_of(ada)
    empty = page(client, "uses")
    given = asked_authors(clip_of(ada), by=sam)[0]
    waiting = page(client, "uses")
    assert (
        "Nothing waits for your answer" in empty,
        "Nobody uses your work." in empty,
        "1 request waits for your answer" in waiting,
        reverse("consent_answer", args=[given.pk]) in waiting,
    ) == (True, True, True, True)


def test_request_is_shown_exactly_as_asked(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    now = timezone.now().replace(hour=20, minute=30)
    terms = {
        "kind": "training",
        "places": ("DE", "FR"),
        "fee": 1250,
        "credit_line": "Ada and the sea",
        "starts_at": now,
    }
    given = asked_authors(clip_of(ada), by=sam, **terms)[0]
    shown = page(client_of(Person.objects.get(pk=ada.pk)), "consent_answer", given.pk)
    for words in (
        "DE, FR", "12.50", "Ada and the sea", "05:30 JST", "To show what artists make here.", "Sam", "No answer until then is a no.",
        "A model that has learned from it cannot unlearn it", "with the very next request", "Ask something first",
    ):  # fmt: skip
        assert (words, words in shown) == (words, True)


@pytest.mark.parametrize(
    ("typed", "state", "asked"),
    [
        ({"answer": "yes"}, "yes", "given"),
        ({"answer": "limits", "places": "de", "conditions": "Without sound."}, "yes", "given"),
        ({"answer": "no"}, "no", "declined"),
        ({"answer": "ask", "question": "Which scene?"}, "waiting", "open"),
    ],
)
def test_answer_does_what_was_chosen(  # noqa: PLR0913 - the case
    typed: dict[str, str], state: str, asked: str,
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf,
) -> None:  # fmt: skip
    given = asked_authors(clip_of(ada), by=sam)[0]
    sent = client_of(ada).post(reverse("consent_answer", args=[given.pk]), typed)
    given.refresh_from_db()
    given.work.refresh_from_db()
    assert (sent.status_code, given.state, given.work.state) == (302, state, asked)
    assert (given.question, given.may_name) == (typed.get("question", ""), False)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"answer": "limits", "places": "Germany", "conditions": "Kept."}, 422, "places-unknown"),
        ({"answer": "limits", "places": "US", "conditions": "Kept."}, 422, "places-outside"),
        ({"answer": "limits", "ends_at": LATER, "conditions": "Kept."}, 422, "limit-later"),
        ({"answer": "limits", "ends_at": "2020-01-01T10:00", "conditions": "Kept."}, 422, "limit-past"),
        ({"answer": "limits"}, 422, "limits-missing"),
        ({"answer": "ask", "question": " ", "conditions": "Kept."}, 422, "question-missing"),
        ({"conditions": "Kept."}, 422, "This field is required."),
    ],
)
def test_answer_that_cannot_be_taken_keeps_what_was_typed(  # noqa: PLR0913 - the case
    typed: dict[str, str], status: int, said: str,
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf,
) -> None:  # fmt: skip
    given = asked_authors(clip_of(ada), by=sam, places=("DE", "FR"))[0]
    sent = client_of(ada).post(reverse("consent_answer", args=[given.pk]), typed)
    shown = sent.content.decode()
    assert (sent.status_code, said in shown, Answer.objects.get().state) == (status, True, "waiting")
    assert "Kept." in shown or "conditions" not in typed


def test_answer_to_what_is_no_longer_asked_is_refused_with_its_code(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    given = asked_authors(clip_of(ada), by=sam)[0]
    staff = client_of(sam)
    staff.post(reverse("consent_take_back", args=[given.work.request_id]))
    late = client_of(ada).post(reverse("consent_answer", args=[given.pk]), {"answer": "yes"})
    assert (late.status_code, "answer-over" in late.content.decode(), Consent.objects.count()) == (409, True, 0)


def test_yes_after_the_time_to_answer_is_refused(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    given = asked_authors(clip_of(ada), by=sam)[0]
    with freeze_time(timezone.now() + timedelta(days=15)):
        late = client_of(ada).post(reverse("consent_answer", args=[given.pk]), {"answer": "yes"})
    assert (late.status_code, "answer-late" in late.content.decode(), Consent.objects.count()) == (409, True, 0)


def test_everybody_who_is_asked_sees_the_film_and_nobody_else(
    together: Clip, ada: Person, nia: Person, sam: Person, rhea: Person, client_of: ClientOf
) -> None:
    answers = {given.person_id: given for given in asked_authors(together, by=sam)}
    theirs = reverse("consent_film", args=[answers[nia.pk].pk])
    seen = [client_of(who).get(theirs).status_code for who in (nia, ada, sam, rhea)]
    mine = client_of(nia).get(reverse("clip_film", args=[together.pk])).status_code
    assert (seen, mine) == ([200, 404, 404, 404], 404)
    Clip.objects.filter(pk=together.pk).update(deleted_at=timezone.now())
    assert (client_of(nia).get(theirs).status_code, client_of(nia).get(reverse("consent_answer", args=[answers[nia.pk].pk])).status_code) == (410, 200)  # fmt: skip


@pytest.mark.parametrize("may_name", [False, True])
def test_whoever_declines_stays_unnamed_unless_they_allow_it(  # noqa: PLR0913 - the cast
    may_name: bool, together: Clip, ada: Person, nia: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    Person.objects.filter(pk=nia.pk).update(credit_name="Nia Unnamed")
    answers = {given.person_id: given for given in asked_authors(together, by=sam)}
    client_of(ada).post(reverse("consent_answer", args=[answers[ada.pk].pk]), {"answer": "yes"})
    typed = {"answer": "no"} | ({"may_name": "on"} if may_name else {})
    client_of(nia).post(reverse("consent_answer", args=[answers[nia.pk].pk]), typed)
    pages = [
        page(client_of(ben), "consent_answer", answers[ben.pk].pk),
        page(client_of(ada), "consent_answer", answers[ada.pk].pk),
        page(client_of(sam), "consent_request", answers[ada.pk].work.request_id),
    ]
    assert [("Nia Unnamed" in one, "Who it was stays with them." in one) for one in pages] == [
        (may_name, not may_name)
    ] * 3


def test_suspended_artist_answers_and_withdraws_all_the_same(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    given = asked_authors(clip_of(ada), by=sam)[0]
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    client = client_of(ada)
    client.post(reverse("consent_answer", args=[given.pk]), {"answer": "yes"})
    consent = Consent.objects.get()
    shown = page(client, "consent", consent.pk)
    gone = client.post(reverse("consent_withdraw", args=[consent.pk]), follow=True).content.decode()
    again = client.post(reverse("consent_withdraw", args=[consent.pk]), follow=True).content.decode()
    consent.refresh_from_db()
    assert (
        "What cannot be undone:" in shown,
        "Copies that visitors saved cannot be called back." in gone,
        "It was withdrawn before" in again,
        consent.state,
    ) == (True, True, True, "withdrawn")


def test_viewing_as_an_artist_answers_withdraws_and_pauses_nothing(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    consent = consented(clip_of(ada), by=sam)
    given = asked_authors(consent.clip, by=sam, kind="press", where="A paper")[0]
    client = client_of(sam)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": "A fault on her page."})
    sent = [
        client.post(reverse("consent_answer", args=[given.pk]), {"answer": "yes"}).status_code,
        client.post(reverse("consent_withdraw", args=[consent.pk])).status_code,
        client.post(reverse("union"), {"until": LATER}).status_code,
        client.post(reverse("consent_choices"), {}).status_code,
    ]
    shown = page(client, "consent_answer", given.pk)
    consent.refresh_from_db()
    given.refresh_from_db()
    assert (sent, consent.state, given.state, Pause.objects.count()) == ([403] * 4, "given", "waiting", 0)
    assert ("viewing-only" in shown, "Send my answer" in shown) == (True, False)
    assert begin_look(ada, LookKind.PROMPTS, reason="x", actor=sam).person == ada


def test_register_shows_filters_and_saves_the_uses(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    site = consented(clip_of(ada, title="Tide"), by=sam)
    paper = consented(clip_of(ada, title="Star"), by=sam, kind="press", where="=A paper", fee=1250, places=("DE",))
    record_use(site, Happened(timezone.now(), "northlight.example", url="https://northlight.example/tide", reach=40), actor=sam)  # fmt: skip
    record_use(paper, Happened(timezone.now(), "=A paper", place="DE", fee=1250), actor=sam)
    client, staff = client_of(ada), client_of(sam)
    address, all_of_it = reverse("uses"), reverse("consent_register")

    def rows(who: Client, where: str, **query: str) -> list[str]:
        return [use.clip.title for use in who.get(where, query).context["page"].rows]

    assert (rows(client, address), rows(client, address, kind="press"), rows(client, address, work=str(site.clip_id)), rows(client, address, kind="nothing")) == (["Star", "Tide"], ["Star"], ["Tide"], ["Star", "Tide"])  # fmt: skip
    assert (rows(staff, all_of_it, words="ADA"), rows(staff, all_of_it, words="tide"), rows(staff, all_of_it, since="2099-01-01"), rows(staff, all_of_it, words="nobody")) == (["Star", "Tide"], ["Tide"], [], [])  # fmt: skip
    saved = client.get(reverse("uses_csv"), {"kind": "press"})
    lines = saved.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0][:9], "'=A paper" in lines[1], ",12.50,EUR," in lines[1], saved["Content-Type"]) == (2, "work,clip", True, True, "text/csv; charset=utf-8")  # fmt: skip
    assert len(staff.get(reverse("consent_register_csv")).content.decode().splitlines()) == 3


def test_uses_cost_the_same_for_any_number(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    client, staff, counts = client_of(ada), client_of(sam), []
    consent = consented(clip_of(ada), by=sam)
    for number in range(2):
        record_use(consent, Happened(timezone.now(), f"Page {number}"), actor=sam)
        consented(clip_of(ada), by=sam, where=f"Site {number}")
        asked_authors(consent.clip, by=sam, kind="press", where=f"Paper {number}")
        seen = []
        for who, name in ((client, "uses"), (staff, "consent_desk"), (staff, "consent_register")):
            with CaptureQueriesContext(connection) as queries:
                who.get(reverse(name))
            seen.append(len(queries))
        counts.append(seen)
    assert counts[0] == counts[1]


def test_receipt_leaves_as_json_and_pdf_for_its_authors_and_staff(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    consent = consented(clip_of(ada), by=sam, fee=1250)
    for who in (ada, sam):
        told = client_of(who).get(reverse("consent_receipt", args=[consent.pk]))
        assert (told["Content-Type"], told.json()["header"]["receipt_id"]) == ("application/json", str(consent.pk))
    first, second = (client_of(ada).get(reverse("consent_paper", args=[consent.pk])) for _ in range(2))
    assert (first["Content-Type"], first.content[:5], first.content == second.content) == (
        "application/pdf",
        b"%PDF-",
        True,
    )
    others = [
        client_of(ben).get(reverse(name, args=[consent.pk])).status_code
        for name in ("consent", "consent_receipt", "consent_paper")
    ]
    assert others == [404] * 3


def test_choices_begin_with_decide_later_and_the_hint_goes_once_saved(
    ada: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    client = client_of(ada)
    assert (page(client, "consent_choices").count('value="later" required'), "decide some things beforehand" in page(client, "home")) == (7, True)  # fmt: skip
    everything = dict.fromkeys(("credit", "showcase", "social", "press", "screening", "research", "training"), "later")
    bad = client.post(reverse("consent_choices"), {"credit": "yes"})
    assert (bad.status_code, "stance-missing" in bad.content.decode(), Preference.objects.count()) == (422, True, 0)
    client.post(reverse("consent_choices"), everything | {"training": "no"})
    assert (Preference.objects.count(), Preference.objects.get(stance="no").kind) == (7, "training")
    assert ("decide some things beforehand" in page(client, "home")) is False
    clip = clip_of(ada)
    own = reverse("consent_choices_of", args=[clip.pk])
    client.post(own, dict.fromkeys(everything, "") | {"press": "yes"})
    assert [one.stance for one in Preference.objects.filter(clip=clip)] == ["yes"]
    client.post(own, dict.fromkeys(everything, ""))
    assert Preference.objects.filter(clip=clip).count() == 0


def test_a_no_chosen_beforehand_answers_at_once(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    client = client_of(ada)
    kinds = ("credit", "showcase", "social", "press", "screening", "research", "training")
    client.post(reverse("consent_choices"), dict.fromkeys(kinds, "later") | {"training": "no"})
    given = asked_authors(clip_of(ada), by=sam, kind="training")[0]
    assert (given.state, "as you had decided beforehand" in page(client, "consent_answer", given.pk)) == ("no", True)


@pytest.mark.parametrize(
    ("typed", "code"), [("2020-01-01T10:00", "until-past"), (LATER, "until-far"), ("", "required")]
)
def test_pause_with_a_wrong_end_keeps_what_was_typed(typed: str, code: str, ada: Person, client_of: ClientOf) -> None:
    sent = client_of(ada).post(reverse("union"), {"until": typed, "words": "A strike."})
    shown = sent.content.decode()
    assert (sent.status_code, code in shown, "A strike." in shown, Pause.objects.count()) == (422, True, True, 0)


def test_switch_rests_and_resumes_every_consent(ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    consent = consented(clip_of(ada), by=sam)
    client = client_of(ada)
    until = local(timezone.now() + timedelta(days=9))
    client.post(reverse("union"), {"until": until})
    again = client.post(reverse("union"), {"until": until})
    resting = page(client, "consent", consent.pk)
    refused = client_of(sam).post(
        reverse("consent_file", args=[consent.pk]), {"where": "Site", "place": "world", "note": "Typed."}
    )
    client.post(reverse("union_resume"))
    assert (
        again.status_code,
        "paused-already" in again.content.decode(),
        "Resting" in resting,
        refused.status_code,
        "consent-paused" in refused.content.decode(),
        "Typed." in refused.content.decode(),
        "In force" in page(client, "consent", consent.pk),
    ) == (409, True, True, 409, True, True, True)


def test_delegate_is_named_by_more_than_half_and_calls(
    ada: Person, nia: Person, cohort_a: Any, client_of: ClientOf
) -> None:
    third = people.artist_in(cohort_a, "Theo")
    lone = client_of(ada).post(reverse("union_call"), {"text": "Stop.", "until": local(timezone.now() + timedelta(days=3))})  # fmt: skip
    assert (lone.status_code, "not-a-delegate" in lone.content.decode(), Call.objects.count()) == (403, True, 0)
    for who in (nia, third):
        client_of(who).post(reverse("union_delegate", args=[ada.pk]), {"act": "name"})
    assert "You are a delegate" in page(client_of(ada), "union")
    past = client_of(ada).post(reverse("union_call"), {"text": "Stop now.", "until": "2020-01-01T10:00"})
    assert (past.status_code, "Stop now." in past.content.decode()) == (422, True)
    until = timezone.now() + timedelta(days=3)
    client_of(ada).post(reverse("union_call"), {"text": "They broke their word.", "until": local(until)})
    shown = page(client_of(nia), "union")
    assert ("They broke their word." in shown, f'value="{local(until)}"' in shown, "calls on your cohort" in page(client_of(nia), "uses")) == (True, True, True)  # fmt: skip
    client_of(nia).post(reverse("union_delegate", args=[ada.pk]), {"act": "unname"})
    assert Nomination.objects.count() == 1


def test_nobody_outside_the_cohort_is_named(ada: Person, ben: Person, client_of: ClientOf) -> None:
    client_of(ada).post(reverse("union_delegate", args=[ben.pk]), {"act": "name"})
    assert Nomination.objects.count() == 0


def test_call_and_names_are_for_the_cohort_alone(ada: Person, nia: Person, ben: Person, client_of: ClientOf) -> None:
    name_delegate(nia, actor=ada)
    call_members(actor=nia, text="Rest.", until=timezone.now() + timedelta(days=2))
    assert ("Rest." in page(client_of(ada), "union"), "Rest." in page(client_of(ben), "union")) == (True, False)


def test_what_ended_is_listed_newest_first_and_page_by_page(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artists.consent.views.artist.EARLIER", 2)
    monkeypatch.setattr("artists.consent.views.artist.A_PAGE", 2)
    ended = [
        consented(clip_of(ada), by=sam, kind=kind, where=f"Place of {kind}")
        for kind in ("social", "press", "screening")
    ]
    live = consented(clip_of(ada), by=sam)
    for one in ended:
        withdraw_consent(one, actor=ada)
    client = client_of(ada)
    addresses = [reverse("consent", args=[one.pk]) for one in (*ended, live)]

    def listed(text: str) -> list[str]:
        return [address for address in re.findall(r'href="(/me/uses/consents/[^"]+/)"', text) if address in addresses]

    front, first = page(client, "uses"), page(client, "consents_ended")
    second = client.get(f"{reverse('consents_ended')}?page=2").content.decode()
    assert listed(front) == [addresses[3], addresses[2], addresses[1]]
    assert (reverse("consents_ended") in front, "page=2" in first, "page=3" in second) == (True, True, False)
    assert (listed(first), listed(second)) == ([addresses[2], addresses[1]], [addresses[0]])
    assert listed(page(client_of(ben), "consents_ended")) == []
