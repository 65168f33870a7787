"""Who may read which inbox, and choose about whose mail."""

from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import ALLOWED, Actor, Decision, denied, rule


@rule("notices.read", who="everybody their own inbox")
def read(actor: Actor, person: Person | None) -> Decision:
    """An inbox is read by its owner only."""
    if person is None or person.pk == actor.pk:
        return signed_in(actor)
    return denied("not-yours", _("This inbox is somebody else's."))


@rule("notices.choose", who="everybody what is mailed to themselves, in every standing")
def choose(actor: Actor, person: Person | None) -> Decision:
    """Nobody chooses for somebody else; a suspended artist still chooses."""
    if person is None or person.pk == actor.pk:
        return signed_in(actor)
    return denied("not-yours", _("This mail is somebody else's."))


@rule("notices.stop_by_link", who="whoever holds the signed address of a mail, for mail of that kind to that person")
def stop_by_link(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """The address carries its own proof; the service reads it."""
    return ALLOWED


@rule("notices.preview", who="staff and operators, with made-up names")
def preview(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """What every kind of mail looks like."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("notices.outbox", who="operators")
def outbox(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """The outbox shows letters as they leave: operators need it where mail goes to the console."""
    return holding(actor, Role.OPERATOR)
