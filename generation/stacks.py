"""Stacks: films made from one storyboard are versions of one work."""

import uuid

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from .models import Clip, Generation

_NAMES = uuid.UUID("5f0c3f57-6a4c-4a0d-9d0b-6f5a4f2d1c7e")


def stack_of(generation: Generation) -> uuid.UUID:
    """The stack a film of this generation lies in: that of its storyboard, also after the storyboard is gone."""
    if generation.storyboard_id is None:
        return generation.pk
    return uuid.uuid5(_NAMES, f"storyboard:{generation.storyboard_id}")


def _same_stack() -> QuerySet[Clip]:
    return Clip.objects.filter(stack=OuterRef("stack"), artist=OuterRef("artist"))


def newest_of_stacks(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """Of each stack its newest version that is not deleted."""
    later = Q(made_at__gt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__gt=OuterRef("pk"))
    return clips.filter(~Exists(_same_stack().filter(later, deleted_at=None)))


def _count(clips: QuerySet[Clip]) -> Coalesce:
    counted = clips.order_by().values("stack").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def with_versions(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """With `version`, which never changes, and `versions`, how many of its stack are not deleted."""
    upto = Q(made_at__lt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__lte=OuterRef("pk"))
    return clips.annotate(
        version=_count(_same_stack().filter(upto)), versions=_count(_same_stack().filter(deleted_at=None))
    )


def versions_of(clip: Clip) -> QuerySet[Clip]:
    """The stack of a clip without what is deleted, newest first."""
    same = Clip.objects.filter(artist_id=clip.artist_id, stack=clip.stack, deleted_at=None)
    return with_versions(same).order_by("-made_at", "-pk")
