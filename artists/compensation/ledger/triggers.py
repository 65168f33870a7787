"""What the database itself refuses of the books: changes, gaps between entries and balances, mixed currencies, spending more than an award.

An entry moves the balances of its two accounts by itself, and a balance moves by an entry only. An account below zero is
refused by the table (pay_account_not_overdrawn).
"""

# ruff: noqa: S608 - our own names, nothing of a request

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.triggers import allow_changes, forbid_changes

ENTRY, ACCOUNT = "compensation_entry", "compensation_account"
APPEND_ONLY = (ENTRY, "compensation_approval")

# Of a new entry. `d` and `c` are the accounts debited and credited.
_BOTH = f"FROM {ACCOUNT} d, {ACCOUNT} c WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id"
_FITS = {
    "pay-currency: both accounts are in the currency of the entry": (
        f"NOT EXISTS (SELECT 1 {_BOTH} AND d.currency = NEW.currency AND c.currency = NEW.currency)"
    ),
    "pay-balance: an entry says the balances after it": (
        f"NOT EXISTS (SELECT 1 {_BOTH} AND NEW.debit_after = d.balance - NEW.amount"
        " AND NEW.credit_after = c.balance + NEW.amount)"
    ),
    "pay-person: an entry of the account of an artist names the artist": (
        f"EXISTS (SELECT 1 {_BOTH} AND (COALESCE(d.person_id, c.person_id, 0) <> COALESCE(NEW.person_id, 0)"
        " OR (d.person_id IS NOT NULL AND c.person_id IS NOT NULL AND d.person_id <> c.person_id)))"
    ),
    # What leaves the owed account for an award is at most what came into it for that award.
    "pay-award: no more leaves than was promised": (
        f"NEW.award_id IS NOT NULL AND EXISTS (SELECT 1 FROM {ACCOUNT} a WHERE a.id = NEW.debit_id AND a.side = 'owed')"
        f" AND (SELECT COALESCE(SUM(CASE WHEN e.credit_id = NEW.debit_id THEN e.amount ELSE -e.amount END), 0) FROM {ENTRY} e"
        " WHERE e.award_id = NEW.award_id AND NEW.debit_id IN (e.debit_id, e.credit_id)) < NEW.amount"
    ),
    "pay-reversal: it turns the whole entry round": (
        f"NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.number = NEW.reverses_id"
        " AND e.debit_id = NEW.credit_id AND e.credit_id = NEW.debit_id AND e.amount = NEW.amount)"
    ),
}
# Of an account that changes: a balance moves by the amount of a newer entry of it, and by nothing else.
_MOVED = f"""NOT (NEW.balance = OLD.balance AND NEW.last_entry = OLD.last_entry) AND NOT (
    NEW.last_entry > OLD.last_entry AND EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.number = NEW.last_entry AND
    ((e.debit_id = OLD.id AND NEW.balance = OLD.balance - e.amount) OR (e.credit_id = OLD.id AND NEW.balance = OLD.balance + e.amount))))"""
_ACCOUNT = {
    "pay-account: a balance moves by an entry": _MOVED,
    "pay-account-fixed: what an account is for does not change": (
        "NEW.side <> OLD.side OR NEW.currency <> OLD.currency OR COALESCE(NEW.person_id, 0) <> COALESCE(OLD.person_id, 0)"
        " OR NEW.fund_id IS {other} OLD.fund_id"
    ),
}
_BEGINS = "NEW.balance <> 0 OR NEW.last_entry <> 0"
_NEW = "pay-account-new: an account begins at nothing"
_KEPT = "pay-account-kept: accounts are not deleted"
_TOUCH = (
    f"UPDATE {ACCOUNT} SET balance = balance - NEW.amount, last_entry = NEW.number WHERE id = NEW.debit_id;"
    f" UPDATE {ACCOUNT} SET balance = balance + NEW.amount, last_entry = NEW.number WHERE id = NEW.credit_id;"
)


def guard(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    for table in APPEND_ONLY:
        forbid_changes(editor, table)
    if editor.connection.vendor == "postgresql":
        _guard_postgresql(editor)
        return

    def abort(name: str, moment: str, table: str, when: str, words: str) -> None:
        editor.execute(
            f"CREATE TRIGGER {name} {moment} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )

    # SQLite does not know the number of a row before it is there: the row is checked before, the balances move after.
    for at, (words, when) in enumerate(_FITS.items()):
        abort(f"{ENTRY}_fits_{at}", "BEFORE INSERT", ENTRY, when, words)
    editor.execute(f"CREATE TRIGGER {ENTRY}_moves AFTER INSERT ON {ENTRY} BEGIN {_TOUCH} END")
    for at, (words, when) in enumerate(_ACCOUNT.items()):
        abort(f"{ACCOUNT}_moves_{at}", "BEFORE UPDATE", ACCOUNT, when.format(other="NOT"), words)
    abort(f"{ACCOUNT}_begins", "BEFORE INSERT", ACCOUNT, _BEGINS, _NEW)
    editor.execute(
        f"CREATE TRIGGER {ACCOUNT}_kept BEFORE DELETE ON {ACCOUNT} BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
    )


def _guard_postgresql(editor: BaseDatabaseSchemaEditor) -> None:
    def function(name: str, body: str) -> None:
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$", None
        )

    def refusals(checks: dict[str, str]) -> str:
        return " ".join(
            f"IF {when.format(other='DISTINCT FROM')} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF;"
            for words, when in checks.items()
        )

    # Both accounts are locked in one order, so that two entries the other way round wait and do not deadlock.
    lock = f"PERFORM 1 FROM {ACCOUNT} WHERE id IN (NEW.debit_id, NEW.credit_id) ORDER BY id FOR UPDATE;"
    function("pay_entry_fits", f"{lock} {refusals(_FITS)} RETURN NEW;")
    function("pay_entry_moves", f"{_TOUCH} RETURN NULL;")
    function("pay_account_moves", f"{refusals(_ACCOUNT)} RETURN NEW;")
    function("pay_account_begins", f"{refusals({_NEW: _BEGINS})} RETURN NEW;")
    function("pay_account_kept", f"RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'check_violation';")
    for name, moment, table, run in (
        (f"{ENTRY}_fits", "BEFORE INSERT", ENTRY, "pay_entry_fits"),
        (f"{ENTRY}_moves", "AFTER INSERT", ENTRY, "pay_entry_moves"),
        (f"{ACCOUNT}_moves", "BEFORE UPDATE", ACCOUNT, "pay_account_moves"),
        (f"{ACCOUNT}_begins", "BEFORE INSERT", ACCOUNT, "pay_account_begins"),
        (f"{ACCOUNT}_kept", "BEFORE DELETE", ACCOUNT, "pay_account_kept"),
    ):
        editor.execute(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {run}()")


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: for the reverse migration, and for emptying a test database."""
    for table in APPEND_ONLY:
        allow_changes(editor, table)
    postgresql = editor.connection.vendor == "postgresql"
    fits = [f"{ENTRY}_fits"] if postgresql else [f"{ENTRY}_fits_{at}" for at in range(len(_FITS))]
    moves = [f"{ACCOUNT}_moves"] if postgresql else [f"{ACCOUNT}_moves_{at}" for at in range(len(_ACCOUNT))]
    for table, names in (
        (ENTRY, [*fits, f"{ENTRY}_moves"]),
        (ACCOUNT, [*moves, f"{ACCOUNT}_begins", f"{ACCOUNT}_kept"]),
    ):
        for name in names:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgresql else ""))
