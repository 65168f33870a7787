"""Statements: opening, entries and closing hang together, on the artist's own clock, in every currency; sheets and papers say the same."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time
from pypdf import PdfReader

from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.states import Side
from artists.compensation.models import Account, Entry, Fund, PayProfile
from artists.compensation.payments.services import pay_again
from artists.compensation.statements.months import Balances, all_moved_in, moved_in, statement_of
from artists.compensation.statements.paper import statement_paper
from artists.compensation.statements.periods import Month, month_of, months_between
from artists.compensation.statements.sheets import statement_sheet
from artists.people.models import Person
from portal.money import minor_units
from tests.factories import pay
from tests.factories.ledger import attempted, came_back, paid_by_hand, promised, refused, sent
from tests.factories.sending import fresh

ClientOf = Callable[[Person], Client]
OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)


@pytest.fixture
def fund(sam: Person) -> Fund:
    """With 100,000.00 EUR in it."""
    return pay.funded(sam, 10_000_000)


def busy(fund: Fund, person: Person) -> None:
    """October and November with every kind of entry."""
    with freeze_time("2026-10-05T12:00:00Z"):
        sent(promised(fund, person, 1000, title="First")[0])
        promised(fund, person, 300, title="Waits")
    with freeze_time("2026-11-02T12:00:00Z"):
        refused(promised(fund, person, 50)[0])
        attempted(promised(fund, person, 7)[0])
    with freeze_time("2026-11-20T12:00:00Z"):
        came_back(paid_by_hand(promised(fund, person, 2000, title="=HYPERLINK()")[0]))


def now_of(person: Person, currency: str = "EUR") -> Balances:
    """What the accounts themselves say."""
    return Balances(*(balance_of(side, currency, person=person) for side in (Side.OWED, Side.FLIGHT, Side.PAID)))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def imported(text: str, currency: str) -> dict[str, int]:
    """What a program that reads the sheet arrives at, from its opening balances and its amounts alone."""
    opening, *entries, _closing = rows_of(text)
    there = {name: minor_units(opening[f"{name}_after"], currency) for name in ("payable", "being_sent", "sent")}
    for row in entries:
        amount = minor_units(row["amount"], currency)
        there |= {row["from"]: there.get(row["from"], 0) - amount}
        there |= {row["to"]: there.get(row["to"], 0) + amount}
    return {name: there[name] for name in ("payable", "being_sent", "sent")}


def words_in(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_month_begins_where_the_last_ended_and_ends_at_the_balance(ada: Person, ben: Person, fund: Fund) -> None:
    busy(fund, ada)
    busy(fund, ben)
    october, november = (statement_of(ada, month, "EUR") for month in (OCTOBER, NOVEMBER))
    assert (october.opening, october.closing) == (Balances(), Balances(300, 0, 1000))
    assert (november.opening, november.closing) == (october.closing, Balances(2350, 7, 1000))
    assert (november.closing, november.change) == (now_of(ada), Balances(2050, 7, 0))
    assert statement_of(ada, DECEMBER, "EUR").opening == statement_of(ada, DECEMBER, "EUR").closing == now_of(ada)
    assert books_balance() == []


def test_every_line_says_what_was_there_after_it(ada: Person, ben: Person, fund: Fund) -> None:
    busy(fund, ada)
    busy(fund, ben)
    told = [(one.entry.kind, one.entry.amount, one.after) for one in all_moved_in(statement_of(ada, NOVEMBER, "EUR"))]
    assert told == [
        ("reserve", 50, Balances(350, 0, 1000)),
        ("send", 50, Balances(300, 50, 1000)),
        ("refuse", 50, Balances(350, 0, 1000)),
        ("reserve", 7, Balances(357, 0, 1000)),
        ("send", 7, Balances(350, 7, 1000)),
        ("reserve", 2000, Balances(2350, 7, 1000)),
        ("hand", 2000, Balances(350, 7, 3000)),
        ("reverse", 2000, Balances(2350, 7, 1000)),
    ]


def test_pages_of_a_statement_say_the_same_as_the_whole(ada: Person, fund: Fund) -> None:
    busy(fund, ada)
    found = statement_of(ada, NOVEMBER, "EUR")
    pages, behind = [], None
    while True:
        moved, more = moved_in(found, 3, behind)
        pages += moved
        behind = moved[-1].entry.number
        if not more:
            break
    assert pages == all_moved_in(found)[::-1]


@pytest.mark.parametrize(
    ("zone", "month"),
    [("UTC", OCTOBER), ("Pacific/Auckland", NOVEMBER), ("Asia/Tokyo", NOVEMBER), ("America/Los_Angeles", OCTOBER)],
)
def test_months_are_those_of_the_artist_s_clock(ada: Person, fund: Fund, zone: str, month: Month) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone=zone)
    ada.refresh_from_db()
    with freeze_time("2026-10-31T20:30:00Z"):
        promised(fund, ada, 500)
    found = {one.slug: statement_of(ada, one, "EUR").change.owed for one in (OCTOBER, NOVEMBER)}
    assert found == {"2026-10": 0, "2026-11": 0} | {month.slug: 500}
    text = statement_sheet(statement_of(ada, month, "EUR"))
    assert rows_of(text)[1]["at"] == Entry.objects.latest("number").at.astimezone(ZoneInfo(zone)).isoformat()


def test_entry_at_the_very_edge_is_in_one_month(ada: Person, fund: Fund) -> None:
    for moment in ("2026-10-31T23:59:59.999999Z", "2026-11-01T00:00:00Z"):
        with freeze_time(moment):
            promised(fund, ada, 100)
    assert [statement_of(ada, one, "EUR").change.owed for one in (OCTOBER, NOVEMBER, DECEMBER)] == [100, 100, 0]


def test_entries_dated_in_another_order_than_they_are_numbered_are_counted_once(ada: Person, fund: Fund) -> None:
    for moment in ("2026-10-31T23:59:59.5Z", "2026-11-01T00:00:00.2Z", "2026-10-31T23:59:59.9Z"):
        with freeze_time(moment):
            promised(fund, ada, 100)
    parts = [statement_of(ada, one, "EUR") for one in (OCTOBER, NOVEMBER, DECEMBER)]
    numbers = [moved.entry.number for one in parts for moved in all_moved_in(one)]
    assert (numbers, sum(one.change.owed for one in parts), parts[2].opening) == (
        list(Entry.objects.filter(person=ada).order_by("number").values_list("number", flat=True)), 300, now_of(ada),
    )  # fmt: skip


def test_sheet_reads_back_to_the_same_sums(ada: Person, ben: Person, fund: Fund) -> None:
    busy(fund, ada)
    busy(fund, ben)
    for month in (OCTOBER, NOVEMBER, DECEMBER):
        found = statement_of(ada, month, "EUR")
        text, there = statement_sheet(found), found.closing
        assert imported(text, "EUR") == {"payable": there.owed, "being_sent": there.flight, "sent": there.paid}
        last = rows_of(text)[-1]
        assert (last["kind"], last["payable_after"], last["sent_after"]) == (
            "closing", f"{there.owed / 100:.2f}", f"{there.paid / 100:.2f}",
        )  # fmt: skip


def test_sheet_runs_no_formula_and_has_no_sign(ada: Person, fund: Fund) -> None:
    busy(fund, ada)
    text = statement_sheet(statement_of(ada, NOVEMBER, "EUR"))
    cells = [cell for row in rows_of(text) for cell in row.values()]
    assert ([cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))], "'=HYPERLINK()" in cells) == (
        [], True,
    )  # fmt: skip


def test_every_currency_has_a_statement_of_its_own(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf, settings: Any
) -> None:
    settings.VERNISSAGE_CURRENCIES = ["EUR", "JPY", "KWD"]
    yen, dinar = (pay.funded(sam, 90_000, name=code, currency=code) for code in ("JPY", "KWD"))
    with freeze_time("2026-11-10T12:00:00Z"):
        promised(fund, ada, 1250)
        paid_by_hand(promised(yen, ada, 12_500)[0])
        promised(dinar, ada, 1005)
    with freeze_time("2026-11-20T12:00:00Z"):
        client = client_of(ada)
        path = reverse("ledger_month", args=["2026-11"])
        told = {code: client.get(f"{path}?currency={code}").content.decode() for code in ("EUR", "JPY", "KWD")}
        sheets = {
            code: client.get(reverse("ledger_month_csv", args=["2026-11", code])).content.decode() for code in told
        }
        assert [client.get(f"{path}?currency={code}").status_code for code in ("USD", "eur", "<b>")] == [404] * 3
        assert client.get(reverse("ledger_month_csv", args=["2026-11", "USD"])).status_code == 404
    sums = {"EUR": "12.50", "JPY": "12,500", "KWD": "1.005"}
    found = {code: [f"{words}\N{NO-BREAK SPACE}{one}" in told[code] for one, words in sums.items()] for code in told}
    assert found == {"EUR": [True, False, False], "JPY": [False, True, False], "KWD": [False, False, True]}
    assert [rows_of(sheets[code])[-1]["payable_after"] for code in ("EUR", "JPY", "KWD")] == ["12.50", "0", "1.005"]
    assert [imported(sheets[code], code)["sent"] for code in ("EUR", "JPY", "KWD")] == [0, 12_500, 0]


def test_paper_says_the_figures_and_is_the_same_twice(ada: Person, fund: Fund) -> None:
    busy(fund, ada)
    found = statement_of(ada, NOVEMBER, "EUR")
    data = statement_paper(found, "Northlight")
    said = words_in(data)
    wanted = (
        "Statement, November 2026", "For: Ada", "Program: Northlight", "Currency: EUR",
        "2026-11-01 00:00 – 2026-12-01 00:00 (UTC)", "Before 3.00 0.00 10.00", "Change 20.50 0.07 0.00",
        "After 23.50 0.07 10.00", "20.00 23.50 0.07 10.00", "=HYPERLINK()",
    )  # fmt: skip
    assert [words for words in wanted if words not in said] == []
    assert statement_paper(found, "Northlight") == data


def test_paper_of_many_entries_has_them_all_and_one_of_too_many_says_where_they_are(
    ada: Person, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    with freeze_time("2026-11-10T12:00:00Z"):
        for number in range(1, 81):
            promised(fund, ada, number)
    found = statement_of(ada, NOVEMBER, "EUR")
    data = statement_paper(found, "Northlight")
    assert (len(PdfReader(io.BytesIO(data)).pages) > 1, "0.80 32.40" in words_in(data)) == (True, True)
    monkeypatch.setattr("artists.compensation.statements.paper.MOST_PRINTED", 79)
    assert "There are too many entries to print." in words_in(statement_paper(found, "Northlight"))


def test_page_shows_the_month_and_leads_on(ada: Person, ben: Person, fund: Fund, client_of: ClientOf) -> None:
    busy(fund, ada)
    with freeze_time("2026-12-24T12:00:00Z"):
        client = client_of(ada)
        november = client.get(reverse("ledger_month", args=["2026-11"])).content.decode()
        december = client.get(reverse("ledger_month", args=["2026-12"])).content.decode()
        codes = [client.get(f"/ledger/{month}/").status_code for month in ("2027-01", "2026-13", "2026-00", "26-11")]
        months = client.get(reverse("ledger_months")).content.decode()
        others = client_of(ben).get(reverse("ledger_month", args=["2026-11"])).content.decode()
    wanted = (
        "Before",
        "3.00",
        "23.50",
        "/ledger/2026-10/",
        "/ledger/2026-12/",
        "This month is over",
        "came back".capitalize(),
    )
    assert [words for words in wanted if words not in november] == []
    assert ("This month is not over" in december, "Nothing moved in this month." in december, codes) == (
        True, True, [404] * 4,
    )  # fmt: skip
    assert [f"/ledger/2026-{number}/" in months for number in (9, 10, 11, 12)] == [False, True, True, True]
    assert ("Nothing was promised to you up to this month." in others, "23.50" in others) == (True, False)


def test_files_of_a_month_are_named_and_are_the_artist_s_own(ada: Person, ben: Person, fund: Fund, client_of: ClientOf) -> None:  # fmt: skip
    busy(fund, ada)
    with freeze_time("2026-12-24T12:00:00Z"):
        mine, theirs = client_of(ada), client_of(ben)
        names = [("ledger_month_csv", "text/csv; charset=utf-8"), ("ledger_month_paper", "application/pdf")]
        for name, kind in names:
            path = reverse(name, args=["2026-11", "EUR"])
            answer = mine.get(path)
            assert (answer.status_code, answer["Content-Type"], theirs.get(path).status_code) == (200, kind, 404)
            ending = path.rpartition(".")[2]
            assert answer["Content-Disposition"] == f'attachment; filename="statement-2026-11-EUR.{ending}"'


def test_page_asks_as_many_queries_for_a_thousand_entries_as_for_ten(
    ada: Person, fund: Fund, client_of: ClientOf
) -> None:
    with freeze_time("2026-11-10T12:00:00Z"):
        for _number in range(2):
            sent(promised(fund, ada, 10)[0])
        client = client_of(ada)
        few = asked(client)
        for _number in range(30):
            sent(promised(fund, ada, 10)[0])
        assert asked(client) == few


def asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("ledger_month", args=["2026-11"])).status_code == 200
    return len(seen)


def test_no_query_of_a_statement_sums(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    with freeze_time("2026-11-10T12:00:00Z"):
        sent(promised(fund, ada, 10)[0])
        client = client_of(ada)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("ledger_month", args=["2026-11"]))
    summed = [
        one["sql"]
        for one in seen
        if "compensation_entry" in one["sql"] and ("SUM(" in one["sql"] or "COUNT(" in one["sql"])
    ]
    assert summed == []


def test_year_is_summed_by_purpose_and_country_with_no_tax_number(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf, settings: Any
) -> None:
    settings.VERNISSAGE_CURRENCIES = ["EUR", "JPY"]
    yen = pay.funded(sam, 90_000, name="Yen", currency="JPY")
    PayProfile.objects.create(person=ada, country="NZ", tax_confirmed_at=datetime(2026, 3, 1, tzinfo=UTC))
    Person.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")
    with freeze_time("2025-12-31T10:00:00Z"):
        paid_by_hand(promised(fund, ada, 1)[0])
    with freeze_time("2025-12-31T12:00:00Z"):  # already 2026 in Auckland
        paid_by_hand(promised(fund, ada, 100)[0])
    with freeze_time("2026-06-01T12:00:00Z"):
        paid_by_hand(promised(fund, ada, 1000, purpose="grant")[0])
        came_back(sent(promised(fund, ada, 250)[0]))
        paid_by_hand(promised(yen, ada, 700)[0])
        promised(fund, ada, 9999)
        client = client_of(ada)
        text = client.get(reverse("ledger_year_csv", args=["2026"])).content.decode()
        assert client.get(reverse("ledger_year_csv", args=["2027"])).status_code == 404
    told = [tuple(row.values()) for row in rows_of(text)]
    same = ("2026", "Pacific/Auckland", str(ada.pk), "Ada", "NZ")
    assert told == [
        (*same, "grant", "EUR", "10.00", "0.00", "2026-03-01"),
        (*same, "work", "EUR", "3.50", "2.50", "2026-03-01"),
        (*same, "work", "JPY", "700", "0", "2026-03-01"),
    ]
    assert list(rows_of(text)[0]) == [
        "year", "zone", "artist_number", "artist", "country", "purpose", "currency", "sent", "came_back",
        "tax_information_confirmed_on",
    ]  # fmt: skip


def test_months_of_a_life_are_listed_from_the_newest(ada: Person) -> None:
    slugs: Iterable[str] = [one.slug for one in months_between(Month(2025, 11), Month(2026, 2))]
    assert list(slugs) == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert month_of(datetime(2026, 12, 31, 23, tzinfo=UTC), UTC) == DECEMBER
    assert (DECEMBER.after, Month(2027, 1).before) == (Month(2027, 1), DECEMBER)
    assert Account.objects.filter(person=ada).count() == 0


def test_many_entries_of_one_moment_are_all_counted(ada: Person, fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("artists.compensation.statements.months.CLOSE", 2)
    with freeze_time("2026-11-10T12:00:00Z"):
        for _number in range(6):
            promised(fund, ada, 100)
    found = statement_of(ada, NOVEMBER, "EUR")
    assert (found.closing, len(all_moved_in(found)), statement_of(ada, OCTOBER, "EUR").closing) == (
        Balances(600, 0, 0), 6, Balances(),
    )  # fmt: skip


def test_account_left_alone_for_long_keeps_its_balance(
    ada: Person, ben: Person, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artists.compensation.statements.months.CLOSE", 3)
    busy(fund, ada)
    with freeze_time("2026-11-25T12:00:00Z"):
        for _number in range(5):
            promised(fund, ada, 100)
            promised(fund, ben, 100)
    parts = [statement_of(ada, month, "EUR") for month in (OCTOBER, NOVEMBER)]
    assert [one.closing for one in parts] == [Balances(300, 0, 1000), Balances(2850, 7, 1000)]
    assert (parts[1].closing, all_moved_in(parts[1])[0].after) == (now_of(ada), Balances(350, 0, 1000))


def test_paid_again_under_other_numbers_leaves_the_former_month_as_it_was(ada: Person, sam: Person, fund: Fund) -> None:
    made = promised(fund, ada, 1000)[0]
    with freeze_time("2026-10-05T12:00:00Z"):
        paid_by_hand(made, "first reference")
    with freeze_time("2026-10-20T12:00:00Z"):
        came_back(fresh(made))
    october = statement_sheet(statement_of(ada, Month(2026, 10), "EUR"))
    assert [row["reference"] for row in rows_of(october) if row["kind"] in {"hand", "reverse"}] == [
        "first reference", "NL-7 back",
    ]  # fmt: skip
    with freeze_time("2026-11-05T12:00:00Z"):
        sent(pay_again(fresh(made), actor=sam))
    assert statement_sheet(statement_of(ada, Month(2026, 10), "EUR")) == october
    november = rows_of(statement_sheet(statement_of(ada, Month(2026, 11), "EUR")))
    told = [(row["kind"], row["rail_number"], row["reference"]) for row in november if row["payment"]]
    transfer = fresh(made).transfer
    assert told == [("send", transfer, ""), ("arrive", transfer, "")]
