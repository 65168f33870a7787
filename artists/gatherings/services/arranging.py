"""Staff make, change and cancel gatherings."""

import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.gatherings.kinds import PAID_AS, GatheringKind
from artists.gatherings.models import Gathering, Seat
from artists.gatherings.news import GatheringAnnounced, GatheringCancelled, GatheringChanged
from artists.gatherings.states import CANCEL, SeatState
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, require
from portal.addresses import is_web_address
from portal.audit.chain import record
from portal.machine import move
from portal.program.models import Cohort

from .refusing import refusal
from .seating import fill, locked

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_LINK, LONGEST_REASON = 160, 8000, 300, 500, 600
LONGEST = timedelta(days=14)
FURTHEST = timedelta(days=3 * 366)
MOST_SEATS = 1000
TOLD = ("kind", "title", "text", "starts_at", "ends_at", "zone", "place", "call_link", "contribution")


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff decide about a gathering. Moments have their zone; `zone` is the host's, for showing it."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    capacity: int
    text: str = ""
    place: str = ""
    call_link: str = ""
    contribution: str = ""
    cohorts: tuple[Cohort, ...] = ()


@cache
def zones() -> frozenset[str]:
    """Names of all time zones this machine knows."""
    return frozenset(zoneinfo.available_timezones())


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal("gatherings.arrange", code, reason, todo or _("Nothing was changed; what you typed is kept."), kind)


def _check_words(plan: Plan) -> None:
    if plan.kind not in GatheringKind.values:
        raise _no("kind-unknown", _("There is no gathering of this kind."))
    if not plan.title.strip():
        raise _no("title-missing", _("A gathering needs a title."))
    for value, most in (
        (plan.title, LONGEST_TITLE), (plan.text, LONGEST_TEXT), (plan.place, LONGEST_PLACE), (plan.call_link, LONGEST_LINK),
    ):  # fmt: skip
        if len(value.strip()) > most:
            raise _no("text-long", _("This has more than %(most)s characters.") % {"most": most}, _("Shorten it."))
    if not plan.place.strip() and not plan.call_link.strip():
        raise _no("place-missing", _("Say where it is, or give the link of the call."))
    if plan.call_link.strip() and not is_web_address(plan.call_link.strip()):
        raise _no("url-not-web", _("The link of a call begins with https:// or http://."))
    if plan.contribution and plan.contribution not in {one.name for one in PAID_AS}:
        raise _no("contribution-unknown", _("The tariff has no such kind of contribution."))


def _check_frame(plan: Plan, now: datetime) -> None:
    if plan.zone not in zones():
        raise _no("zone-unknown", _("There is no time zone called “%(zone)s”.") % {"zone": plan.zone[:60]})
    if plan.ends_at <= plan.starts_at:
        raise _no("ends-before", _("It ends before it begins."), _("Choose a later end."))
    if plan.ends_at - plan.starts_at > LONGEST:
        raise _no("gathering-long", _("A gathering lasts two weeks at most."), _("Make one for each part."))
    if plan.starts_at > now + FURTHEST:
        raise _no("gathering-far", _("This is more than three years ahead."), _("Choose an earlier day."))
    if not 1 <= plan.capacity <= MOST_SEATS:
        raise _no("capacity-wrong", _("A gathering has 1 to %(most)s seats.") % {"most": MOST_SEATS})


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "title": plan.title.strip(),
        "text": plan.text.strip().replace("\r\n", "\n"),
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "zone": plan.zone,
        "place": plan.place.strip(),
        "call_link": plan.call_link.strip(),
        "capacity": plan.capacity,
        "contribution": plan.contribution,
    }


def _past() -> Refused:
    return _no("starts-past", _("This beginning lies in the past."), _("Choose a later one."))


