"""Who can reach an approval at all: a view, and nothing else. The API reads one's own, and acts on no money."""

import ast
from pathlib import Path

from django.test import Client
from django.urls import reverse
from ninja.operation import PathView

from artists.compensation.awards import api, services
from artists.compensation.awards.services import Wish
from artists.compensation.models import Application, Approval, Award, Fund
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from artists.people.states import TokenScope
from artists.people.tokens import Limits, make_token
from tests.factories.awards import applied, approved, closed, left_out, opened, submitted
from tests.factories.people import SETUP

ROOT = Path(__file__).resolve().parents[4]
APPROVING = {"approve_award", "approve_several"}
MAY = {
    "artists/compensation/awards/services/__init__.py", "artists/compensation/awards/services/approving.py",
    "artists/compensation/awards/views/awards.py", "artists/compensation/awards/views/batches.py",
}  # fmt: skip


def names_in(text: str) -> set[str]:
    """Every name a module mentions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def test_only_pages_of_awards_approve_and_no_command_task_or_api() -> None:
    modules = (path for room in ("portal", "artists", "generation") for path in (ROOT / room).rglob("*.py"))
    found = {str(path.relative_to(ROOT)) for path in modules if names_in(path.read_text()) & APPROVING}
    assert found <= MAY
    assert {"artists/compensation/awards/views/awards.py", "artists/compensation/awards/views/batches.py"} <= found


def test_planted_command_that_approves_is_caught() -> None:
    assert names_in("from a.services import approve_award as quietly") & APPROVING == {"approve_award"}
    assert names_in("services.approve_several({}, actor=x)") & APPROVING == {"approve_several"}


def caller(person: Person, *scopes: TokenScope) -> Client:
    """A program with a token."""
    limits = Limits(budget_seconds=600)
    _token, secret = make_token(
        person, "script", scopes=scopes or tuple(TokenScope), days=30, limits=limits, actor=person
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_every_operation_only_reads() -> None:
    views: list[PathView] = list(api.router.path_operations.values())
    assert {method for view in views for one in view.operations for method in one.methods} == {"GET"}


def test_token_reads_its_own_awards_and_calls(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    submitted(ada, fund, by=sam)
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    script, other = caller(ada), caller(ben)
    told = script.get("/api/v1/awards").json()
    assert [(one["id"], one["amount"], one["state"], one["digest"]) for one in told] == [
        (str(award.pk), 30_000, "approved", award.digest)
    ]
    assert [client.get(f"/api/v1/awards/{award.pk}").status_code for client in (script, other, Client())] == [
        200,
        404,
        401,
    ]
    assert other.get("/api/v1/awards").json() == []
    found = closed(found)
    left_out(mine, by=sam)
    [call] = script.get("/api/v1/grants").json()
    assert (
        call["title"],
        call["most_each"],
        call["mine"]["state"],
        call["mine"]["reasons"],
        call["mine"]["answer"],
    ) == ("Autumn grants", 20_000, "submitted", [], "")
    services.decide_round(found, actor=sam)
    [call] = script.get("/api/v1/grants").json()
    assert (call["state"], call["mine"]["state"], len(call["mine"]["reasons"])) == ("decided", "declined", 2)
    assert other.get("/api/v1/grants").json()[0]["mine"] is None
    assert caller(ada, TokenScope.ACCOUNT).get("/api/v1/awards").status_code == 403


def test_token_of_somebody_of_the_staff_approves_nothing(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    award = submitted(ada, fund, by=sam)
    grant_role(ben, Role.STAFF, actor=SETUP)
    script = caller(Person.objects.get(pk=ben.pk))
    for name in ("staff_award_approve", "staff_award_decline", "staff_award_end"):
        answer = script.post(reverse(name, args=[award.pk]), {"digest": award.digest})
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert (Approval.objects.count(), Award.objects.get().state) == (0, "submitted")


def test_token_applies_for_nothing(ada: Person, sam: Person, fund: Fund) -> None:
    found = opened(fund, by=sam)
    services.keep_application(found, Wish("x"), actor=ada)
    script = caller(ada)
    answer = script.post(reverse("grant_apply", args=[found.pk]), {"act": "hand_in", "text": "x", "amount": "1"})
    assert (answer.status_code, Application.objects.get().state) == (302, "draft")
