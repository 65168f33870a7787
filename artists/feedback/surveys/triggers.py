"""A published version and its questions never change, nor does an answer that was sent."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.guards import Guard, drop, put

_VERSION, _QUESTION, _RESPONSE, _ANSWER = (
    f"feedback_{name}" for name in ("formversion", "question", "response", "answer")
)


def _published(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_VERSION} v WHERE v.id = {row}.version_id AND v.state = 'published')"  # noqa: S608 - fixed words


def _sent(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_RESPONSE} r WHERE r.id = {row}.response_id AND r.state = 'sent')"  # noqa: S608 - fixed words


GUARDS = (
    Guard(_VERSION, "UPDATE", "OLD.state = 'published'", "version-fixed"),
    Guard(_VERSION, "DELETE", "OLD.state = 'published'", "version-fixed"),
    Guard(_QUESTION, "INSERT", _published("NEW"), "version-fixed"),
    Guard(_QUESTION, "UPDATE", f"{_published('OLD')} OR {_published('NEW')}", "version-fixed"),
    Guard(_QUESTION, "DELETE", _published("OLD"), "version-fixed"),
    Guard(_RESPONSE, "UPDATE", "OLD.state = 'sent' AND NEW.state <> 'sent'", "response-sent"),
    Guard(_ANSWER, "INSERT", _sent("NEW"), "response-sent"),
    Guard(_ANSWER, "UPDATE", f"{_sent('OLD')} OR {_sent('NEW')}", "response-sent"),
    Guard(_ANSWER, "DELETE", _sent("OLD"), "response-sent"),
)


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    put(editor, GUARDS)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    drop(editor, GUARDS)
