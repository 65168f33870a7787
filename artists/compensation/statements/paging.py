"""Pages from behind a row: as fast at the end of a long list as at its beginning, and nothing is counted."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404


@dataclass(frozen=True, slots=True)
class Behind:
    """Some rows of a list; `first` where they are its beginning."""

    rows: list[Any]
    first: bool
    has_next: bool


def behind(rows: QuerySet[Any], order: str, after: str | None, size: int) -> Behind:
    """At most `size` rows behind the row with the key `after`, by `order` ("-at": newest first) and then by key.

    Raises Http404 where that row is not in the list.
    """
    place, less = order.lstrip("-"), "lt" if order.startswith("-") else "gt"
    if after:
        try:
            last = rows.filter(pk=after).first()
        except (ValueError, ValidationError):
            last = None
        if last is None:
            raise Http404
        value = getattr(last, place)
        # The first condition says what the second does, less exactly: it lets the database begin at that place.
        rows = rows.filter(**{f"{place}__{less}e": value})
        rows = rows.filter(Q(**{f"{place}__{less}": value}) | Q(**{place: value, f"pk__{less}": last.pk}))
    found = list(rows.order_by(order, "-pk" if less == "lt" else "pk")[: size + 1])
    return Behind(found[:size], not after, len(found) > size)
