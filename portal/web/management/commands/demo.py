"""`manage.py demo`: the demonstration program, with one-time sign-in links."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.db import connection

from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand
from portal.web.demonstration import as_answer, check_allowed, load


class Command(ProgramCommand):
    """Idempotent; on loopback only. Films are made by the worker."""

    help = "Load the demonstration program."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """Whether to begin anew."""
        parser.add_argument("--fresh", action="store_true", help="empty the database first")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Load, and print a link for everybody."""
        check_allowed()
        if options["fresh"]:
            self._check_fresh()
            self.migrates = True
            call_command("migrate", "audit", "zero", verbosity=0, interactive=False)
            call_command("flush", verbosity=0, interactive=False)
            call_command("migrate", verbosity=0, interactive=False)
        answer = as_answer(load(generate=True))
        people = [("artist", answer["artists"]), ("reviewer", answer["reviewers"]), ("staff", answer["staff"])]
        return answer, [f"{role:9} {one['name']:16} {one['link']}" for role, ones in people for one in ones]

    def _check_fresh(self) -> None:
        if connection.vendor != "sqlite":
            words = "Only the SQLite database of this machine is emptied by command."
            todo = "Drop and create a server's database yourself, then run demo without --fresh."
            raise Refused("demo", denied("fresh-not-here", words, todo=todo, kind=Kind.FORBIDDEN))
