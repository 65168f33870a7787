"""What the database itself refuses, said once for SQLite and PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses `act` (INSERT, UPDATE or DELETE) on `table` where `when` holds of OLD and NEW; `code` says which guard it was."""

    table: str
    act: str
    when: str
    code: str

    @property
    def name(self) -> str:
        """Of the trigger and its function; at most 63 characters, as PostgreSQL wants it."""
        return f"{self.table}_{self.act.lower()}_{self.code.replace('-', '_')}"[:63]


def put(editor: BaseDatabaseSchemaEditor, guards: Iterable[Guard]) -> None:
    """Put the triggers in place."""
    for guard in guards:
        if editor.connection.vendor == "postgresql":
            row = "OLD" if guard.act == "DELETE" else "NEW"
            body = (
                f"BEGIN IF {guard.when} THEN RAISE EXCEPTION '{guard.code}' USING ERRCODE = 'check_violation'; END IF; "
                f"RETURN {row}; END"
            )
            editor.execute(
                f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$", None
            )
            each = f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        else:
            each = f"WHEN {guard.when} BEGIN SELECT RAISE(ABORT, '{guard.code}'); END"
        editor.execute(f"CREATE TRIGGER {guard.name} BEFORE {guard.act} ON {guard.table} {each}")


def drop(editor: BaseDatabaseSchemaEditor, guards: Iterable[Guard]) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    for guard in guards:
        on = f" ON {guard.table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")
