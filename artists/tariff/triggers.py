"""What the database itself refuses: a published version that changes or goes, and a price of one that does."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VERSION, PRICE = "tariff_tariffversion", "tariff_tariffprice"
WORDS = "tariff-published: a published version never changes"


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    if editor.connection.vendor == "postgresql":
        _guard_postgresql(editor)
        return
    for act in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER {VERSION}_kept_{act.lower()} BEFORE {act} ON {VERSION} WHEN OLD.state = 'published' "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
    for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        versions = ", ".join(f"{row}.version_id" for row in rows)
        editor.execute(
            f"CREATE TRIGGER {PRICE}_kept_{act.lower()} BEFORE {act} ON {PRICE} "  # noqa: S608 - our own names
            f"WHEN EXISTS (SELECT 1 FROM {VERSION} WHERE id IN ({versions}) AND state = 'published') "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def _guard_postgresql(editor: BaseDatabaseSchemaEditor) -> None:
    def function(name: str, body: str) -> None:
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            None,  # no parameters
        )

    refuse = f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation';"
    answer = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    function("tariff_version_kept", f"BEGIN IF OLD.state = 'published' THEN {refuse} END IF; {answer} END")
    # FOR SHARE waits for a publication that has not committed yet, then sees it.
    function(
        "tariff_price_kept",
        f"""DECLARE touched varchar;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                SELECT state INTO touched FROM {VERSION} WHERE id = OLD.version_id FOR SHARE;
                IF touched = 'published' THEN {refuse} END IF;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                SELECT state INTO touched FROM {VERSION} WHERE id = NEW.version_id FOR SHARE;
                IF touched = 'published' THEN {refuse} END IF;
            END IF;
            {answer}
        END""",  # noqa: S608 - our own names
    )
    editor.execute(
        f"CREATE TRIGGER {VERSION}_kept BEFORE UPDATE OR DELETE ON {VERSION} "
        "FOR EACH ROW EXECUTE FUNCTION tariff_version_kept()"
    )
    editor.execute(
        f"CREATE TRIGGER {PRICE}_kept BEFORE INSERT OR UPDATE OR DELETE ON {PRICE} "
        "FOR EACH ROW EXECUTE FUNCTION tariff_price_kept()"
    )


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    if editor.connection.vendor == "postgresql":
        for table in (VERSION, PRICE):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_kept ON {table}")
        return
    for table in (VERSION, PRICE):
        for act in ("insert", "update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_kept_{act}")
