"""Who writes the roadmap. Everybody of the program reads it."""

from typing import Any

from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import Actor, Decision, rule


@rule("roadmap.see", who="everybody with an account")
def see(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """What is considered, planned, under way and shipped."""
    return signed_in(actor)


@rule("roadmap.write", who="staff, operators")
def write(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Items, their words and what they came from."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


for _action in ("consider", "plan", "begin", "ship", "drop"):
    rule(f"roadmap.{_action}", who="staff, operators")(write)
