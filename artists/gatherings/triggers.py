"""What the database itself refuses: a chair that the room does not have, whoever writes it."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROOM, SEAT = "gatherings_gathering", "gatherings_seat"
_WORDS = "gatherings-room: no more seats than the room has"


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    if editor.connection.vendor == "postgresql":
        _guard_postgresql(editor)
        return
    for act in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER {SEAT}_room_{act.lower()} BEFORE {act} ON {SEAT} WHEN NEW.chair IS NOT NULL "  # noqa: S608 - our own names
            f"AND NEW.chair > (SELECT capacity FROM {ROOM} WHERE id = NEW.gathering_id) "
            f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        )
    editor.execute(
        f"CREATE TRIGGER {ROOM}_room BEFORE UPDATE OF capacity ON {ROOM} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {SEAT} s WHERE s.gathering_id = NEW.id AND s.chair > NEW.capacity) "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    )


def _guard_postgresql(editor: BaseDatabaseSchemaEditor) -> None:
    no = f"RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'check_violation';"
    # FOR SHARE: a capacity that is being lowered at the same moment is waited for.
    seats = (
        f"IF NEW.chair IS NOT NULL AND NEW.chair > (SELECT capacity FROM {ROOM} WHERE id = NEW.gathering_id FOR SHARE) "  # noqa: S608 - our own names
        f"THEN {no} END IF; RETURN NEW;"
    )
    rooms = (
        f"IF EXISTS (SELECT 1 FROM {SEAT} s WHERE s.gathering_id = NEW.id AND s.chair > NEW.capacity) "  # noqa: S608 - our own names
        f"THEN {no} END IF; RETURN NEW;"
    )
    for name, body in (("gatherings_seat_room", seats), ("gatherings_room", rooms)):
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$", None
        )
    editor.execute(
        f"CREATE TRIGGER {SEAT}_room BEFORE INSERT OR UPDATE ON {SEAT} "
        "FOR EACH ROW EXECUTE FUNCTION gatherings_seat_room()"
    )
    editor.execute(
        f"CREATE TRIGGER {ROOM}_room BEFORE UPDATE ON {ROOM} FOR EACH ROW EXECUTE FUNCTION gatherings_room()"
    )


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER IF EXISTS {SEAT}_room ON {SEAT}")
        editor.execute(f"DROP TRIGGER IF EXISTS {ROOM}_room ON {ROOM}")
        return
    for name in (f"{SEAT}_room_insert", f"{SEAT}_room_update", f"{ROOM}_room"):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}")
