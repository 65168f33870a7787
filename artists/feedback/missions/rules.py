"""Who may post missions, take a place, deliver, and accept."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Mission, MissionPlace
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, denied, rule
from portal.program.models import Membership

from .states import MissionState

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


for _action in ("mission.make", "mission.post", "mission.extend", "mission.end", "mission.oversee", "mission.export"):
    rule(_action, who="staff, operators")(staff)


def open_now(mission: Mission) -> Decision:
    """Whether a place can be taken at this moment."""
    if mission.state != MissionState.POSTED or mission.closes_at <= timezone.now():
        words = _("Places in this mission can no longer be taken.")
        return denied("mission-over", words, todo=_("What you have taken stays yours to deliver."), kind=Kind.CONFLICT)
    return ALLOWED


@rule("mission.take", who="artists whom the mission asks, while places are open; in every standing")
def take(actor: Actor, mission: Mission) -> Decision:
    """Nobody has to, and nothing hangs on it."""
    first = holding(actor, Role.ARTIST)
    if not first:
        return first
    asked = set(mission.cohorts.values_list("pk", flat=True))
    inside = not asked or Membership.objects.filter(person_id=actor.pk, cohort__in=asked).exists()
    if mission.state == MissionState.DRAFT or not inside:
        return NOT_THERE
    return open_now(mission)


def _own(actor: Actor, place: MissionPlace) -> Decision:
    return holding(actor, Role.ARTIST) and (ALLOWED if place.person_id == actor.pk else NOT_THERE)


@rule("mission.deliver", who="the artist whose place it is, also after the mission ended; in every standing")
def deliver(actor: Actor, place: MissionPlace) -> Decision:
    """Work that was begun is taken, early or late."""
    return _own(actor, place)


@rule("mission.give_back", who="the artist whose place it is, until it is delivered")
def give_back(actor: Actor, place: MissionPlace) -> Decision:
    """Without a reason."""
    return _own(actor, place)


def _others(actor: Actor, place: MissionPlace) -> Decision:
    first = staff(actor, place)
    if first and place.person_id == actor.pk:
        words = _("This is your own work.")
        return denied("own-work", words, todo=_("Somebody else of the staff answers it."))
    return first


@rule("mission.answer", who="staff, operators, never their own work")
def answer(actor: Actor, place: MissionPlace) -> Decision:
    """What is missing; the place is its artist's again."""
    return _others(actor, place)


@rule("mission.accept", who="staff, operators, never their own work")
def accept(actor: Actor, place: MissionPlace) -> Decision:
    """It counts, with its hours."""
    return _others(actor, place)
