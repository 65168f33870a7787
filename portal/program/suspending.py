"""Acts of stopping: suspend, stop what runs, ratify, confirm, resume, and the end that comes by itself."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from artists.people.models import Person
from portal import happenings
from portal.access import Actor, Kind, Refused, System, denied, require
from portal.audit.chain import record
from portal.machine import move

from .live import tell_hubs
from .models import Epoch, Suspension
from .news import SuspensionBegan, SuspensionEnded
from .reach import Target, reaches
from .states import EXPIRE, RESUME, Running, Scope, SuspensionEnd, SuspensionState
from .stopping import CONFIRM_WITHIN, MOMENT, RATIFY_WITHIN, take_the_stop_lock

CLOCK = System("clock")
LONGEST_REASON = 300


def database_now() -> datetime:
    """The database's clock, which all processes share; on SQLite that is this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def _next_epoch() -> int:
    Epoch.objects.get_or_create(id=1)
    Epoch.objects.filter(id=1).update(number=F("number") + 1)
    return Epoch.objects.get(id=1).number


def _invalid(code: str, reason: str, todo: str = "") -> Refused:
    return Refused("program.suspend", denied(code, reason, todo=todo, kind=Kind.INVALID))


def check_words(reason: str, until: datetime | None) -> None:
    """Raises Refused reason-missing, reason-long, until-past."""
    if not reason.strip():
        raise _invalid("reason-missing", _("A suspension needs a reason."), _("Those it stops read it."))
    if len(reason.strip()) > LONGEST_REASON:
        raise _invalid("reason-long", _("A reason has up to %(most)s characters.") % {"most": LONGEST_REASON})
    if until is not None and until <= timezone.now():
        raise _invalid(
            "until-past", _("The end lies in the past."), _("Choose a later moment, or none. Nothing was stopped.")
        )


def _same_target(target: Target) -> Q:
    return Q(scope=target.scope, token=target.token, artist=target.artist, cohort=target.cohort, model=target.model)


def already(target: Target) -> Refused:
    """What somebody hears who was slower."""
    other = Suspension.objects.filter(_same_target(target), state=SuspensionState.IN_FORCE).first()
    words = _("This is suspended already.")
    todo = _("Reload the page.")
    if other is not None:
        since = date_format(timezone.localtime(other.since), MOMENT)
        words = _("This is suspended already, by %(who)s since %(since)s: %(reason)s") % {
            "who": other.by_label,
            "since": since,
            "reason": other.reason,
        }
        todo = _("It is suspension %(number)s. Nothing of yours was applied.") % {"number": other.pk}
    return Refused("program.suspend", denied("already-suspended", words, todo=todo, kind=Kind.CONFLICT))


def _note_commit(pk: int) -> None:
    Suspension.objects.filter(pk=pk).update(committed_at=database_now())


def _bring_to_rest(pk: int) -> None:
    """Each subject stops its own part, in small transactions. What is missed stops by itself when it next asks the gate."""
    suspension = Suspension.objects.select_related("token", "artist", "cohort").get(pk=pk)
    for reach in reaches():
        if reach.stop is not None:
            reach.stop(suspension)


def _in_force_now(suspension: Suspension) -> None:
    tell_hubs(suspension)
    transaction.on_commit(lambda: _note_commit(suspension.pk), robust=True)
    transaction.on_commit(lambda: _bring_to_rest(suspension.pk), robust=True)
    happenings.announce(SuspensionBegan(suspension.pk, suspension.epoch))


def suspend(
    target: Target,
    *,
    actor: Actor,
    reason: str,
    until: datetime | None = None,
    running: Running = Running.STOP,
) -> Suspension:
    """Stop the target from the commit on. The whole program waits for a second person, or ends by itself.

    Raises Refused reason-missing, reason-long, until-past, already-suspended, last-staff, role.
    """
    require("program.suspend", actor, target)
    check_words(reason, until)
    try:
        with transaction.atomic():
            take_the_stop_lock()
            require("program.suspend", actor, target)
            expire_due(_same_target(target))
            if Suspension.objects.filter(_same_target(target), state=SuspensionState.IN_FORCE).exists():
                raise already(target)
            now = timezone.now()
            suspension = Suspension.objects.create(
                scope=target.scope,
                token=target.token,
                artist=target.artist,
                cohort=target.cohort,
                model=target.model,
                reason=reason.strip(),
                running=running,
                since=now,
                until=until,
                by_id=actor.pk,
                by_label=actor.label[:200],
                stands_until=now + RATIFY_WITHIN if target.scope == Scope.PROGRAM else None,
                epoch=_next_epoch(),
            )
            detail = {"target": suspension.target, "running": running, "until": until, "reason": reason.strip()}
            record("program.suspend", actor=actor, subject=suspension, detail=detail)
            _in_force_now(suspension)
    except IntegrityError:
        raise already(target) from None
    suspension.refresh_from_db()
    return suspension


