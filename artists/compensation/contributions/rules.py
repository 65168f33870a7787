"""Who counts contributions, takes them into awards, disputes them, and answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Contribution, Dispute
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from artists.people.sameness import is_among
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


def by_person(actor: Actor) -> Decision:
    """In a browser, by the person: nobody acts on money for somebody else, or while viewing as them."""
    first = signed_in(actor)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and acts on no money."))
    return first


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


rule("contribution.oversee", who="staff, operators")(staff)
rule("dispute.oversee", who="staff, operators")(staff)


@rule("contribution.award", who="staff, operators, through an award; never their own")
def take_into_award(actor: Actor, contribution: Contribution) -> Decision:
    """A contribution becomes part of what an award pays."""
    return _others(actor, contribution.person_id)


@rule("contribution.let_go", who="staff, operators and the system, when its award ends unpaid")
def let_go(actor: Actor, contribution: Contribution) -> Decision:
    """It is earned again, and can be in another award."""
    return ALLOWED if isinstance(actor, System) else staff(actor, contribution)


@rule("dispute.open", who="the artist whose contribution it is, or who misses one; in every standing")
def dispute(actor: Actor, contribution: Contribution | None) -> Decision:
    """What was counted, or was not."""
    first = by_person(actor) and holding(actor, Role.ARTIST)
    if first and contribution is not None and contribution.person_id != actor.pk:
        return NOT_THERE
    return first


@rule("dispute.withdraw", who="the artist who opened it")
def withdraw(actor: Actor, found: Dispute) -> Decision:
    """It is settled otherwise."""
    return by_person(actor) and (ALLOWED if found.person_id == actor.pk else NOT_THERE)


@rule("dispute.answer", who="staff, operators, never their own")
def answer(actor: Actor, found: Dispute) -> Decision:
    """With words, and where it was right with a sum."""
    return _others(actor, found.person_id)


def _others(actor: Actor, person_id: int) -> Decision:
    first = staff(actor, None)
    if first and is_among(actor.pk, [person_id]):
        return denied("own-money", _("This is about your own money."), todo=_("Somebody else of the staff does this."))
    return first
