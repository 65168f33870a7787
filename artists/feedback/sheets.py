"""Tables for a spreadsheet: CSV after RFC 4180 in UTF-8 with a byte order mark; nothing in them is run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> str:
    """The text of a cell that no spreadsheet runs: an apostrophe goes before what begins like a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def sheet(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A head and a line for each row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()
