"""What an artist may use: the cohort's limits, with what was agreed for this one person."""

from dataclasses import dataclass

from portal.access import Actor

from .models import Membership


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one artist; None means no limit, an empty tuple means all."""

    daily_seconds: int
    total_seconds: int | None
    daily_gpu_seconds: int | None
    total_gpu_seconds: int | None
    at_once: int
    models: tuple[str, ...]
    sizes: tuple[str, ...]


def limits_of(person: Actor) -> Limits | None:
    """The limits of this artist, read afresh; None for somebody in no cohort."""
    membership = Membership.objects.select_related("cohort").filter(person_id=person.pk).first()
    if membership is None:
        return None
    cohort = membership.cohort
    own = membership.daily_seconds
    return Limits(
        daily_seconds=cohort.daily_seconds if own is None else own,
        total_seconds=cohort.total_seconds,
        daily_gpu_seconds=cohort.daily_gpu_seconds,
        total_gpu_seconds=cohort.total_gpu_seconds,
        at_once=cohort.at_once,
        models=tuple(cohort.allowed_models),
        sizes=tuple(cohort.allowed_sizes),
    )
