"""Critique on its pages: who may write, what is refused without loss, answers in public, withholding on a ground."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.feedback.critique import services
from artists.feedback.critique.services import answer_critique, publish_weeks, withhold_critique, write_critique
from artists.feedback.models import Critique, CritiqueWeek
from artists.people.models import Person
from portal.audit.models import Entry
from portal.panels import status
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.refusals import code_of

ClientOf = Callable[[Person], Client]
HOSTILE = "<script>alert(1)</script> =1+1"


def over(*texts: str, week: str = "2026-W01") -> list[Critique]:
    """A week that is over, with these texts."""
    row = CritiqueWeek.objects.create(week=week, count=len(texts))
    Critique.objects.bulk_create([Critique(week=row, text=text) for text in texts])
    publish_weeks()
    return list(Critique.objects.filter(week=row).order_by("text"))


def page(client: Client, path: str = "/critique/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_says_what_is_stored_and_what_is_not(ada: Person, client_of: ClientOf) -> None:
    for client in (Client(), client_of(ada)):
        shown = page(client)
        wanted = ("What is stored", "What is not stored", "What we cannot promise", "Nobody counts who writes how much")
        assert [words in shown for words in wanted] == [True] * 4
    assert ('name="text"' in page(client_of(ada)), 'name="text"' in page(Client())) == (True, False)


@pytest.mark.parametrize("who", ["public", "rhea", "sam"])
def test_only_artists_write_and_a_lost_sign_in_costs_no_text(
    who: str, rhea: Person, sam: Person, client_of: ClientOf
) -> None:
    client = {"public": Client()}.get(who) or client_of({"rhea": rhea, "sam": sam}[who])
    answer = client.post("/critique/", {"text": "Typed at length."})
    shown = answer.content.decode()
    code = {"public": "sign-in"}.get(who, "role")
    assert (answer.status_code, code in shown, "Typed at length." in shown, Critique.objects.count()) == (403, True, True, 0)  # fmt: skip


def test_suspended_artists_write_too(ada: Person, sam: Person, client_of: ClientOf) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A check.")
    assert client_of(ada).post("/critique/", {"text": "And yet."}).status_code == 302


@pytest.mark.parametrize("text", ["  ", "x" * 4001, "nul\x00"])
def test_text_that_is_none_is_refused_and_stays_on_the_page(text: str, ada: Person, client_of: ClientOf) -> None:
    answer = client_of(ada).post("/critique/", {"text": text})
    assert (answer.status_code, Critique.objects.count(), CritiqueWeek.objects.count()) == (422, 0, 0)
    acts = {"critique-missing": " ", "critique-long": "x" * 4001}
    assert {name: code_of(lambda words=words: write_critique(words, actor=ada)) for name, words in acts.items()} == {
        name: name for name in acts
    }  # fmt: skip


def test_full_week_takes_no_more_and_costs_no_text(
    ada: Person, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_A_WEEK", 2)
    for text in ("one", "two", "two"):
        write_critique(text, actor=ada)
    answer = client_of(ada).post("/critique/", {"text": "three"})
    shown = answer.content.decode()
    assert (answer.status_code, "critique-full" in shown, ">\nthree<" in shown.replace("\r", ""), CritiqueWeek.objects.get().count) == (429, True, True, 2)  # fmt: skip


def test_staff_answer_in_public_and_change_nothing_above(ada: Person, sam: Person, client_of: ClientOf) -> None:
    (one,) = over(HOSTILE)
    assert "texts without a public answer" in page(client_of(sam), reverse("today"))
    empty = client_of(sam).post(reverse("critique_answer", args=[one.pk]), {"answer": " "})
    assert (empty.status_code, code_of(lambda: answer_critique(one, " ", actor=sam)), code_of(lambda: answer_critique(one, "x" * 4001, actor=sam))) == (422, "answer-missing", "answer-long")  # fmt: skip
    client_of(sam).post(reverse("critique_answer", args=[one.pk]), {"answer": f"From May on. {HOSTILE}"})
    shown = page(Client())
    assert ("From May on." in shown, "Sam" in shown, "<script>alert" in shown) == (True, True, False)
    assert ("From May on." in page(client_of(sam), reverse("critique_desk")), "From May on." in page(client_of(sam), reverse("critique_desk") + "?show=all")) == (False, True)  # fmt: skip
    entry = Entry.objects.get(action="critique.answer")
    assert (entry.subject_id, entry.subject_label, "script" in entry.body) == (
        str(one.pk),
        "critique of 2026-W01",
        False,
    )
    assert code_of(lambda: answer_critique(one, "Mine.", actor=ada)) == "role"
    assert status()["critique"] == {"texts": 1, "answered": 1, "withheld": 0, "weeks": 1}


def test_text_is_withheld_on_a_ground_only_and_the_ground_is_shown(
    ada: Person, sam: Person, client_of: ClientOf
) -> None:
    (one,) = over("Ben Castell lives at 12 Harbour Road.")
    assert [code_of(lambda g=g: withhold_critique(one, g, actor=sam)) for g in ("criticism", "x")] == [
        "ground-unknown"
    ] * 2
    wrong = client_of(sam).post(reverse("critique_withhold", args=[one.pk]), {"ground": "criticism"})
    client_of(sam).post(reverse("critique_withhold", args=[one.pk]), {"ground": "person"})
    shown = page(Client())
    assert (wrong.status_code, "Harbour Road" in shown, "attacks or exposes a private person." in shown) == (
        422,
        False,
        True,
    )
    assert "Harbour Road" in page(client_of(sam), reverse("critique_one", args=[one.pk]))
    client_of(sam).post(reverse("critique_withhold", args=[one.pk]), {"ground": ""})
    assert "Harbour Road" in page(Client())
    assert code_of(lambda: withhold_critique(one, "spam", actor=ada)) == "role"


def test_public_text_cannot_be_changed_or_removed_past_all_services(db: None) -> None:
    (one,) = over("Pay us.")
    changes: list[Callable[[], Any]] = [
        lambda: Critique.objects.filter(pk=one.pk).update(text="All is well."),
        lambda: Critique.objects.filter(pk=one.pk).update(id=uuid4()),
        lambda: Critique.objects.filter(pk=one.pk).delete(),
    ]
    for act in changes:
        with pytest.raises(DatabaseError, match="critique-fixed"), transaction.atomic():
            act()
    assert Critique.objects.get().text == "Pay us."


def test_pages_take_the_same_queries_for_one_and_thirty(sam: Person, client_of: ClientOf) -> None:
    client, found = client_of(sam), []
    for texts, week in ((1, "2026-W01"), (30, "2026-W02")):
        over(*(f"text {n}" for n in range(texts)), week=week)
        counts = []
        for path in ("/critique/", reverse("critique_desk")):
            with CaptureQueriesContext(connection) as seen:
                page(client, path)
            counts.append(len(seen))
        found.append(counts)
    assert found[0] == found[1]
    assert ("text 0" in page(Client()), 'rel="next"' in page(Client())) != (False, False)
