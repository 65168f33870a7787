"""Anything in any order: nothing is ever public without an approval in force, and whoever made it is always told.

A machine tries everything people, staff and time can do with one clip. What should be public is kept beside it by plain
bookkeeping of what the acts answered, and compared at every step with what the public's browser gets.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.models import Consequence, Release, ShareRequest, Terms
from artists.sharing.queries import decisions_told, last_told, open_question
from artists.sharing.services import (
    answer,
    approve,
    confirm,
    decline,
    expire,
    question,
    refuse,
    revoke,
    run_out,
    send,
    tell_now,
    tell_rested,
    undo,
    withdraw,
)
from artists.sharing.states import RequestState
from generation.models import Clip
from portal.access import Refused, denied
from portal.appeals.models import Appeal
from portal.appeals.services import appeal, decide
from portal.happenings import delivery
from portal.notices.models import Notice
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import expire_due, resume, suspend
from tests.factories.people import holder_of
from tests.factories.sharing import REASON, asked_for

BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
GROUNDS = st.sampled_from(["rights", "label", "person", "hate", "criticism", ""])
reached: set[str] = set()


class Sharing(RuleBasedStateMachine):
    """One artist, one collaborator, three reviewers, two of the staff, and the clock."""

    ada: Person
    ben: Person
    reviewers: list[Person]
    staff: list[Person]
    clip: Clip

    def __init__(self) -> None:
        super().__init__()
        self.room = transaction.atomic()
        self.room.__enter__()
        self.now = BEGIN
        self.clock = freeze_time(self.now)
        self.frozen: Any = self.clock.start()
        self.request: ShareRequest | None = None
        self.approved = False  # by somebody, or by the clock, and not taken back since
        self.embargo: datetime | None = None
        self.ends: datetime | None = None
        self.stop: Suspension | None = None
        self.all_agree = True
        self.ever: list[ShareRequest] = []
        self.client = Client()

    def teardown(self) -> None:
        """Nothing of one run is left for the next."""
        self.clock.stop()
        transaction.set_rollback(True)  # noqa: FBT003 - Django's own signature
        self.room.__exit__(None, None, None)

    # What happens.

    def tried(self, act: Callable[[], object]) -> bool:
        """Whether the act was done; a refusal leaves everything as it was."""
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            assert refused.decision.code
            return False
        return True

    def fresh(self) -> ShareRequest:
        """The request as it is."""
        assert self.request is not None
        return ShareRequest.objects.select_related("terms", "artist").get(pk=self.request.pk)

    @precondition(lambda self: self.request is None or self.fresh().state in {"refused", "withdrawn", "expired"})
    @rule(alone=st.booleans(), embargo=st.sampled_from([None, 1, 90]), escalate=st.booleans())
    def ask(self, alone: bool, embargo: int | None, escalate: bool) -> None:
        """Ada asks, alone or with Ben, under the terms of the day."""
        consequence = Consequence.ESCALATED if escalate else Consequence.APPROVED
        Terms.objects.create(since=self.now, consequence=consequence, by_label="test")
        until = None if embargo is None else self.now + embargo * HOUR
        with_ben = [] if alone else [self.ben.email]

        def act() -> None:
            self.request = asked_for(self.clip, collaborators=with_ben, embargo_until=until)

        if self.tried(act):
            self.ever.append(self.fresh())
            self.approved, self.embargo, self.ends, self.all_agree = False, until, None, alone

    @precondition(lambda self: self.request is not None)
    @rule(yes=st.booleans())
    def collaborator_answers(self, yes: bool) -> None:
        """Ben says yes or no, if he is asked."""
        part = self.fresh().collaborators.first()
        if part is not None and self.tried(lambda: (confirm if yes else decline)(part, actor=self.ben)):
            self.all_agree = yes

    @precondition(lambda self: self.request is not None)
    @rule()
    def send_draft(self) -> None:
        """A declined request is sent again."""
        if self.tried(lambda: send(self.fresh(), actor=self.ada)):
            self.all_agree = not self.fresh().collaborators.exists()

    @precondition(lambda self: self.request is not None)
    @rule(
        who=st.sampled_from([0, 1, 2, 0, 1, 2, 3, 4]),
        yes=st.booleans(),
        ground=GROUNDS,
        ends=st.sampled_from([None, 2, 100]),
        tell=st.booleans(),
    )
    def somebody_decides(self, who: int, yes: bool, ground: str, ends: int | None, tell: bool) -> None:
        """Any reviewer, or somebody of the staff, or the artist herself; told at once, or later."""
        person = [*self.reviewers, self.staff[0], self.ada][who]
        until = None if ends is None else self.now + ends * HOUR
        if yes:
            self.tried(lambda: approve(self.fresh(), actor=person, ends_at=until))
        else:
            done = self.tried(lambda: refuse(self.fresh(), actor=person, ground=ground, reason=REASON))
            assert not done or ground not in {"criticism", ""}
        if tell:
            self.told(person)

    @precondition(lambda self: self.request is not None)
    @rule(who=st.integers(0, 2))
    def undo_it(self, who: int) -> None:
        """Whoever decided last may."""
        self.tried(lambda: undo(self.fresh(), actor=self.reviewers[who]))

    @precondition(lambda self: self.request is not None)
    @rule(who=st.integers(0, 2))
    def tell_it(self, who: int) -> None:
        """Without waiting."""
        self.told(self.reviewers[who])

    def told(self, person: Person) -> None:
        """What rests takes effect, where it is this person's."""
        before = self.fresh()
        if self.tried(lambda: tell_now(before, actor=person)):
            self.took_effect(before)

    def took_effect(self, before: ShareRequest) -> None:
        """What was decided holds from now on."""
        self.approved = before.outcome == "approved"
        self.ends = before.ends_at

    @precondition(lambda self: self.request is not None)
    @rule(who=st.integers(0, 2))
    def ask_the_artist(self, who: int) -> None:
        """The clock stands."""
        self.tried(lambda: question(self.fresh(), actor=self.reviewers[who], text="Which one?"))

    @precondition(lambda self: self.request is not None and open_question(self.fresh()) is not None)
    @rule()
    def artist_answers(self) -> None:
        """And goes on."""
        self.tried(lambda: answer(self.fresh(), actor=self.ada, text="The first."))

    @precondition(lambda self: self.request is not None)
    @rule(by_ben=st.booleans())
    def take_back(self, by_ben: bool) -> None:
        """By either of those who made it."""
        person = self.ben if by_ben else self.ada
        if self.tried(lambda: self.withdrawn(person)):
            self.approved = False

    def withdrawn(self, person: Person) -> None:
        """Refused is nothing done."""
        if not withdraw(self.fresh(), actor=person)[1]:
            raise Refused("sharing.withdraw", denied("nothing", ""))

    @precondition(lambda self: self.request is not None)
    @rule(ground=GROUNDS)
    def staff_revokes(self, ground: str) -> None:
        """On a ground."""
        if self.tried(lambda: revoke(self.fresh(), actor=self.staff[0], ground=ground, reason=REASON)):
            assert ground not in {"criticism", ""}
            self.approved = False

    @precondition(lambda self: self.request is not None)
    @rule()
    def artist_appeals(self) -> None:
        """Against what was told last."""
        told = last_told(self.fresh())
        if told is not None:
            self.tried(lambda: appeal("share", str(told.pk), actor=self.ada, text="It is mine."))

    @rule(who=st.integers(0, 4), overturned=st.booleans())
    def appeal_is_answered(self, who: int, overturned: bool) -> None:
        """By anybody but who decided."""
        made = Appeal.objects.filter(state="open").last()
        if made is None or self.request is None:
            return
        before = self.fresh().state
        person = [*self.reviewers, *self.staff][who]
        if self.tried(lambda: decide(made, actor=person, overturned=overturned, answer="So it is.")):
            assert not self.fresh().decisions.filter(reviewer=person, stands=True, outcome="refused").exists()
            if overturned and before == "in_appeal":
                self.approved = True

    @precondition(lambda self: self.stop is None)
    @rule(scope=st.sampled_from([Scope.ARTIST, Scope.COHORT, Scope.PROGRAM]))
    def staff_suspends(self, scope: Scope) -> None:
        """The artist, her cohort or everything."""
        target = {
            Scope.ARTIST: Target(scope, artist=self.ada),
            Scope.COHORT: Target(scope, cohort=self.ada.membership.cohort),
            Scope.PROGRAM: Target(scope),
        }[scope]
        until = self.now + 5 * HOUR if scope != Scope.PROGRAM else None
        self.stop = suspend(target, actor=self.staff[0], reason="A look at something.", until=until)

    @precondition(lambda self: self.stop is not None)
    @rule()
    def staff_resumes(self) -> None:
        """Before its end."""
        stop = self.stop
        assert stop is not None
        self.tried(lambda: resume(stop, actor=self.staff[1]))
        self.stop = None

    @rule(hours=st.sampled_from([0.1, 0.3, 1, 5, 24, 72, 24 * 15, 24 * 31]), swept=st.booleans())
    def time_passes(self, hours: float, swept: bool) -> None:
        """With or without a worker that sweeps."""
        self.now += hours * HOUR
        self.frozen.move_to(self.now)
        if swept:
            self.sweep()

    def sweep(self) -> None:
        """What a worker does every second."""
        expire_due()
        before = None if self.request is None else self.fresh()
        tell_rested()
        run_out()
        expire()
        delivery.sweep()
        if before is None:
            return
        after = self.fresh().state
        if before.state == "resting" and after in {"approved", "refused"}:
            self.took_effect(before)
        elif before.state == "in_review" and after == "approved":
            self.approved, self.ends = True, None
        elif before.state == "approved" and after == "expired":
            self.approved = False
        if before.state == "in_review" and not self.suspended() and before.due_at is not None:
            assert after != "in_review" or self.fresh().due_at > self.now

    # What must hold.

    def suspended(self) -> bool:
        """By the bookkeeping: begun, and its time is not over."""
        if self.stop is None:
            return False
        ends = [moment for moment in (self.stop.until, self.stop.stands_until) if moment is not None]
        return not ends or self.now < min(ends)

    def should_be_public(self) -> bool:
        """An approval in force, everybody agreed, the embargo over, the end not reached, nothing suspended."""
        return (
            self.approved
            and self.all_agree
            and (self.embargo is None or self.now >= self.embargo)
            and (self.ends is None or self.now < self.ends)
            and not self.suspended()
        )

    @invariant()
    def public_is_what_is_approved_and_in_force(self) -> None:
        """For the page and for the film, as a stranger's browser gets them."""
        reached.update(ShareRequest.objects.values_list("state", flat=True))
        for release in Release.objects.select_related("request"):
            current = self.request is not None and release.request_id == self.request.pk
            statuses = [self.client.get(f"/w/{release.slug}/{part}").status_code for part in ("", "film/")]
            if current and self.should_be_public():
                assert statuses == [200, 200], self.fresh().state
            else:
                assert set(statuses) <= {404, 410}, self.fresh().state
        if self.should_be_public():
            assert self.request is not None
            assert Release.objects.filter(request=self.request).exists()

    @invariant()
    def whoever_made_it_is_told(self) -> None:
        """As soon as news was delivered: of every decision that took effect, and of nothing that rests."""
        delivery.sweep()
        for request in self.ever:
            told = len(decisions_told(request))
            heard = Notice.objects.filter(
                person=self.ada, kind="sharing.decided", url__contains=str(request.pk)
            ).count()
            assert heard <= told
            assert bool(heard) == bool(told)


@pytest.mark.django_db
def test_nothing_is_public_without_an_approval_in_force(
    ada: Person,
    ben: Person,
    rhea: Person,
    rolf: Person,
    sam: Person,
    olga: Person,
    clip_of: Callable[..., Clip],
) -> None:
    with freeze_time(BEGIN - HOUR):
        Sharing.clip = clip_of(ada)
        third = holder_of(Role.REVIEWER, "Rita")
    Sharing.ada, Sharing.ben, Sharing.reviewers, Sharing.staff = ada, ben, [rhea, rolf, third], [sam, olga]
    reached.clear()
    run_state_machine_as_test(
        Sharing,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert reached == set(RequestState.values)
