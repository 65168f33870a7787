"""What one may see of generations, clips and the queue."""

import uuid
from collections.abc import Collection as Several
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from artists.people.models import Look
from artists.people.models.looks import LookKind
from portal.access import Actor

from .models import (
    Clip,
    Collection,
    Generation,
    ReferenceImage,
    Shot,
    Storyboard,
    Take,
    UsedPrompt,
    WorkerSighting,
)
from .registry import models
from .states import UNDER_WAY

Row = TypeVar("Row", Clip, Generation)
SEEN_LATELY = timedelta(seconds=30)


def generations_visible_to(actor: Actor) -> QuerySet[Generation]:
    """One's own generations, newest first."""
    return Generation.objects.filter(artist_id=actor.pk) if actor.pk else Generation.objects.none()


def under_way_of(actor: Actor) -> QuerySet[Generation]:
    """One's own generations that have not ended, oldest first, with their takes."""
    takes = Prefetch("takes", Take.objects.order_by("position"))
    mine = generations_visible_to(actor).filter(state__in=UNDER_WAY, ended_at=None)
    return mine.prefetch_related(takes).order_by("made_at")


def clips_owned_by(actor: Actor) -> QuerySet[Clip]:
    """One's own clips, deleted ones too, newest first."""
    return Clip.objects.filter(artist_id=actor.pk) if actor.pk else Clip.objects.none()


def clips_by_number(keys: Several[uuid.UUID]) -> QuerySet[Clip]:
    """The clips with these numbers, whoever's they are: for numbers that a list of one's own has just answered.

    Asking again for the owner makes SQLite read all that the owner ever made.
    """
    return Clip.objects.filter(pk__in=keys)


def clips_visible_to(actor: Actor) -> QuerySet[Clip]:
    """One's own clips without those deleted, newest first."""
    return clips_owned_by(actor).filter(deleted_at=None)


def clips_in_bin_of(actor: Actor) -> QuerySet[Clip]:
    """One's own clips that were deleted and can still be restored, latest first."""
    return clips_owned_by(actor).filter(deleted_at__isnull=False, erased_at=None).order_by("-deleted_at", "-pk")


def collections_visible_to(actor: Actor) -> QuerySet[Collection]:
    """One's own collections, by name."""
    return Collection.objects.filter(owner_id=actor.pk) if actor.pk else Collection.objects.none()


def behind(rows: QuerySet[Row], place: str, moment: datetime, pk: uuid.UUID) -> QuerySet[Row]:
    """The rows behind this one, latest first by `place`: an index seeks it, so a page costs the same however deep."""
    return rows.filter(**{f"{place}__lte": moment}).exclude(**{place: moment, "pk__gte": pk})


def with_counts(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """With `films`, how many of each collection are not deleted."""
    return collections.annotate(films=Count("collected", filter=Q(collected__clip__deleted_at=None)))


def references_visible_to(actor: Actor) -> QuerySet[ReferenceImage]:
    """One's own reference images."""
    return ReferenceImage.objects.filter(owner_id=actor.pk) if actor.pk else ReferenceImage.objects.none()


def storyboards_visible_to(actor: Actor) -> QuerySet[Storyboard]:
    """One's own storyboards, last changed first; those put away among them."""
    return Storyboard.objects.filter(owner_id=actor.pk) if actor.pk else Storyboard.objects.none()


def open_storyboards_of(actor: Actor) -> QuerySet[Storyboard]:
    """One's own storyboards that are not put away, with their shots."""
    shots = Prefetch("shots", Shot.objects.order_by("position"))
    return storyboards_visible_to(actor).filter(deleted_at=None).prefetch_related(shots)


def deleted_storyboards_of(actor: Actor) -> QuerySet[Storyboard]:
    """One's own storyboards that were put away and can be brought back, last first."""
    return storyboards_visible_to(actor).filter(deleted_at__isnull=False).order_by("-deleted_at", "-pk")


def prompts_visible_to(actor: Actor, wanted: str = "") -> QuerySet[UsedPrompt]:
    """One's own prompts, last used first; with `wanted`, those that contain each of its words."""
    found = UsedPrompt.objects.filter(owner_id=actor.pk) if actor.pk else UsedPrompt.objects.none()
    for word in wanted.split()[:10]:
        found = found.filter(text__icontains=word)
    return found


def workers_alive() -> QuerySet[WorkerSighting]:
    """Workers seen in the last half minute."""
    return WorkerSighting.objects.filter(seen_at__gte=timezone.now() - SEEN_LATELY).order_by("name")


def models_offered() -> set[str]:
    """Names of the models that can be run: on this machine, or offered by a worker that is alive."""
    here = {entry.name for entry in models() if entry.present}
    return here.union(*(worker.offers for worker in workers_alive()))


def prompts_of(look: Look) -> QuerySet[Generation]:
    """An artist's generations for staff who look at prompts, while the look lasts; newest first."""
    if look.kind != LookKind.PROMPTS or look.until <= timezone.now():
        return Generation.objects.none()
    return Generation.objects.filter(artist_id=look.person_id)
