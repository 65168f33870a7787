"""Statements, the books and the year of an artist as tables for a spreadsheet; no cell is a formula, and no sum needs a sign."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from artists.compensation.awards.states import Purpose
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Entry
from artists.compensation.payments.states import Rail
from artists.people.models import Person
from artists.people.reading import zone_of
from portal.money import plain_amount
from portal.sheets import as_table

from .months import Balances, Statement, all_moved_in, words_of
from .queries import YearLine

# How the sides of the books are called in files, whoever reads them.
CALLED = {
    Side.CAPITAL: "program",
    Side.FUND: "fund",
    Side.OWED: "payable",
    Side.FLIGHT: "being_sent",
    Side.PAID: "sent",
}
STATEMENT = (
    "number", "at", "kind", "about", "from", "to", "amount", "currency", "payable_after", "being_sent_after",
    "sent_after", "award", "payment", "rail_number", "reference",
)  # fmt: skip
BOOKS = (
    "number", "at", "kind", "from", "to", "amount", "currency", "fund", "artist_number", "artist", "award", "award_title",
    "purpose", "payment", "rail", "rail_number", "reference", "by", "memo", "key",
)  # fmt: skip
YEAR = (
    "year", "zone", "artist_number", "artist", "country", "purpose", "currency", "sent", "came_back",
    "tax_information_confirmed_on",
)  # fmt: skip


def _after(there: Balances, currency: str) -> list[str]:
    return [plain_amount(minor, currency) for minor in (there.owed, there.flight, there.paid)]


def _moment(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")


def _bare(kind: str, at: datetime, there: Balances, statement: Statement) -> list[str]:
    moment = _moment(at, zone_of(statement.person))
    return ["", moment, kind, "", "", "", "", statement.currency, *_after(there, statement.currency), "", "", "", ""]


def _numbers(entry: Entry) -> tuple[str, str, str]:
    """(rail, number there, reference) of one movement. Its payment has those of the last time only, should it be paid again."""
    if entry.attempt is not None:
        return entry.attempt.rail, entry.attempt.transfer, ""
    if entry.kind in {EntryKind.HAND, EntryKind.REVERSE}:
        return Rail.MANUAL, "", entry.memo
    return "", "", ""


def _moved(entry: Entry, there: Balances, zone: tzinfo) -> list[str]:
    _rail, number, reference = _numbers(entry)
    return [
        str(entry.number),
        _moment(entry.at, zone),
        entry.kind,
        words_of(entry)[1],
        CALLED[Side(entry.debit.side)],
        CALLED[Side(entry.credit.side)],
        plain_amount(entry.amount, entry.currency),
        entry.currency,
        *_after(there, entry.currency),
        str(entry.award_id or ""),
        str(entry.payment_id or ""),
        number,
        reference,
    ]


def statement_sheet(statement: Statement) -> str:
    """The month as CSV: the opening balances, each entry with what was there after it, the closing balances.

    From "amount", "from" and "to" the closing balances follow from the opening ones.
    """
    zone, month = zone_of(statement.person), statement.month
    rows = [_bare("opening", month.begins(zone), statement.opening, statement)]
    rows += [_moved(moved.entry, moved.after, zone) for moved in all_moved_in(statement)]
    rows.append(_bare("closing", month.ends(zone), statement.closing, statement))
    return as_table(STATEMENT, rows)


def _book_row(entry: Entry) -> list[str]:
    fund = entry.debit.fund or entry.credit.fund or (entry.award.fund if entry.award is not None else None)
    return [
        str(entry.number),
        _moment(entry.at, UTC),
        entry.kind,
        CALLED[Side(entry.debit.side)],
        CALLED[Side(entry.credit.side)],
        plain_amount(entry.amount, entry.currency),
        entry.currency,
        fund.name if fund is not None else "",
        str(entry.person_id or ""),
        entry.person.name if entry.person is not None else "",
        str(entry.award_id or ""),
        entry.award.title if entry.award is not None else "",
        entry.award.purpose if entry.award is not None else "",
        str(entry.payment_id or ""),
        *_numbers(entry),
        entry.actor_label,
        entry.memo,
        entry.key,
    ]


def books_sheet(entries: Iterable[Entry]) -> tuple[str, int]:
    """The books as CSV, moments in UTC; and how many entries are in it."""
    rows = [_book_row(entry) for entry in entries]
    return as_table(BOOKS, rows), len(rows)


def _year_row(line: YearLine, year: int, zone: str) -> list[str]:
    person: Person = line.person
    profile = getattr(person, "pay_profile", None)
    confirmed = profile.tax_confirmed_at if profile is not None else None
    return [
        str(year),
        zone,
        str(person.pk),
        person.name,
        profile.country if profile is not None else "",
        str(Purpose(line.purpose).value) if line.purpose else "",
        line.currency,
        plain_amount(line.paid, line.currency),
        plain_amount(line.came_back, line.currency),
        confirmed.astimezone(UTC).date().isoformat() if confirmed is not None else "",
    ]


def year_sheet(lines: Iterable[YearLine], year: int, zone: str) -> str:
    """What was sent in a year by person, purpose and currency. There is no tax number and no bank number to put in it."""
    return as_table(YEAR, [_year_row(line, year, zone) for line in lines])
