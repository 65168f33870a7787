"""Everything an attacker with the whole machine can read: rows of all tables, files, in order of the tables."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

Rows = dict[str, list[tuple[Any, ...]]]


def dump() -> Rows:
    """Every row of every table, with what the database keeps beside it: rowid on SQLite, ctid and xmin on PostgreSQL."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            found[table] = sorted(cursor.fetchall(), key=repr)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences")
            found["(sequences)"] = sorted(cursor.fetchall(), key=repr)
        elif "sqlite_sequence" in connection.introspection.table_names(cursor, include_views=True):
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            found["(sequences)"] = sorted(cursor.fetchall(), key=repr)
    return found


def places() -> list[tuple[Any, ...]]:
    """The texts in the order in which the database keeps their rows, with what tells their age where it does."""
    beside = "ctid::text, xmin::text" if connection.vendor == "postgresql" else "rowid, 0"
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text, {beside} FROM feedback_critique ORDER BY {order}")
        return list(cursor.fetchall())


def files() -> dict[str, str]:
    """Every file of the installation but the database's own, by its digest."""
    home = Path(settings.VERNISSAGE_HOME)
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and ".sqlite3" not in path.name
    }
