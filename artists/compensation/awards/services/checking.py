"""What acts on awards check alike: sums, words, funds."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.digest import Instalment
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.states import FundState, Side
from artists.compensation.models import Award, Fund
from artists.compensation.refusing import refusal
from portal.access import Kind, Refused
from portal.money import plain_amount

MOST = 10**11
MOST_INSTALMENTS = 24
LONGEST_TITLE, LONGEST_TERMS, LONGEST_REASON = 120, 4000, 1000


def kept_words() -> str:
    """What is safe, said with a no to a form."""
    return _("What you typed is kept on this page.")


def words_in(text: str, action: str, name: str, most: int, *, reason: Any) -> str:
    """The text without white space around it. Raises Refused `name`-missing, `name`-long."""
    kept = text.strip()
    if not kept:
        raise refusal(action, f"{name}-missing", reason, kept_words())
    if len(kept) > most:
        words = _("It has up to %(most)s characters.") % {"most": most}
        raise refusal(action, f"{name}-long", words, kept_words())
    return kept


def sum_of(action: str, amount: int) -> int:
    """A sum that can be promised. Raises Refused amount-wrong."""
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= MOST:
        raise refusal(action, "amount-wrong", _("A sum is whole minor units above zero."), kept_words())
    return amount


def instalments_in(action: str, instalments: Sequence[Instalment], amount: int) -> list[dict[str, Any]]:
    """Instalments as an award keeps them: each above zero, in order, their sum exactly the amount; none said: all at once, now.

    Raises Refused instalments-wrong, due-past.
    """
    today = timezone.now().date()
    given = list(instalments) or [Instalment(amount, today)]
    if len(given) > MOST_INSTALMENTS or any(one.amount <= 0 for one in given):
        words = _("An award has 1 to %(most)s instalments, each above zero.") % {"most": MOST_INSTALMENTS}
        raise refusal(action, "instalments-wrong", words, _("Choose fewer instalments, or a larger sum."))
    if sum(one.amount for one in given) != amount:
        raise refusal(action, "instalments-wrong", _("The instalments do not sum to the award."), kept_words())
    days = [one.due for one in given]
    if days != sorted(days):
        raise refusal(action, "instalments-wrong", _("Instalments are due one after the other."), kept_words())
    # A day that has begun somewhere on earth: whoever types "today" in the east is not refused.
    if (today - days[0]).days > 1:
        raise refusal(action, "due-past", _("The first instalment would be due before it is approved."), kept_words())
    return [one.kept() for one in given]


def fund_open(action: str, fund: Fund) -> None:
    """Raises Refused fund-frozen, fund-closed."""
    if fund.state == FundState.FROZEN:
        words = _("The fund “%(name)s” is frozen: %(why)s") % {"name": fund.name, "why": fund.state_reason}
        todo = _("Nothing is promised from it until it is freed; nothing was changed.")
        raise refusal(action, "fund-frozen", words, todo, Kind.CONFLICT)
    if fund.state != FundState.OPEN:
        words = _("The fund “%(name)s” is closed.") % {"name": fund.name}
        raise refusal(action, "fund-closed", words, _("Choose another fund."), Kind.CONFLICT)


def beyond(action: str, fund: Fund, amount: int, free: int) -> Refused:
    """A no for want of money, ready to be raised."""
    words = _("This takes %(sum)s %(currency)s, and %(free)s %(currency)s are free in “%(name)s”.") % {
        "sum": plain_amount(amount, fund.currency),
        "free": plain_amount(free, fund.currency),
        "currency": fund.currency,
        "name": fund.name,
    }
    todo = _("Give the fund a budget first, or promise less. Nothing was changed.")
    return refusal(action, "beyond-budget", words, todo, Kind.CONFLICT)


def within_budget(action: str, fund: Fund, amount: int) -> None:
    """Whether the fund has so much free at this moment; the books have the last word. Raises Refused beyond-budget."""
    free = balance_of(Side.FUND, fund.currency, fund=fund)
    if amount > free:
        raise beyond(action, fund, amount, free)


def moved_on(award: Award, action: str) -> Refused:
    """A no because somebody was faster."""
    words = _("This award has moved on: %(state)s.") % {"state": award.get_state_display()}
    return refusal(action, "award-moved", words, _("Nothing was changed."), Kind.CONFLICT)
