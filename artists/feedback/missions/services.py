"""Acts on missions: post, take, deliver, answer, accept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.models import Mission, MissionPlace
from artists.feedback.refusing import refusal, words_in
from artists.people.models import Person
from artists.tariff.services import accept_contribution
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move
from portal.program.models import Cohort

from .contributions import HOURLY, NAMES
from .news import PlaceAccepted, PlaceAnswered, PlaceDelivered
from .states import ACCEPT, ANSWER, DELIVER, END, GIVE_BACK, HELD, POST, MissionKind, MissionState

LONGEST_TITLE, LONGEST_ABOUT, LONGEST_WORK, LONGEST_REPLY = 120, 4000, 8000, 2000
MOST_PLACES, MOST_HOURS, MOST_LINKS, LONGEST_LINK = 500, Decimal(200), 10, 500
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a mission asks for; `hours` is how long it takes at most, for each place."""

    kind: str
    title: str
    about: str
    hours: Decimal
    contribution: str
    places: int
    closes_at: datetime
    cohorts: Collection[Cohort] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What is delivered."""

    text: str
    hours: Decimal
    links: tuple[str, ...] = ()


def _kept() -> str:
    return _("What you typed is kept on this page.")


def _no(action: str, code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal(action, code, reason, todo or _kept(), kind)


def _columns(wanted: Wanted) -> dict[str, object]:
    act = "mission.make"
    if wanted.kind not in MissionKind.values:
        raise _no(act, "kind-unknown", _("A mission is a test or an interview."))
    if wanted.contribution not in NAMES:
        raise _no(act, "contribution-unknown", _("The tariff has no such kind of contribution."))
    if not 1 <= wanted.places <= MOST_PLACES:
        raise _no(act, "places-wrong", _("A mission has 1 to %(most)s places.") % {"most": MOST_PLACES})
    if not 0 < wanted.hours <= MOST_HOURS:
        raise _no(act, "hours-wrong", _("A mission takes up to %(most)s hours.") % {"most": MOST_HOURS})
    if wanted.closes_at <= timezone.now():
        raise _no(act, "closes-past", _("It would close before anybody could take a place."), _("Choose a later date."))
    return {
        "kind": wanted.kind,
        "title": words_in(wanted.title, act, "title", LONGEST_TITLE, reason=_("It needs a title."), todo=_kept()),
        "about": words_in(wanted.about, act, "about", LONGEST_ABOUT, reason=_("Say what is to be done."), todo=_kept()),
        "hours": wanted.hours.quantize(CENT),
        "contribution": wanted.contribution,
        "places": wanted.places,
        "closes_at": wanted.closes_at,
    }


@transaction.atomic
def make_mission(wanted: Wanted, *, actor: Person) -> Mission:
    """A draft that only staff see.

    Raises Refused title-missing, title-long, about-missing, about-long, places-wrong, hours-wrong, closes-past,
    contribution-unknown, kind-unknown.
    """
    require("mission.make", actor)
    made = Mission.objects.create(by=actor, by_label=actor.label[:200], **_columns(wanted))
    made.cohorts.set(wanted.cohorts)
    record("mission.make", actor=actor, subject=made)
    return made


@transaction.atomic
def change_mission(mission: Mission, wanted: Wanted, *, actor: Person) -> Mission:
    """Write a draft anew. Raises Refused mission-posted, and what is wrong with it."""
    require("mission.make", actor, mission)
    columns = _columns(wanted)
    if not Mission.objects.filter(pk=mission.pk, state=MissionState.DRAFT).update(**columns):
        words = _("It is posted: what artists agreed to does not change.")
        raise _no("mission.make", "mission-posted", words, _("Post another one, or extend this one."), Kind.CONFLICT)
    mission.cohorts.set(wanted.cohorts)
    record("mission.change", actor=actor, subject=mission)
    return Mission.objects.get(pk=mission.pk)


def post_mission(mission: Mission, *, actor: Person) -> tuple[Mission, bool]:
    """Let artists take its places. Raises Refused closes-past."""
    require("mission.post", actor, mission)
    now = timezone.now()
    if mission.closes_at <= now:
        words = _("It would close before anybody could take a place.")
        raise _no("mission.post", "closes-past", words, _("Choose a later date."))
    return move(mission, POST, actor=actor, fields={"posted_at": now})


@transaction.atomic
def extend_mission(mission: Mission, *, places: int, closes_at: datetime, actor: Person) -> Mission:
    """More places, more time; nothing is taken from anybody. Raises Refused places-fewer, places-wrong, closes-past."""
    require("mission.extend", actor, mission)
    fresh = Mission.objects.select_for_update().get(pk=mission.pk)
    if places < fresh.places:
        words = _("Places can be added, not taken away.")
        raise _no("mission.extend", "places-fewer", words, _("End the mission instead."))
    if places > MOST_PLACES:
        words = _("A mission has 1 to %(most)s places.") % {"most": MOST_PLACES}
        raise _no("mission.extend", "places-wrong", words)
    if closes_at <= timezone.now():
        words = _("It would close before anybody could take a place.")
        raise _no("mission.extend", "closes-past", words, _("Choose a later date."))
    Mission.objects.filter(pk=fresh.pk).update(places=places, closes_at=closes_at)
    record("mission.extend", actor=actor, subject=fresh, detail={"places": places, "closes_at": closes_at.isoformat()})
    return Mission.objects.get(pk=fresh.pk)


def end_mission(mission: Mission, *, actor: Person) -> tuple[Mission, bool]:
    """Give away no more places. Whoever holds one may still deliver."""
    return move(mission, END, actor=actor, fields={"ended_at": timezone.now()})


def _full() -> Refused:
    words = _("The last place was taken a moment ago.")
    return _no(
        "mission.take", "mission-full", words, _("A place that is given back can be taken again."), Kind.CONFLICT
    )


@transaction.atomic
def take_place(mission: Mission, *, actor: Person) -> MissionPlace:
    """Take a place; the last one has one winner. Raises Refused mission-over, mission-full; twice is once."""
    require("mission.take", actor, mission)
    fresh = Mission.objects.select_for_update().get(pk=mission.pk)
    require("mission.take", actor, fresh)
    held = list(MissionPlace.objects.filter(mission=fresh, state__in=HELD))
    known = next((one for one in held if one.person_id == actor.pk), None)
    if known is not None:
        return known
    seats = {one.seat for one in held}
    seat = next((number for number in range(1, fresh.places + 1) if number not in seats), None)
    if seat is None:
        raise _full()
    try:
        with transaction.atomic():
            place = MissionPlace.objects.create(mission=fresh, person=actor, seat=seat, taken_at=timezone.now())
    except IntegrityError:  # the database has the last word on a seat
        raise _full() from None
    record("mission.take", actor=actor, subject=place)
    return place


def _links(links: Sequence[str]) -> list[str]:
    kept = [one.strip() for one in links if one.strip()]
    if len(kept) > MOST_LINKS:
        raise _no("mission.deliver", "links-many", _("Up to %(most)s links.") % {"most": MOST_LINKS})
    for one in kept:
        parts = urlsplit(one)
        if parts.scheme not in {"https", "http"} or not parts.netloc or len(one) > LONGEST_LINK:
            words = _("“%(link)s” is no link.") % {"link": one[:60]}
            raise _no("mission.deliver", "link-wrong", words, _("A link begins with https://."))
    return kept


def _hours(hours: Decimal, mission: Mission) -> Decimal:
    """Hours as an artist records them. Raises Refused hours-wrong, hours-many."""
    if not hours.is_finite() or hours <= 0:
        raise _no("mission.deliver", "hours-wrong", _("Say how many hours it took, as 1.5."))
    if hours > mission.hours:
        words = _("This mission takes up to %(most)s hours.") % {"most": f"{mission.hours:f}".rstrip("0").rstrip(".")}
        raise _no(
            "mission.deliver", "hours-many", words, _("If it took longer, write to the staff before you deliver.")
        )
    return hours.quantize(CENT)


def _moved_on(place: MissionPlace, action: str) -> Refused:
    words = _("This place has moved on: %(state)s.") % {"state": place.get_state_display()}
    return _no(action, "place-moved", words, _("Nothing was changed."), Kind.CONFLICT)


@transaction.atomic
def deliver_work(place: MissionPlace, work: Work, *, actor: Person) -> MissionPlace:
    """Hand in what was done, with its hours. Raises Refused work-missing, work-long, hours-wrong, hours-many, link-wrong, place-moved."""
    require("mission.deliver", actor, place)
    now = timezone.now()
    fields = {
        "text": words_in(work.text, "mission.deliver", "work", LONGEST_WORK, reason=_("Say what you did or found."), todo=_kept()),
        "links": _links(work.links),
        "hours": _hours(work.hours, place.mission),
        "delivered_at": now,
    }  # fmt: skip
    news = PlaceDelivered(place.pk, now.isoformat())
    done, moved = move(place, DELIVER, actor=actor, fields=fields, news=news)
    if not moved:
        raise _moved_on(done, "mission.deliver")
    return done


def give_back(place: MissionPlace, *, actor: Person) -> MissionPlace:
    """Leave the place to somebody else. Raises Refused place-moved."""
    done, moved = move(place, GIVE_BACK, actor=actor, fields={"ended_at": timezone.now()})
    if not moved:
        raise _moved_on(done, "mission.give_back")
    return done


def answer_work(place: MissionPlace, text: str, *, actor: Person) -> MissionPlace:
    """Say what is missing: the place is its artist's again. Raises Refused reply-missing, reply-long, place-moved, own-work."""
    require("mission.answer", actor, place)
    kept = words_in(text, "mission.answer", "reply", LONGEST_REPLY, reason=_("Say what is missing."), todo=_kept())
    now = timezone.now()
    fields = {"reply": kept, "answered_at": now}
    done, moved = move(place, ANSWER, actor=actor, fields=fields, news=PlaceAnswered(place.pk, now.isoformat()))
    if not moved:
        raise _moved_on(done, "mission.answer")
    return done


