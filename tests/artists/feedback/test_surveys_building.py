"""Forms as staff build them: every mistake has its code, and what is published never changes, not even past all services."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from artists.agreements.models import AgreementVersion
from artists.feedback.models import FeedbackForm, FormVersion, Question
from artists.feedback.surveys import services
from artists.feedback.surveys.queries import version_in_force
from artists.feedback.surveys.services import Asked, Frame
from artists.people.models import Person
from generation.models import Clip
from portal.audit.models import Entry
from portal.program.models import Cohort
from tests.factories.refusals import code_of
from tests.factories.surveys import CHOICE, MOMENT, SCALE, WORDS, drafted, making_staff, published

ClipOf = Callable[..., Clip]


def texts(version: FormVersion) -> list[str]:
    return list(version.questions.values_list("text", flat=True))


def test_form_is_built_published_and_written_anew(sam: Person) -> None:
    version = drafted(sam, SCALE, CHOICE, WORDS, MOMENT)
    form = services.publish_version(version, actor=sam).form
    assert (form.state, [one.kind for one in version.questions.all()]) == (
        "open",
        ["scale", "choice", "text", "timecode"],
    )
    second = services.draft_version(form, actor=sam)
    assert (services.draft_version(form, actor=sam).pk, second.number, texts(second)) == (second.pk, 2, texts(version))
    first, *_rest = second.questions.all()
    services.move_question(first, 1, actor=sam)
    assert texts(second)[:2] == ["What do you miss?", SCALE.text]
    services.move_question(first, -1, actor=sam)
    services.move_question(first, -1, actor=sam)
    services.change_question(first, replace(SCALE, text="How far does it follow you?"), actor=sam)
    services.remove_question(second.questions.last(), actor=sam)  # type: ignore[arg-type]
    services.write_version(second, title="The season, again", about="", actor=sam)
    services.publish_version(second, actor=sam)
    newest = version_in_force(form)
    assert newest is not None
    assert (newest.title, texts(newest), texts(version)[0]) == (
        "The season, again", ["How far does it follow you?", "What do you miss?", "What else?"], SCALE.text,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (replace(SCALE, text=" "), "question-missing"),
        (replace(SCALE, text="x" * 301), "question-long"),
        (replace(SCALE, points=1), "points-wrong"),
        (replace(SCALE, points=12), "points-wrong"),
        (replace(CHOICE, choices=("one",)), "choices-wrong"),
        (replace(CHOICE, choices=tuple(str(n) for n in range(13))), "choices-wrong"),
        (replace(CHOICE, choices=("one", "one")), "choices-same"),
        (replace(CHOICE, choices=("one", "x" * 81)), "choice-long"),
        (Asked("mood", "How are you?"), "kind-unknown"),
        (Asked("compare", "Which?"), "takes-missing"),
    ],
)
def test_question_that_cannot_be_asked_is_refused(asked: Asked, code: str, sam: Person) -> None:
    version = drafted(sam)
    assert code_of(lambda: services.add_question(version, asked, actor=sam)) == code
    assert version.questions.count() == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"title": "x" * 121}, "title-long"),
        ({"about": "x" * 2001}, "about-long"),
        ({"slug": "season"}, "form-slug-taken"),
        ({"slug": "new"}, "form-slug-taken"),
        ({"frame": Frame("bug.new")}, "contribution-unknown"),
        ({"frame": Frame("feedback.form", about_film=True, most_each=0)}, "most-each-wrong"),
        (
            {"frame": Frame("feedback.form", opens_at=timezone.now(), closes_at=timezone.now() - timedelta(minutes=1))},
            "window-backwards",
        ),
    ],
)
def test_form_that_cannot_be_made_is_refused(more: dict[str, Any], code: str, sam: Person) -> None:
    drafted(sam)
    slug = more.pop("slug", "another")
    values: dict[str, Any] = {"title": "Another", "frame": Frame("feedback.form")} | more
    assert code_of(lambda: services.make_form(slug, **values, actor=sam)) == code
    assert FeedbackForm.objects.count() == 1


def test_only_staff_build_and_publish(ada: Person, sam: Person) -> None:
    version = drafted(sam)
    acts: list[Callable[[], object]] = [
        lambda: services.make_form("x", title="X", frame=Frame("feedback.form"), actor=ada),
        lambda: services.add_question(version, WORDS, actor=ada),
        lambda: services.publish_version(version, actor=ada),
        lambda: services.draft_version(version.form, actor=ada),
        lambda: services.tell_outcome(version.form, "Done.", actor=ada),
    ]
    assert [code_of(act) for act in acts] == ["role"] * 5


def test_takes_shown_to_others_are_films_of_whoever_builds(
    ada: Person, cohort_b: Cohort, agreement: AgreementVersion, clip_of: ClipOf
) -> None:
    theo = making_staff(cohort_b, agreement)
    mine, other, adas = clip_of(theo), clip_of(theo), clip_of(ada)
    version = drafted(theo)
    question = services.add_question(version, Asked("compare", "Which?", first=mine, second=other), actor=theo)
    assert (question.first, question.second) == (mine, other)
    wrong = {
        "takes-not-yours": Asked("compare", "Which?", first=mine, second=adas),
        "takes-same": Asked("compare", "Which?", first=mine, second=mine),
    }
    assert {code: code_of(lambda one=one: services.add_question(version, one, actor=theo)) for code, one in wrong.items()} == {
        code: code for code in wrong
    }  # fmt: skip


def test_published_version_is_refused_by_its_acts(sam: Person) -> None:
    version = drafted(sam)
    one = version.questions.first()
    assert one is not None
    assert code_of(lambda: services.publish_version(services.make_form("empty", title="E", frame=Frame("feedback.form"), actor=sam), actor=sam)) == "questions-missing"  # fmt: skip
    services.publish_version(version, actor=sam)
    acts: list[Callable[[], object]] = [
        lambda: services.add_question(version, WORDS, actor=sam),
        lambda: services.change_question(one, WORDS, actor=sam),
        lambda: services.move_question(one, 1, actor=sam),
        lambda: services.remove_question(one, actor=sam),
        lambda: services.write_version(version, title="T", about="", actor=sam),
        lambda: services.publish_version(version, actor=sam),
    ]
    assert [code_of(act) for act in acts] == ["version-fixed"] * 6


def test_published_version_cannot_be_changed_past_all_services(sam: Person) -> None:
    form = published(sam)
    version = version_in_force(form)
    assert version is not None
    one = version.questions.first()
    acts: list[Callable[[], object]] = [
        lambda: FormVersion.objects.filter(pk=version.pk).update(title="Another"),
        lambda: FormVersion.objects.filter(pk=version.pk)._raw_delete("default"),
        lambda: Question.objects.filter(version=version).update(text="Another?"),
        lambda: Question.objects.filter(version=version).delete(),
        lambda: Question.objects.create(version=version, position=9, kind="text", text="One more?"),
    ]
    for act in acts:
        with pytest.raises(DatabaseError, match="version-fixed"), transaction.atomic():
            act()
    assert (texts(version), one and one.text) == ([SCALE.text, WORDS.text], SCALE.text)


def test_pay_and_film_are_settled_by_publishing_and_the_window_moves(sam: Person, cohort_a: Cohort) -> None:
    form = published(sam)
    now = timezone.now()
    assert code_of(lambda: services.set_form(form, Frame("feedback.long_form"), actor=sam)) == "form-published"
    frame = Frame("feedback.form", closes_at=now + timedelta(days=2), cohorts=[cohort_a])
    changed = services.set_form(form, frame, actor=sam)
    assert (changed.closes_at, list(changed.cohorts.all())) == (now + timedelta(days=2), [cohort_a])
    assert Entry.objects.filter(action="survey.set").count() == 1


def test_form_ends_and_opens_again(sam: Person) -> None:
    form = published(sam)
    ended, moved = services.end_form(form, actor=sam)
    again = services.end_form(form, actor=sam)[1]
    assert (ended.state, moved, again, services.reopen_form(form, actor=sam)[0].state) == ("ended", True, False, "open")
