"""Who may invite, and who may accept."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .models import Invitation
from .states import InvitationState


@rule("invitations.invite", who="staff: artists and reviewers; operators: everybody; the system at first run")
def invite(actor: Actor, role: Role | None) -> Decision:
    """Asking somebody in; nobody opens a door that is above their own."""
    if isinstance(actor, System):
        return ALLOWED
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if not first or role not in {Role.STAFF, Role.OPERATOR} or actor.holds(Role.OPERATOR):
        return first
    return denied(
        "role-above-yours",
        _("Only an operator invites staff and operators."),
        todo=_("Ask an operator, or invite as artist or reviewer."),
    )


@rule("invitations.see", who="staff, operators")
def see(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The list of invitations and their states."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("invitations.withdraw", who="whoever may invite into the same role")
def withdraw(actor: Actor, invitation: Invitation) -> Decision:
    """Taking an invitation back."""
    return invite(actor, Role(invitation.role))


@rule("invitations.resend", who="whoever may invite into the same role")
def resend(actor: Actor, invitation: Invitation) -> Decision:
    """Writing the letter again."""
    return invite(actor, Role(invitation.role))


@rule("invitations.bounce", who="the system, as the mail provider reports; staff, operators")
def bounce(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Noting that a letter came back."""
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.STAFF, Role.OPERATOR)


@rule("invitations.open", who="the system, for whoever holds the link")
def opened(actor: Actor, invitation: Invitation) -> Decision:
    """Noting that the link was visited."""
    return (
        still_good(invitation) if isinstance(actor, System) else denied("system-only", _("Only the portal notes it."))
    )


def still_good(invitation: Invitation) -> Decision:
    """Whether this invitation can be answered at all."""
    if invitation.state == InvitationState.ACCEPTED:
        return denied("invitation-used", _("This invitation was used."), todo=_("Sign in instead."), kind=Kind.GONE)
    if not invitation.is_open:
        words = _("This invitation is no longer open.")
        todo = _("If a newer letter came, use the link in it; otherwise write to the program staff.")
        return denied("invitation-closed", words, todo=todo, kind=Kind.GONE)
    if invitation.is_expired:
        return denied(
            "invitation-expired", _("This invitation has expired."), todo=_("Ask for a new one."), kind=Kind.GONE
        )
    return ALLOWED


@rule("invitations.accept", who="the person with the invited address")
def accept(actor: Actor, invitation: Invitation) -> Decision:
    """An invitation belongs to its address."""
    good = still_good(invitation)
    if not good:
        return good
    if isinstance(actor, Person) and actor.email.lower() != invitation.email.lower():
        return denied(
            "invitation-not-yours",
            _("This invitation is for %(invited)s; you are signed in as %(you)s.")
            % {"invited": invitation.email, "you": actor.email},
            todo=_("Sign out, then open the link again."),
        )
    return ALLOWED if isinstance(actor, Person) else denied("sign-in", _("You are not signed in."))


@rule("invitations.decline", who="whoever holds the link")
def decline(actor: Actor, invitation: Invitation) -> Decision:  # noqa: ARG001 - the link is the proof
    """Saying no needs no account."""
    return still_good(invitation)
