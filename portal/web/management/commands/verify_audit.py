"""`manage.py verify_audit`: whether the record is whole."""

from typing import Any

from portal.audit.chain import verify
from portal.console import ProgramCommand


class Command(ProgramCommand):
    """Exit 1 and the first broken entry when somebody altered it."""

    help = "Check the chain of the record."
    acts_as_person = False

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ARG002 - argparse's values
        """Walk the chain."""
        verdict = verify()
        answer: dict[str, Any] = {"entries": verdict.entries, "head": verdict.head, "broken": None}
        if verdict.broken is None:
            return answer, [f"The record is whole: {verdict.entries} entries, head {verdict.head}."]
        self.stderr.write(f"record-altered: Entry {verdict.broken.number}: {verdict.broken.reason}.")
        answer |= {"broken": {"number": verdict.broken.number, "reason": verdict.broken.reason}, "_exit": 1}
        return answer, []
