"""What the database itself refuses: a use without a live consent of all authors, and a consent that grows.

Both databases keep moments that compare as they stand: PostgreSQL as timestamps, SQLite as text in UTC.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

USE, CONSENT = "consent_use", "consent_consent"

# A use is let in when this holds of the new row. Authors are those who have a part in the consent.
_LIVE = """EXISTS (
    SELECT 1 FROM consent_consent c
    WHERE c.id = NEW.consent_id AND c.clip_id = NEW.clip_id AND c.kind = NEW.kind
      AND NEW.at >= c.given_at AND NEW.at >= c.starts_at AND NEW.at < c.ends_at
      AND (c.withdrawn_at IS NULL OR NEW.at < c.withdrawn_at)
      AND EXISTS (SELECT 1 FROM consent_grant g WHERE g.consent_id = c.id)
      AND NOT EXISTS (
        SELECT 1 FROM consent_pause p JOIN consent_grant g ON g.person_id = p.person_id
        WHERE g.consent_id = c.id AND NEW.at >= p.since AND NEW.at < COALESCE(p.ended_at, p.until)))"""

# What was agreed to never changes; a withdrawal is never undone, and never moved.
_FIXED = ("clip_id", "kind", "places", '"where"', "starts_at", "ends_at", "fee", "currency", "given_at", "asked_id")


def _changed(equal: str) -> str:
    parts = [f"NEW.{name} {equal} OLD.{name}" for name in _FIXED]
    return " OR ".join([*parts, f"(OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at {equal} OLD.withdrawn_at)"])


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    if editor.connection.vendor == "postgresql":
        _guard_postgresql(editor)
        return
    for act in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER {USE}_live_{act.lower()} BEFORE {act} ON {USE} WHEN NOT ({_LIVE}) "
            "BEGIN SELECT RAISE(ABORT, 'consent-missing: no use without a live consent'); END"
        )
    editor.execute(
        f"CREATE TRIGGER {CONSENT}_fixed BEFORE UPDATE ON {CONSENT} WHEN {_changed('IS NOT')} "
        "BEGIN SELECT RAISE(ABORT, 'consent-fixed: what was agreed to does not change'); END"
    )
    for table in (USE, CONSENT, "consent_grant"):
        editor.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'consent-kept: rows of {table} are not deleted'); END"
        )


def _guard_postgresql(editor: BaseDatabaseSchemaEditor) -> None:
    def function(name: str, body: str) -> None:
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$", None
        )

    # json columns have no equality of their own: they are compared as text.
    changed = (
        _changed("IS DISTINCT FROM").replace("NEW.places", "NEW.places::text").replace("OLD.places", "OLD.places::text")
    )
    no_consent = "RAISE EXCEPTION 'consent-missing: no use without a live consent' USING ERRCODE = 'check_violation';"
    no_change = "RAISE EXCEPTION 'consent-fixed: what was agreed to does not change' USING ERRCODE = 'check_violation';"
    no_delete = "RAISE EXCEPTION 'consent-kept: these rows are not deleted' USING ERRCODE = 'check_violation';"
    function("consent_use_live", f"IF NOT ({_LIVE}) THEN {no_consent} END IF; RETURN NEW;")
    function("consent_fixed", f"IF {changed} THEN {no_change} END IF; RETURN NEW;")
    function("consent_kept", no_delete)
    editor.execute(
        f"CREATE TRIGGER {USE}_live BEFORE INSERT OR UPDATE ON {USE} FOR EACH ROW EXECUTE FUNCTION consent_use_live()"
    )
    editor.execute(
        f"CREATE TRIGGER {CONSENT}_fixed BEFORE UPDATE ON {CONSENT} FOR EACH ROW EXECUTE FUNCTION consent_fixed()"
    )
    for table in (USE, CONSENT, "consent_grant"):
        editor.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION consent_kept()"
        )


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    on = f" ON {USE}" if editor.connection.vendor == "postgresql" else ""
    for name in (f"{USE}_live", f"{USE}_live_insert", f"{USE}_live_update"):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    for name, table in (
        (f"{CONSENT}_fixed", CONSENT),
        (f"{USE}_kept", USE),
        (f"{CONSENT}_kept", CONSENT),
        ("consent_grant_kept", "consent_grant"),
    ):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on else ""))
