"""Who may arrange gatherings, take a seat, give it up, and see where it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule
from portal.program.rules import not_leaving
from portal.program.stopping import not_suspended

from .models import Gathering, Seat
from .states import SeatState

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
OVER = denied(
    "gathering-over",
    _("This gathering is over."),
    todo=_("Nothing was changed. What comes next is on the page “Gatherings”."),
    kind=Kind.GONE,
)
CANCELLED = denied(
    "gathering-cancelled",
    _("This gathering was cancelled."),
    todo=_("Nothing was changed. What comes next is on the page “Gatherings”."),
    kind=Kind.GONE,
)


def by_person(actor: Actor) -> Decision:
    """By the person themselves: nobody acts while viewing as somebody else."""
    first = signed_in(actor)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and answers nothing."))
    return first


def _takes_place(gathering: Gathering) -> Decision:
    if gathering.cancelled:
        return CANCELLED
    return OVER if gathering.is_over() else ALLOWED


def invited(actor: Actor, gathering: Gathering) -> Decision:
    """Whether the invitation reaches this artist's cohort; somebody else's gathering is not there."""
    cohorts = gathering.cohorts.all()
    if not cohorts or any(one.memberships.filter(person_id=actor.pk).exists() for one in cohorts):
        return ALLOWED
    return NOT_THERE


@rule("gatherings.arrange", who="staff, operators")
def arrange(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Making a gathering, and seeing who comes."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("gatherings.change", who="staff, operators; until its end")
def change(actor: Actor, gathering: Gathering) -> Decision:
    """Other words, another time or place, more seats."""
    return arrange(actor, gathering) and _takes_place(gathering)


rule("gatherings.cancel", who="staff, operators; until its end")(change)


@rule("gatherings.take_seat", who="invited artists in good standing, themselves, until its end")
def take_seat(actor: Actor, gathering: Gathering) -> Decision:
    """A seat, or a place on the waiting list."""
    first = by_person(actor) and holding(actor, Role.ARTIST) and invited(actor, gathering)
    return first and _takes_place(gathering) and not_leaving(actor) and not_suspended(actor)


@rule("gatherings.ask_again", who="whoever gave a seat up and may take one")
def ask_again(actor: Actor, seat: Seat) -> Decision:
    """At the end of the line."""
    return take_seat(actor, seat.gathering) if seat.person_id == actor.pk else NOT_THERE


@rule("gatherings.seat", who="the system, where a chair is free, to whoever has waited longest")
def seat(actor: Actor, one: Seat) -> Decision:  # noqa: ARG001 - the table's signature
    """Nobody chooses who is next."""
    return ALLOWED if isinstance(actor, System) else denied("line-only", _("The line decides who is next."))


@rule("gatherings.give_up", who="whoever has it, in every standing, until its end; the system, for those who left")
def give_up(actor: Actor, one: Seat) -> Decision:
    """Not coming after all."""
    if isinstance(actor, System):
        return _takes_place(one.gathering)
    first = by_person(actor) and (ALLOWED if one.person_id == actor.pk else NOT_THERE)
    if first and one.attended:
        words = _("That you came is written down already.")
        return denied("attended-already", words, todo=_("Nothing was changed."), kind=Kind.CONFLICT)
    return first and _takes_place(one.gathering)


@rule("gatherings.see_place", who="whoever has a seat, while it takes place; staff, operators")
def see_place(actor: Actor, gathering: Gathering) -> Decision:
    """The place and the link of the call."""
    if arrange(actor, gathering):
        return ALLOWED
    seated = signed_in(actor) and gathering.seats.filter(person_id=actor.pk, state=SeatState.SEATED).exists()
    if seated and not gathering.cancelled:
        return ALLOWED
    return denied(
        "seat-needed",
        _("The place is shown to those who have a seat."),
        todo=_("Take a seat first."),
        kind=Kind.CONFLICT,
    )


@rule("gatherings.mark", who="staff, operators; once it has begun")
def mark(actor: Actor, one: Seat) -> Decision:
    """Writing down who came."""
    first = arrange(actor, one)
    if first and one.gathering.cancelled:
        return CANCELLED
    if first and not one.gathering.has_begun():
        words = _("It has not begun: nobody can have come.")
        return denied("gathering-ahead", words, todo=_("Mark them when it has begun."), kind=Kind.CONFLICT)
    return first


@rule("gatherings.keep_feed", who="everybody their own calendar address")
def keep_feed(actor: Actor, person: Person | None) -> Decision:  # noqa: ARG001 - the table's signature
    """A secret address for a calendar program."""
    return by_person(actor)
