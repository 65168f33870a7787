"""What the database itself refuses: a report that stands for one which itself stands for another, so also any circle."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "feedback_bugreport"
WORDS = "merge-circle: a report names the first one of its kind"
# A row that names another one: that one names none, and nobody names this row.
_CHAINED = (
    f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.duplicate_of_id AND duplicate_of_id IS NOT NULL) "  # noqa: S608 - our own names
    f"OR EXISTS (SELECT 1 FROM {TABLE} WHERE duplicate_of_id = NEW.id)"
)


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE OR REPLACE FUNCTION feedback_bug_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.duplicate_of_id IS NOT NULL AND ({_CHAINED}) THEN "
            f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
            None,  # no parameters
        )
        editor.execute(
            f"CREATE TRIGGER {TABLE}_first BEFORE INSERT OR UPDATE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION feedback_bug_first()"
        )
        return
    for act in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER {TABLE}_first_{act.lower()} BEFORE {act} ON {TABLE} "
            f"WHEN NEW.duplicate_of_id IS NOT NULL AND ({_CHAINED}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away, for the reverse migration."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_first ON {TABLE}")
        return
    for act in ("insert", "update"):
        editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_first_{act}")
