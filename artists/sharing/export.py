"""Share requests as a table for a spreadsheet: words, state and clock; no film, no prompt."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from artists.people.models import Person
from portal import sheets
from portal.access import require
from portal.audit.chain import record

from .models import ShareRequest
from .oversight import Filters, overseen
from .services.refusing import refusal

MOST_ROWS = 20_000
COLUMNS = (
    "request", "title", "artist", "cohort", "state", "where", "sent", "due", "late since", "assigned to", "outcome",
    "told", "approved until", "ended",
)  # fmt: skip


def _at(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _cells(one: ShareRequest) -> list[str]:
    membership = getattr(one.artist, "membership", None)
    told = max((view.told_at for view in one.decisions.all() if view.stands and view.told_at), default=None)
    return [
        str(one.pk),
        one.title,
        one.artist.name,
        membership.cohort.name if membership else "",
        str(one.get_state_display()),
        one.destination,
        _at(one.asked_at),
        _at(one.due_at),
        _at(one.late_at),
        one.assigned_to.name if one.assigned_to else "",
        one.outcome,
        _at(told),
        _at(one.ends_at),
        _at(one.ended_at),
    ]


def as_table(requests: Iterable[ShareRequest]) -> str:
    """The requests as CSV."""
    return sheets.as_table(COLUMNS, (_cells(one) for one in requests))


def export(chosen: Filters, *, actor: Person) -> str:
    """What the list shows, whole, as CSV; recorded. Raises Refused export-large: nothing is left out silently."""
    require("sharing.export", actor)
    found = overseen(actor, chosen).select_related("artist__membership__cohort", "assigned_to")
    rows = list(found.prefetch_related("decisions")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        words = _("These are more than %(most)s requests.") % {"most": MOST_ROWS}
        raise refusal("sharing.export", "export-large", words, _("Narrow it by state, reviewer or date."))
    record("sharing.export", actor=actor, detail={"rows": len(rows), "filter": chosen.query()})
    return as_table(rows)
