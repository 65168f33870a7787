"""Answering: drafts are kept, nothing typed is lost, what was sent stays, and a response counts once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from freezegun import freeze_time

from artists.feedback.models import Answer, Response
from artists.feedback.surveys import services
from artists.feedback.surveys.queries import forms_visible_to, open_forms
from artists.feedback.surveys.services import Film, Frame, Said
from artists.people.models import Person
from generation.models import Clip
from portal.happenings.models import Happening
from portal.notices.models import Notice
from portal.program.models import Cohort
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.refusals import code_of
from tests.factories.surveys import CHOICE, MOMENT, SCALE, WORDS, in_words, kept, published, questions, said, sent
from tests.factories.together import at_once

ClipOf = Callable[..., Clip]
DAY = timedelta(days=1)


def given(response: Response) -> list[tuple[str, str, int | None]]:
    return list(response.answers.values_list("value", "text", "frame"))


def test_draft_is_kept_written_anew_and_sent_once(ada: Person, sam: Person) -> None:
    form = published(sam, SCALE, CHOICE, WORDS)
    draft = kept(form, ada, said("4"), said("0", "2"), in_words(" Longer shots. "))
    assert given(draft) == [("4", "", None), ("0", "", None), ("2", "", None), ("", "Longer shots.", None)]
    again = kept(form, ada, said("5"), said(), in_words("Longer."))
    assert (again.pk, given(again), Happening.objects.filter(kind="tariff.accepted").count()) == (
        draft.pk, [("5", "", None), ("", "Longer.", None)], 0,
    )  # fmt: skip
    done = services.send_response(again, actor=ada)
    assert (done.state, code_of(lambda: services.send_response(done, actor=ada)), code_of(lambda: kept(form, ada, said("1")))) == (
        "sent", "answer-sent", "answer-sent",
    )  # fmt: skip
    accepted = Happening.objects.get(kind="tariff.accepted")
    assert accepted.values == {
        "source": f"response:{done.pk}", "person": ada.pk, "contribution": "feedback.form", "quantity": "1",
        "at": done.sent_at.isoformat() if done.sent_at else "", "about": "The season",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((said("6"),), "answer-unknown"),
        ((said("0"),), "answer-unknown"),
        ((said("1", "2"),), "answer-unknown"),
        ((said("4"), said("3")), "answer-unknown"),
        ((said("<script>"),), "answer-unknown"),
        ((said(), said(), in_words("x" * 4001)), "answer-long"),
    ],
)
def test_answer_that_is_none_is_refused(answers: tuple[Said, ...], code: str, ada: Person, sam: Person) -> None:
    form = published(sam, SCALE, CHOICE, WORDS)
    assert code_of(lambda: kept(form, ada, *answers)) == code
    assert Answer.objects.count() == 0


def test_answered_after_it_closed_is_refused_and_nothing_is_lost(ada: Person, sam: Person) -> None:
    form = published(sam, WORDS, closes_at=timezone.now() + DAY)
    with freeze_time(timezone.now() + 2 * DAY):
        draft = kept(form, ada, in_words("Written in time, sent too late."))
        assert code_of(lambda: services.send_response(draft, actor=ada)) == "form-closed"
        assert (draft.state, given(draft)) == ("draft", [("", "Written in time, sent too late.", None)])
        services.set_form(form, Frame("feedback.form"), actor=sam)
        assert services.send_response(Response.objects.get(), actor=ada).state == "sent"


def test_form_is_sent_only_inside_its_window_and_by_whom_it_asks(
    ada: Person, ben: Person, sam: Person, rhea: Person, cohort_a: Cohort
) -> None:
    form = published(sam, WORDS, opens_at=timezone.now() + DAY, cohorts=[cohort_a])
    draft = kept(form, ada, in_words("Early."))
    assert code_of(lambda: services.send_response(draft, actor=ada)) == "form-not-yet"
    assert code_of(lambda: kept(form, ben, in_words("Not asked."))) == "not-found"
    assert code_of(lambda: kept(form, rhea, in_words("Not an artist."))) == "role"
    assert code_of(lambda: services.send_response(draft, actor=ben)) == "not-found"
    assert ([*forms_visible_to(ada)], [*forms_visible_to(ben)], [*open_forms(forms_visible_to(ada))]) == (
        [form],
        [],
        [],
    )
    services.end_form(form, actor=sam)
    with freeze_time(timezone.now() + 2 * DAY):
        assert code_of(lambda: services.send_response(draft, actor=ada)) == "form-closed"


def test_empty_draft_is_not_sent_and_a_draft_can_be_thrown_away(ada: Person, ben: Person, sam: Person) -> None:
    form = published(sam)
    draft = kept(form, ada, said(), in_words("  "))
    assert code_of(lambda: services.send_response(draft, actor=ada)) == "answer-empty"
    assert code_of(lambda: services.forget_draft(draft, actor=ben)) == "not-found"
    services.forget_draft(draft, actor=ada)
    assert Response.objects.count() == 0
    done = sent(form, ada, said("3"))
    assert code_of(lambda: services.forget_draft(done, actor=ada)) == "not-found"


def test_suspended_artist_answers_all_the_same(ada: Person, sam: Person) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A check.")
    assert sent(published(sam), ada, said("1")).state == "sent"


def test_film_is_filled_in_and_each_film_is_spoken_of_once(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf
) -> None:
    form = published(sam, MOMENT, WORDS, about_film=True, most_each=1, contribution="feedback.note")
    clip, second, bens = clip_of(ada), clip_of(ada), clip_of(ben)
    assert code_of(lambda: kept(form, ada, in_words("x"))) == "film-missing"
    assert code_of(lambda: kept(form, ada, in_words("x"), clip=bens)) == "not-found"
    assert code_of(lambda: kept(form, ada, Said(frame=clip.frames), clip=clip)) == "frame-outside"
    assert code_of(lambda: kept(published(sam, slug="plain"), ada, said("1"), clip=clip)) == "film-needless"
    done = sent(form, ada, Said(text="It melts.", frame=clip.frames - 1), clip=clip)
    assert (done.clip, done.take, done.frame, done.model, given(done)) == (
        clip, clip.generation.takes.get(), 3, "card", [("", "It melts.", clip.frames - 1)],
    )  # fmt: skip
    draft = kept(form, ada, Said(frame=0), clip=second)
    assert code_of(lambda: services.send_response(draft, actor=ada)) == "answers-enough"
    assert Happening.objects.filter(kind="tariff.accepted").count() == 1


def test_frame_of_another_shot_names_that_shot(ada: Person, sam: Person, clip_of: ClipOf) -> None:
    form = published(sam, MOMENT, about_film=True)
    clip = clip_of(ada, prompts=["a red ball", "a blue ball"])
    first, second = clip.generation.takes.order_by("position")
    film = Film(clip, first.frames)
    draft = services.keep_response(form, {questions(form)[0].pk: Said(frame=1)}, actor=ada, film=film)
    assert (draft.take, draft.frame) == (second, first.frames)


def test_newer_version_does_not_take_answers_to_the_one_on_the_page(ada: Person, ben: Person, sam: Person) -> None:
    form = published(sam, WORDS)
    shown, question = form.versions.get(), questions(form)[0]
    services.publish_version(services.draft_version(form, actor=sam), actor=sam)
    draft = services.keep_response(form, {question.pk: in_words("To the first.")}, actor=ada, version=shown)
    done = services.send_response(draft, actor=ada)
    assert (done.version, given(done), sent(form, ben, in_words("To the second.")).version.number) == (
        shown, [("", "To the first.", None)], 2,
    )  # fmt: skip


def test_what_was_sent_cannot_be_changed_past_all_services(ada: Person, sam: Person) -> None:
    done = sent(published(sam), ada, said("3"), in_words("So it was."))
    one = done.answers.first()
    assert one is not None
    acts: list[Callable[[], Any]] = [
        lambda: Answer.objects.filter(pk=one.pk).update(value="5"),
        lambda: Answer.objects.filter(pk=one.pk).delete(),
        lambda: Answer.objects.create(response=done, question=one.question, value="5"),
        lambda: Response.objects.filter(pk=done.pk).update(sent_at=None, state="draft"),
    ]
    for act in acts:
        with pytest.raises(DatabaseError, match="response-sent"), transaction.atomic():
            act()
    assert given(done) == [("3", "", None), ("", "So it was.", None)]


@pytest.mark.django_db(transaction=True)
def test_two_windows_begin_and_send_at_once_and_it_counts_once(ada: Person, sam: Person) -> None:
    form = published(sam, WORDS)
    found = at_once(4, lambda n: kept(form, ada, in_words(f"From window {n}.")).pk)
    assert (len(set(found)), Response.objects.count(), Answer.objects.count()) == (1, 1, 1)
    draft = Response.objects.get()
    results = at_once(4, lambda _n: services.send_response(draft, actor=ada).state)
    assert (results.count("sent"), Happening.objects.filter(kind="tariff.accepted").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_those_who_answered_are_told_once_what_became_of_it(ada: Person, ben: Person, sam: Person) -> None:
    form = published(sam, WORDS)
    sent(form, ada, in_words("A secret word."))
    kept(form, ben, in_words("Only a draft."))
    assert code_of(lambda: services.tell_outcome(form, " ", actor=sam)) == "outcome-missing"
    assert code_of(lambda: services.tell_outcome(form, "x" * 4001, actor=sam)) == "outcome-long"
    services.tell_outcome(form, "Shots are longer since May.", actor=sam)
    notice = Notice.objects.get(kind="feedback.outcome")
    assert (notice.person, notice.url, "secret" in notice.title + notice.body, "May" in notice.body) == (
        ada, "/feedback/season/", False, False,
    )  # fmt: skip
