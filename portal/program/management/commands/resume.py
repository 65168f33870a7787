"""`manage.py resume`: end a suspension before its date."""

from argparse import ArgumentParser
from typing import Any

from portal.console import ProgramCommand, acting_person
from portal.program.naming import suspension_numbered
from portal.program.suspending import resume


class Command(ProgramCommand):
    """Everything goes on from where it stood."""

    help = "End a suspension."

    def arguments(self, parser: ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("suspension", metavar="SUSPENSION", help="its number")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """End it; one that has ended is refused with how it ended."""
        ended = resume(suspension_numbered(options["suspension"]), actor=acting_person(options["actor"]))
        answer = {"suspension": str(ended.pk), "state": ended.state, "ended_at": ended.ended_at, "how": ended.ended_how}
        return answer, [f"Suspension {ended.pk} has ended; what waited goes on."]
