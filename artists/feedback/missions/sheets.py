"""Places of a mission as a table: who, what, hours; nothing in it is run as a formula."""

from datetime import datetime

from artists.feedback.models import Mission, MissionPlace
from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record
from portal.sheets import as_table

from .queries import places_overseen_by

HEAD = (
    "place", "artist", "cohort", "state", "taken", "delivered", "hours", "hours accepted", "text", "links", "reply",
)  # fmt: skip


def _at(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _line(one: MissionPlace) -> list[str]:
    membership = getattr(one.person, "membership", None)
    cells = [
        one.seat,
        one.person.name,
        membership.cohort.name if membership else "",
        one.get_state_display(),
        _at(one.taken_at),
        _at(one.delivered_at),
        one.hours,
        one.accepted_hours,
        one.text,
        "\n".join(one.links),
        one.reply,
    ]
    return ["" if cell is None else str(cell) for cell in cells]


def export_places(mission: Mission, *, actor: Person) -> str:
    """Everybody who has or had a place; recorded. At most a few hundred rows."""
    require("mission.export", actor, mission)
    rows = list(places_overseen_by(actor).filter(mission=mission))
    record("mission.export", actor=actor, subject=mission, detail={"rows": len(rows)})
    return as_table(HEAD, (_line(one) for one in rows))
