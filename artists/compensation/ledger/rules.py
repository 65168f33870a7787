"""Who may make funds, give them budgets, freeze and close them, and read the books."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Fund
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import Actor, Decision, Kind, denied, rule

from .books import balance_of, owed_from
from .states import FundState, Side


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators, in a browser."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and acts on no money."))
    return first


for _action in ("ledger.read", "ledger.export", "fund.make", "fund.change", "fund.freeze", "fund.unfreeze"):
    rule(_action, who="staff, operators")(staff)
# What came back to a closed fund and is owed to nobody any more has this way out.
rule("fund.cut", who="staff, operators, also of a closed fund")(staff)


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
