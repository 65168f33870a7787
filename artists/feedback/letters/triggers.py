"""What the database itself refuses, whoever asks: changing a signed text, and anything about a public letter.

A letter is made public only by the signatures it needs, with the next number; nothing of it is deleted or reordered.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.triggers import allow_changes, forbid_changes

LETTER, SIGNATURE, ANSWER = "feedback_openletter", "feedback_cosignature", "feedback_letteranswer"
_SIGNED_TEXT = ("title", "text", "name", "shown_as", "digest")
_FROM_THE_BEGINNING = ("slug", "author_id", "made_at")
_ONCE_SET = ("needed", "opened_at")
_OF_A_SIGNATURE = ("letter_id", "person_id", "digest")
_AS_IT_STANDS = ("name", "shown_as", "signed_at")


def _changed(names: tuple[str, ...], other: str) -> str:
    return "(" + " OR ".join(f"NEW.{name} {other} OLD.{name}" for name in names) + ")"


def _letter_update(other: str) -> str:
    """When an update of a letter is refused."""
    once = " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} {other} OLD.{name})" for name in _ONCE_SET)
    due = (
        f"OLD.state = 'seeking' AND NEW.digest <> '' AND NEW.number > COALESCE((SELECT MAX(o.number) FROM {LETTER} o), 0) "  # noqa: S608 - our own names
        f"AND (SELECT COUNT(*) FROM {SIGNATURE} s WHERE s.letter_id = NEW.id AND s.state = 'signed') >= NEW.needed"
    )
    return (
        f"OLD.state IN ('public', 'withdrawn') OR {_changed(_FROM_THE_BEGINNING, other)} OR {once} "
        f"OR (OLD.digest <> '' AND {_changed(_SIGNED_TEXT, other)}) "
        f"OR (OLD.state = 'seeking' AND NEW.state = 'draft') OR (NEW.state = 'public' AND NOT ({due}))"
    )


def _signature_insert() -> str:
    """When a new signature is refused: it is for the text as it is fixed, by somebody else than its author."""
    return (
        f"NEW.state <> 'signed' OR NOT EXISTS (SELECT 1 FROM {LETTER} l WHERE l.id = NEW.letter_id "  # noqa: S608 - our own names
        "AND l.state IN ('seeking', 'public') AND l.digest <> '' AND l.digest = NEW.digest "
        "AND l.author_id <> NEW.person_id)"
    )


def _signature_update(other: str) -> str:
    """When an update of a signature is refused: under a public letter a name can only be taken back, for good."""
    public = f"EXISTS (SELECT 1 FROM {LETTER} l WHERE l.id = OLD.letter_id AND l.state = 'public')"  # noqa: S608 - our own names
    return (
        f"{_changed(_OF_A_SIGNATURE, other)} "
        f"OR ({public} AND (OLD.state = 'taken_back' OR {_changed(_AS_IT_STANDS, other)}))"
    )


def _answer_insert() -> str:
    return f"NOT EXISTS (SELECT 1 FROM {LETTER} l WHERE l.id = NEW.letter_id AND l.state = 'public')"  # noqa: S608 - our own names


def _parts(other: str) -> list[tuple[str, str, str, str]]:
    """(name, table, act, when it is refused) of every trigger."""
    return [
        ("begins", LETTER, "INSERT", "NEW.state <> 'draft'"),
        ("fixed", LETTER, "UPDATE", _letter_update(other)),
        ("kept", LETTER, "DELETE", ""),
        ("binds", SIGNATURE, "INSERT", _signature_insert()),
        ("fixed", SIGNATURE, "UPDATE", _signature_update(other)),
        ("kept", SIGNATURE, "DELETE", ""),
        ("under", ANSWER, "INSERT", _answer_insert()),
    ]


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    forbid_changes(editor, ANSWER)
    if editor.connection.vendor == "postgresql":
        _guard_postgresql(editor)
        return
    for name, table, act, refused in _parts("IS NOT"):
        when = f"WHEN {refused} " if refused else ""
        editor.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, 'letter-{name}: {act} of {table} refused'); END"
        )


def _guard_postgresql(editor: BaseDatabaseSchemaEditor) -> None:
    for name, table, act, refused in _parts("IS DISTINCT FROM"):
        no = f"RAISE EXCEPTION 'letter-{name}: {act} of {table} refused' USING ERRCODE = 'check_violation';"
        body = f"IF {refused} THEN {no} END IF; RETURN NEW;" if refused else no
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            None,  # no parameters
        )
        editor.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()"
        )
    for table in (LETTER, SIGNATURE):
        editor.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    allow_changes(editor, ANSWER)
    postgresql = editor.connection.vendor == "postgresql"
    names = [(f"{table}_{name}", table) for name, table, _act, _refused in _parts("IS NOT")]
    if postgresql:
        names += [(f"{table}_whole", table) for table in (LETTER, SIGNATURE)]
    for name, table in names:
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgresql else ""))
