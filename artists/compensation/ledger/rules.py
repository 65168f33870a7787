"""Who may make funds, give them budgets, freeze and close them, and read the books."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.compensation.awards.states import AwardState
from artists.compensation.models import Award, Fund
from artists.people.roles import Role
from artists.people.rules import holding
from artists.people.sameness import is_among
from portal.access import Actor, Decision, Kind, denied, rule

from .books import balance_of, owed_from
from .states import FundState, Side

_GOING = (AwardState.DRAFT, AwardState.SUBMITTED, AwardState.APPROVED)
_OTHERS = _("Somebody else of the staff does it.")


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators, in a browser."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and acts on no money."))
    return first


for _action in ("ledger.read", "ledger.export", "fund.make", "fund.change", "fund.freeze"):
    rule(_action, who="staff, operators")(staff)
# What came back to a closed fund and is owed to nobody any more has this way out.
rule("fund.cut", who="staff, operators, also of a closed fund")(staff)


def careful_for_others(actor: Actor, fund: Fund) -> Decision:
    """Whoever waits for money of a fund, or for a word on what they propose from it, does not make it less careful."""
    first = staff(actor, fund)
    if not first:
        return first
    going = Award.objects.filter(fund=fund, state__in=_GOING)
    if is_among(actor.pk, going.values_list("payee_id", flat=True)):
        words = _("This fund promises money to yourself, so you do not lift what holds it.")
        return denied("own-money", words, todo=_OTHERS)
    if is_among(actor.pk, going.values_list("proposer_id", flat=True)):
        words = _("You have proposed to pay from this fund, so you do not lift what holds it.")
        return denied("own-proposal", words, todo=_OTHERS)
    return first


for _action in ("fund.loosen", "fund.unfreeze"):
    rule(_action, who="staff, operators, never of a fund from which they are paid, or from which they propose to pay")(
        careful_for_others
    )


@rule("fund.budget", who="staff, operators, while the fund is not closed")
def budget(actor: Actor, fund: Fund) -> Decision:
    """Put money in."""
    first = staff(actor, fund)
    if first and fund.state == FundState.CLOSED:
        return denied("fund-closed", _("This fund is closed."), todo=_("Make another one."), kind=Kind.CONFLICT)
    return first


@rule("fund.close", who="staff, operators, when nothing of it is promised any more and nothing is left in it")
def close(actor: Actor, fund: Fund) -> Decision:
    """Money that is owed is paid first, and what is free is taken out."""
    first = staff(actor, fund)
    if first and owed_from(fund):
        words = _("Artists are still owed money from this fund.")
        todo = _("Pay or end its awards first; freeze it if nothing may leave it for now.")
        return denied("fund-owes", words, todo=todo, kind=Kind.CONFLICT)
    if first and balance_of(Side.FUND, fund.currency, fund=fund):
        words = _("There is money left in this fund.")
        return denied("fund-not-empty", words, todo=_("Take it out first."), kind=Kind.CONFLICT)
    return first
