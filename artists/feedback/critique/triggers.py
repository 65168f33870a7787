"""A text that is public stays as it was written, and stays."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.guards import Guard, drop, put

_TEXT = "feedback_critique"
_OVER = "EXISTS (SELECT 1 FROM feedback_critiqueweek w WHERE w.week = OLD.week_id AND w.state = 'over')"
GUARDS = (
    Guard(
        _TEXT,
        "UPDATE",
        f"{_OVER} AND (NEW.text <> OLD.text OR NEW.week_id <> OLD.week_id OR NEW.id <> OLD.id)",
        "critique-fixed",
    ),
    Guard(_TEXT, "DELETE", _OVER, "critique-fixed"),
)


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    put(editor, GUARDS)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    drop(editor, GUARDS)
