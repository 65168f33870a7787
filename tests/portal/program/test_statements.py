"""What reviewers state for a cohort, in their own words, before they see its requests."""

from collections.abc import Callable

import pytest
from django.test import Client

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import make_person
from artists.sharing.services import approve, request_share
from generation.models import Clip
from portal.access import Refused
from portal.program.models import Cohort, Statement
from portal.program.queries import statements_missing
from portal.program.rules import stated
from tests.factories import people
from tests.factories.people import SETUP


@pytest.fixture
def rhea(db: None) -> Person:
    """A reviewer who has stated nothing yet."""
    return make_person("rhea@example.org", "Rhea", Role.REVIEWER, actor=SETUP)


@pytest.fixture(autouse=True)
def _nothing_stated(rhea: Person, cohort_a: Cohort, cohort_b: Cohort) -> None:
    """The factories state for every reviewer; here that is what is looked at."""
    Statement.objects.all().delete()


WORDS = {"typed_name": "Rhea", "conflicts": "I taught Ada in 2024."}


def test_statements_are_kept_word_for_word_and_per_cohort(
    rhea: Person, sam: Person, cohort_a: Cohort, cohort_b: Cohort, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(rhea)
    page = client.get("/me/statements/first/")
    assert (stated(rhea, cohort_a).code, statements_missing(rhea)) == ("statement-missing", 2)
    assert client.post("/me/statements/first/", WORDS).status_code == 302
    kept = {one.kind: (one.words, one.typed_name, one.cohort_id) for one in Statement.objects.all()}
    assert kept == {
        "confidentiality": (page.context["words"], "Rhea", cohort_a.pk),
        "conflicts": ("I taught Ada in 2024.", "Rhea", cohort_a.pk),
    }
    assert [stated(rhea, cohort).allowed for cohort in (cohort_a, cohort_b)] == [True, False]
    assert statements_missing(rhea) == 1
    desk = client_of(sam).get("/staff/cohorts/first/")
    assert [one.words for one in desk.context["conflicts"]] == ["I taught Ada in 2024."]


def test_statements_made_again_keep_the_former_and_the_newest_holds(
    rhea: Person, sam: Person, cohort_a: Cohort, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(rhea)
    client.post("/me/statements/first/", WORDS)
    assert client.get("/me/statements/first/").context["conflicts"] == "I taught Ada in 2024."
    client.post("/me/statements/first/", WORDS | {"conflicts": "None."})
    desk = client_of(sam).get("/staff/cohorts/first/")
    assert ([one.words for one in desk.context["conflicts"]], Statement.objects.count()) == (["None."], 4)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"typed_name": "  "}, "statement-name"),
        ({"typed_name": "Ben"}, "statement-name-other"),
        ({"conflicts": " \n"}, "statement-conflicts"),
        ({"conflicts": "x" * 4001}, "statement-conflicts"),
    ],
)
def test_statements_with_bad_input_state_nothing(
    rhea: Person, cohort_a: Cohort, client_of: Callable[[Person], Client], change: dict[str, str], code: str
) -> None:
    page = client_of(rhea).post("/me/statements/first/", WORDS | change)
    assert (page.status_code, page.context["refusal"].code, Statement.objects.count()) == (422, code, 0)


@pytest.mark.parametrize("path", ["/me/statements/", "/me/statements/first/"])
def test_statements_are_for_reviewers(ada: Person, client_of: Callable[[Person], Client], path: str) -> None:
    assert client_of(ada).get(path).status_code == 403


def test_reviewer_decides_only_where_the_statements_are_made(
    rhea: Person, ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    asked = request_share(clip_of(ada), actor=ada, title="Sea", destination="A festival")
    page = client_of(rhea).get(f"/review/{asked.pk}/", headers={"Accept": "application/json"})
    assert (page.status_code, page.json()["code"]) == (403, "statement-missing")
    with pytest.raises(Refused) as refused:
        approve(asked, actor=rhea)
    assert refused.value.decision.code == "statement-missing"
    people.state(rhea, ada.membership.cohort)
    assert client_of(rhea).get(f"/review/{asked.pk}/").status_code == 200
    approve(asked, actor=rhea)
    asked.refresh_from_db()
    assert asked.state == "resting"
