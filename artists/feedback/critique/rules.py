"""Who may write critique, and who may answer it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Critique, CritiqueWeek
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .states import WeekState
from .weeks import week_of


@rule("critique.write", who="artists, in every standing; who it was is asked and forgotten")
def write(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """That somebody is an artist of the program is proved by their sign-in, and kept nowhere beside the text."""
    first = holding(actor, Role.ARTIST)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and writes nothing."))
    return first


@rule("critique.publish", who="the clock, when the week is over")
def publish(actor: Actor, week: CritiqueWeek) -> Decision:
    """All texts of a week together, so that none can be told by its moment."""
    if isinstance(actor, System) and week.week < week_of():
        return ALLOWED
    return denied("clock-only", _("Only the clock does this."))


@rule("critique.oversee", who="staff, operators; only weeks that are over")
def oversee(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Reading withheld texts too."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


def _over(actor: Actor, text: Critique) -> Decision:
    first = oversee(actor, text)
    if first and text.week.state != WeekState.OVER:
        return denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
    return first


@rule("critique.answer", who="staff, operators; in public, under their name")
def answer(actor: Actor, text: Critique) -> Decision:
    """An answer stands beneath; it changes nothing above."""
    return _over(actor, text)


@rule("critique.withhold", who="staff, operators; on a published ground, and criticism is none")
def withhold(actor: Actor, text: Critique) -> Decision:
    """Not showing a text, with its ground in its place."""
    return _over(actor, text)
