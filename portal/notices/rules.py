"""Who may read which inbox."""

from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import Actor, Decision, denied, rule
from portal.panels import NavItem, register_nav

from .queries import unread_count


@rule("notices.read", who="everybody their own inbox")
def read(actor: Actor, person: Person | None) -> Decision:
    """An inbox is read by its owner only."""
    if person is None or person.pk == actor.pk:
        return signed_in(actor)
    return denied("not-yours", _("This inbox is somebody else's."))


@rule("notices.outbox", who="operators")
def outbox(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """The outbox shows letters as they leave: operators need it where mail goes to the console."""
    return holding(actor, Role.OPERATOR)


register_nav(
    NavItem(
        "inbox",
        _("Inbox"),
        "inbox",
        80,
        frozenset({Role.ARTIST, Role.REVIEWER, Role.STAFF, Role.OPERATOR}),
        count=unread_count,
    )
)
