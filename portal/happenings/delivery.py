"""Post news, and bring it to its listeners: at once after commit, and again by the sweep until heard."""

import logging
from dataclasses import asdict
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from .models import Delivery, Happening
from .news import News, listener_named, listeners_of

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=1)


def post(news: News) -> None:
    """Store the news and one delivery per listener; deliver when the surrounding transaction commits."""
    happening, new = Happening.objects.get_or_create(key=news.key, defaults={"kind": news.kind, "values": asdict(news)})
    if not new:
        return
    now = timezone.now()
    Delivery.objects.bulk_create(
        [Delivery(happening=happening, listener=one.name, due_at=now) for one in listeners_of(news.kind)]
    )
    transaction.on_commit(lambda: _deliver_news(happening.pk), robust=True)


def _deliver_news(happening_id: int) -> None:
    for pk in Delivery.objects.filter(happening_id=happening_id, heard_at=None).values_list("pk", flat=True):
        deliver(pk)


def deliver(pk: int) -> bool:
    """Let one listener hear its news, in a transaction of its own together with the mark that it was heard."""
    try:
        with transaction.atomic():
            waiting = Delivery.objects.select_for_update(of=("self",)).select_related("happening")
            delivery = waiting.filter(pk=pk, heard_at=None).first()
            if delivery is None:
                return False
            listener = listener_named(delivery.listener)
            if listener is None:
                message = f"no listener is called {delivery.listener!r} any more"
                raise LookupError(message)
            listener.hear(listener.kind(**delivery.happening.values))
            # The condition decides when two sweeps deliver at once on SQLite: the loser's effects roll back.
            if not Delivery.objects.filter(pk=pk, heard_at=None).update(heard_at=timezone.now(), error=""):
                transaction.set_rollback(True)
                return False
    except (InterfaceError, OperationalError):  # the database itself is away or busy: nothing can be noted now
        raise
    except Exception as fault:  # any listener's fault: keep the news and try again later
        log.exception("delivery %s failed", pk)
        _postpone(pk, fault)
        return False
    return True


def _postpone(pk: int, fault: Exception) -> None:
    delivery = Delivery.objects.get(pk=pk)
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(delivery.attempts, 12)))
    Delivery.objects.filter(pk=pk, heard_at=None).update(
        attempts=delivery.attempts + 1, due_at=timezone.now() + wait, error=f"{type(fault).__name__}: {fault}"[:1000]
    )


def sweep(limit: int = 200) -> int:
    """Deliver what is due; returns how many were heard. Called every second by the worker's sweep."""
    due = Delivery.objects.filter(heard_at=None, due_at__lte=timezone.now()).order_by("due_at")
    return sum(deliver(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))
