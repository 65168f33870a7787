"""The only Celery decorators: two kinds of task, so that no other file knows Celery's options."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task  # noqa: TID251 - this is that place


def doorbell(name: str) -> Callable[[Callable[..., Any]], Task]:
    """A task that only wakes a worker: no arguments, no result, acknowledged early. The work itself is in the database."""
    return shared_task(name=name, ignore_result=True, acks_late=False, max_retries=0)


def ring(task: Task) -> bool:
    """Send a doorbell; a dead broker delays the work until the next sweep and never fails the caller."""
    try:
        task.apply_async(retry=False, ignore_result=True)
    except Exception:  # noqa: BLE001 - whatever the transport raises, the sweep rings again within a second
        return False
    return True
