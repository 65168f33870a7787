"""Who may act on payments, on what is known of them at a rail, and on how somebody is paid."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.compensation.awards.rules import own_money
from artists.compensation.contributions.rules import NOT_THERE, by_person
from artists.compensation.models import Payment
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, System, denied, rule


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators, in a browser and as themselves."""
    return by_person(actor) and holding(actor, Role.STAFF, Role.OPERATOR)


def money_of_others(actor: Actor, payment: Payment) -> Decision:
    """Nobody acts on money that reaches themselves, under this address or another one."""
    return staff(actor, payment) and own_money(actor, payment.payee_id)


def rail_says(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """What a rail answered is written down by the system that asked it."""
    if isinstance(actor, System):
        return ALLOWED
    return denied("by-rail", _("Only what the rail answered is written down here."), todo=_("Look at it again."))


def taking_back(actor: Actor, payment: Payment) -> Decision:
    """Whoever does it here, or the system that reads at the rail that it was done."""
    if isinstance(actor, System):
        return ALLOWED
    return own_money(actor, payment.payee_id) and staff(actor, payment)


rule("payment.oversee", who="staff, operators")(staff)
rule("payment.send", who="staff, operators, never their own money, with a recent second factor; no command, no token")(
    money_of_others
)
for _action, _who in {
    "payment.record": "staff, operators, never their own money, with a recent second factor and a reference",
    "payment.hold": "staff, operators, never their own money, with a reason its artist reads",
    "payment.unhold": "staff, operators, never their own money",
    "payment.retry": "staff, operators, never their own money",
    "payment.pay_again": "staff, operators, never their own money",
    "payment.look": "staff, operators, never their own money",
    "payment.cancel": "staff, operators, never their own money, with a reason its artist reads",
}.items():
    rule(_action, who=_who)(money_of_others)
for _action in ("payment.reverse", "payment.reverse_part"):
    rule(_action, who="staff, operators, never their own money; the system, when the rail says so")(taking_back)
for _action in (
    *("payment.send_again", "payment.accept", "payment.refuse", "payment.lose_sight", "payment.ask_human"),
    *("attempt.accept", "attempt.refuse", "attempt.lose_sight"),
    *("return.accept", "return.refuse", "return.lose_sight"),
):
    rule(_action, who="the system, by what the rail answered")(rail_says)


@rule("payment.read_proof", who="staff, operators; the artist it paid")
def read_proof(actor: Actor, payment: Payment) -> Decision:
    """The file kept with a payment by hand."""
    own = bool(actor.pk) and payment.payee_id == actor.pk
    return ALLOWED if own or holding(actor, Role.STAFF, Role.OPERATOR) else NOT_THERE


@rule("pay_profile.set", who="artists their own, in every standing; nobody who views as them")
def set_profile(actor: Actor, person: Person) -> Decision:
    """Country, way, account at Stripe."""
    first = by_person(actor) and holding(actor, Role.ARTIST)
    return first and (ALLOWED if actor.pk == person.pk else NOT_THERE)


@rule("pay_profile.confirm_tax", who="staff, operators, never their own")
def confirm_tax(actor: Actor, person: Person) -> Decision:
    """That tax information was seen; none of it is kept here."""
    return staff(actor, person) and own_money(actor, person.pk)


@rule("pay_profile.read", who="artists their own, in every standing; staff who view as them")
def read_profile(actor: Actor, person: Person) -> Decision:
    """How they are paid."""
    first = holding(actor, Role.ARTIST)
    return first and (ALLOWED if actor.pk == person.pk else NOT_THERE)
