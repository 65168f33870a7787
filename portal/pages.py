"""Pages of lists that may be very long: one row more than is shown says whether there is more, and nothing is counted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

FURTHEST = 10_000  # a page number beyond is a mistake, and would have the database skip rows for minutes


@dataclass(frozen=True, slots=True)
class Leaf:
    """Some rows of a list: the `number`-th page of it, from 1."""

    rows: list[Any]
    number: int
    first: int
    has_next: bool

    @property
    def last(self) -> int:
        """The place of its last row, from 1."""
        return self.first + len(self.rows) - 1

    @property
    def previous_number(self) -> int:
        """Number of the page before; 0 when there is none."""
        return self.number - 1

    @property
    def next_number(self) -> int:
        """Number of the page after; 0 when there is none."""
        return self.number + 1 if self.has_next else 0


def leaf_of(rows: QuerySet[Any], number: str | None, size: int) -> Leaf:
    """The page that was asked for, of at most `size` rows; what is no number is the first page."""
    asked = int(number) if number and number.isascii() and number.isdigit() and len(number) <= len(str(FURTHEST)) else 1
    page = min(max(asked, 1), FURTHEST)
    begin = (page - 1) * size
    found = list(rows[begin : begin + size + 1])
    return Leaf(found[:size], page, begin + 1, len(found) > size)
