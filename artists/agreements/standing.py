"""What a person may do now, and why not, in words and codes: read by the gate, pages, commands, mails and the API."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import ALLOWED, Actor, Decision, denied
from portal.access.decisions import Words
from portal.program.rules import not_leaving

from .queries import bindings_of


def good_standing(actor: Actor) -> Decision:
    """Whether this person is an artist whose account is in use and who stays."""
    first = signed_in(actor)
    if not first:
        return first
    if not actor.holds(Role.ARTIST):
        return denied("not-an-artist", _("Only artists of the program make films."), todo=_("Ask the program staff."))
    return not_leaving(actor)


def agreement_signed(actor: Actor) -> Decision:
    """Whether everything in force holds: signed, or in the grace of a new version. No agreement means not ready."""
    standings = bindings_of(actor)
    if not standings:
        return denied(
            "agreement-missing",
            _("The program has published no agreement yet."),
            todo=_("Nothing can be made before there is one; we will write."),
        )
    missing = next((one for one in standings if not one.holds), None)
    if missing is None:
        return ALLOWED
    todo = _("Read it and answer on the page “Agreement”. Your own works stay readable either way.")
    if missing.signature is not None:
        return denied("agreement-outdated", _("The agreement has a new version that you have not signed."), todo=todo)
    return denied("agreement-unsigned", _("You have not signed the agreement."), todo=todo)


@dataclass(frozen=True, slots=True)
class Ability:
    """Something a person does here. `ask` answers whether they may now; `url_name` is where they do it."""

    name: str
    label: Words
    order: int
    roles: frozenset[str]
    ask: Callable[[Actor], Decision]
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """One line of where a person stands."""

    ability: Ability
    decision: Decision


_ABILITIES: dict[str, Ability] = {}


def register_ability(ability: Ability) -> None:
    """Let a subject name what people do there."""
    _ABILITIES[ability.name] = ability


def standing_of(person: Actor) -> list[Stand]:
    """Everything this person's roles let them do, each with its yes or its no; asked afresh."""
    mine = (one for one in _ABILITIES.values() if any(person.holds(role) for role in one.roles))
    return [Stand(ability, ability.ask(person)) for ability in sorted(mine, key=lambda one: one.order)]


register_ability(
    Ability("agreement", _("Read and answer the agreement"), 40, frozenset({Role.ARTIST}), signed_in, "agreement")
)
