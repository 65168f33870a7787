"""What a suspension touches here: films under way."""

from django.db.models import Q

from generation.backends.errors import EngineError
from portal.program.naming import know_models
from portal.program.reach import Reach, Target, register_reach, target_of
from portal.program.states import Running, Scope
from portal.program.stopping import in_force

from .gate import may_go_on
from .models import Generation
from .queue.claim import pause
from .registry import models
from .states import UNDER_WAY, GenerationState

MOVING = (GenerationState.QUEUED, GenerationState.RENDERING)


def hit_by(target: Target) -> Q:
    """The generations a target covers, of all there are."""
    if target.token is not None:
        return Q(token=target.token)
    if target.artist is not None:
        return Q(artist=target.artist)
    if target.cohort is not None:
        return Q(artist__membership__cohort=target.cohort)
    return Q(model=target.model) if target.model else Q()


def suspended_now() -> Q | None:
    """Generations that a suspension keeps from going on; None when nothing is suspended."""
    found: Q | None = None
    for suspension in in_force().select_related("token", "artist", "cohort"):
        # The primary key is never null: an empty condition alone would match nothing in an exclude.
        hit = hit_by(target_of(suspension)) & Q(pk__isnull=False)
        if suspension.running == Running.FINISH:
            hit &= Q(started_at=None)
        found = hit if found is None else found | hit
    return found


def _counts(target: Target) -> dict[str, int]:
    under_way = Generation.objects.filter(hit_by(target), state__in=UNDER_WAY)
    rendering = under_way.filter(state=GenerationState.RENDERING).count()
    counts = {"generations_running": rendering, "generations_queued": under_way.count() - rendering}
    if target.scope == Scope.MODEL:
        counts["people"] = under_way.order_by().values("artist").distinct().count()
    return counts


def bring_to_rest(target: Target) -> int:
    """Pause what the gate no longer lets go on; finished takes and the place in the queue are kept."""
    moving = Generation.objects.filter(hit_by(target), state__in=MOVING).order_by("made_at")
    count = 0
    for generation in moving:
        decision = may_go_on(generation)
        if not decision:
            count += pause(generation, decision)
    return count


def _names() -> list[str]:
    try:
        return [entry.name for entry in models()]
    except EngineError:
        return []


know_models(_names)
register_reach(Reach("generation", _counts, lambda suspension: bring_to_rest(target_of(suspension))))
