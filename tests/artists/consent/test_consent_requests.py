"""Asking and answering: nothing without a yes of all who made it; silence and one no are no."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.consent.authors import register_authors
from artists.consent.models import Consent, ConsentRequest
from artists.consent.queries import answers_waiting, decliners_named, may_use
from artists.consent.services import ask_back, ask_consent, lapse_due, prefer, reply, say_no, say_yes, take_back
from artists.consent.services.answering import Limits
from artists.people.models import Person
from generation.models import Clip
from tests.factories.consent import YEAR, answer_of, asked_of, given, wanted
from tests.factories.refusals import code_of
from tests.factories.together import at_once

DAY = timedelta(days=1)
Clips = Callable[..., Clip]


@pytest.fixture
def made_together(ben: Person, nia: Person) -> Callable[[], None]:
    """From the call on, every work has three authors."""

    def more() -> None:
        register_authors("test", lambda _clip: {ben.pk, nia.pk})

    yield more  # type: ignore[misc]
    register_authors("test", lambda _clip: set())


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("use-unknown", {"kind": "poster"}),
        ("where-missing", {"where": " "}),
        ("text-missing", {"text": ""}),
        ("places-unknown", {"places": ("Germany",)}),
        ("places-unknown", {"places": ()}),
        ("period-over", {"ends_at": timezone.now() - DAY, "starts_at": timezone.now() - 2 * DAY}),
        ("period-backwards", {"starts_at": timezone.now() + 2 * DAY, "ends_at": timezone.now() + DAY}),
        ("period-long", {"ends_at": timezone.now() + 6 * YEAR}),
        ("answer-by-wrong", {"answer_by": timezone.now() - DAY}),
        ("fee-wrong", {"fee": -1}),
        ("currency-unused", {"currency": "XAU"}),
    ],
)
def test_wrong_question_is_asked_of_nobody(
    ada: Person, sam: Person, clip_of: Clips, code: str, wrong: dict[str, object]
) -> None:
    clip = clip_of(ada)
    assert code_of(lambda: ask_consent([clip], wanted(**wrong), actor=sam)) == code
    assert (ConsentRequest.objects.count(), list(answers_waiting(ada))) == (0, [])


def test_only_staff_ask_and_only_the_author_answers(ada: Person, ben: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    assert code_of(lambda: ask_consent([clip], wanted(), actor=ben)) == "role"
    answer = answer_of(asked_of(clip, sam), ada)
    assert [code_of(lambda who=who: say_yes(answer, actor=who)) for who in (ben, sam)] == ["not-found"] * 2


def test_yes_gives_exactly_what_was_asked(ada: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    assert may_use(clip, "social").code == "consent-missing"
    consent = given(clip, sam, fee=5000, places=("DE", "FR"))
    asked = consent.asked.request
    assert (consent.places, consent.ends_at, consent.fee, consent.currency) == (
        ["DE", "FR"],
        asked.ends_at,
        5000,
        "EUR",
    )
    verdicts = [may_use(clip, "social", place=place).code for place in ("DE", "FR", "US", "world")]
    assert (verdicts, may_use(clip, "press", place="DE").code) == (
        ["", "", "consent-place", "consent-place"],
        "consent-missing",
    )


def test_limits_only_narrow(ada: Person, sam: Person, clip_of: Clips) -> None:
    answer = answer_of(asked_of(clip_of(ada), sam, places=("DE", "FR")), ada)
    asked = answer.work.request
    wrong = {
        "places-unknown": Limits(places=("xx",)),
        "places-outside": Limits(places=("US",)),
        "limit-later": Limits(ends_at=asked.ends_at + DAY),
        "limit-past": Limits(ends_at=timezone.now() - DAY),
        "conditions-long": Limits(conditions="x" * 601),
    }
    codes = {
        code: code_of(lambda limits=limits: say_yes(answer, actor=ada, limits=limits)) for code, limits in wrong.items()
    }
    assert codes == {code: code for code in wrong}
    until = timezone.now() + 30 * DAY
    say_yes(answer, actor=ada, limits=Limits(("FR",), until, "Not beside advertising.", "A. M."))
    consent = Consent.objects.get()
    assert (consent.places, consent.ends_at, consent.conditions, consent.credit_line) == (
        ["FR"], until, "Not beside advertising.", "A. M.",
    )  # fmt: skip


def test_all_authors_must_agree_and_their_limits_meet(
    ada: Person, ben: Person, nia: Person, sam: Person, clip_of: Clips, made_together: Callable[[], None]
) -> None:
    clip = clip_of(ada)
    made_together()
    work = asked_of(clip, sam, places=("DE", "FR", "IT"))
    soon = timezone.now() + 40 * DAY
    say_yes(answer_of(work, ada), actor=ada, limits=Limits(places=("DE", "FR")))
    say_yes(answer_of(work, ben), actor=ben, limits=Limits(places=("FR", "IT"), ends_at=soon))
    assert may_use(clip, "social", place="FR").code == "consent-missing"
    say_yes(answer_of(work, nia), actor=nia)
    consent = Consent.objects.get()
    assert (consent.places, consent.ends_at, consent.grants.count(), consent.events.count()) == (["FR"], soon, 3, 3)


def test_limits_that_leave_nothing_settle_it_without_a_no(
    ada: Person, ben: Person, nia: Person, sam: Person, clip_of: Clips, made_together: Callable[[], None]
) -> None:
    clip = clip_of(ada)
    made_together()
    work = asked_of(clip, sam, places=("DE", "FR"))
    for person, place in ((ada, "DE"), (ben, "FR")):
        say_yes(answer_of(work, person), actor=person, limits=Limits(places=(place,)))
    say_yes(answer_of(work, nia), actor=nia)
    work.refresh_from_db()
    assert (work.state, Consent.objects.count(), work.answers.filter(state="no").count()) == ("declined", 0, 0)


def test_one_no_settles_it_and_stays_unnamed_unless_allowed(
    ada: Person, ben: Person, sam: Person, clip_of: Clips, made_together: Callable[[], None]
) -> None:
    clips = [clip_of(ada), clip_of(ada)]
    made_together()
    quiet, open_ = (asked_of(clip, sam) for clip in clips)
    say_yes(answer_of(quiet, ada), actor=ada)
    say_no(answer_of(quiet, ben), actor=ben)
    say_no(answer_of(open_, ben), actor=ben, may_name=True)
    assert (decliners_named(quiet), decliners_named(open_), Consent.objects.count()) == ([], [ben.credit], 0)
    assert code_of(lambda: say_yes(answer_of(open_, ada), actor=ada)) == "answer-over"


def test_silence_is_no(ada: Person, sam: Person, clip_of: Clips) -> None:
    work = asked_of(clip_of(ada), sam)
    with freeze_time(timezone.now() + 15 * DAY):
        assert (lapse_due(), lapse_due()) == (1, 0)
        work.refresh_from_db()
        assert (work.state, code_of(lambda: say_yes(answer_of(work, ada), actor=ada))) == ("lapsed", "answer-over")


def test_the_same_use_is_asked_once_at_a_time(ada: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    first = asked_of(clip, sam)
    assert code_of(lambda: asked_of(clip, sam, where=" the PROGRAM's  account ")) == "asked-already"
    assert take_back(first.request, actor=sam) == 1
    assert code_of(lambda: say_yes(answer_of(first, ada), actor=ada)) == "answer-over"
    assert asked_of(clip, sam).state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_staff_who_ask_at_once_ask_once(ada: Person, sam: Person, olga: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    at_once(2, lambda number: asked_of(clip, (sam, olga)[number]))
    assert ConsentRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_last_two_authors_who_agree_at_once_give_one_consent(
    ada: Person, ben: Person, nia: Person, sam: Person, clip_of: Clips, made_together: Callable[[], None]
) -> None:
    clip = clip_of(ada)
    made_together()
    work = asked_of(clip, sam)
    say_yes(answer_of(work, nia), actor=nia)
    people = (ada, ben)
    at_once(2, lambda number: say_yes(answer_of(work, people[number]), actor=people[number]))
    assert (Consent.objects.count(), Consent.objects.get().grants.count()) == (1, 3)


def test_question_is_answered_before_a_yes(ada: Person, sam: Person, clip_of: Clips) -> None:
    answer = answer_of(asked_of(clip_of(ada), sam), ada)
    assert code_of(lambda: reply(answer, actor=sam, text="x")) == "answer-over"
    assert code_of(lambda: ask_back(answer, actor=ada, text=" ")) == "question-missing"
    ask_back(answer, actor=ada, text="Beside what?")
    assert reply(answer, actor=sam, text="Beside nothing.").reply == "Beside nothing."
    say_yes(answer, actor=ada)
    assert code_of(lambda: ask_back(answer, actor=ada, text="And?")) == "answer-over"


def test_choices_made_before_answer_at_once_and_the_work_goes_before_the_rest(
    ada: Person, sam: Person, clip_of: Clips
) -> None:
    clips = [clip_of(ada) for _number in range(3)]
    prefer("social", "no", actor=ada)
    prefer("social", "yes", actor=ada, clip=clips[1])
    prefer("social", "later", actor=ada, clip=clips[2])
    works = [asked_of(clip, sam, ends_at=timezone.now() + 3 * YEAR) for clip in clips]
    assert [work.state for work in works] == ["declined", "given", "open"]
    consent = Consent.objects.get()
    assert (consent.ends_at - consent.given_at) <= YEAR + timedelta(seconds=1)
    assert consent.events.get().detail["chosen"] != ""


def test_choice_for_somebody_elses_work_is_refused(ada: Person, ben: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    assert code_of(lambda: prefer("social", "yes", actor=ben, clip=clip)) == "not-found"
    assert [code_of(lambda k=k, s=s: prefer(k, s, actor=ada)) for k, s in (("x", "no"), ("press", "x"))] == [
        "use-unknown", "stance-unknown",
    ]  # fmt: skip
