"""Asking for a film: what is written, and everything that is refused before anything is."""

from typing import Any

import pytest

from artists.people.models import Person
from generation.limits import MOST_SHOTS
from generation.models import Allowance, Follows, Generation, Reservation, Storyboard, Take
from generation.services import cancel, submit
from generation.storyboards import ShotAsked
from portal.access import Kind, Refused
from portal.audit.models import Entry
from tests.factories import films, people
from tests.factories.together import at_once

SHOT = ShotAsked("a red ball rises", seconds=1.0, seed=1)
LONG = "x" * 10_000

BAD: list[tuple[str, str, list[ShotAsked], dict[str, Any]]] = [
    ("an empty prompt", "prompt-empty", [ShotAsked("")], {}),
    ("a blank prompt", "prompt-empty", [ShotAsked(" \n\t ")], {}),
    ("a blank second prompt", "prompt-empty", [SHOT, ShotAsked("")], {}),
    ("10,000 characters", "prompt-too-long", [ShotAsked(LONG)], {}),
    ("no shot", "shot-missing", [], {}),
    ("too many shots", "shots-too-many", [SHOT] * (MOST_SHOTS + 1), {}),
    ("61 seconds in one shot", "film-too-long", [ShotAsked("a ball", seconds=61)], {}),
    ("61 seconds in many shots", "film-too-long", [ShotAsked("a ball", seconds=10)] * 6 + [SHOT], {}),
    ("a size outside the ladder", "size-not-offered", [SHOT], {"size": "999x999"}),
    ("a size that is none", "size-not-offered", [SHOT], {"size": "large"}),
    ("an unknown model", "model-unknown", [SHOT], {"model": "veo"}),
    ("a model that is not here", "model-missing", [ShotAsked("a ball")], {"model": "wan2.1-t2v-1.3b"}),
    ("a negative seed", "seed-out-of-range", [ShotAsked("a ball", seed=-1)], {}),
    ("a seed too large", "seed-out-of-range", [ShotAsked("a ball", seed=2**32)], {}),
    ("an unknown way to follow", "follows-unknown", [SHOT, ShotAsked("a ball", follows="melt")], {}),
    ("continue at the beginning", "nothing-to-continue", [ShotAsked("a ball", follows=Follows.CONTINUE)], {}),
    (
        "continue on words only",
        "reference-not-taken",
        [ShotAsked("a ball"), ShotAsked("b", follows=Follows.CONTINUE)],
        {"model": "wan2.1-t2v-1.3b"},
    ),
]


def written() -> list[int]:
    """How many rows there are of everything a submit writes."""
    return [model.objects.count() for model in (Generation, Storyboard, Take, Reservation, Allowance, Entry)]


@pytest.mark.parametrize(("code", "shots", "options"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_submit_of_bad_input_is_refused_and_writes_nothing(
    ada: Person, code: str, shots: list[ShotAsked], options: dict[str, Any]
) -> None:
    before = written()
    with pytest.raises(Refused) as refused:
        submit(shots, actor=ada, **({"model": films.MODEL} | options))
    decision = refused.value.decision
    kind = Kind.UNAVAILABLE if code == "model-missing" else Kind.INVALID
    assert (decision.code, decision.kind, written()) == (code, kind, before)
    assert "" not in {str(decision.reason), str(decision.todo)}


def test_submit_unsigned_and_outdated(nia: Person, ada: Person) -> None:
    before = written()
    with pytest.raises(Refused) as unsigned:
        films.submitted(nia)
    assert (unsigned.value.decision.code, written()) == ("agreement-unsigned", before)
    people.published_agreement("# Terms\n\nNew ones.")
    before = written()
    with pytest.raises(Refused) as outdated:
        films.submitted(ada)
    assert (outdated.value.decision.code, written()) == ("agreement-outdated", before)


def test_submit_writes_a_snapshot_takes_and_a_reservation(ada: Person) -> None:
    generation = films.submitted(ada, ["a red ball rises", "a boat drifts"], title=" Sea ", size="640x360")
    assert (generation.title, generation.width, generation.height, generation.milliseconds) == ("Sea", 640, 360, 2000)
    assert [shot["prompt"] for shot in generation.snapshot["shots"]] == ["a red ball rises", "a boat drifts"]
    assert [(take.position, take.state, take.frames) for take in generation.takes.all()] == [
        (1, "queued", 8),
        (2, "queued", 8),
    ]
    assert (generation.reservation.amount_ms, Allowance.objects.get().held_ms) == (2000, 2000)


def test_submit_continue_waits_for_the_shot_before(ada: Person) -> None:
    generation = submit([SHOT, ShotAsked("b", seconds=1.0, follows=Follows.CONTINUE)], actor=ada, model=films.MODEL)
    assert list(generation.takes.values_list("state", flat=True)) == ["queued", "waiting"]


def test_submit_with_one_key_twice_is_one_request(ada: Person) -> None:
    first, second = films.submitted(ada, key="once"), films.submitted(ada, key="once")
    assert (first.pk, Generation.objects.count(), Allowance.objects.get().held_ms) == (second.pk, 1, 1000)


def test_submit_with_the_key_of_somebody_else_is_a_request_of_its_own(ada: Person, ben: Person) -> None:
    theirs, mine = films.submitted(ada, key="once"), films.submitted(ben, key="once")
    assert (mine.artist_id, mine.pk == theirs.pk, Generation.objects.count()) == (ben.pk, False, 2)


def test_submit_with_a_key_of_any_length_is_taken(ada: Person) -> None:
    assert films.submitted(ada, key="k" * 500).artist_id == ada.pk


@pytest.mark.django_db(transaction=True)
def test_submit_with_one_key_at_the_same_moment_is_one_request(ada: Person) -> None:
    results = at_once(6, lambda _number: films.submitted(ada, key="once").pk)
    assert results == [Generation.objects.get().pk] * 6
    assert Allowance.objects.get().held_ms == 1000


def test_cancel_is_once_and_only_by_the_artist(ada: Person, ben: Person) -> None:
    generation = films.submitted(ada)
    with pytest.raises(Refused) as refused:
        cancel(generation, actor=ben)
    assert refused.value.decision.kind is Kind.MISSING
    assert [cancel(generation, actor=ada)[1] for _time in range(2)] == [True, False]
    assert (generation.takes.get().state, Allowance.objects.get().held_ms) == ("cancelled", 0)