def _accepted(place: MissionPlace, hours: Decimal | None, reply: str) -> Decimal:
    """Hours that count. Raises Refused hours-wrong, hours-more, reply-missing."""
    claimed = place.hours or Decimal(0)
    counted = claimed if hours is None else hours.quantize(CENT)
    if counted <= 0:
        raise _no("mission.accept", "hours-wrong", _("Say how many hours count, as 1.5."))
    if counted > claimed:
        raise _no("mission.accept", "hours-more", _("More hours than were recorded cannot count."))
    if counted < claimed and not reply.strip():
        raise _no("mission.accept", "reply-missing", _("Say why fewer hours count; the artist reads it."))
    return counted


@transaction.atomic
def accept_work(
    place: MissionPlace, *, actor: Person, hours: Decimal | None = None, reply: str = "", seen: datetime | None = None
) -> MissionPlace:
    """Accept what was delivered: it counts by the tariff of the day it was delivered on.

    `hours` that count, all if none are said; `seen` is the delivery that was read. Raises Refused hours-wrong,
    hours-more, reply-missing, place-moved, own-work.
    """
    require("mission.accept", actor, place)
    fresh = MissionPlace.objects.select_for_update(of=("self",)).select_related("mission", "person").get(pk=place.pk)
    counted = _accepted(fresh, hours, reply)
    fields = {"accepted_hours": counted, "ended_at": timezone.now(), "reply": reply.strip()[:LONGEST_REPLY]}
    where = {} if seen is None else {"delivered_at": seen}
    done, moved = move(fresh, ACCEPT, actor=actor, fields=fields, where=where, news=PlaceAccepted(place.pk))
    if not moved or done.delivered_at is None:
        raise _moved_on(done, "mission.accept")
    accept_contribution(
        source=f"mission:{done.pk}",
        person=fresh.person,
        kind=fresh.mission.contribution,
        quantity=counted if fresh.mission.contribution in HOURLY else Decimal(1),
        at=done.delivered_at,
        about=fresh.mission.title,
    )
    return done
