"""The board as a table for a spreadsheet: words, state and context; no film, no prompt, no screenshot."""

from datetime import datetime

from django.utils.translation import gettext as _

from artists.feedback.models import BugReport
from artists.people.models import Person
from portal import sheets
from portal.access import require
from portal.audit.chain import record

from .queries import Filters, board
from .refusing import refusal

MOST_ROWS = 20_000
COLUMNS = (
    "report", "title", "what happened", "expected", "severity", "state", "author", "model", "seed", "error code", "portal",
    "first frame", "last frame", "duplicate of", "fixed in", "answer", "reported", "ended", "counted as",
)  # fmt: skip


def _at(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _cells(bug: BugReport) -> list[str]:
    known = bug.context
    numbers = (bug.first_frame, bug.last_frame, bug.duplicate_of_id)
    return [
        str(bug.pk),
        bug.title,
        bug.happened,
        bug.expected,
        bug.severity,
        bug.state,
        bug.author.name,
        bug.model,
        *(str(known.get(name, "")) for name in ("seed", "error code", "portal")),
        *("" if number is None else str(number) for number in numbers),
        bug.fixed_in,
        bug.answer,
        _at(bug.made_at),
        _at(bug.ended_at),
        bug.accepted_as,
    ]


def export(chosen: Filters, *, actor: Person) -> str:
    """What the board shows, whole, as CSV; recorded. Raises Refused export-large: nothing is left out silently."""
    require("bugs.export", actor)
    rows = list(board(actor, chosen)[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        words = _("These are more than %(most)s reports.") % {"most": MOST_ROWS}
        raise refusal("bugs.export", "export-large", words, _("Narrow it by state, severity or model."))
    record("bugs.export", actor=actor, detail={"rows": len(rows), "filter": chosen.query()})
    return sheets.as_table(COLUMNS, (_cells(bug) for bug in rows))
