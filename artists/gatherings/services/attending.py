"""Who came; where it is paid, that is a contribution."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from artists.gatherings.models import Gathering, Seat
from artists.gatherings.states import SeatState
from artists.people.models import Person
from artists.tariff.kinds import Unit, contribution_called
from artists.tariff.services import accept_contribution
from portal.access import Kind, require
from portal.audit.chain import record

from .refusing import refusal
from .seating import locked

HOUR = 3600


def quantity_of(gathering: Gathering) -> Decimal:
    """How much of its contribution one person has done: hours to the hundredth, or one."""
    if contribution_called(gathering.contribution).unit != Unit.HOUR:
        return Decimal(1)
    seconds = Decimal(int((gathering.ends_at - gathering.starts_at).total_seconds()))
    return max((seconds / HOUR).quantize(Decimal("0.01")), Decimal("0.01"))


@transaction.atomic
def mark_attended(seat: Seat, *, actor: Person, came: bool) -> Seat:
    """Write down that somebody came, or did not. What was accepted as a contribution is not taken back.

    Raises Refused gathering-ahead, gathering-cancelled, seat-gone, attendance-paid.
    """
    gathering = locked(seat.gathering)
    fresh = Seat.objects.select_related("gathering", "person").get(pk=seat.pk)
    require("gatherings.mark", actor, fresh)
    if fresh.state != SeatState.SEATED:
        words = _("They gave their seat up.")
        raise refusal("gatherings.mark", "seat-gone", words, _("Nothing was changed."), Kind.CONFLICT)
    if fresh.attended and not came and gathering.contribution:
        words = _("That they came was accepted as a contribution already.")
        raise refusal("gatherings.mark", "attendance-paid", words, _("Nothing was changed."), Kind.CONFLICT)
    if fresh.attended == came:
        return fresh
    Seat.objects.filter(pk=fresh.pk).update(attended=came, attended_by_label=actor.label[:200])
    record("gatherings.mark", actor=actor, subject=gathering, detail={"seat": fresh.pk, "came": came})
    if came and gathering.contribution:
        accept_contribution(
            source=f"gathering:{gathering.pk}:{fresh.person_id}",
            person=fresh.person,
            kind=gathering.contribution,
            quantity=quantity_of(gathering),
            at=gathering.starts_at,
            about=gathering.title,
        )
    return Seat.objects.select_related("gathering").get(pk=fresh.pk)
