"""Who may see composed pages."""

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import Actor, Decision, rule


@rule("web.see_today", who="staff, operators")
def see_today(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """Staff's page of the day."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("web.see_components", who="staff, operators")
def see_components(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """The page of components."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("web.see_record", who="staff, operators")
def see_record(actor: Actor, subject: object) -> Decision:  # noqa: ARG001 - the table's signature
    """The record of who did what; what only the people concerned may read is not in it."""
    return holding(actor, Role.STAFF, Role.OPERATOR)
