"""What every command has in common: --json, --actor, errors as `code: sentence`, exit 0, 1 or 2."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.access import Actor, Refused, denied
from portal.access.decisions import Kind

REFUSED, USAGE = 1, 2


class ProgramCommand(BaseCommand):
    """Base of all commands: `act` does the work and returns (answer for --json, lines for people)."""

    acts_as_person = True
    # Such a command brings the database up to date itself; what fails meanwhile is shown as it is.
    migrates = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --json and --actor, then the command's own through `arguments`."""
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else")
        if self.acts_as_person:
            parser.add_argument("--actor", metavar="EMAIL", help="act as this person (default: the operator)")
        self.arguments(parser)

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments."""

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Do the work. Raises Refused for anything a person can mend."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Run `act`, print what it answers; a refusal goes to stderr as `code: sentence` and exits 1."""
        try:
            answer, lines = self.act(**options)
        except Refused as refused:
            self.refuse(refused)
        except DatabaseError as fault:
            if self.migrates or not _is_behind():
                raise
            self.refuse(_behind(fault))
        code = int(answer.pop("_exit", 0))
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
        else:
            for line in lines:
                self.stdout.write(line)
        if code:
            raise SystemExit(code)

    def refuse(self, refused: Refused) -> None:
        """Say why not, and leave."""
        decision = refused.decision
        todo = f" {decision.todo}" if decision.todo else ""
        self.stderr.write(f"{decision.code}: {decision.reason}{todo}")
        raise SystemExit(REFUSED)


def _is_behind() -> bool:
    """Say whether the database lacks migrations of this version: it is new, or the code was brought up to date alone."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _behind(fault: DatabaseError) -> Refused:
    reason = f"The database is not up to date with this version ({fault})."
    todo = "Run `manage.py setup`, then this again; `make run` does so as it starts."
    return Refused("console.act", denied("database-behind", reason, todo=todo, kind=Kind.UNAVAILABLE))


def person_called(email: str) -> Actor:
    """The person with this mail address. Raises Refused person-unknown."""
    people = get_user_model()
    found = people._default_manager.filter(email__iexact=email.strip()).first()  # noqa: SLF001 - Django's Model API
    if found is None:
        reason = f"Nobody here has the address {email}."
        raise Refused("console.act", denied("person-unknown", reason, todo="Check the spelling.", kind=Kind.MISSING))
    return found  # type: ignore[return-value]


def acting_person(email: str | None) -> Actor:
    """Whom a command acts as: --actor, else the first operator. Raises Refused when there is none yet."""
    if email:
        return person_called(email)
    people = get_user_model()
    operators = people._default_manager.filter(grants__role="operator", is_active=True)  # noqa: SLF001 - Django's Model API
    operator = operators.order_by("pk").first()
    if operator is None:
        raise Refused(
            "console.act",
            denied(
                "no-operator", "There is no operator yet.", todo="Run `manage.py start_program` or `manage.py demo`."
            ),
        )
    return operator  # type: ignore[return-value]


__all__ = ["CommandError", "ProgramCommand", "acting_person", "person_called"]
