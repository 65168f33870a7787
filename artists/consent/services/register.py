"""The use register: what the program did with a work, each line under a live consent."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.kinds import WORLD, places_valid
from artists.consent.models import Consent, EventKind, Use
from artists.consent.news import UseRecorded
from artists.consent.queries import covers_use
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, System, require
from portal.addresses import is_web_address
from portal.audit.chain import record

from .giving import note
from .refusing import refusal

MOST_PEOPLE = 2**31


@dataclass(frozen=True, slots=True)
class Happened:
    """What was done. `fee` is in minor units of the consent's currency."""

    at: datetime
    where: str
    place: str = WORLD
    url: str = ""
    reach: int | None = None
    fee: int = 0
    note: str = ""


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal("consent.record_use", code, reason, todo or _("Nothing was recorded; what you typed is kept."), kind)


def _check_link_and_reach(url: str, reach: int | None) -> None:
    if url.strip() and not is_web_address(url.strip()):
        raise _no("url-not-web", _("The address must begin with https:// or http:// and name a site."))
    if reach is not None and not 0 <= reach < MOST_PEOPLE:
        raise _no("reach-wrong", _("A reach is a number of people."))


@transaction.atomic
def record_use(consent: Consent, happened: Happened, *, actor: Person | System) -> Use:
    """Record a use. A use without a live consent of all authors at that moment and place is refused, here and below.

    Raises Refused where-missing, use-future, url-not-web, reach-wrong, place-unknown, consent-withdrawn, consent-not-begun, consent-expired,
    consent-paused, consent-place.
    """
    if not isinstance(actor, System):
        require("consent.record_use", actor, consent)
    now = timezone.now()
    if not happened.where.strip():
        raise _no("where-missing", _("Say where it was used."))
    if happened.at > now:
        raise _no("use-future", _("This lies in the future."), _("Record it when it has happened."))
    _check_link_and_reach(happened.url, happened.reach)
    if not places_valid([happened.place]):
        raise _no("place-unknown", _("A place is the world, or a country by its two capital letters."))
    # A withdrawal or a pause that comes at the same moment waits for this row, or this waits for it.
    fresh = Consent.objects.select_for_update().get(pk=consent.pk)
    covered = covers_use(fresh, at=happened.at, place=happened.place)
    if not covered:
        raise Refused("consent.record_use", covered)
    try:
        with transaction.atomic():
            use = Use.objects.create(
                consent=fresh,
                clip_id=fresh.clip_id,
                kind=fresh.kind,
                at=happened.at,
                place=happened.place,
                where=happened.where.strip()[:300],
                url=happened.url.strip()[:500],
                reach=happened.reach,
                fee=happened.fee,
                currency=fresh.currency,
                note=happened.note.strip()[:300],
                recorded_at=now,
                recorded_by_label=actor.label[:200],
            )
    except IntegrityError:  # the database has the last word: a pause was committed since the look above
        raise _no("consent-missing", _("No consent was in force for this use."), kind=Kind.CONFLICT) from None
    note(fresh, EventKind.USED, by=actor, use=use.pk, where=use.where, place=use.place)
    record("consent.record_use", actor=actor, subject=fresh, detail={"use": use.pk, "where": use.where})
    happenings.announce(UseRecorded(use.pk))
    return use


@transaction.atomic
def set_reach(use: Use, *, actor: Person, reach: int, url: str = "") -> Use:
    """How far a use reached is known later than the use. Raises Refused reach-wrong, url-not-web."""
    require("consent.record_use", actor, use.consent)
    _check_link_and_reach(url, reach)
    Use.objects.filter(pk=use.pk).update(reach=reach, url=url.strip()[:500] or use.url)
    record("consent.set_reach", actor=actor, subject=use.consent, detail={"use": use.pk, "reach": reach})
    use.refresh_from_db()
    return use
