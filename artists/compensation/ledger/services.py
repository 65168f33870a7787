"""Acts on funds: make, give a budget, take back, freeze, close."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from artists.compensation.models import Entry, Fund
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move
from portal.money import check_currency

from .books import About, enter
from .states import CLOSE, FREEZE, UNFREEZE, EntryKind, FundState

LONGEST_NAME = 120
LONGEST_REASON = 300
MOST = 10**13
FEWEST_APPROVALS, MOST_APPROVALS = 2, 5


def _name_of(name: str) -> str:
    kept = " ".join(name.split())
    if not kept:
        raise refusal("fund.make", "name-missing", _("A fund needs a name."))
    if len(kept) > LONGEST_NAME:
        raise refusal("fund.make", "name-long", _("It has up to %(most)s characters.") % {"most": LONGEST_NAME})
    return kept


def _checked(approvals: int, daily_most: int | None) -> None:
    if not FEWEST_APPROVALS <= approvals <= MOST_APPROVALS:
        words = _("Two people approve at least, and five at most.")
        raise refusal("fund.make", "approvals-wrong", words)
    if daily_most is not None and not 0 < daily_most <= MOST:
        raise refusal("fund.make", "amount-wrong", _("A sum for a day is above zero, or left out."))


@transaction.atomic
def make_fund(
    name: str,
    *,
    actor: Person,
    currency: str,
    about: str = "",
    approvals: int = FEWEST_APPROVALS,
    daily_most: int | None = None,
    asks_tax: bool = False,
) -> Fund:
    """A fund in one currency, empty. Raises Refused name-missing, name-long, name-taken, currency-unused, approvals-wrong, amount-wrong."""
    require("fund.make", actor)
    kept = _name_of(name)
    _checked(approvals, daily_most)
    try:
        with transaction.atomic():
            made = Fund.objects.create(
                name=kept,
                about=about.strip(),
                currency=check_currency(currency),
                approvals_needed=approvals,
                daily_most=daily_most,
                asks_tax=asks_tax,
                by=actor,
                by_label=actor.label[:200],
            )
    except IntegrityError:
        words = _("There is a fund called “%(name)s”.") % {"name": kept}
        raise refusal("fund.make", "name-taken", words, _("Choose another name."), Kind.CONFLICT) from None
    record("fund.make", actor=actor, subject=made, detail={"currency": currency, "approvals": approvals})
    return made


def _looser(before: Fund, approvals: int, daily_most: int | None, *, asks_tax: bool) -> bool:
    """Whether money would leave it more easily than before."""
    more_a_day = before.daily_most is not None and (daily_most is None or daily_most > before.daily_most)
    return approvals < before.approvals_needed or more_a_day or (before.asks_tax and not asks_tax)


@transaction.atomic
def change_fund(
    fund: Fund, *, actor: Person, about: str, approvals: int, daily_most: int | None, asks_tax: bool
) -> Fund:
    """How careful it is; more approvals are asked of awards that are not approved yet.

    Raises Refused as make_fund, and own-money, own-proposal where it becomes less careful.
    """
    _checked(approvals, daily_most)
    before = Fund.objects.select_for_update().get(pk=fund.pk)
    require("fund.change", actor, before)
    if _looser(before, approvals, daily_most, asks_tax=asks_tax):
        require("fund.loosen", actor, before)
    Fund.objects.filter(pk=fund.pk).update(
        about=about.strip(), approvals_needed=approvals, daily_most=daily_most, asks_tax=asks_tax
    )
    fresh = Fund.objects.get(pk=fund.pk)
    detail = {"approvals": approvals, "daily_most": daily_most, "asks_tax": asks_tax}
    record("fund.change", actor=actor, subject=fresh, detail=detail)
    return fresh


def _asked(fund: Fund, amount: int, actor: Person, action: str) -> Fund:
    """The fund under lock: one that is being closed takes nothing any more."""
    fresh = Fund.objects.select_for_update().get(pk=fund.pk)
    require(action, actor, fresh)
    if not 0 < amount <= MOST:
        raise refusal(action, "amount-wrong", _("A sum is above zero."))
    return fresh


def _entered(kind: EntryKind, fresh: Fund, amount: int, actor: Person, key: str, memo: str) -> tuple[Entry, bool]:
    """Recorded first, entered then, as every act on money: the record and the accounts are locked in one order."""
    known = Entry.objects.filter(key=f"budget-{key}").first()
    if known is not None:
        return known, False
    signed = amount if kind == EntryKind.BUDGET else -amount
    record("fund.budget", actor=actor, subject=fresh, detail={"amount": signed, "currency": fresh.currency})
    about = About(memo=memo)
    return enter(kind, amount, key=f"budget-{key}", actor=actor, currency=fresh.currency, fund=fresh, about=about)


@transaction.atomic
def give_budget(fund: Fund, amount: int, *, actor: Person, key: str, memo: str = "") -> tuple[Entry, bool]:
    """Put money in, minor units; the same `key` again is the same act. Raises Refused amount-wrong, fund-closed."""
    return _entered(EntryKind.BUDGET, _asked(fund, amount, actor, "fund.budget"), amount, actor, key, memo)


@transaction.atomic
def take_budget(fund: Fund, amount: int, *, actor: Person, key: str, memo: str = "") -> tuple[Entry, bool]:
    """Take out what is promised to nobody. Also out of a closed fund. Raises Refused amount-wrong, money-short."""
    return _entered(EntryKind.CUT, _asked(fund, amount, actor, "fund.cut"), amount, actor, key, memo)


def _reason(text: str) -> str:
    kept = text.strip()
    if not kept:
        raise refusal("fund.freeze", "reason-missing", _("Artists who are owed money from it read why."))
    if len(kept) > LONGEST_REASON:
        raise refusal("fund.freeze", "reason-long", _("It has up to %(most)s characters.") % {"most": LONGEST_REASON})
    return kept


def _moved_on(fresh: Fund, action: str) -> Refused:
    words = _("This fund is %(state)s.") % {"state": fresh.get_state_display()}
    return refusal(action, "fund-moved", words, _("Nothing was changed."), Kind.CONFLICT)


@transaction.atomic
def freeze_fund(fund: Fund, *, actor: Person, reason: str) -> Fund:
    """Nothing leaves it until it is freed; what is promised stays promised. Raises Refused reason-missing, reason-long, fund-moved."""
    fresh, moved = move(fund, FREEZE, actor=actor, fields={"state_reason": _reason(reason)}, detail={"reason": reason})
    if not moved and fresh.state != FundState.FROZEN:
        raise _moved_on(fresh, "fund.freeze")
    return fresh


@transaction.atomic
def unfreeze_fund(fund: Fund, *, actor: Person) -> Fund:
    """Money may leave it again. Raises Refused fund-moved, own-money, own-proposal."""
    fresh, moved = move(fund, UNFREEZE, actor=actor, fields={"state_reason": ""})
    if not moved and fresh.state != FundState.OPEN:
        raise _moved_on(fresh, "fund.unfreeze")
    return fresh


@transaction.atomic
def close_fund(fund: Fund, *, actor: Person, reason: str) -> Fund:
    """For good, once nothing of it is owed and nothing is left in it. Raises Refused fund-owes, fund-not-empty, reason-missing, fund-moved."""
    fresh, moved = move(fund, CLOSE, actor=actor, fields={"state_reason": _reason(reason)})
    if not moved and fresh.state != FundState.CLOSED:
        raise _moved_on(fresh, "fund.close")
    return fresh
