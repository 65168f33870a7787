"""Keep a take, give it back, or take it from a worker that is gone."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from generation.limits import MOST_ATTEMPTS
from generation.live import tell_progress
from generation.models import Take
from generation.states import HAND_BACK_TAKE, TakeState
from portal.machine import move

from .claim import WORKER_ACTOR, lease
from .endings import fail_take

FREE = {"owner": "", "lease_until": None, "phase": "", "step": 0, "steps": 0}


def held(take: Take) -> QuerySet[Take]:
    """The row, if this very attempt still owns it."""
    return Take.objects.filter(pk=take.pk, fence=take.fence, owner=take.owner, state=TakeState.RENDERING)


def beat(take: Take) -> bool:
    """Prolong the lease; False means it is lost: stop, write nothing."""
    return bool(held(take).update(lease_until=Now() + lease()))


def report(take: Take, phase: str, step: int, steps: int) -> bool:
    """Write how far the take is; False means it is lost."""
    with transaction.atomic():
        mine = bool(held(take).update(phase=phase, step=step, steps=steps))
        if mine:
            tell_progress(take)
    return mine


def hand_back(take: Take, *, counted: bool) -> bool:
    """Put a take back into the queue. Not `counted`: the worker was told to stop, the take did nothing wrong."""
    fields = FREE | ({} if counted else {"attempts": F("attempts") - 1})
    _row, moved = move(
        take, HAND_BACK_TAKE, actor=WORKER_ACTOR, fields=fields, where={"fence": take.fence, "owner": take.owner}
    )
    return moved


def _recover(lost: QuerySet[Take]) -> int:
    count = 0
    for take in lost.select_related("generation"):
        if take.attempts < MOST_ATTEMPTS:
            count += hand_back(take, counted=True)
        else:
            reason = _("Its worker was lost %(n)s times.") % {"n": take.attempts}
            count += fail_take(take, "worker-lost", str(reason), retry=False)
    return count


def reap() -> int:
    """Takes whose lease ran out, by the database's clock: back into the queue, or failed after the last attempt."""
    return _recover(Take.objects.filter(state=TakeState.RENDERING, lease_until__lt=Now()))


def release(owner: str) -> int:
    """Takes of a worker that is known to be dead: no need to wait for the lease."""
    return _recover(Take.objects.filter(state=TakeState.RENDERING, owner=owner))
