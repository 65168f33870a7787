"""Who reads what was earned and paid, has a letter of service made, and takes the books along."""

from typing import Any

from artists.compensation.contributions.rules import NOT_THERE, by_person
from artists.compensation.models import ServiceLetter
from artists.people.rules import signed_in
from portal.access import ALLOWED, Actor, Decision, rule


@rule("ledger.see", who="everybody, their own; in every standing, also after leaving")
def see(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """What was earned and paid stays readable."""
    return signed_in(actor)


@rule("letter.make", who="everybody, for themselves, in a browser; in every standing, also after leaving")
def make(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Confirming what one did."""
    return by_person(actor)


@rule("letter.withdraw", who="whose letter it is, in a browser")
def withdraw(actor: Actor, letter: ServiceLetter) -> Decision:
    """From then on its page confirms nothing."""
    return by_person(actor) and (ALLOWED if letter.person_id == actor.pk else NOT_THERE)
