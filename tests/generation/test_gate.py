"""The gate: every door that closes, its code, and that it is asked again in the middle."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artists.people.models import Person, RoleGrant
from generation.gate import may_generate
from generation.models import Generation
from generation.queue.claim import claim
from generation.queue.endings import assemble
from generation.states import GenerationState
from portal.access import Decision, Refused
from portal.program.models import Cohort, Membership, Program
from portal.program.services import close_cohort, close_program
from tests.factories import films, people
from tests.factories.people import SETUP

Close = Callable[[Person], object]


def _no_role(person: Person) -> object:
    return RoleGrant.objects.filter(person=person).delete()


def _stop_account(person: Person) -> object:
    return Person.objects.filter(pk=person.pk).update(is_active=False)


CLOSINGS: list[tuple[str, Close]] = [
    ("program-not-started", lambda person: Program.objects.all().delete()),
    ("program-closed", lambda person: close_program(Program.objects.get(), actor=SETUP, reason="A pause.")),
    ("no-cohort", lambda person: Membership.objects.filter(person=person).delete()),
    ("cohort-closed", lambda person: close_cohort(person.membership.cohort, actor=SETUP, reason="")),
    ("account-stopped", _stop_account),
    ("not-an-artist", _no_role),
    ("agreement-outdated", lambda person: people.published_agreement("# Terms\n\nAnd more.")),
]


def asked_afresh(person: Person) -> Decision:
    """The gate as the next request sees it."""
    return may_generate(Person.objects.get(pk=person.pk))


def test_gate_open_lets_in(ada: Person) -> None:
    assert asked_afresh(ada).allowed


def test_gate_asked_twice_asks_everything_twice(ada: Person) -> None:
    # Suspension, program, place in a cohort, roles, leaving, texts in force, signatures: never from memory.
    person = Person.objects.get(pk=ada.pk)
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert may_generate(person)
        counts.append(len([one for one in seen if "advisory" not in one["sql"]]))
    assert counts == [7, 6]  # roles are read once for the person of one request


@pytest.mark.parametrize(("code", "close"), CLOSINGS, ids=[code for code, _close in CLOSINGS])
def test_gate_closed_says_why(ada: Person, code: str, close: Close) -> None:
    close(ada)
    decision = asked_afresh(ada)
    assert (decision.allowed, decision.code) == (False, code)
    assert str(decision.reason) != ""


def test_gate_unsigned_and_without_any_agreement(nia: Person, cohort_b: Cohort) -> None:
    assert asked_afresh(nia).code == "agreement-unsigned"


def test_gate_without_any_agreement(cohort_a: Cohort) -> None:
    assert asked_afresh(people.artist_in(cohort_a, "Zoe")).code == "agreement-missing"


def test_gate_of_one_cohort_leaves_the_other_open(ada: Person, ben: Person) -> None:
    close_cohort(ada.membership.cohort, actor=SETUP, reason="")
    assert (asked_afresh(ada).code, asked_afresh(ben).allowed) == ("cohort-closed", True)


@pytest.mark.parametrize(("code", "close"), CLOSINGS, ids=[code for code, _close in CLOSINGS])
def test_gate_closed_after_submit_pauses_before_work_and_lets_others_go_on(
    ada: Person, ben: Person, code: str, close: Close
) -> None:
    mine = films.submitted(ada)
    other = films.submitted(ben)
    close(ada)
    take = claim("tests", {films.MODEL})
    mine.refresh_from_db()
    both = code in {"program-not-started", "program-closed", "agreement-outdated"}
    assert (mine.state, mine.state_code) == (GenerationState.PAUSED, code)
    assert (None if take is None else take.generation_id) == (None if both else other.pk)


def test_gate_closed_before_the_hand_over_keeps_the_takes(ada: Person) -> None:
    generation = films.submitted(ada)
    films.render_waiting()
    close_cohort(ada.membership.cohort, actor=SETUP, reason="")
    assert assemble(Generation.objects.get(pk=generation.pk)) is False
    generation.refresh_from_db()
    assert (generation.state, generation.takes.get().state, hasattr(generation, "clip")) == (
        GenerationState.PAUSED,
        "done",
        False,
    )
    assert generation.reservation.state == "held"


def test_submit_with_the_gate_closed_raises_its_code(ada: Person) -> None:
    close_cohort(ada.membership.cohort, actor=SETUP, reason="")
    with pytest.raises(Refused) as refused:
        films.submitted(Person.objects.get(pk=ada.pk))
    assert refused.value.decision.code == "cohort-closed"
