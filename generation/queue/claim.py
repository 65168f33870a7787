"""Give a worker its next take: fair between artists, decided by compare-and-set."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from generation.models import Generation, Take, Turn
from generation.news import GenerationPaused
from generation.rules import WORKER
from generation.states import CLAIM_TAKE, PAUSE, START, GenerationState, TakeState
from portal.access import Decision, Refused, System
from portal.machine import move

WORKER_ACTOR = System(WORKER)


def lease() -> timedelta:
    """How long a worker owns a take without saying so again."""
    return timedelta(seconds=settings.VERNISSAGE_LEASE_SECONDS)


def waiting_takes(offers: Collection[str]) -> QuerySet[Take]:
    """Takes a worker with these models could render, the fairest first.

    Fewest takes under way, then longest not served, between artists; priority, age and order of shots within one.
    """
    under_way = (
        Take.objects.filter(artist=OuterRef("artist"), state=TakeState.RENDERING)
        .order_by()
        .values("artist")
        .annotate(count=Count("pk"))
        .values("count")
    )
    served = Turn.objects.filter(artist=OuterRef("artist")).values("served_at")[:1]
    return (
        Take.objects.filter(
            state=TakeState.QUEUED,
            model__in=offers,
            generation__state__in=[GenerationState.QUEUED, GenerationState.RENDERING],
        )
        .annotate(under_way=Coalesce(Subquery(under_way), 0), served=Subquery(served))
        .order_by(
            "under_way",
            F("served").asc(nulls_first=True),
            "-generation__priority",
            "generation__made_at",
            "generation_id",
            "position",
        )
    )


def pause(generation: Generation, why: Decision) -> bool:
    """Stop handing out a generation whose gate is closed; its finished takes stay. It resumes by itself."""
    now = timezone.now()
    _row, moved = move(
        generation,
        PAUSE,
        actor=WORKER_ACTOR,
        fields={"state_code": why.code, "state_reason": str(why.reason)[:400]},
        detail={"code": why.code},
        news=GenerationPaused(str(generation.pk), why.code, now.isoformat()),
    )
    return moved


@transaction.atomic
def _take_over(candidate: Take, owner: str) -> Take | None:
    fields = {
        "owner": owner,
        "fence": F("fence") + 1,
        "attempts": F("attempts") + 1,
        "lease_until": Now() + lease(),  # the database's clock: no worker's own may end another one's lease
        "started_at": Now(),
        "phase": "",
        "step": 0,
        "steps": 0,
    }
    take, moved = move(candidate, CLAIM_TAKE, actor=WORKER_ACTOR, fields=fields, where={"fence": candidate.fence})
    if not moved:
        return None
    Turn.objects.update_or_create(artist_id=take.artist_id, defaults={"served_at": timezone.now()})
    move(
        take.generation,
        START,
        actor=WORKER_ACTOR,
        fields={"started_at": timezone.now(), "state_code": "", "state_reason": ""},
    )
    return take


def claim(owner: str, offers: Collection[str]) -> Take | None:
    """The next take for `owner`, leased; None when nothing waits. Only one caller ever wins a take."""
    while True:
        candidate = waiting_takes(offers).select_related("generation__artist", "artist").first()
        if candidate is None:
            return None
        try:
            take = _take_over(candidate, owner)
        except Refused as refused:
            pause(candidate.generation, refused.decision)
            continue
        if take is not None:
            return take
