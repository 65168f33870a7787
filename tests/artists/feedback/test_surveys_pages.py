"""Pages of forms: answered with and without a script, refused without loss, built and read by staff."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.agreements.models import AgreementVersion
from artists.feedback.models import FeedbackForm, Question, Response
from artists.feedback.surveys import services
from artists.feedback.surveys.services import Asked, Said
from artists.people.models import Person
from generation.models import Clip
from portal.panels import status
from portal.program.models import Cohort
from tests.factories.surveys import (
    CHOICE,
    MOMENT,
    SCALE,
    WORDS,
    drafted,
    in_words,
    kept,
    making_staff,
    many,
    published,
    questions,
    said,
    sent,
)
from tests.factories.tariff import in_force

ClientOf = Callable[[Person], Client]
ClipOf = Callable[..., Clip]
FORM = "/feedback/season/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def typed(form: FeedbackForm, *values: Any, act: str = "send") -> dict[str, Any]:
    found: dict[str, Any] = {"act": act, "version": "1"}
    for one, value in zip(questions(form), values, strict=False):
        prefix = {"text": "t", "timecode": "f"}.get(one.kind, "q")
        found[f"{prefix}{one.pk}"] = value
    return found


def test_label_says_what_it_pays_or_that_it_is_unpaid(ada: Person, sam: Person, client_of: ClientOf) -> None:
    published(sam)
    shown = [page(client_of(ada), path) for path in ("/feedback/", FORM, "/")]
    assert ["optional, unpaid" in one for one in shown] == [True, True, True]
    in_force(sam, {"feedback.form": 1500})
    shown = [page(client_of(ada), path) for path in ("/feedback/", FORM, "/")]
    assert ["optional, pays EUR 15.00" in one for one in shown] == [True, True, True]
    assert "optional, pays EUR 15.00" in page(client_of(sam), reverse("staff_feedback"))


def test_form_is_answered_without_a_script(ada: Person, sam: Person, client_of: ClientOf) -> None:
    form = published(sam, SCALE, CHOICE, WORDS)
    client = client_of(ada)
    assert "to the letter" in page(client, FORM)
    draft = client.post(FORM, typed(form, "4", ["0", "1"], "Longer.", act="save"))
    assert (draft["Location"], Response.objects.get().state) == (FORM, "draft")
    shown = page(client, FORM)
    assert ("Longer." in shown, len(re.findall(r'<input[^>]*name="q[^>]* checked', shown))) == (True, 3)
    done = client.post(FORM, typed(form, "5", [], "Longer shots."), follow=True)
    assert (Response.objects.get().state, "5: to the letter" in done.content.decode(), "Longer shots." in done.content.decode()) == (
        "sent", True, True,
    )  # fmt: skip
    again = client.post(FORM, typed(form, "1"))
    assert (again.status_code, "answer-sent" in again.content.decode()) == (409, True)


def test_script_keeps_a_draft_and_is_told_what_is_wrong(ada: Person, sam: Person, client_of: ClientOf) -> None:
    form = published(sam, WORDS)
    client, json = client_of(ada), {"HTTP_ACCEPT": "application/json"}
    kept_ = client.post(FORM, typed(form, "One word.", act="save"), **json)
    assert (kept_.status_code, kept_.json(), Response.objects.get().answers.get().text) == (
        200,
        {"edit": FORM},
        "One word.",
    )
    long = client.post(FORM, typed(form, "x" * 4001, act="save"), **json)
    assert (long.status_code, long.json()["code"], Response.objects.get().answers.get().text) == (422, "max_length", "One word.")  # fmt: skip


def test_form_that_closed_meanwhile_says_so_and_keeps_what_was_typed(
    ada: Person, sam: Person, client_of: ClientOf
) -> None:
    form = published(sam, WORDS, closes_at=timezone.now() + timedelta(days=1))
    client = client_of(ada)
    with freeze_time(timezone.now() + timedelta(days=2)):
        late = client.post(FORM, typed(form, "Typed before it closed."))
        shown = late.content.decode()
        assert (late.status_code, "form-closed" in shown, "Typed before it closed." in shown) == (409, True, True)
        draft = Response.objects.get()
        assert (draft.state, draft.answers.get().text) == ("draft", "Typed before it closed.")
        shown = page(client, FORM)
        assert ("Typed before it closed." in shown, 'value="send"' in shown, "form-closed" in shown) == (
            True,
            False,
            True,
        )
        assert "your draft is kept" in page(client, "/feedback/")


@pytest.mark.parametrize(
    ("value", "code", "kept_frame"),
    [("00:00:00:03", "", 3), ("7", "", 7), ("later", "frame-unreadable", None), ("-1", "frame-unreadable", None)],
)
def test_moment_is_a_frame_or_a_timecode(
    value: str, code: str, kept_frame: int | None, ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    form = published(sam, MOMENT, WORDS, about_film=True)
    clip, client = clip_of(ada), client_of(ada)
    path = f"{FORM}?clip={clip.pk}&frame=5"
    shown = page(client, path)
    assert ('value="5"' in shown, str(clip.generation_id)[:8] in shown, "card" in shown) == (True, True, True)
    answer = client.post(path, typed(form, value, "It melts.", act="save"))
    found = Response.objects.first()
    if code:
        assert (answer.status_code, "Write a frame" in answer.content.decode(), "It melts." in answer.content.decode(), found) == (
            422, True, True, None,
        )  # fmt: skip
    else:
        assert found is not None
        assert (answer["Location"], found.frame, found.answers.exclude(frame=None).get().frame) == (path.replace("&amp;", "&"), 5, kept_frame)  # fmt: skip


def test_film_page_leads_to_forms_about_films(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    published(sam, WORDS, about_film=True)
    clip = clip_of(ada)
    assert f"/feedback/?clip={clip.pk}" in page(client_of(ada), reverse("clip", args=[clip.pk]))
    assert f"{FORM}?clip={clip.pk}&amp;frame=4" in page(client_of(ada), f"/feedback/?clip={clip.pk}&frame=4")
    assert "Choose a film in the library" in page(client_of(ada), FORM)
    wrong = [client_of(ben).get(f"{where}?clip={clip.pk}").status_code for where in ("/feedback/", FORM)]
    wrong += [
        client_of(ada).get(f"/feedback/?clip={one}").status_code
        for one in ("x", "00000000-0000-0000-0000-000000000000")
    ]
    assert wrong == [404] * 4
    kept(FeedbackForm.objects.get(), ada, in_words("Mine."), clip=clip)
    assert client_of(ada).post(f"{FORM}forget/?clip={clip.pk}").status_code == 302
    assert (Response.objects.count(), client_of(ada).post(f"{FORM}forget/?clip={clip.pk}").status_code) == (0, 404)


def test_draft_is_read_by_nobody_else(ada: Person, ben: Person, sam: Person, client_of: ClientOf) -> None:
    form = published(sam, WORDS)
    kept(form, ada, in_words("Not for you yet."))
    pages = [(ben, FORM), (sam, reverse("staff_feedback_results", args=["season"])), (sam, reverse("staff_feedback_results_csv", args=["season"]))]  # fmt: skip
    assert ["Not for you yet." in page(client_of(who), path) for who, path in pages] == [False] * 3


def test_artists_read_what_became_of_it(
    ada: Person, ben: Person, sam: Person, cohort_a: Cohort, client_of: ClientOf
) -> None:
    form = published(sam, SCALE, WORDS)
    for person in [*many(cohort_a, 4), ada]:
        sent(form, person, said("4"), in_words(f"Words of {person.name}."))
    services.end_form(form, actor=sam)
    client_of(sam).post(reverse("staff_feedback_outcome", args=["season"]), {"text": "Shots are longer since May."})
    shown = page(client_of(ben), FORM)
    assert ("Shots are longer since May." in shown, "Mean 4.0 of 5" in shown, "Words of" in shown) == (
        True,
        True,
        False,
    )
    assert "Words of Ada." in page(client_of(ada), FORM)
    assert "Shots are longer" in page(client_of(ben), "/feedback/")


def test_takes_are_shown_without_title_and_gone_ones_are_left_out(
    ada: Person, ben: Person, cohort_a: Cohort, agreement: AgreementVersion, clip_of: ClipOf, client_of: ClientOf
) -> None:
    theo = making_staff(cohort_a, agreement)
    first, second = clip_of(theo, title="The new engine"), clip_of(theo, title="The old engine")
    version = drafted(theo, Asked("compare", "Which?", first=first, second=second), cohorts=[cohort_a])
    film = f"{FORM}films/{version.questions.get().pk}/a/"
    assert [client_of(who).get(film).status_code for who in (ada, theo)] == [404, 200]
    services.publish_version(version, actor=theo)
    shown = page(client_of(ada), FORM)
    assert ("engine" in shown, shown.count("<video"), film in shown) == (False, 2, True)
    wrong = [
        client_of(ada).get(film.replace("/a/", "/c/")),
        client_of(ada).get(f"{FORM}films/99999/a/"),
        client_of(ben).get(film),
    ]
    assert (client_of(ada).get(film).status_code, [one.status_code for one in wrong]) == (200, [404] * 3)
    Clip.objects.filter(pk=first.pk).update(deleted_at=timezone.now())
    assert ("<video" in page(client_of(ada), FORM), client_of(ada).get(film).status_code) == (False, 410)


HOSTILE = '<img src=x onerror=alert(1)>"=1+1'


def test_html_in_every_field_is_harmless(ada: Person, sam: Person, client_of: ClientOf) -> None:
    asked = Asked("choice", HOSTILE, help=HOSTILE, choices=(HOSTILE, "b"))
    scale = Asked("scale", HOSTILE, low=HOSTILE, high=HOSTILE)
    version = services.make_form(
        "season", title=HOSTILE, about=HOSTILE, frame=services.Frame("feedback.form"), actor=sam
    )
    for one in (asked, scale, WORDS):
        services.add_question(version, one, actor=sam)
    before = page(client_of(sam), reverse("staff_feedback_form", args=["season"]))
    question = page(client_of(sam), reverse("staff_feedback_question", args=["season", version.questions.first().pk]))  # type: ignore[union-attr]
    form = services.publish_version(version, actor=sam).form
    sent(form, ada, said("0"), said("1"), in_words(HOSTILE))
    services.tell_outcome(form, HOSTILE, actor=sam)
    staff = [
        page(client_of(sam), reverse(f"staff_feedback{name}", args=["season"]))
        for name in ("_form", "_preview", "_results")
    ]
    artist = [page(client_of(ada), path) for path in (FORM, "/feedback/")]
    assert ["<img src=x" in one for one in [before, question, *staff, *artist]] == [False] * 7
    assert ["&lt;img src=x" in one for one in [before, question, *staff, *artist]] == [True] * 7


def test_staff_build_a_form_page_by_page(sam: Person, client_of: ClientOf, cohort_a: Cohort) -> None:
    client = client_of(sam)
    wrong = client.post(reverse("staff_feedback_new"), {"title": "The season", "slug": "new", "contribution": "feedback.form", "most_each": 1, "about": "Kept."})  # fmt: skip
    assert (wrong.status_code, "form-slug-taken" in wrong.content.decode(), "Kept." in wrong.content.decode()) == (
        409,
        True,
        True,
    )
    client.post(reverse("staff_feedback_new"), {"title": "The season", "slug": "season", "contribution": "feedback.form", "most_each": 1})  # fmt: skip
    form = FeedbackForm.objects.get()

    def at(name: str, *args: Any) -> str:
        return reverse(f"staff_feedback_{name}", args=[form.slug, *args])

    short = client.post(at("question_new"), {"kind": "choice", "text": "What do you miss?", "choices": "sound"})
    assert (short.status_code, "choices-wrong" in short.content.decode()) == (422, True)
    client.post(at("question_new"), {"kind": "choice", "text": "What do you miss?", "choices": "sound\nhands\n"})
    client.post(at("question_new"), {"kind": "scale", "text": "How well?", "points": 7, "low": "not", "high": "well"})
    choice, scale = Question.objects.all()
    assert (choice.choices, scale.points) == (["sound", "hands"], 7)
    client.post(at("question_move", scale.pk), {"way": "up"})
    client.post(at("question", choice.pk), {"kind": "choice", "text": "What is missing?", "choices": "sound\nhands"})
    client.post(at("words"), {"title": "This season", "about": "So that we know."})
    client.post(at("frame"), {"contribution": "feedback.long_form", "most_each": 1, "cohorts": [cohort_a.pk], "closes_at": "2099-01-01T10:00"})  # fmt: skip
    assert "This season" in page(client, at("preview"))
    client.post(at("publish"))
    form.refresh_from_db()
    version = form.versions.get()
    assert (form.state, form.contribution, list(form.cohorts.all()), version.title, [one.text for one in version.questions.all()]) == (
        "open", "feedback.long_form", [cohort_a], "This season", ["How well?", "What is missing?"],
    )  # fmt: skip
    assert client.get(at("question", scale.pk)).status_code == 302
    refused = client.post(at("question", scale.pk), {"kind": "scale", "text": "Changed?", "points": 7})
    assert (refused.status_code, "version-fixed" in refused.content.decode()) == (409, True)
    assert client.post(at("question_new"), {"kind": "text", "text": "More?"}).status_code == 404
    client.post(at("draft"))
    client.post(at("question_remove", form.versions.first().questions.first().pk))  # type: ignore[union-attr]
    assert [one.questions.count() for one in form.versions.all()] == [1, 2]
    client.post(at("end"))
    client.post(at("reopen"))
    assert (FeedbackForm.objects.get().state, status()["feedback_forms"]) == ("open", {"open_forms": 1, "responses": 0})


def test_results_page_shows_the_outcome_and_the_words(
    ada: Person, cohort_a: Cohort, agreement: AgreementVersion, clip_of: ClipOf, client_of: ClientOf
) -> None:
    theo = making_staff(cohort_a, agreement)
    form = published(theo, Asked("compare", "Which?", first=clip_of(theo), second=clip_of(theo)), MOMENT)
    sent(form, ada, Said(("b",), "The hands hold."), Said(frame=4, text="Here."))
    shown = page(client_of(theo), reverse("staff_feedback_results", args=["season"]))
    wanted = ("B is preferred: 1 to 0", "The hands hold.", "Here.", "Ada")
    assert [words in shown for words in wanted] == [True] * 4
    assert client_of(theo).get(reverse("staff_feedback_results", args=["season"]) + "?version=9").status_code == 404