@transaction.atomic
def make_gathering(plan: Plan, *, actor: Person) -> Gathering:
    """Announce it to everybody it invites. Raises Refused starts-past and what a value refuses (see _check_*)."""
    require("gatherings.arrange", actor)
    now = timezone.now()
    _check_words(plan)
    _check_frame(plan, now)
    if plan.starts_at <= now:
        raise _past()
    made = Gathering.objects.create(**_columns(plan), by=actor, by_label=actor.label[:200], made_at=now, changed_at=now)
    made.cohorts.set(plan.cohorts)
    record("gatherings.make", actor=actor, subject=made, detail=_detail(made, plan.cohorts))
    happenings.announce(GatheringAnnounced(str(made.pk)))
    return made


def _detail(gathering: Gathering, cohorts: Collection[Cohort]) -> dict[str, Any]:
    return {
        "starts_at": gathering.starts_at.isoformat(),
        "capacity": gathering.capacity,
        "contribution": gathering.contribution,
        "cohorts": sorted(one.slug for one in cohorts),
    }


def _move_chairs(gathering: Gathering, capacity: int) -> None:
    """Make room at the front before the room gets smaller. Raises Refused capacity-taken."""
    seated = list(Seat.objects.filter(gathering=gathering, state=SeatState.SEATED).order_by("chair"))
    if len(seated) > capacity:
        words = _("%(n)s people have a seat already.") % {"n": len(seated)}
        raise _no("capacity-taken", words, _("Nobody loses a seat: keep at least as many."), Kind.CONFLICT)
    taken = {one.chair for one in seated}
    free = (chair for chair in range(1, capacity + 1) if chair not in taken)
    for one in seated:
        if one.chair is not None and one.chair > capacity:
            Seat.objects.filter(pk=one.pk, chair=one.chair).update(chair=next(free))


@transaction.atomic
def change_gathering(gathering: Gathering, plan: Plan, *, actor: Person) -> Gathering:
    """Write what is different; everybody who comes or waits is told of it, and free seats go to the next in line.

    Raises Refused starts-past, capacity-taken, pay-promised, gathering-over, gathering-cancelled and as make_gathering.
    """
    fresh = locked(gathering)
    require("gatherings.change", actor, fresh)
    now = timezone.now()
    _check_words(plan)
    _check_frame(plan, now)
    columns = _columns(plan)
    changed = [name for name in TOLD if columns[name] != getattr(fresh, name)]
    if ("starts_at" in changed and plan.starts_at <= now) or plan.ends_at <= now:
        raise _past()
    comes = Seat.objects.filter(gathering=fresh).exclude(state=SeatState.GIVEN_UP).exists()
    if fresh.contribution and "contribution" in changed and comes:
        words = _("Somebody has answered already, knowing what it pays.")
        raise _no("pay-promised", words, _("Leave the pay as it is, or cancel and make another."), Kind.CONFLICT)
    _move_chairs(fresh, plan.capacity)
    before = sorted(fresh.cohorts.values_list("slug", flat=True))
    Gathering.objects.filter(pk=fresh.pk).update(
        **columns, changed_at=now, sequence=fresh.sequence + (1 if changed else 0)
    )
    fresh.refresh_from_db()
    fresh.cohorts.set(plan.cohorts)
    detail = {"changed": changed, "cohorts_before": before, **_detail(fresh, plan.cohorts)}
    record("gatherings.change", actor=actor, subject=fresh, detail=detail)
    if changed:
        happenings.announce(GatheringChanged(str(fresh.pk), fresh.sequence, changed))
    fill(fresh)
    return fresh


@transaction.atomic
def cancel_gathering(gathering: Gathering, *, actor: Person, reason: str) -> bool:
    """Call it off; everybody who comes or waits is told why. True for the call that did. Raises Refused reason-missing."""
    fresh = locked(gathering)
    if fresh.cancelled:
        require("gatherings.arrange", actor)
        return False
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        require("gatherings.arrange", actor)
        words = _("Say why, in up to %(most)s characters: those who come read it.") % {"most": LONGEST_REASON}
        raise _no("reason-long" if said else "reason-missing", words)
    fields = {"reason": said, "sequence": fresh.sequence + 1, "changed_at": timezone.now()}
    news = GatheringCancelled(str(fresh.pk))
    return move(fresh, CANCEL, actor=actor, fields=fields, detail={"reason": said}, news=news)[1]
