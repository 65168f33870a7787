"""Webhooks: kept as they come, once; later each is a hint to read something again, and what is read counts."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from artists.compensation.models import RailAccount, RailEvent
from artists.compensation.payments.accounts import reread_account
from artists.compensation.stripe.facts import Event
from artists.compensation.stripe.gateway import configured
from artists.compensation.stripe.outcomes import DefinitelyRefused, NotDone
from portal.access import Refused

from .arrivals import look_at_payout, look_at_transfer

log = logging.getLogger(__name__)
# While one process looks, the others leave it alone; after a crash it is looked at again.
CLAIM = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
A_PASS = 100
# What has failed as often as this is worth a line on staff's today.
STUCK_AFTER = 3
_GONE = frozenset({"resource_missing", "not_found"})
_LENGTHS = {"event": 80, "type": 120, "account": 80, "object": 80}


@dataclass(frozen=True, slots=True)
class Topic:
    """What an event says should be read again."""

    sort: str
    account: str
    object: str


def knows_account(account: str) -> bool:
    """Whether an artist of ours has, or had, this account."""
    return RailAccount.objects.filter(account=account).exists()


def keep_event(event: Event) -> bool:
    """Keep an event until it is looked at; False where it was known. The copy of its object, which may name a bank, is not kept."""
    now = timezone.now()
    _row, new = RailEvent.objects.get_or_create(
        event=event.id[: _LENGTHS["event"]],
        defaults={
            "type": event.type[: _LENGTHS["type"]],
            "account": event.account[: _LENGTHS["account"]],
            "object": event.object[: _LENGTHS["object"]],
            "body": {},
            "received_at": now,
            "due_at": now,
        },
    )
    return new


def topic_of(event: RailEvent) -> Topic | None:
    """What to read again; None for news that we have no use for."""
    if event.type.startswith("transfer."):
        return Topic("transfer", "", event.object)
    if event.type.startswith("payout.") and event.account:
        return Topic("payout", event.account, event.object)
    if event.type.startswith(("v2.core.account", "account.")) and event.account:
        return Topic("account", event.account, "")
    return None


def events_due() -> bool:
    """Whether there is anything to look at."""
    return configured() and RailEvent.objects.filter(applied_at=None, due_at__lte=timezone.now()).exists()


def apply_due_events() -> int:
    """Look at what is due, each thing once however many events name it; how many events are done. Not inside a transaction."""
    if not configured():
        return 0
    now = timezone.now()
    due = RailEvent.objects.filter(applied_at=None, due_at__lte=now).order_by("due_at", "pk")[:A_PASS]
    topics: dict[Topic | None, list[RailEvent]] = {}
    for row in due:
        # Claimed by moving its due time: of two sweeps one looks.
        claimed = RailEvent.objects.filter(pk=row.pk, applied_at=None, due_at=row.due_at)
        if claimed.update(due_at=now + CLAIM, tries=F("tries") + 1):
            topics.setdefault(topic_of(row), []).append(row)
    done = _applied(topics.pop(None, []))
    for topic, rows in topics.items():
        try:
            _look_at(topic)
        except NotDone as fault:
            words = str(fault)
            if isinstance(fault.outcome, DefinitelyRefused) and fault.outcome.code in _GONE:
                done += _applied(rows, words)
            else:
                _put_off(rows, words)
        except Refused as refused:
            # The books cannot take what Stripe says: looking again changes nothing, the comparison has a finding of it.
            done += _applied(rows, str(refused))
        except Exception as fault:  # one thing that cannot be read must not keep the others from being looked at
            log.exception("event %s", rows[0].event)
            _put_off(rows, f"unexpected: {type(fault).__name__}")
        else:
            done += _applied(rows)
    return done


def _look_at(topic: Topic) -> None:
    if topic.sort == "transfer":
        look_at_transfer(topic.object)
        return
    account = RailAccount.objects.filter(account=topic.account).first()
    if account is None:
        return
    if topic.sort == "payout":
        look_at_payout(account, topic.object)
    else:
        reread_account(account)


def _applied(rows: Iterable[RailEvent], error: str = "") -> int:
    ids = [row.pk for row in rows]
    return RailEvent.objects.filter(pk__in=ids).update(applied_at=timezone.now(), error=error[:300])


def _put_off(rows: Sequence[RailEvent], error: str) -> None:
    now = timezone.now()
    for row in rows:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.tries, 10))
        RailEvent.objects.filter(pk=row.pk).update(due_at=now + wait, error=error[:300])


def events_stuck() -> int:
    """Events that could not be looked at again and again."""
    return RailEvent.objects.filter(applied_at=None, tries__gte=STUCK_AFTER).exclude(error="").count()
