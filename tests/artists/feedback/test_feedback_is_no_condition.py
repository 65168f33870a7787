"""Feedback is never a condition of anything: what decides over films knows none of it, in code and in every statement."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from artists.agreements.standing import good_standing, standing_of
from artists.feedback.critique.services import write_critique
from artists.feedback.missions.services import accept_work, give_back, take_place
from artists.people.models import Person
from generation.gate import may_generate, may_go_on
from generation.models import Clip
from generation.queue.claim import claim, waiting_takes
from generation.quota import left_today
from portal.program.queries import the_program
from portal.program.rules import doors_open
from tests.factories import films
from tests.factories.missions import delivered, posted
from tests.factories.surveys import SCALE, WORDS, in_words, kept, published, said, sent

ROOT = Path(__file__).resolve().parents[3]
# Everything that decides whether, when and how much somebody makes, and where they stand.
DECIDING = (
    "generation",
    "portal/program",
    "portal/appeals",
    "artists/agreements",
    "artists/people",
    "artists/invitations",
)
OURS = "artists.feedback"
ClipOf = Callable[..., Clip]


def imported(text: str) -> Iterator[str]:
    """Names of all modules a text imports, also inside functions, and of what is loaded by name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def knows_feedback(text: str) -> list[str]:
    """What of a text leads to feedback: imports, model labels, names of its tables."""
    return [name for name in imported(text) if name.startswith(OURS) or re.match(r"^feedback[._]\w+$", name)]


def test_no_module_that_decides_knows_feedback() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for folder in DECIDING
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (names := knows_feedback(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "breach",
    [
        "from artists.feedback.models import Response",
        "def f():\n    from artists.feedback import surveys",
        "import artists.feedback.surveys.queries",
        "apps.get_model('feedback.Response')",
        "cursor.execute('feedback_response')",
    ],
)
def test_a_module_that_knows_feedback_is_caught(breach: str) -> None:
    assert (len(knows_feedback(breach)), knows_feedback("import feedbackless")) == (1, [])


def tables_in(statements: list[dict[str, str]]) -> set[str]:
    """Tables named by these statements."""
    known = set(connection.introspection.table_names())
    return {name for one in statements for name in re.findall(r'"(\w+)"', one["sql"]) if name in known}


def decide(people: list[Person]) -> tuple[list[Any], set[str]]:
    """Ask the gate, the quota, the standing and the queue, and submit and claim; what they answered, and what they read."""
    said_: list[Any] = []
    with CaptureQueriesContext(connection) as seen:
        for person in people:
            said_ += [may_generate(person), good_standing(person), doors_open(person, the_program())]
            said_ += [left_today(person, person.membership.cohort)]
            said_ += [[(stand.ability.name, stand.decision.allowed) for stand in standing_of(person)]]
        asked = [
            films.submitted(person, prompts=[f"film of {person.name}", "another shot"])
            for person in [*people, people[0]]
        ]
        said_ += [may_go_on(one) for one in asked]
        said_ += [[(take.artist_id, take.position) for take in waiting_takes({films.MODEL})]]
        while (take := claim("tests", {films.MODEL})) is not None:
            said_.append((take.artist_id, take.position, take.prompt))
        said_ += [left_today(person, person.membership.cohort) for person in people]
    return said_, tables_in(seen.captured_queries)


def undone(act: Callable[[], Any]) -> Any:
    """What an act answers, with everything it wrote taken back."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def test_gate_quota_standing_and_queue_answer_the_same_with_and_without_feedback(
    ada: Person, ben: Person, sam: Person, clip_of: ClipOf
) -> None:
    people = [ada, ben]
    clip = clip_of(ada)
    before, read = undone(lambda: decide(people))

    form = published(sam, SCALE, WORDS)
    note = published(sam, WORDS, slug="film", about_film=True, most_each=5)
    sent(form, ada, said("1"), in_words("This is bad, and so is the program."))
    kept(form, ben, said("5"))
    sent(note, ada, in_words("It melts."), clip=clip)
    accept_work(delivered(posted(sam), ada), actor=sam)
    give_back(take_place(posted(sam), actor=ben), actor=ben)
    write_critique("Nobody answers.", actor=ada)

    after, read_then = undone(lambda: decide(people))
    assert (after, read_then) == (before, read)
    ours = {model._meta.db_table for model in apps.get_app_config("feedback").get_models(include_auto_created=True)}
    priced = {model._meta.db_table for model in apps.get_app_config("tariff").get_models()}
    assert (read & (ours | priced), len(ours) > 8, {"generation_take", "program_cohort"} <= read) == (set(), True, True)
