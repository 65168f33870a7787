"""What the accounts department takes along: every entry of a period, by fund, without a formula, and recorded."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from artists.compensation.models import Entry, Fund, PayProfile
from artists.compensation.statements import services
from artists.people.models import Person
from portal.audit.models import Entry as Recorded
from portal.money import minor_units
from tests.factories import pay
from tests.factories.ledger import came_back, paid_by_hand, promised, sent
from tests.factories.refusals import code_of

ClientOf = Callable[[Person], Client]


@pytest.fixture
def fund(sam: Person) -> Fund:
    """With 1,000.00 EUR in it, given in October."""
    with freeze_time("2026-10-01T12:00:00Z"):
        return pay.funded(sam, name="=Autumn")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def entered(fund: Fund, other: Fund, ada: Person, ben: Person) -> None:
    with freeze_time("2026-10-31T23:59:59Z"):
        paid_by_hand(promised(fund, ada, 1000)[0])
    with freeze_time("2026-11-01T00:00:00Z"):
        sent(promised(fund, ben, 2000, purpose="grant")[0])
        promised(other, ben, 300)


def test_books_of_a_period_are_whole_and_by_fund(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    with freeze_time("2026-10-01T13:00:00Z"):
        other = pay.funded(sam, name="Winter")
    entered(fund, other, ada, ben)
    with freeze_time("2026-11-20T12:00:00Z"):
        days = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))
        october, november = (rows_of(services.export_books(*both, actor=sam)) for both in days)
        one = rows_of(services.export_books(*days[1], actor=sam, fund=other))
    assert [row["kind"] for row in october] == ["budget", "budget", "reserve", "hand"]
    assert [row["kind"] for row in november] == ["reserve", "send", "arrive", "reserve"]
    assert [(row["kind"], row["amount"], row["fund"], row["artist"]) for row in one] == [
        ("reserve", "3.00", "Winter", "Ben")
    ]
    arrived = november[2]
    entry = Entry.objects.get(number=arrived["number"])
    assert entry.payment is not None and entry.award is not None
    assert arrived == {
        "number": str(entry.number), "at": "2026-11-01T00:00:00+00:00", "kind": "arrive", "from": "being_sent", "to": "sent",
        "amount": "20.00", "currency": "EUR", "fund": "'=Autumn", "artist_number": str(ben.pk), "artist": "Ben",
        "award": str(entry.award_id), "award_title": "October work", "purpose": "grant", "payment": str(entry.payment_id),
        "rail": "stripe_connect", "rail_number": entry.payment.transfer, "reference": "", "by": "system: tests", "memo": "",
        "key": entry.key,
    }  # fmt: skip


def test_books_read_back_to_the_balances(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    with freeze_time("2026-10-01T13:00:00Z"):
        other = pay.funded(sam, name="Winter")
    entered(fund, other, ada, ben)
    there: dict[tuple[str, str], int] = {}
    with freeze_time("2026-11-20T12:00:00Z"):
        text = services.export_books(date(2026, 10, 1), date(2026, 11, 30), actor=sam)
    for row in rows_of(text):
        for side, sign in ((row["from"], -1), (row["to"], 1)):
            whose = row["fund"] if side == "fund" else row["artist"] if side != "program" else ""
            there[side, whose] = there.get((side, whose), 0) + sign * minor_units(row["amount"], row["currency"])
    assert there == {
        ("program", ""): -200_000, ("fund", "'=Autumn"): 97_000, ("fund", "Winter"): 99_700, ("payable", "Ada"): 0,
        ("sent", "Ada"): 1000, ("payable", "Ben"): 300, ("being_sent", "Ben"): 0, ("sent", "Ben"): 2000,
    }  # fmt: skip


def test_taking_the_books_is_recorded_and_for_staff_alone(
    ada: Person, rhea: Person, sam: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    path = reverse("staff_money_books")
    with freeze_time("2026-11-20T12:00:00Z"):
        answers = {
            who.name: client_of(who).get(path, {"since": "2026-10-01", "until": "2026-10-31", "fund": fund.pk})
            for who in (ada, rhea, sam, olga)
        }
        year = [client_of(who).get(reverse("staff_money_year_csv", args=["2026"])).status_code for who in (ada, sam)]
        later = client_of(sam).get(reverse("staff_money_year_csv", args=["2027"])).status_code
    assert {name: one.status_code for name, one in answers.items()} == {
        "Ada": 403,
        "Rhea": 403,
        "Sam": 200,
        "Olga": 200,
    }
    assert (year, later) == ([403, 200], 404)
    assert answers["Sam"]["Content-Disposition"] == 'attachment; filename="books-2026-10-01-2026-10-31.csv"'
    kept = [
        json.loads(one.body)["detail"] for one in Recorded.objects.filter(action="ledger.export").order_by("number")
    ]
    assert kept == [
        *([{"since": "2026-10-01", "until": "2026-10-31", "fund": "=Autumn", "entries": 1}] * 2),
        {"year": 2026, "lines": 0},
    ]


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2026-11-10", "2026-11-01", "period-backwards"),
        ("2027-01-01", "2027-01-31", "period-future"),
        ("2020-01-01", "2026-11-01", "period-long"),
    ],
)
def test_period_that_cannot_be_is_refused_and_stays_typed(
    sam: Person, fund: Fund, client_of: ClientOf, since: str, until: str, code: str
) -> None:
    with freeze_time("2026-11-20T12:00:00Z"):
        days = date.fromisoformat(since), date.fromisoformat(until)
        assert code_of(lambda: services.export_books(*days, actor=sam)) == code
        answer = client_of(sam).get(reverse("staff_money_books"), {"since": since, "until": until})
        empty = client_of(sam).get(reverse("staff_money_books"), {"since": "", "until": "soon"})
    told = answer.content.decode()
    assert (answer.status_code, code in told, f'value="{since}"' in told, empty.status_code) == (422, True, True, 422)
    assert not Recorded.objects.filter(action="ledger.export").exists()


def test_year_of_everybody_is_by_artist_purpose_and_currency(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    PayProfile.objects.create(person=ben, country="FR", tax_confirmed_at=datetime(2026, 2, 3, tzinfo=UTC))
    with freeze_time("2025-12-31T23:59:59Z"):
        paid_by_hand(promised(fund, ada, 1)[0])
    with freeze_time("2026-03-01T12:00:00Z"):
        paid_by_hand(promised(fund, ben, 100, purpose="expenses")[0])
        paid_by_hand(promised(fund, ben, 200, purpose="expenses")[0])
        came_back(sent(promised(fund, ada, 70)[0]))
    with freeze_time("2026-11-20T12:00:00Z"):
        told = [tuple(row.values()) for row in rows_of(services.export_year(2026, actor=sam))]
    assert told == [
        ("2026", "UTC", str(ada.pk), "Ada", "", "work", "EUR", "0.70", "0.70", ""),
        ("2026", "UTC", str(ben.pk), "Ben", "FR", "expenses", "EUR", "3.00", "0.00", "2026-02-03"),
    ]


def test_export_asks_as_many_queries_for_many_entries(ada: Person, sam: Person, fund: Fund) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            services.export_books(date(2026, 11, 1), date(2026, 11, 30), actor=sam)
            services.export_year(2026, actor=sam)
        return len(seen)

    with freeze_time("2026-11-20T12:00:00Z"):
        paid_by_hand(promised(fund, ada, 10)[0])
        few = asked()
        for _number in range(5):
            paid_by_hand(promised(fund, ada, 10)[0])
        assert asked() == few
