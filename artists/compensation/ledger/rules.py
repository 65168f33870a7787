"""Who may make funds, give them budgets, freeze and close them, and read the books."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Fund
from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import Actor, Decision, Kind, denied, rule

from .books import owed_from
from .states import FundState


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators, in a browser."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and acts on no money."))
    return first


for _action in ("ledger.read", "ledger.export", "fund.make", "fund.change", "fund.freeze", "fund.unfreeze"):
    rule(_action, who="staff, operators")(staff)


@rule("fund.budget", who="staff, operators, while the fund is not closed")
def budget(actor: Actor, fund: Fund) -> Decision:
    """Put money in, or take out what is promised to nobody."""
    first = staff(actor, fund)
    if first and fund.state == FundState.CLOSED:
        return denied("fund-closed", _("This fund is closed."), todo=_("Make another one."), kind=Kind.CONFLICT)
    return first


@rule("fund.close", who="staff, operators, when nothing of it is promised any more")
def close(actor: Actor, fund: Fund) -> Decision:
    """Money that is owed is paid first."""
    first = staff(actor, fund)
    if first and owed_from(fund):
        words = _("Artists are still owed money from this fund.")
        todo = _("Pay or end its awards first; freeze it if nothing may leave it for now.")
        return denied("fund-owes", words, todo=todo, kind=Kind.CONFLICT)
    return first