def _over(suspension: Suspension) -> Refused:
    words = _("Suspension %(number)s has ended: %(how)s.") % {
        "number": suspension.pk,
        "how": suspension.get_ended_how_display() or _("its time was over"),
    }
    return Refused("program.resume", denied("suspension-over", words, kind=Kind.CONFLICT))


def _still_stands(suspension: Suspension) -> Suspension:
    fresh = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension.pk)
    late = fresh.stands_until is not None and fresh.stands_until <= timezone.now()
    if fresh.state != SuspensionState.IN_FORCE or late:
        raise _over(fresh)
    return fresh


@transaction.atomic
def stop_running(suspension: Suspension, *, actor: Actor) -> Suspension:
    """Stop also the films that were allowed to finish. Raises Refused suspension-over."""
    take_the_stop_lock()
    fresh = _still_stands(suspension)
    require("program.stop_running", actor, fresh)
    if fresh.running == Running.STOP:
        return fresh
    fresh.running, fresh.epoch = Running.STOP, _next_epoch()
    fresh.save(update_fields=["running", "epoch"])
    record("program.stop_running", actor=actor, subject=fresh)
    _in_force_now(fresh)
    return fresh


@transaction.atomic
def ratify(suspension: Suspension, *, actor: Person) -> Suspension:
    """Stand behind a suspension of everything as the second person. Raises Refused suspension-over, already-ratified."""
    take_the_stop_lock()
    fresh = _still_stands(suspension)
    require("program.ratify", actor, fresh)
    if fresh.scope != Scope.PROGRAM or fresh.ratified:
        words = _("Nothing is left to ratify here.")
        raise Refused("program.ratify", denied("already-ratified", words, kind=Kind.CONFLICT))
    fresh.ratified_by, fresh.ratified_at = actor, timezone.now()
    fresh.stands_until = timezone.now() + CONFIRM_WITHIN
    fresh.save(update_fields=["ratified_by", "ratified_at", "stands_until"])
    record("program.ratify", actor=actor, subject=fresh)
    return fresh


@transaction.atomic
def confirm(suspension: Suspension, *, actor: Person) -> Suspension:
    """Say that everything stays suspended for another day. Raises Refused suspension-over, not-ratified."""
    take_the_stop_lock()
    fresh = _still_stands(suspension)
    require("program.confirm", actor, fresh)
    fresh.stands_until = timezone.now() + CONFIRM_WITHIN
    fresh.save(update_fields=["stands_until"])
    record("program.confirm", actor=actor, subject=fresh)
    return fresh


def _ending(how: SuspensionEnd, actor: Actor) -> dict[str, Any]:
    return {"ended_at": timezone.now(), "ended_how": how, "ended_by_label": actor.label[:200]}


@transaction.atomic
def resume(suspension: Suspension, *, actor: Actor) -> Suspension:
    """End it: everything goes on from where it stood. Raises Refused suspension-over for whoever was slower."""
    take_the_stop_lock()
    require("program.resume", actor, suspension)
    ended, moved = move(
        suspension,
        RESUME,
        actor=actor,
        fields=_ending(SuspensionEnd.RESUMED, actor),
        news=SuspensionEnded(suspension.pk),
    )
    if not moved:
        raise _over(ended)
    _next_epoch()
    return ended


def _how(suspension: Suspension, now: datetime) -> SuspensionEnd:
    if suspension.until is not None and suspension.until <= now:
        return SuspensionEnd.EXPIRED
    return SuspensionEnd.UNCONFIRMED if suspension.ratified else SuspensionEnd.UNRATIFIED


def expire_due(only: Q | None = None) -> int:
    """End what is over; reads have treated it as over already. Returns how many this call ended."""
    now = timezone.now()
    due = Suspension.objects.filter(Q(until__lte=now) | Q(stands_until__lte=now), state=SuspensionState.IN_FORCE)
    count = 0
    for suspension in due.filter(only) if only is not None else due:
        fields = _ending(_how(suspension, now), CLOCK)
        with transaction.atomic():
            take_the_stop_lock()
            _row, moved = move(suspension, EXPIRE, actor=CLOCK, fields=fields, news=SuspensionEnded(suspension.pk))
            if moved:
                _next_epoch()
        count += moved
    return count
