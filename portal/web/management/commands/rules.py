"""`manage.py rules`: the table of who may do what."""

from typing import Any

from portal.access import table
from portal.console import ProgramCommand


class Command(ProgramCommand):
    """The manual is printed from the table that the acts ask."""

    help = "Who may do what."
    acts_as_person = False

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ARG002 - argparse's values
        """Print every action and who may do it."""
        rules = table()
        return {"rules": [{"action": one.action, "who": one.who} for one in rules]}, [
            f"{one.action:28} {one.who}" for one in rules
        ]
