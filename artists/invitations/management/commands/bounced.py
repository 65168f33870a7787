"""`manage.py bounced EMAIL`: the mail provider reports that an address takes no letters."""

from argparse import ArgumentParser
from typing import Any

from artists.invitations.listeners import POST_OFFICE
from artists.invitations.services import bounce
from portal.console import ProgramCommand


class Command(ProgramCommand):
    """For a hook of the mail provider, or an alias of the mail server: waiting invitations of the address show it."""

    help = "Note that letters to this address come back."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """Which address, and what the provider said."""
        parser.add_argument("email")
        parser.add_argument("--reason", default="")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Mark."""
        rows = bounce(options["email"], actor=POST_OFFICE, reason=options["reason"])
        return {"invitations": [row.pk for row in rows]}, [f"{len(rows)} invitations show that the letter came back."]
