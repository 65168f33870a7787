"""The one writer of states: moved once, asked on the fresh row, recorded with the act."""

import pytest
from django.db import transaction

from artists.people.models import Person
from portal.access import Refused, System
from portal.audit.models import Entry
from portal.machine import Move, move
from portal.program.models import Cohort
from portal.program.states import CLOSE_COHORT, OPEN_COHORT, Doors
from tests.factories.people import SETUP
from tests.factories.together import at_once

THREADS = 8


def test_move_writes_state_fields_and_record(cohort_a: Cohort, sam: Person) -> None:
    row, moved = move(
        cohort_a, CLOSE_COHORT, actor=sam, fields={"state_reason": "maintenance"}, detail={"why": "tests"}
    )
    last = Entry.objects.last()
    assert (row.state, row.state_reason, moved) == (Doors.CLOSED, "maintenance", True)
    assert (last.action, last.actor_id, last.subject_id) == ("program.close_cohort", sam.pk, str(cohort_a.pk))


def test_move_from_another_state_does_nothing(cohort_a: Cohort, sam: Person) -> None:
    before = Entry.objects.count()
    row, moved = move(cohort_a, OPEN_COHORT, actor=sam, fields={"state_reason": "never written"})
    assert (row.state, row.state_reason, moved, Entry.objects.count()) == (Doors.OPEN, "", False, before)


def test_move_not_allowed_changes_nothing(cohort_a: Cohort, ada: Person) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        move(cohort_a, CLOSE_COHORT, actor=ada)
    cohort_a.refresh_from_db()
    assert (refused.value.decision.code, cohort_a.state, Entry.objects.count()) == ("role", Doors.OPEN, before)


def test_move_asks_the_rule_on_the_fresh_row(cohort_a: Cohort, sam: Person) -> None:
    stale = Cohort.objects.get(pk=cohort_a.pk)
    move(cohort_a, CLOSE_COHORT, actor=sam)
    row, moved = move(stale, CLOSE_COHORT, actor=sam)
    assert (stale.state, row.state, moved) == (Doors.OPEN, Doors.CLOSED, False)


def test_move_with_a_condition_that_fails_changes_nothing(cohort_a: Cohort, sam: Person) -> None:
    row, moved = move(cohort_a, CLOSE_COHORT, actor=sam, where={"slug": "another"})
    assert (row.state, moved) == (Doors.OPEN, False)


def test_move_rolled_back_takes_its_record_along(cohort_a: Cohort, sam: Person) -> None:
    before = Entry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        move(cohort_a, CLOSE_COHORT, actor=sam)
        raise RuntimeError
    cohort_a.refresh_from_db()
    assert (cohort_a.state, Entry.objects.count()) == (Doors.OPEN, before)


def test_move_whose_record_fails_is_undone(cohort_a: Cohort) -> None:
    long = Move.of("program.close_cohort", [Doors.OPEN], Doors.CLOSED)
    unrecordable = {"circle": []}
    unrecordable["circle"].append(unrecordable)
    with pytest.raises(ValueError, match="Circular"):
        move(cohort_a, long, actor=SETUP, detail=unrecordable)
    cohort_a.refresh_from_db()
    assert cohort_a.state == Doors.OPEN


@pytest.mark.django_db(transaction=True)
def test_move_by_eight_at_once_is_made_by_one(cohort_a: Cohort) -> None:
    results = at_once(THREADS, lambda number: move(cohort_a, CLOSE_COHORT, actor=System(f"thread {number}"))[1])
    assert sorted(results) == [False] * (THREADS - 1) + [True]
    assert Entry.objects.filter(action="program.close_cohort").count() == 1
