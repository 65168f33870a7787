"""Quota in milliseconds of film: held at submit, settled at the end, given back on failure, refusal and cancel."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.tokens import free_budget, hold_budget, settle_budget
from portal.access import Actor, Kind, Refused, denied
from portal.machine import move
from portal.program.limits import limits_of
from portal.program.models import Cohort, Membership

from .cohort_quota import check_cohort, total_left_ms
from .models import Allowance, Generation, Reservation
from .states import RETURN, SETTLE, UNDER_WAY


@dataclass(frozen=True, slots=True)
class Left:
    """What an artist has left today, in milliseconds of film, and when the day turns."""

    limit_ms: int
    held_ms: int
    spent_ms: int
    resets_at: datetime
    total_left_ms: int | None = None

    @property
    def free_ms(self) -> int:
        """What could still be asked for."""
        today = max(0, self.limit_ms - self.held_ms - self.spent_ms)
        return today if self.total_left_ms is None else min(today, self.total_left_ms)

    @property
    def free_seconds(self) -> float:
        """The same in seconds, for screens."""
        return self.free_ms / 1000


def _today() -> datetime:
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def left_today(artist: Actor, cohort: Cohort | None) -> Left:
    """What is left of today's quota."""
    today = _today()
    row = Allowance.objects.filter(artist_id=artist.pk, day=today.date()).first()
    limits = limits_of(artist) if cohort else None
    held, spent = (row.held_ms, row.spent_ms) if row else (0, 0)
    if limits is None:
        return Left(0, held, spent, today + timedelta(days=1))
    total = total_left_ms(artist.pk, limits)
    return Left(limits.daily_seconds * 1000, held, spent, today + timedelta(days=1), total)


def _spent(cohort: Cohort, artist: Person) -> Refused:
    left = left_today(artist, cohort)
    words = _("Today's quota does not cover this film: %(free)s s of %(limit)s s are left.") % {
        "free": f"{left.free_seconds:g}",
        "limit": f"{left.limit_ms / 1000:g}",
    }
    fits = _("A film of up to %(free)s s would fit now; all of it is back at midnight UTC.") % {
        "free": f"{left.free_seconds:g}"
    }
    none = _("It is back at midnight UTC.")
    decision = denied("quota-spent", words, todo=fits if left.free_ms else none, kind=Kind.LIMIT)
    return Refused("generation.submit", decision)


def lock(artist: Person) -> Allowance:
    """Today's allowance, locked until the transaction ends: one artist's submits come one after the other."""
    # The membership too: at midnight two requests may meet two days, and what is left in all is one.
    Membership.objects.select_for_update().filter(person=artist).first()
    allowance, _new = Allowance.objects.select_for_update().get_or_create(artist=artist, day=_today().date())
    return allowance


def hold(generation: Generation, cohort: Cohort, artist: Person) -> Reservation:
    """Hold the length of this film, inside the submit transaction. Raises Refused quota-spent, quota-at-once, and what the cohort says."""
    allowance = lock(artist)
    mine = Generation.objects.filter(artist=artist, state__in=UNDER_WAY, ended_at=None)
    under_way = mine.exclude(pk=generation.pk).count()
    if under_way >= cohort.at_once:
        words = _("You have %(count)s films under way; your cohort allows %(limit)s at once.") % {
            "count": under_way,
            "limit": cohort.at_once,
        }
        busy = denied("quota-at-once", words, todo=_("Wait for one to end, or stop one."), kind=Kind.LIMIT)
        raise Refused("generation.submit", busy)
    limits = limits_of(artist)
    if limits is not None:
        check_cohort(generation, artist, limits)
    daily_seconds = cohort.daily_seconds if limits is None else limits.daily_seconds
    ceiling = daily_seconds * 1000 - generation.milliseconds
    # One statement decides: whatever two processes read before, the limit holds.
    fits = Allowance.objects.filter(pk=allowance.pk, held_ms__lte=ceiling - F("spent_ms"))
    if not fits.update(held_ms=F("held_ms") + generation.milliseconds):
        raise _spent(cohort, artist)
    return Reservation.objects.create(generation=generation, allowance=allowance, amount_ms=generation.milliseconds)


def hold_token(generation: Generation) -> None:
    """Hold what a token's generation is expected to work, after its quota and in the same transaction. Raises Refused."""
    token = generation.token
    if token is None:
        return
    others = Generation.objects.filter(token=token, state__in=UNDER_WAY).exclude(pk=generation.pk)
    hold_budget(
        token,
        work_ms=generation.token_ms,
        film_ms=generation.milliseconds,
        pixels=generation.width * generation.height,
        under_way=others.count(),
    )


@transaction.atomic
def settle(generation: Generation, *, actor: Actor) -> int:
    """The film was delivered: what was held is spent. Returns the milliseconds charged by this very call."""
    held, moved = move(Reservation.objects.get(generation=generation), SETTLE, actor=actor)
    if not moved:
        return 0
    amount = held.amount_ms
    if generation.token is not None:
        work = generation.takes.aggregate(all=Sum("work_ms"))["all"] or 0
        settle_budget(generation.token, held_ms=generation.token_ms, spent_ms=work)
    Allowance.objects.filter(pk=held.allowance_id).update(
        held_ms=F("held_ms") - amount, spent_ms=F("spent_ms") + amount
    )
    return amount


@transaction.atomic
def give_back(generation: Generation, *, actor: Actor) -> int:
    """No film was delivered: what was held is free again. Returns the milliseconds returned by this very call."""
    held, moved = move(Reservation.objects.get(generation=generation), RETURN, actor=actor)
    if not moved:
        return 0
    if generation.token is not None:
        free_budget(generation.token, held_ms=generation.token_ms)
    Allowance.objects.filter(pk=held.allowance_id).update(held_ms=F("held_ms") - held.amount_ms)
    return held.amount_ms
