"""What a browser missed while it was away, from the rows."""

from collections.abc import Collection
from datetime import timedelta

from .models import Signal
from .streams import EVERYTHING

# A long transaction may commit a signal that was written before one already told.
LATE = timedelta(seconds=15)


def latest_number() -> int:
    """The newest signal's number; 0 when there is none."""
    return Signal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def missed_since(last: str, channels: Collection[str]) -> list[str]:
    """Subjects told on these channels since signal number `last`, each once, oldest first.

    A number that is not kept any more (or never was one of ours) answers EVERYTHING: look at all of it again.
    """
    if not (last.isascii() and last.isdecimal()) or len(last) > 18:  # noqa: PLR2004 - digits of a BIGINT
        return [EVERYTHING]
    if int(last) == 0:  # nothing had ever been told: whatever is there was missed
        rows = Signal.objects.filter(channel__in=channels)
    else:
        known = Signal.objects.filter(pk=int(last)).values_list("at", flat=True).first()
        if known is None:
            return [EVERYTHING]
        rows = Signal.objects.filter(channel__in=channels, at__gt=known - LATE).exclude(pk=int(last))
    return list(dict.fromkeys(rows.order_by("pk").values_list("subject", flat=True)))
