"""The statement of a month: what was there before, what moved, what is there after; read from entries, never summed from them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Account, Entry
from artists.people.models import Person
from artists.people.reading import zone_of

from .periods import Month
from .queries import accounts_of, entries_of

# Entries of one moment may be numbered in another order than they are dated, and accounts take turns: so many are looked at.
CLOSE = 50
SIDES = (Side.OWED, Side.FLIGHT, Side.PAID)


@dataclass(frozen=True, slots=True)
class Balances:
    """Minor units in the three accounts of an artist in one currency."""

    owed: int = 0
    flight: int = 0
    paid: int = 0

    def before(self, entry: Entry) -> "Balances":
        """What was there before an entry, of what was there after it."""
        there = {Side(side): getattr(self, side) for side in SIDES}
        for side, change in ((entry.debit.side, entry.amount), (entry.credit.side, -entry.amount)):
            if side in SIDES:
                there[Side(side)] += change
        return Balances(there[Side.OWED], there[Side.FLIGHT], there[Side.PAID])

    def less(self, other: "Balances") -> "Balances":
        """What changed since."""
        return Balances(self.owed - other.owed, self.flight - other.flight, self.paid - other.paid)


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry on a statement, with what was there after it."""

    entry: Entry
    after: Balances


@dataclass(frozen=True, slots=True)
class Statement:
    """A month in one currency. `first` and `last`: entries are numbered above the one and up to the other."""

    person: Person
    month: Month
    currency: str
    opening: Balances
    closing: Balances
    first: int
    last: int

    @property
    def change(self) -> Balances:
        """What the month changed."""
        return self.closing.less(self.opening)

    def entries(self) -> QuerySet[Entry]:
        """Those of the month, in the order of the books."""
        found = entries_of(self.person).filter(currency=self.currency, number__gt=self.first, number__lte=self.last)
        return found.select_related("debit", "credit", "award", "attempt")


def cut_at(person: Person, moment: datetime) -> int:
    """The number up to which entries of somebody were made before a moment; 0 where there are none."""
    latest = (
        entries_of(person).filter(at__lt=moment).order_by("-at", "-number").values_list("number", flat=True)[:CLOSE]
    )
    return max(latest, default=0)


def _long_ago(account: int, cut: int) -> int:
    """What was in an account after the last entry that touched it, up to a number; each side has an index of its own."""
    debit, credit = (
        Entry.objects.filter(number__lte=cut, **{side: account})
        .order_by("-number")
        .values_list("number", after)
        .first()
        for side, after in (("debit", "debit_after"), ("credit", "credit_after"))
    )
    last: tuple[int, int] = max(debit or (0, 0), credit or (0, 0))
    return last[1]


def balances_at(person: Person, currency: str, cut: int) -> Balances:
    """What was in the accounts after the entry of a number: the last entry that touched each says it.

    Mostly that is one of the last few; an account that was left alone for longer is asked for by itself.
    """
    sides = dict(Account.objects.filter(person=person, currency=currency).values_list("pk", "side")) if cut else {}
    columns = ("debit_id", "credit_id", "debit_after", "credit_after")
    before = entries_of(person).filter(number__lte=cut).order_by("-number").values_list(*columns)
    recent = list(before[:CLOSE]) if sides else []
    there: dict[int, int] = {}
    for debit, credit, after_debit, after_credit in recent:
        there.setdefault(debit, after_debit)
        there.setdefault(credit, after_credit)
    if len(recent) == CLOSE:
        there |= {account: _long_ago(account, cut) for account in sides if account not in there}
    by_side = {side: there.get(account, 0) for account, side in sides.items()}
    return Balances(*(by_side.get(str(side), 0) for side in SIDES))


def currencies_of(person: Person) -> list[str]:
    """Those somebody has accounts in."""
    return sorted(set(accounts_of(person).values_list("currency", flat=True)))


def statement_of(person: Person, month: Month, currency: str) -> Statement:
    """The month of somebody in one currency, on the clock of their zone."""
    zone = zone_of(person)
    first, last = cut_at(person, month.begins(zone)), cut_at(person, month.ends(zone))
    opening, closing = (balances_at(person, currency, cut) for cut in (first, last))
    return Statement(person, month, currency, opening, closing, first, last)


def _with_balances(entries: Iterable[Entry], after: Balances) -> list[Moved]:
    """Newest first, given what was there after the newest."""
    told = []
    for entry in entries:
        told.append(Moved(entry, after))
        after = after.before(entry)
    return told


def moved_in(statement: Statement, size: int, behind: int | None = None) -> tuple[list[Moved], bool]:
    """A page of a statement, newest first, from behind the entry of a number; and whether there is more."""
    rows = statement.entries().order_by("-number")
    if behind is not None:
        rows = rows.filter(number__lt=behind)
    found = list(rows[: size + 1])
    if not found:
        return [], False
    after = balances_at(statement.person, statement.currency, found[0].number)
    return _with_balances(found[:size], after), len(found) > size


def all_moved_in(statement: Statement) -> list[Moved]:
    """Every entry of the month, oldest first."""
    return _with_balances(statement.entries().order_by("-number"), statement.closing)[::-1]


# From where to where an entry moves money, in the words of a statement.
def words_of(entry: Entry) -> tuple[str, str]:
    """(what it was, what for) of an entry."""
    kind = str(EntryKind(entry.kind).label)
    return kind[:1].upper() + kind[1:], entry.award.title if entry.award is not None else entry.memo
