"""Entering money into the books, and reading balances. No rule is asked here: the acts that call this have asked theirs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.models import Account, Attempt, Award, Entry, Fund, Payment
from portal.access import Actor, Kind, Refused, denied

from .states import WAYS, EntryKind, Side

if TYPE_CHECKING:
    from artists.people.models import Person


@dataclass(frozen=True, slots=True)
class About:
    """What an entry belongs to."""

    award: Award | None = None
    payment: Payment | None = None
    attempt: Attempt | None = None
    reverses: Entry | None = None
    memo: str = ""


def account_of(side: Side, currency: str, *, fund: Fund | None = None, person: "Person | None" = None) -> Account:
    """The account, opened where it is not there yet."""
    owner = {
        "fund": fund if side == Side.FUND else None,
        "person": None if side in (Side.CAPITAL, Side.FUND) else person,
    }
    found, _new = Account.objects.get_or_create(side=side, currency=currency, **owner)
    return found


def _locked(*accounts: Account) -> dict[int, Account]:
    """Fresh rows under lock, always in the same order, so that two entries wait for each other and never deadlock."""
    rows = Account.objects.select_for_update().filter(pk__in=[one.pk for one in accounts]).order_by("pk")
    return {row.pk: row for row in rows}


def _short(account: Account) -> Refused:
    words = _("There is less in it than this takes: %(side)s, %(left)s %(currency)s in minor units.") % {
        "side": account.get_side_display(),
        "left": account.balance,
        "currency": account.currency,
    }
    return Refused("ledger.enter", denied("money-short", words, todo=_("Nothing was moved."), kind=Kind.CONFLICT))


@transaction.atomic
def enter(
    kind: EntryKind,
    amount: int,
    *,
    key: str,
    actor: Actor,
    currency: str,
    fund: Fund | None = None,
    person: "Person | None" = None,
    about: About | None = None,
) -> tuple[Entry, bool]:
    """Move `amount` minor units along the way of `kind`; (entry, True) for the call that entered it, once for each key.

    What the act records is recorded before: whoever locked accounts first and the record then would wait in a circle with the others.
    Raises Refused money-short where the account debited has less, ValueError for an amount that is none.
    """
    if amount <= 0:
        message = f"{amount} is no amount to enter"
        raise ValueError(message)
    known = Entry.objects.filter(key=key).first()
    if known is not None:
        return known, False
    about = about or About()
    debit_side, credit_side = WAYS[kind]
    sides = [account_of(side, currency, fund=fund, person=person) for side in (debit_side, credit_side)]
    fresh = _locked(*sides)
    debit, credit = (fresh[one.pk] for one in sides)
    # Asked again under the lock: the same act may have been entered while we waited for it.
    known = Entry.objects.filter(key=key).first()
    if known is not None:
        return known, False
    if debit.side != Side.CAPITAL and debit.balance < amount:
        raise _short(debit)
    entry = Entry.objects.create(
        key=key,
        kind=kind,
        debit=debit,
        credit=credit,
        amount=amount,
        currency=currency,
        debit_after=debit.balance - amount,
        credit_after=credit.balance + amount,
        person=None if Side.CAPITAL in (debit_side, credit_side) else person,
        award=about.award,
        payment=about.payment,
        attempt=about.attempt,
        reverses=about.reverses,
        actor_id=actor.pk,
        actor_label=actor.label[:200],
        memo=about.memo[:300],
        at=timezone.now(),
    )
    return entry, True


def balance_of(side: Side, currency: str, *, fund: Fund | None = None, person: "Person | None" = None) -> int:
    """What is in an account, in minor units; 0 where none was opened."""
    found = Account.objects.filter(side=side, currency=currency, fund=fund, person=person).values_list(
        "balance", flat=True
    )
    return found.first() or 0


def left_of(award: Award) -> int:
    """What of an award is still owed and not under way, in minor units."""
    rows = Entry.objects.filter(award=award)
    came = rows.filter(credit__side=Side.OWED).aggregate(sum=Sum("amount"))["sum"] or 0
    went = rows.filter(debit__side=Side.OWED).aggregate(sum=Sum("amount"))["sum"] or 0
    return came - went


def _sum_by(side: str) -> Coalesce:
    """What was entered on this side of an account."""
    entries = Entry.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(entries.annotate(sum=Sum("amount")).values("sum")), 0, output_field=BigIntegerField())


def books_balance() -> list[str]:
    """What is wrong with the books: nothing, unless somebody went past the triggers. Each line names an account."""
    # One query: what is entered between two of them would look like a fault.
    accounts = Account.objects.annotate(came=_sum_by("credit"), went=_sum_by("debit")).order_by("pk")
    wrong = [
        f"{one}: balance {one.balance}, entries {one.came - one.went}"
        for one in accounts.iterator()
        if one.balance != one.came - one.went
    ]
    for currency, total in Account.objects.values_list("currency").annotate(Sum("balance")).order_by("currency"):
        if total:
            wrong.append(f"{currency}: all accounts together are {total}, not 0")
    return wrong


def owed_from(fund: Fund) -> int:
    """What this fund has promised and not paid, what is under way included, in minor units."""
    rows = Entry.objects.filter(award__fund=fund)
    unpaid = (Side.OWED, Side.FLIGHT)
    came = rows.filter(credit__side__in=unpaid).aggregate(sum=Sum("amount"))["sum"] or 0
    went = rows.filter(debit__side__in=unpaid).aggregate(sum=Sum("amount"))["sum"] or 0
    return came - went
