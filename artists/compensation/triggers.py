"""What the database itself refuses beside the books: what was priced, promised, sent or approved does not change or go."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.compensation.ledger import triggers as books
from portal.audit.guards import Guard, drop, put

# What was agreed to, by table; only states and what was found out later may change.
_FROZEN = {
    "contribution": ("source", "person_id", "kind", "quantity", "at", "unit_price", "amount", "currency"),
    "payment": ("award_id", "number", "payee_id", "amount", "currency", "due_on"),
    "attempt": ("payment_id", "number", "key", "rail", "destination", "amount", "currency"),
    "return": ("payment_id", "number", "key", "transfer", "amount", "reason", "by_label"),
    "serviceletter": ("code", "person_id", "since", "until", "facts", "digest", "made_at"),
}
# How a call ended: written once.
_ENDED = {
    "attempt": ("state", "transfer", "code", "words", "ended_at"),
    "return": ("state", "reversal", "code", "words", "ended_at"),
}
_KEPT = ("contribution", "award", "payment", "attempt", "return", "fund", "railevent", "serviceletter")
_AWARD = ("kind", "title", "payee_id", "fund_id", "amount", "currency", "purpose", "terms", "instalments", "digest")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


# A proposer may be empty, and nothing is unequal to what is empty.
_PROMISED = f"{_changed(_AWARD)} OR COALESCE(NEW.proposer_id, 0) <> COALESCE(OLD.proposer_id, 0)"

GUARDS = (
    *(
        Guard(f"compensation_{name}", "UPDATE", _changed(columns), f"pay-{name}-fixed")
        for name, columns in _FROZEN.items()
    ),
    *(Guard(f"compensation_{name}", "DELETE", "OLD.id IS NOT NULL", f"pay-{name}-kept") for name in _KEPT),
    # What two people approved stays as they read it; a draft and what waits may change, and its approvals are void.
    Guard(
        "compensation_award",
        "UPDATE",
        f"OLD.state IN ('approved', 'void', 'closed') AND ({_PROMISED})",
        "pay-award-fixed",
    ),
    *(
        Guard(
            f"compensation_{name}",
            "UPDATE",
            f"OLD.state IN ('accepted', 'refused') AND ({_changed(columns)})",
            f"pay-{name}-ended",
        )
        for name, columns in _ENDED.items()
    ),
    Guard(
        "compensation_serviceletter",
        "UPDATE",
        "OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at IS NULL OR NEW.withdrawn_at <> OLD.withdrawn_at)",
        "pay-letter-withdrawn",
    ),
    Guard("compensation_fund", "UPDATE", "NEW.currency <> OLD.currency", "pay-fund-fixed"),
)


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    books.guard(editor)
    there = set(editor.connection.introspection.table_names())
    put(editor, [one for one in GUARDS if one.table in there])


def renew(editor: BaseDatabaseSchemaEditor, *tables: str) -> None:
    """Put those of some tables in place anew, where they say something else than when they were put."""
    anew = [one for one in GUARDS if one.table in tables]
    drop(editor, anew)
    put(editor, anew)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    books.lift(editor)
    drop(editor, GUARDS)
