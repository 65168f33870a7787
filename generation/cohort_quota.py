"""What a cohort allows beside the daily seconds of film: models, sizes, seconds in all, GPU-seconds; each with what would fit."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.access import Kind, Refused, denied
from portal.access.decisions import Words
from portal.program.limits import Limits

from .models import Allowance, Generation, Take
from .registry import models
from .states import UNDER_WAY, GenerationState, TakeState

OPEN_TAKES = (TakeState.WAITING, TakeState.QUEUED, TakeState.RENDERING)


def _refused(code: str, words: Words, todo: Words, kind: Kind = Kind.LIMIT) -> Refused:
    return Refused("generation.submit", denied(code, words, todo=todo, kind=kind))


def film_ms(artist_id: int | None) -> int:
    """Milliseconds of film spent and held, ever."""
    total = Allowance.objects.filter(artist_id=artist_id).aggregate(all=Sum(F("held_ms") + F("spent_ms")))["all"]
    return int(total or 0)


def _expected_ms(rows: Iterable[tuple[str, int]]) -> int:
    """How long (model, frames) are expected to work, by the registry's figures; a model that left counts nothing."""
    known = {entry.name: entry for entry in models()}
    return round(sum(known[name].seconds_estimate(frames) * 1000 for name, frames in rows if name in known))


def gpu_ms(artist_id: int | None, since: datetime | None = None, without: Generation | None = None) -> int:
    """Milliseconds of GPU work of films that were delivered or are under way; what failed or was stopped costs nothing."""
    counted = [GenerationState.DONE, *UNDER_WAY]
    takes = Take.objects.filter(artist_id=artist_id, generation__state__in=counted)
    if without is not None:
        takes = takes.exclude(generation=without)
    done = takes.filter(state=TakeState.DONE)
    if since is not None:
        done = done.filter(ended_at__gte=since)
    worked = done.aggregate(all=Sum("work_ms"))["all"] or 0
    going = takes.filter(state__in=OPEN_TAKES, generation__state__in=UNDER_WAY).values_list("model", "frames")
    return int(worked) + _expected_ms(going)


def check_allowed(generation: Generation, limits: Limits) -> None:
    """Raises Refused model-not-in-cohort, size-not-in-cohort."""
    if limits.models and generation.model not in limits.models:
        words = _("Your cohort does not use the model %(model)s.") % {"model": generation.model}
        todo = _("It uses %(models)s.") % {"models": ", ".join(limits.models)}
        raise _refused("model-not-in-cohort", words, todo, Kind.INVALID)
    size = f"{generation.width}x{generation.height}"
    if limits.sizes and size not in limits.sizes:
        words = _("Your cohort does not make films of %(size)s.") % {"size": size}
        todo = _("It makes %(sizes)s.") % {"sizes": ", ".join(limits.sizes)}
        raise _refused("size-not-in-cohort", words, todo, Kind.INVALID)


def total_left_ms(artist_id: int | None, limits: Limits) -> int | None:
    """Milliseconds of film left in all; None without a limit."""
    return None if limits.total_seconds is None else max(0, limits.total_seconds * 1000 - film_ms(artist_id))


def check_total(generation: Generation, artist: Person, limits: Limits) -> None:
    """Raises Refused quota-total-spent. Under the artist's lock, so that two at once cannot both fit."""
    left = total_left_ms(artist.pk, limits)
    if left is None or generation.milliseconds <= left:
        return
    told = {"free": f"{left / 1000:g}", "limit": limits.total_seconds}
    words = (
        _("What your cohort has for you in all does not cover this film: %(free)s s of %(limit)s s are left.") % told
    )
    fits = _("A film of up to %(free)s s would fit.") % told if left else _("Ask the program staff for more.")
    raise _refused("quota-total-spent", words, fits)


def check_gpu(generation: Generation, artist: Person, limits: Limits) -> None:
    """Raises Refused quota-gpu-spent, quota-gpu-total-spent. Films under way count with what they are expected to work."""
    if limits.daily_gpu_seconds is None and limits.total_gpu_seconds is None:
        return
    shots: list[dict[str, Any]] = generation.snapshot["shots"]
    wanted = _expected_ms((generation.model, int(shot["frames"])) for shot in shots)
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = (
        (limits.total_gpu_seconds, None, "quota-gpu-total-spent", _("Ask the program staff for more.")),
        (limits.daily_gpu_seconds, today, "quota-gpu-spent", _("All of it is back at midnight UTC.")),
    )
    for limit, since, code, later in asked:
        if limit is None:
            continue
        left = max(0, limit * 1000 - gpu_ms(artist.pk, since, generation))
        if wanted <= left:
            continue
        part = left / wanted
        told = {
            "need": f"{wanted / 1000:.0f}",
            "free": f"{left / 1000:.0f}",
            "limit": limit,
            "film": f"{generation.seconds * part:.1f}",
        }
        words = _("This film would work for about %(need)s GPU-seconds; %(free)s of %(limit)s are left.") % told
        fits = _("About %(film)s s of it would fit: make it shorter or smaller.") % told
        raise _refused(code, words, fits if part > 0 else later)


def check_cohort(generation: Generation, artist: Person, limits: Limits) -> None:
    """Everything a cohort allows beside the daily seconds of film, inside the submit transaction. Raises Refused."""
    check_allowed(generation, limits)
    check_total(generation, artist, limits)
    check_gpu(generation, artist, limits)
