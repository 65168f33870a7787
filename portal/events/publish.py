"""Tell that something changed, in the transaction of the change: heard when it commits, never when it does not."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from .models import Signal

log = logging.getLogger(__name__)
STOPS = "stops"
KEPT = timedelta(minutes=15)
PRUNED_AT = timedelta(minutes=20)
Told: TypeAlias = Iterable[tuple[str, str]]


def to_person(person_id: int) -> str:
    """The channel that only this person's browsers hear."""
    return f"person:{person_id}"


def role_channel(role: str) -> str:
    """The channel of everybody who holds a role."""
    return f"role:{role}"


@lru_cache(maxsize=1)
def bell_name() -> str:
    """Name of this installation's bell: servers may be shared with others, who must not hear it."""
    return "vernissage_" + salted_hmac("portal.events", "bell").hexdigest()[:16]


def publish(channel: str, subject: str, *, at_most_every: timedelta | None = None) -> bool:
    """Write a signal into the caller's transaction and ring the bell of the database, or Redis after commit.

    `at_most_every` is for progress: a signal of the same kind younger than that makes this one unneeded (False).
    """
    same = Signal.objects.filter(channel=channel, subject=subject)
    if at_most_every is not None and same.filter(at__gt=Now() - at_most_every).exists():
        return False
    told = Signal.objects.create(channel=channel, subject=subject)
    said = f"{told.pk} {channel} {subject}"
    if settings.VERNISSAGE_REDIS_URL:
        transaction.on_commit(lambda: _ring_redis(said), robust=True)
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [bell_name(), said])
    return True


def _ring_redis(said: str) -> None:
    import redis

    try:
        _redis().publish(bell_name(), said)
    except redis.RedisError as fault:  # the hub finds the row when it looks next
        log.warning("Redis did not take a signal: %s", fault)


@lru_cache(maxsize=1)
def _redis() -> Any:
    import redis

    return redis.Redis.from_url(settings.VERNISSAGE_REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


_MOVES: dict[type[models.Model], Callable[[Any], Told]] = {}


def signal_moves(model: type[models.Model], told: Callable[[Any], Told]) -> None:
    """Register what to tell when a row of `model` changes its state: (channel, subject) pairs of the fresh row."""
    _MOVES[model] = told


def signal_of_move(row: models.Model) -> None:
    """Publish what its subject registered for a row that has just moved. The machine calls this, nobody else."""
    told = _MOVES.get(type(row))
    for channel, subject in told(row) if told is not None else ():
        publish(channel, subject)


def prune() -> int:
    """Forget signals nobody can have missed; looks first, so that a quiet minute costs no lock. Part of the sweep."""
    if not Signal.objects.filter(at__lt=Now() - PRUNED_AT).exists():
        return 0
    count, _by_kind = Signal.objects.filter(at__lt=Now() - KEPT).delete()
    return count
