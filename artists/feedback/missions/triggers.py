"""No seat beyond the places of a mission."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.guards import Guard, drop, put

_BEYOND = "NEW.seat > (SELECT m.places FROM feedback_mission m WHERE m.id = NEW.mission_id)"
GUARDS = tuple(Guard("feedback_missionplace", act, _BEYOND, "seat-beyond") for act in ("INSERT", "UPDATE"))


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    put(editor, GUARDS)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    drop(editor, GUARDS)
