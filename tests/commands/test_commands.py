"""Commands answer with JSON, refuse with a code, and exit as the contract says."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import DatabaseError
from freezegun import freeze_time

from artists.agreements.models import Signature
from artists.people.models import Person
from portal.console import ProgramCommand
from portal.program.models import Cohort
from tests.factories import films


def answer_of(*words: str) -> Any:
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def refusal_of(*words: str) -> tuple[int, str]:
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command(*words, stdout=io.StringIO(), stderr=said)
    return int(str(left.value.code)), said.getvalue().split(":")[0]


@pytest.mark.django_db
def test_demo_twice_makes_the_same_people_once() -> None:
    first, second = answer_of("demo"), answer_of("demo")
    assert [len(first[room]) for room in ("artists", "reviewers", "staff", "cohorts")] == [4, 3, 3, 2]
    assert [one["email"] for one in first["artists"]] == [one["email"] for one in second["artists"]]
    assert (Person.objects.count(), Signature.objects.count()) == (10, 5)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 10


@pytest.mark.django_db
def test_demo_off_loopback_is_refused(settings: Any) -> None:
    settings.LOOPBACK = False
    assert (refusal_of("demo"), Person.objects.count()) == ((1, "demo-not-here"), 0)


@pytest.mark.django_db
def test_start_program_invites_its_operator_with_a_link() -> None:
    started = answer_of("start_program", "Spring", "--operator", "op@example.org")
    assert (started["program"], started["state"], started["url"].split("/invite/")[0]) == (
        "Spring",
        "closed",
        "http://127.0.0.1:8000",
    )


def test_invite_into_a_cohort_answers_with_its_link(olga: Person, cohort_a: Cohort) -> None:
    assert sorted(answer_of("invite", "new@example.org", "--cohort", cohort_a.slug)) == ["expires", "invitation", "url"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("invite", "new@example.org", "--cohort", "nowhere"), "cohort-unknown"),
        (("invite", "nobody", "--cohort", "first"), "address-invalid"),
        (("invite", "new@example.org", "--cohort", "first", "--actor", "x@example.org"), "person-unknown"),
    ],
)
def test_invite_with_bad_input_is_refused_with_a_code(
    olga: Person, cohort_a: Cohort, words: tuple[str, ...], code: str
) -> None:
    assert refusal_of(*words) == (1, code)


@pytest.mark.django_db
def test_invite_without_operator_is_refused(cohort_a: Cohort) -> None:
    assert refusal_of("invite", "new@example.org", "--cohort", "first") == (1, "no-operator")


@pytest.mark.django_db
def test_verify_audit_of_a_whole_record_finds_nothing() -> None:
    call_command("demo", stdout=io.StringIO())
    assert answer_of("verify_audit")["broken"] is None


@pytest.mark.django_db
def test_rules_prints_every_action_once() -> None:
    actions = [one["action"] for one in answer_of("rules")["rules"]]
    assert (len(actions), "generation.submit" in actions) == (len(set(actions)), True)


def test_status_is_said_as_people_read_it(ada: Person, olga: Person) -> None:
    with freeze_time("2026-03-01T09:30:00Z"):
        answer_of("suspend", "--artist", ada.email, "--reason", "A proxy page.")
        out = io.StringIO()
        call_command("status", stdout=out)
    lines = dict(line.split(": ", 1) for line in out.getvalue().splitlines())
    assert (lines["workers"], "since 2026-03-01 09:30:00 UTC" in lines["suspensions"]) == ("none", True)


def test_suspend_and_resume_answer_as_the_contract_says(ada: Person, ben: Person, olga: Person) -> None:
    films.submitted(ada)
    words = ("suspend", "--artist", ada.email, "--reason", "A proxy page.")
    preview = answer_of(*words, "--preview")
    stopped = answer_of(*words)
    counts = {"people": 1, "generations_running": 0, "generations_queued": 1, "tokens": 0}
    assert {key: preview[key] for key in counts} == {key: stopped[key] for key in counts} == counts
    assert (preview["suspension"], preview["effective_ms"], type(stopped["effective_ms"])) == (None, None, int)
    again = refusal_of(*words)
    assert list(answer_of("status")["suspensions"]) == [stopped["suspension"]]
    resumed = answer_of("resume", stopped["suspension"])
    assert (again, resumed["how"], answer_of("status")["suspensions"]) == ((1, "already-suspended"), "resumed", {})
    assert refusal_of("resume", stopped["suspension"]) == (1, "suspension-over")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--artist", "x@example.org"), "person-unknown"),
        (("--cohort", "nowhere"), "cohort-unknown"),
        (("--model", "none"), "model-unknown"),
        (("--token", "zzzz"), "token-unknown"),
        (("--artist", "ada@example.org", "--until", "2001-01-01"), "until-past"),
        (("--artist", "ada@example.org", "--until", "tomorrow"), "until-unreadable"),
        (("--artist", "olga@example.org"), "last-staff"),
        (("--program", "--actor", "ada@example.org"), "role"),
    ],
)
def test_suspend_with_bad_input_is_refused_with_a_code(
    ada: Person, olga: Person, words: tuple[str, ...], code: str
) -> None:
    assert refusal_of("suspend", *words, "--reason", "Why.") == (1, code)


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
def test_resume_of_nothing_is_refused(olga: Person, number: str) -> None:
    assert refusal_of("resume", number) == (1, "suspension-unknown")


@pytest.mark.parametrize("words", [("generate", "a red ball", "--artist", "ada@example.org"), ("demo",)])
def test_a_command_before_setup_says_what_to_run(words: tuple[str, ...], tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", *words]
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        command, env=known | {"VERNISSAGE_HOME": str(tmp_path)}, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr.split(":")[0]) == (1, "", "database-behind")
    assert "`manage.py setup`" in done.stderr


@pytest.mark.django_db
def test_a_fault_of_a_database_that_is_up_to_date_is_shown_as_it_is() -> None:
    class Broken(ProgramCommand):
        def act(self, **options: Any) -> Any:
            raise DatabaseError("disk I/O error")

    with pytest.raises(DatabaseError, match="disk I/O error"):
        call_command(Broken())
