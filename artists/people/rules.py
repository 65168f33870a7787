"""Who may do what to an account."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .models import AccessToken, Person
from .roles import Role
from .states import TokenState

SIGN_IN = _("Sign in first.")


def signed_in(actor: Actor) -> Decision:
    """Anybody with an account in use."""
    if actor.pk is None:
        return denied("sign-in", _("You are not signed in."), todo=SIGN_IN)
    if not actor.is_active:
        return denied("account-stopped", _("This account is not in use."), todo=_("Write to the program staff."))
    return ALLOWED


def holding(actor: Actor, *roles: Role) -> Decision:
    """Anybody with one of these roles."""
    first = signed_in(actor)
    if not first:
        return first
    if any(actor.holds(role) for role in roles):
        return ALLOWED
    return denied("role", _("This is not part of your role in the program."), todo=_("Ask the program staff."))


@rule("people.use_link", who="on this machine only, with a link that was never used")
def use_link(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Demonstration links carry their own proof; the view checks that the visitor is on loopback."""
    return ALLOWED


@rule("people.grant_role", who="operators, and the system at first run")
def grant_role(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Roles are given by an invitation, by an operator, or by the first run."""
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.OPERATOR)


@rule("people.set_profile", who="everybody their own")
def set_profile(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """What somebody says about themselves."""
    return signed_in(actor)


def token_valid(token: AccessToken) -> Decision:
    """Whether this token is live and in time, by its fresh row. Suspension is asked beside it."""
    fresh = AccessToken.objects.filter(pk=token.pk).values("state", "expires_at").first()
    if fresh is None or fresh["state"] != TokenState.LIVE:
        return denied(
            "token-revoked",
            _("This access token was revoked."),
            todo=_("Make another one on the page “Access tokens”."),
            kind=Kind.UNAUTHENTICATED,
        )
    if fresh["expires_at"] <= timezone.now():
        return denied(
            "token-expired",
            _("This access token has expired."),
            todo=_("Make another one on the page “Access tokens”."),
            kind=Kind.UNAUTHENTICATED,
        )
    return ALLOWED


def _own_or_staff(actor: Actor, owner: Person | None) -> Decision:
    if owner is not None and actor.pk == owner.pk:
        return holding(actor, Role.ARTIST)
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("people.end_session", who="everybody their own browsers")
def end_session(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Signing another browser of one's own out."""
    return signed_in(actor)


@rule("people.make_token", who="artists for themselves; staff and operators for an artist, who is told")
def make_token(actor: Actor, owner: Person | None) -> Decision:
    """A token acts as an artist, so its owner is one."""
    first = _own_or_staff(actor, owner)
    if first and owner is not None and not owner.holds(Role.ARTIST):
        return denied("not-an-artist", _("Access tokens are for artists."), kind=Kind.INVALID)
    return first


@rule("people.see_tokens", who="artists their own; staff and operators all, never a secret")
def see_tokens(actor: Actor, owner: Person | None) -> Decision:
    """Names, limits and use of tokens."""
    return _own_or_staff(actor, owner)


@rule("people.rotate_token", who="the artist whose token it is; live ones only")
def rotate_token(actor: Actor, token: AccessToken) -> Decision:
    """A new secret is for its owner's eyes."""
    if actor.pk != token.person_id:
        return denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
    return holding(actor, Role.ARTIST) and token_valid(token)


@rule("people.revoke_token", who="the artist whose token it is, in every standing; staff, operators, the system")
def revoke_token(actor: Actor, token: AccessToken) -> Decision:
    """Ending a credential is always possible."""
    return ALLOWED if isinstance(actor, System) else _own_or_staff(actor, token.person)


@rule("people.look", who="staff and operators, at somebody else, with a reason the artist reads")
def look(actor: Actor, person: Person | None) -> Decision:
    """Prompts and pages of an artist are their own: a look is announced to them and recorded."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if first and person is not None and person.pk == actor.pk:
        return denied("own-account", _("These are your own pages."), kind=Kind.INVALID)
    if first and person is not None and not person.holds(Role.ARTIST):
        return denied("not-an-artist", _("Only what is an artist's can be looked at this way."), kind=Kind.INVALID)
    return first


@rule("people.see_people", who="staff, operators")
def see_people(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Names, roles and standing of everybody; never prompts or films."""
    return holding(actor, Role.STAFF, Role.OPERATOR)
