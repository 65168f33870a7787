"""Anything in any order: never a use without a live consent of all who made the work, not even past all services.

What each author said, limited, paused and withdrew is kept beside the database by plain bookkeeping, and compared at every step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from artists.consent.authors import register_authors
from artists.consent.models import AskedWork, Consent, Use
from artists.consent.queries import may_use, pause_of
from artists.consent.services import (
    lapse_due,
    pause_consents,
    prefer,
    record_use,
    refresh_terms,
    resume_consents,
    say_no,
    say_yes,
    take_back,
    withdraw_consent,
)
from artists.consent.services.answering import Limits
from artists.consent.services.register import Happened
from artists.people.models import Person
from generation.models import Clip
from portal.access import Refused
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from tests.factories.consent import answer_of, asked_of

BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WHO = st.integers(0, 2)
reached: set[str] = set()


@dataclass
class Promise:
    """What all authors agreed to, by the bookkeeping."""

    begins: datetime
    ends: datetime
    places: set[str]
    withdrawn_at: datetime | None = None


@dataclass
class Question:
    """One work, asked of three authors."""

    work: AskedWork
    kind: str
    starts: datetime
    ends: datetime
    places: set[str]
    said: dict[int, str] = field(default_factory=dict)
    limits: list[tuple[set[str], datetime]] = field(default_factory=list)


class Consenting(RuleBasedStateMachine):
    """Three authors of one work, one of the staff, and time."""

    authors: list[Person]
    sam: Person
    clip: Clip

    def __init__(self) -> None:
        super().__init__()
        self.room = transaction.atomic()
        self.room.__enter__()
        self.now = BEGIN
        self.clock = freeze_time(self.now)
        self.frozen: Any = self.clock.start()
        self.open: Question | None = None
        self.promises: dict[str, tuple[str, Promise]] = {}
        self.pauses: dict[int, list[list[datetime]]] = {0: [], 1: [], 2: []}
        self.uses: list[Use] = []
        self.stop: Suspension | None = None

    def teardown(self) -> None:
        """Nothing of one run is left for the next."""
        self.clock.stop()
        transaction.set_rollback(True)  # noqa: FBT003 - Django's own signature
        self.room.__exit__(None, None, None)

    def tried(self, act: Callable[[], object]) -> bool:
        """Whether the act was done."""
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            assert refused.decision.code
            return False
        return True

    # What happens.

    @precondition(lambda self: self.open is None)
    @rule(
        kind=st.sampled_from(["social", "training"]),
        days=st.sampled_from([2, 30, 400]),
        later=st.sampled_from([0, 0, 3]),
        places=st.sampled_from([("world",), ("DE", "FR")]),
    )
    def staff_ask(self, kind: str, days: int, later: int, places: tuple[str, ...]) -> None:
        """For one use."""
        starts, ends = self.now + later * DAY, self.now + (days + later) * DAY
        work = asked_of(self.clip, self.sam, kind=kind, places=places, starts_at=starts, ends_at=ends)
        self.open = Question(work, kind, starts, ends, set(places))
        work.refresh_from_db()
        if work.state == "declined":  # by a choice made before
            assert work.answers.filter(state="no", by_choice_of__isnull=False).exists()
            self.open = None

    @precondition(lambda self: self.open is not None)
    @rule(
        who=WHO,
        yes=st.sampled_from([True, True, True, False]),
        only=st.sampled_from([None, None, "DE", "FR"]),
        days=st.sampled_from([None, None, 1, 10]),
    )
    def author_answers(self, who: int, yes: bool, only: str | None, days: int | None) -> None:
        """Yes, within limits, or no."""
        self.answered(who, yes, only, days)

    @precondition(lambda self: self.open is not None)
    @rule(only=st.sampled_from([None, "DE"]), days=st.sampled_from([None, 10]))
    def everybody_says_yes(self, only: str | None, days: int | None) -> None:
        """One after the other; the first sets limits."""
        for who in range(len(self.authors)):
            if self.open is not None and who not in self.open.said:
                self.answered(who, True, only, days)  # noqa: FBT003 - what the rules above draw
                only = days = None

    def answered(self, who: int, yes: bool, only: str | None, days: int | None) -> None:
        """By one of them."""
        asked = self.open
        assert asked is not None
        person = self.authors[who]
        answer = answer_of(asked.work, person)
        if not yes:
            if self.tried(lambda: say_no(answer, actor=person)):
                self.open = None
            return
        until = None if days is None else self.now + days * DAY
        limits = Limits(places=(only,) if only else (), ends_at=until)
        if self.tried(lambda: say_yes(answer, actor=person, limits=limits)):
            asked.said[who] = "yes"
            asked.limits.append(({only} if only else asked.places, until or asked.ends))
            if len(asked.said) == len(self.authors):
                self.agreed(asked)

    def agreed(self, asked: Question) -> None:
        """All three: the earliest end, and the places all allow."""
        self.open = None
        ends = min([asked.ends, *(until for _places, until in asked.limits)])
        places = asked.places
        for mine, _until in asked.limits:
            places = mine if "world" in places else places if "world" in mine else places & mine
        found = Consent.objects.filter(asked=asked.work).first()
        if not places or ends <= max(asked.starts, self.now):
            assert found is None
            return
        assert found is not None
        self.promises[str(found.pk)] = (asked.kind, Promise(max(asked.starts, self.now), ends, places))

    @precondition(lambda self: self.open is not None)
    @rule()
    def staff_take_back(self) -> None:
        """They ask no longer."""
        assert self.open is not None
        take_back(self.open.work.request, actor=self.sam)
        self.open = None

    @precondition(lambda self: bool(self.promises))
    @rule(who=WHO, data=st.data())
    def author_withdraws(self, who: int, data: st.DataObject) -> None:
        """Any of them, any consent."""
        key = data.draw(st.sampled_from(sorted(self.promises)))
        consent = Consent.objects.get(pk=key)
        done = withdraw_consent(consent, actor=self.authors[who])[1]
        promise = self.promises[key][1]
        assert done == (promise.withdrawn_at is None)
        if done:
            promise.withdrawn_at = self.now

    @rule(who=WHO, days=st.sampled_from([1, 5]))
    def author_pauses(self, who: int, days: int) -> None:
        """The union switch."""
        until = self.now + days * DAY
        if self.tried(lambda: pause_consents(actor=self.authors[who], until=until)):
            self.pauses[who].append([self.now, until])

    @rule(who=WHO)
    def author_resumes(self, who: int) -> None:
        """By themselves."""
        found = pause_of(self.authors[who])
        if found is not None and resume_consents(found, actor=self.authors[who]):
            self.pauses[who][-1][1] = self.now

    @rule(who=WHO, stance=st.sampled_from(["later", "later", "no"]))
    def author_chooses(self, who: int, stance: str) -> None:
        """For what is asked from now on."""
        prefer("training", stance, actor=self.authors[who])

    @precondition(lambda self: self.stop is None)
    @rule()
    def staff_suspend(self) -> None:
        """An artist's say over their work does not depend on their standing."""
        self.stop = suspend(Target(Scope.ARTIST, artist=self.authors[0]), actor=self.sam, reason="A look at something.")

    @precondition(lambda self: self.stop is not None)
    @rule()
    def staff_resume(self) -> None:
        """And back."""
        assert self.stop is not None
        resume(self.stop, actor=self.sam)
        self.stop = None

    @rule(days=st.sampled_from([0.5, 1, 3, 15, 40]), swept=st.booleans())
    def time_passes(self, days: float, swept: bool) -> None:
        """With or without a worker that sweeps."""
        self.now += days * DAY
        self.frozen.move_to(self.now)
        if swept:
            lapse_due()
            refresh_terms()
            if self.open is not None and not AskedWork.objects.filter(pk=self.open.work.pk, state="open").exists():
                self.open = None

    @precondition(lambda self: bool(self.promises))
    @rule(data=st.data(), back=st.sampled_from([0, 0, 0, 1, 4]), place=st.sampled_from(["world", "DE", "FR", "US"]))
    def staff_use(self, data: st.DataObject, back: int, place: str) -> None:
        """By the service, and past it: both agree with the bookkeeping, the database on all but the place."""
        key = data.draw(st.sampled_from(sorted(self.promises)))
        consent, at = Consent.objects.get(pk=key), self.now - back * DAY
        in_time = self.in_time(self.promises[key][1], at)
        should = in_time and self.there(self.promises[key][1], place)
        assert self.tried(lambda: record_use(consent, Happened(at, "A post", place), actor=self.sam)) == should
        row = Use(
            consent=consent, clip=self.clip, kind=consent.kind, at=at, place=place, where="x", currency="EUR",
            recorded_at=self.now, recorded_by_label="nobody",
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save()
        except DatabaseError:
            assert not in_time
        else:
            assert in_time

    # What must hold.

    def in_time(self, promise: Promise, at: datetime) -> bool:
        """Given and begun, not over, not withdrawn, and nobody pauses."""
        paused = any(begins <= at < ends for mine in self.pauses.values() for begins, ends in mine)
        open_then = promise.begins <= at < promise.ends
        return open_then and (promise.withdrawn_at is None or at < promise.withdrawn_at) and not paused

    def there(self, promise: Promise, place: str) -> bool:
        """Inside what all agreed to."""
        return "world" in promise.places or place in promise.places

    @invariant()
    def the_one_question_answers_as_the_bookkeeping(self) -> None:
        """Whether the work may be used, for each use and place, now."""
        reached.update(AskedWork.objects.values_list("state", flat=True))
        reached.update(Consent.objects.values_list("state", flat=True))
        for kind in ("social", "training"):
            for place in ("world", "DE", "US"):
                mine = [promise for named, promise in self.promises.values() if named == kind]
                should = any(self.in_time(one, self.now) and self.there(one, place) for one in mine)
                assert may_use(self.clip, kind, place=place).allowed == should, (kind, place)

    @invariant()
    def every_consent_has_all_its_authors_and_an_ordered_history(self) -> None:
        """Nothing was given that not all agreed to; events are numbered without a gap."""
        for consent in Consent.objects.all():
            assert str(consent.pk) in self.promises
            assert consent.grants.count() == len(self.authors)
            numbers = list(consent.events.values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db
def test_no_use_without_a_live_consent_of_all_authors(
    ada: Person, ben: Person, nia: Person, sam: Person, olga: Person, clip_of: Callable[..., Clip]
) -> None:
    with freeze_time(BEGIN - DAY):
        Consenting.clip = clip_of(ada)
    Consenting.authors, Consenting.sam = [ada, ben, nia], sam
    register_authors("test", lambda _clip: {ben.pk, nia.pk})
    reached.clear()
    try:
        run_state_machine_as_test(
            Consenting,
            settings=settings(
                max_examples=25,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        register_authors("test", lambda _clip: set())
    assert reached == {"open", "given", "declined", "lapsed", "withdrawn"}
