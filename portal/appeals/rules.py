"""Who may appeal, decide and look."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import ALLOWED, Actor, Decision, Kind, denied, rule

from .models import Appeal
from .subjects import STAFF, Act, appealable_called

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


@rule("appeals.make", who="whoever is stopped by the act, in every standing")
def make(actor: Actor, act: Act) -> Decision:  # noqa: ARG001 - only acts against this person are ever offered
    """An appeal is free and open also to the suspended."""
    return signed_in(actor)


def _somebody_else(actor: Actor, appeal: Appeal) -> Decision:
    kind = appealable_called(appeal.kind)
    first = holding(actor, *(kind.answered_by if kind else STAFF))
    if not first:
        return first
    if actor.pk == appeal.person_id:
        return denied(
            "own-appeal", _("Nobody decides on their own appeal."), todo=_("Somebody else of the staff will.")
        )
    had_part = kind.not_by(appeal.key) if kind is not None and kind.not_by is not None else set()
    if actor.pk == appeal.made_by_id or actor.pk in had_part:
        return denied(
            "own-decision",
            _("You made the decision that is appealed."),
            todo=_("Somebody else of the staff answers this one."),
        )
    return ALLOWED


@rule("appeals.uphold", who="staff and operators, of shares also reviewers, other than whoever decided or appeals")
def uphold(actor: Actor, appeal: Appeal) -> Decision:
    """Letting the decision stand, with an answer."""
    return _somebody_else(actor, appeal)


@rule("appeals.overturn", who="staff and operators, of shares also reviewers, other than whoever decided or appeals")
def overturn(actor: Actor, appeal: Appeal) -> Decision:
    """Undoing the decision, with an answer."""
    return _somebody_else(actor, appeal)


@rule("appeals.withdraw", who="whoever appealed, while it is open")
def withdraw(actor: Actor, appeal: Appeal) -> Decision:
    """Taking it back."""
    return signed_in(actor) and (ALLOWED if appeal.person_id == actor.pk else NOT_THERE)


@rule("appeals.see_all", who="staff, operators; reviewers those of the kinds they answer")
def see_all(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The list of appeals with both texts."""
    return holding(actor, Role.STAFF, Role.OPERATOR, Role.REVIEWER)
