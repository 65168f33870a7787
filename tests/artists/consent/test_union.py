"""The union switch: by oneself alone; delegates ask, and never act."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from artists.consent.models import Pause
from artists.consent.queries import calls_to, is_delegate, pause_of
from artists.consent.services import call_members, name_delegate, pause_consents, resume_consents, unname_delegate
from artists.people.models import Person
from portal.happenings import delivery
from portal.notices.models import Notice
from portal.program.models import Cohort
from tests.factories.people import artist_in
from tests.factories.refusals import code_of
from tests.factories.together import at_once

DAY = timedelta(days=1)


def test_pause_needs_an_end_ahead_within_a_year(ada: Person) -> None:
    now = timezone.now()
    codes = [code_of(lambda end=end: pause_consents(actor=ada, until=end)) for end in (now - DAY, now + 400 * DAY)]
    assert (codes, Pause.objects.count()) == (["until-past", "until-far"], 0)


def test_nobody_else_pauses_or_resumes(ada: Person, ben: Person, sam: Person) -> None:
    pause = pause_consents(actor=ada, until=timezone.now() + DAY)
    assert [code_of(lambda who=who: resume_consents(pause, actor=who)) for who in (ben, sam)] == ["not-found"] * 2
    assert code_of(lambda: pause_consents(actor=sam, until=timezone.now() + DAY)) == "role"
    assert (pause_of(ada), pause_of(ben)) == (pause, None)


@pytest.mark.django_db(transaction=True)
def test_pausing_twice_at_once_pauses_once(ada: Person) -> None:
    until = timezone.now() + DAY
    at_once(3, lambda _number: pause_consents(actor=ada, until=until))
    assert Pause.objects.count() == 1


def test_delegate_is_whom_more_than_half_of_the_others_named(
    cohort_a: Cohort, ada: Person, nia: Person, ben: Person
) -> None:
    third, _fourth = (artist_in(cohort_a, name) for name in ("Tove", "Vera"))
    assert code_of(lambda: name_delegate(ben, actor=ada)) == "not-in-cohort"
    assert code_of(lambda: name_delegate(nia, actor=nia)) == "delegate-self"
    name_delegate(nia, actor=ada)
    assert (is_delegate(nia, cohort_a), code_of(lambda: call_members(actor=nia, text="x", until=timezone.now() + DAY))) == (
        False, "not-a-delegate",
    )  # fmt: skip
    name_delegate(nia, actor=third)
    assert is_delegate(nia, cohort_a)
    assert unname_delegate(nia, actor=ada)
    assert not is_delegate(nia, cohort_a)


def test_call_reaches_the_cohort_and_pauses_nobody(
    cohort_a: Cohort, ada: Person, nia: Person, ben: Person, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    third = artist_in(cohort_a, "Tove")
    for member in (nia, third):
        name_delegate(ada, actor=member)
    assert code_of(lambda: call_members(actor=ada, text=" ", until=timezone.now() + DAY)) == "text-missing"
    call = call_members(actor=ada, text="Until we are heard.", until=timezone.now() + 7 * DAY)
    delivery.sweep()
    assert (list(calls_to(nia)), list(calls_to(ben)), Pause.objects.count()) == ([call], [], 0)
    assert set(Notice.objects.filter(kind="consent.called").values_list("person", flat=True)) == {nia.pk, third.pk}
