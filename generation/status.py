"""The queue's part of `manage.py status`."""

from typing import Any

from django.db.models import Count

from portal.panels import register_status

from .models import Generation, Take
from .queries import workers_alive
from .states import UNDER_WAY, TakeState


def queue_status() -> dict[str, Any]:
    """Takes and generations under way, by state: what ended is history, and counting it would take ever longer."""
    waiting = [TakeState.WAITING, TakeState.QUEUED, TakeState.RENDERING]
    takes = Take.objects.filter(state__in=waiting).order_by().values_list("state").annotate(n=Count("pk"))
    under_way = Generation.objects.filter(state__in=UNDER_WAY)
    generations = under_way.order_by().values_list("state").annotate(n=Count("pk"))
    return {"takes": dict(takes), "generations": dict(generations)}


def worker_status() -> dict[str, Any]:
    """Workers seen lately, and what they offer."""
    return {worker.name: {"offers": worker.offers, "seen_at": worker.seen_at} for worker in workers_alive()}


register_status("queue", queue_status)
register_status("workers", worker_status)
