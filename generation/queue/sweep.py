"""What a worker's supervisor does every second: nothing depends on a message having arrived."""

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from generation.bin import empty_bins
from generation.drafts import forget_old_drafts
from generation.gate import may_go_on
from generation.models import Generation, Take
from generation.reach import suspended_now
from generation.states import RESUME, GenerationState, TakeState
from generation.tasks import render
from portal.access import Refused
from portal.appeals.services import tell_overdue
from portal.events.publish import prune
from portal.happenings import delivery
from portal.machine import move
from portal.notices.services import send_letters
from portal.program.lookout import forget_the_dead
from portal.program.sunset import reach_sunset
from portal.program.suspending import expire_due
from portal.sweeps import registered
from portal.tasks import ring

from .claim import WORKER_ACTOR
from .endings import assemble, ready_to_assemble
from .lease import reap

log = logging.getLogger(__name__)
FORGET_EVERY = 3600.0
_forgot: float | None = None


def resume_paused() -> int:
    """Generations whose gate is open again return to their place."""
    count = 0
    paused = Generation.objects.filter(state=GenerationState.PAUSED).order_by("made_at")
    stopped = suspended_now()
    # One question for all that a suspension holds; the others are asked about one by one.
    for generation in paused if stopped is None else paused.exclude(stopped):
        if not may_go_on(generation):
            continue
        try:
            _row, moved = move(generation, RESUME, actor=WORKER_ACTOR, fields={"state_code": "", "state_reason": ""})
        except Refused:  # it closed in between
            continue
        count += moved
    return count


def assemble_ready() -> int:
    """Finish what a crash left between the last take and the clip."""
    count = 0
    for generation in ready_to_assemble():
        try:
            count += assemble(generation)
        except OSError as fault:  # no room, or storage away: this one waits, the others do not
            log.warning("%s is not assembled yet: %s", generation, fault)
    return count


def erase_deleted() -> int:
    """Files of clips whose thirty days in the bin are over."""
    return empty_bins(actor=WORKER_ACTOR)


def ring_if_waiting() -> bool:
    """Ring the doorbell when takes wait."""
    return Take.objects.filter(state=TakeState.QUEUED).exists() and ring(render)


def forget_sometimes() -> int:
    """Delete for good what was put away long ago: by the hour, because looking costs more than waiting."""
    global _forgot  # noqa: PLW0603 - one supervisor, one clock
    if _forgot is not None and time.monotonic() - _forgot < FORGET_EVERY:
        return 0
    _forgot = time.monotonic()
    return forget_old_drafts()


PARTS: tuple[Callable[[], object], ...] = (
    reap,
    expire_due,
    reach_sunset,
    forget_the_dead,
    tell_overdue,
    resume_paused,
    assemble_ready,
    delivery.sweep,
    send_letters,
    prune,
    erase_deleted,
    ring_if_waiting,
    forget_sometimes,
)


def sweep() -> None:
    """One pass; a part that fails is logged and tried again in a second, the others still run."""
    close_old_connections()
    for part in (*PARTS, *registered()):
        try:
            part()
        except (DatabaseError, OSError) as fault:
            log.warning("sweep: %s: %s", getattr(part, "__name__", part), fault)
            close_old_connections()
