"""Tables for a spreadsheet: CSV after RFC 4180 in which nothing is run by whoever opens it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula; such a cell would be run by whoever opens the file.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Where a spreadsheet that takes semicolons or tabs for commas would begin another cell: it does not heed our quotes.
_INNER = re.compile(r"""([;\t\r\n])(?=[ "]*[=+\-@])""")


def harmless(cell: str) -> str:
    """The text of a cell that no spreadsheet runs: an apostrophe goes before what begins like a formula, within the cell too."""
    inner = _INNER.sub(r"\1'", cell)
    return f"'{inner}" if cell.lstrip(" ").startswith(FORMULA) or cell.startswith(FORMULA) else inner


def as_table(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """CSV with a head, UTF-8, lines ended as RFC 4180 asks; every cell is harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
