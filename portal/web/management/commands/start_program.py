"""`manage.py start_program`: a real first run, without demonstration data."""

from argparse import ArgumentParser
from typing import Any

from artists.invitations.services import invite, open_invitation, resend
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import System
from portal.console import ProgramCommand
from portal.program.services import start_program

FIRST_RUN = System("first run")
CHECKLIST = (
    "Open the operator's link above and set a password, then a second factor or a passkey.",
    "Write and publish the agreement: nothing can be made before one is in force.",
    "Make a cohort with its quota and open it; then open the program.",
    "Invite artists: manage.py invite EMAIL --cohort SLUG.",
    "Start a worker: manage.py worker. `manage.py status` shows whether it was seen.",
)


class Command(ProgramCommand):
    """Names the program and asks the first operator in."""

    help = "Name the program and invite its first operator."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """The program's name and who runs it."""
        parser.add_argument("name")
        parser.add_argument("--operator", required=True, metavar="EMAIL")
        parser.add_argument("--purpose", default="")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Start; a second call changes the words and invites nobody twice."""
        program = start_program(
            options["name"], actor=FIRST_RUN, purpose=options["purpose"], contact=options["operator"]
        )
        url = None
        known = Person.objects.filter(email__iexact=options["operator"]).first()
        if known is None or not known.holds(Role.OPERATOR):
            waiting = open_invitation(options["operator"], Role.OPERATOR)
            if waiting is None:
                _invitation, url = invite(options["operator"], cohort=None, actor=FIRST_RUN, role=Role.OPERATOR)
            else:
                _invitation, url = resend(waiting, actor=FIRST_RUN)
        answer = {
            "program": program.name,
            "state": program.state,
            "operator": options["operator"],
            "url": url,
            "checklist": CHECKLIST,
        }
        invited = f"Operator {options['operator']}: {url}" if url else f"{options['operator']} is operator already."
        return answer, [
            f"{program.name} is started, its doors are {program.state}.",
            invited,
            "Next:",
            *(f"  - {step}" for step in CHECKLIST),
        ]
