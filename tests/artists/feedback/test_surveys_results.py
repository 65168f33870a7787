"""Results: counted from what was sent, A against B, few answers told to no artist, and a table nobody's sheet runs."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.agreements.models import AgreementVersion
from artists.feedback.surveys import services
from artists.feedback.surveys.queries import responses_sent, version_in_force
from artists.feedback.surveys.results import export_results, results_for_artists, results_of
from artists.feedback.surveys.services import Asked, Said
from artists.people.models import Person
from generation.models import Clip
from portal.audit.models import Entry
from portal.program.models import Cohort
from tests.factories.refusals import code_of
from tests.factories.surveys import (
    CHOICE,
    MOMENT,
    SCALE,
    WORDS,
    in_words,
    kept,
    making_staff,
    many,
    published,
    said,
    sent,
)

ClipOf = Callable[..., Clip]
ClientOf = Callable[[Person], Client]


def test_results_count_what_was_sent_and_no_draft(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    form = published(sam, SCALE, CHOICE, WORDS)
    sent(form, ada, said("5"), said("0", "2"), in_words("More."))
    sent(form, ben, said("2"), said("2"))
    kept(form, nia, said("1"), said("1"), in_words("Mine alone."))
    version = version_in_force(form)
    assert version is not None
    scale, choice, words = results_of(version, words=True)
    assert (scale.answered, scale.mean, [row.count for row in scale.rows]) == (2, 3.5, [0, 1, 0, 0, 1])
    assert [(row.label, row.count, row.share) for row in choice.rows] == [("sound", 1, 50), ("hands", 0, 0), ("longer shots", 2, 100)]  # fmt: skip
    assert [one.text for one in words.words] == ["More."]
    assert (responses_sent(sam, version).count(), responses_sent(ada, version).count()) == (2, 0)


def test_a_against_b_has_an_outcome(
    ada: Person, ben: Person, nia: Person, cohort_a: Cohort, agreement: AgreementVersion, clip_of: ClipOf
) -> None:
    theo = making_staff(cohort_a, agreement)
    asked = Asked("compare", "Which holds together?", first=clip_of(theo), second=clip_of(theo))
    form = published(theo, asked)
    version = version_in_force(form)
    assert version is not None

    def outcome() -> str:
        return results_of(version, words=False)[0].outcome

    assert outcome() == "Nobody preferred one of the two."
    sent(form, ada, Said(("b",), "The hands hold."))
    sent(form, ben, said("a"))
    assert outcome() == "A and B are level: 1 each."
    sent(form, nia, said("b"))
    sent(form, theo, said("neither"))
    found = results_of(version, words=True)[0]
    assert (found.outcome, [row.count for row in found.rows], [one.text for one in found.words]) == (
        "B is preferred: 2 to 1 of those who chose one.", [1, 2, 0, 1], ["The hands hold."],
    )  # fmt: skip


def test_artists_read_counts_only_where_five_answered(ada: Person, sam: Person, cohort_a: Cohort) -> None:
    form = published(sam, SCALE, WORDS)
    for person in many(cohort_a, 4):
        sent(form, person, said("4"), in_words("Words of mine."))
    assert results_for_artists(version_in_force(form)) is None
    sent(form, ada, said("4"))
    shown = results_for_artists(version_in_force(form))
    assert shown is not None
    assert [(one.question.kind, one.answered, one.words) for one in shown] == [("scale", 5, [])]


def test_table_holds_everything_and_no_formula(ada: Person, sam: Person, clip_of: ClipOf) -> None:
    form = published(sam, replace(WORDS, text="=1+1"), MOMENT, about_film=True)
    clip = clip_of(ada)
    sent(form, ada, in_words('=HYPERLINK("http://evil.example","x")'), Said(text="\t@SUM(A1)", frame=2), clip=clip)
    version = version_in_force(form)
    assert version is not None
    head, row = csv.reader(io.StringIO(export_results(version, actor=sam).removeprefix("\ufeff")))
    assert (head[:4], row[1], row[5], row[6], row[7]) == (["response", "artist", "cohort", "sent"], "Ada", str(clip.pk), "card", "3")  # fmt: skip
    assert head[8:] == ["'=1+1", MOMENT.text]
    assert row[8:] == ['\'=HYPERLINK("http://evil.example","x")', "frame 2;' @SUM(A1)"]
    assert (Entry.objects.filter(action="survey.export").count(), code_of(lambda: export_results(version, actor=ada))) == (1, "role")  # fmt: skip


def test_pages_take_the_same_queries_for_one_and_three(
    ada: Person, sam: Person, cohort_a: Cohort, client_of: ClientOf
) -> None:
    def counted(client: Client, *names: str) -> list[int]:
        found = []
        for name in names:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(name).status_code == 200
            found.append(len(seen))
        return found

    people = many(cohort_a, 3)
    form = published(sam, SCALE, WORDS, slug="form0")
    services.end_form(published(sam, slug="closed0"), actor=sam)
    sent(form, people[0], said("1"), in_words("One."))
    staff = (reverse("staff_feedback"), reverse("staff_feedback_results", args=["form0"]), reverse("staff_feedback_results_csv", args=["form0"]))  # fmt: skip
    before = counted(client_of(sam), *staff), counted(client_of(ada), reverse("feedback"))
    for n in (1, 2):
        sent(form, people[n], said("2"), in_words("More."))
        published(sam, SCALE, WORDS, slug=f"form{n}")
        services.end_form(published(sam, slug=f"closed{n}"), actor=sam)
    assert (counted(client_of(sam), *staff), counted(client_of(ada), reverse("feedback"))) == before
