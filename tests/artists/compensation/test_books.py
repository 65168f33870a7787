"""The books: they balance whatever is entered, and the database refuses what the code would never try."""

import random
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from artists.compensation.ledger.books import About, balance_of, books_balance, enter, left_of, owed_from
from artists.compensation.ledger.services import give_budget
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Account, Entry, Fund
from artists.people.models import Person
from portal.access import System
from tests.factories.pay import drafted_award, funded
from tests.factories.refusals import code_of
from tests.factories.together import at_once

BOOKS = System("tests")


def entered(kind: EntryKind, amount: int, key: str, fund: Fund, person: Person | None = None, **about: object) -> Entry:
    entry, _new = enter(
        kind, amount, key=key, actor=BOOKS, currency=fund.currency, fund=fund, person=person, about=About(**about)
    )
    return entry


def money(fund: Fund, person: Person) -> tuple[int, int, int, int]:
    """Free, owed, on its way, paid."""
    return (
        balance_of(Side.FUND, fund.currency, fund=fund),
        *(balance_of(side, fund.currency, person=person) for side in (Side.OWED, Side.FLIGHT, Side.PAID)),
    )


def test_money_goes_from_a_fund_to_an_artist_and_back(ada: Person, sam: Person) -> None:
    fund = funded(sam, 100_000)
    award = drafted_award(fund, ada, 30_000)
    entered(EntryKind.RESERVE, 30_000, "reserve", fund, ada, award=award)
    assert money(fund, ada) == (70_000, 30_000, 0, 0)
    entered(EntryKind.SEND, 20_000, "send", fund, ada, award=award)
    assert (money(fund, ada), left_of(award), owed_from(fund)) == ((70_000, 10_000, 20_000, 0), 10_000, 30_000)
    entered(EntryKind.ARRIVE, 20_000, "arrive", fund, ada, award=award)
    entered(EntryKind.RELEASE, 10_000, "release", fund, ada, award=award)
    assert (money(fund, ada), left_of(award), owed_from(fund)) == ((80_000, 0, 0, 20_000), 0, 0)
    entered(EntryKind.REVERSE, 5_000, "reverse", fund, ada, award=award)
    assert (money(fund, ada), owed_from(fund), books_balance()) == ((80_000, 5_000, 0, 15_000), 5_000, [])


def test_the_same_act_is_entered_once(ada: Person, sam: Person) -> None:
    fund = funded(sam, 1000)
    award = drafted_award(fund, ada)
    first = enter(
        EntryKind.RESERVE, 400, key="once", actor=BOOKS, currency="EUR", fund=fund, person=ada, about=About(award)
    )
    again = enter(
        EntryKind.RESERVE, 400, key="once", actor=BOOKS, currency="EUR", fund=fund, person=ada, about=About(award)
    )
    assert (first[1], again[1], first[0].pk == again[0].pk, money(fund, ada)) == (True, False, True, (600, 400, 0, 0))


def test_more_than_there_is_is_refused_with_words(ada: Person, sam: Person) -> None:
    fund = funded(sam, 1000)
    award = drafted_award(fund, ada)
    assert code_of(lambda: entered(EntryKind.RESERVE, 1001, "more", fund, ada, award=award)) == "money-short"
    with pytest.raises(ValueError, match="0 is no amount"):
        entered(EntryKind.RESERVE, 0, "nothing", fund, ada, award=award)
    assert (money(fund, ada), Entry.objects.count()) == ((1000, 0, 0, 0), 1)


def refused(sql: str, *values: object) -> str:
    """What the database answers to a statement past all our code, by its first word."""
    with pytest.raises(DatabaseError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(fault.value).splitlines()[0].split(":")[0].strip()


COLUMNS = "key, kind, debit_id, credit_id, amount, currency, debit_after, credit_after, person_id, award_id, reverses_id, actor_label, memo, at"


def test_the_database_refuses_changes_and_whatever_does_not_balance(ada: Person, ben: Person, sam: Person) -> None:
    fund, yen = funded(sam, 1000), Account.objects.create(side=Side.CAPITAL, currency="JPY")
    award = drafted_award(fund, ada)
    entered(EntryKind.RESERVE, 300, "reserve", fund, ada, award=award)
    first = Entry.objects.get(kind=EntryKind.BUDGET)
    capital, free = first.debit, Account.objects.get(side=Side.FUND)
    owed = Account.objects.get(side=Side.OWED)
    now = "2026-11-29 08:00:00+00:00"

    def insert(debit: Account, credit: Account, amount: int, after: tuple[int, int], *, person: int | None = None,
               award_id: object = None, reverses: int | None = None, currency: str = "EUR") -> str:  # fmt: skip
        return refused(
            f"INSERT INTO compensation_entry ({COLUMNS}) VALUES (%s, 'cut', %s, %s, %s, %s, %s, %s, %s, %s, %s, 'x', '', %s)",
            f"raw-{random.random()}",  # noqa: S311 - a name that is free
            debit.pk, credit.pk, amount, currency, *after, person, award_id, reverses, now,
        )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM compensation_award")
        raw_award = cursor.fetchone()[0]
    append_only = "append-only"
    assert refused("UPDATE compensation_entry SET amount = 1") == append_only
    assert refused("DELETE FROM compensation_entry") == append_only
    assert refused("UPDATE compensation_account SET balance = balance + 1") == "pay-account"
    assert refused("UPDATE compensation_account SET currency = 'USD'") == "pay-account-fixed"
    assert refused("DELETE FROM compensation_account") == "pay-account-kept"
    assert refused("UPDATE compensation_fund SET currency = 'USD'") == "pay-fund-fixed"
    # The balances after it must be those of its accounts: nothing is spent twice by stating other ones.
    assert insert(free, capital, 10, (free.balance, capital.balance)) == "pay-balance"
    assert insert(capital, yen, 10, (capital.balance - 10, 10)) == "pay-currency"
    assert insert(owed, free, 10, (290, 710), person=ben.pk, award_id=raw_award) == "pay-person"
    fresh = Account.objects.get(pk=capital.pk)
    # 700 are left: the account itself may not fall below zero.
    assert "pay_account_not_overdrawn" in str(overdrawn(free, fresh, now))
    assert insert(free, fresh, 100, (600, fresh.balance + 100), reverses=first.pk) == "pay-reversal"
    assert books_balance() == []


def overdrawn(free: Account, capital: Account, now: str) -> DatabaseError:
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO compensation_entry ({COLUMNS}) VALUES ('raw', 'cut', %s, %s, 701, 'EUR', %s, %s, NULL, NULL, NULL, 'x', '', %s)",
            [free.pk, capital.pk, -1, capital.balance + 701, now],
        )
    return fault.value


def test_no_award_pays_more_than_was_promised_for_it(ada: Person, sam: Person) -> None:
    fund = funded(sam, 1000)
    one, two = drafted_award(fund, ada, 300), drafted_award(fund, ada, 200)
    entered(EntryKind.RESERVE, 300, "one", fund, ada, award=one)
    entered(EntryKind.RESERVE, 200, "two", fund, ada, award=two)
    # 500 are owed in all, but for the second award 200 only.
    with pytest.raises(DatabaseError, match="pay-award"), transaction.atomic():
        entered(EntryKind.SEND, 201, "send", fund, ada, award=two)
    entered(EntryKind.SEND, 200, "send", fund, ada, award=two)
    assert (left_of(one), left_of(two), books_balance()) == (300, 0, [])


def test_an_entry_is_reversed_once_and_whole(sam: Person) -> None:
    fund = funded(sam, 1000)
    first = Entry.objects.get()
    entered(EntryKind.CUT, 1000, "back", fund, reverses=first)
    # The same money is there again, in the same fund, so that nothing but the second time is wrong.
    give_budget(fund, 1000, actor=sam, key="again")
    with pytest.raises(IntegrityError, match="reverses_id"), transaction.atomic():
        entered(EntryKind.CUT, 1000, "back again", fund, reverses=first)
    assert (balance_of(Side.FUND, "EUR", fund=fund), books_balance()) == (1000, [])


def test_award_that_was_approved_stays_as_it_was_read(ada: Person, sam: Person) -> None:
    award = drafted_award(funded(sam), ada)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE compensation_award SET state = 'approved', approved_at = made_at")
    assert refused("UPDATE compensation_award SET amount = 1") == "pay-award-fixed"
    assert refused("DELETE FROM compensation_award") == "pay-award-kept"
    award.refresh_from_db()
    assert award.amount == 30_000


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_never_overdraw_a_fund(ada: Person, sam: Person) -> None:
    fund = funded(sam, 900)
    award = drafted_award(fund, ada, 2000)

    def take(number: int) -> bool:
        entered(EntryKind.RESERVE, 50, f"take-{number}", fund, ada, award=award)
        return True

    done = at_once(40, take)
    assert [one for one in done if one is True] == [True] * 18
    assert {type(one).__name__ for one in done if one is not True} == {"Refused"}
    assert (money(fund, ada), books_balance()) == ((0, 900, 0, 0), [])


def test_entry_in_the_middle_of_the_check_is_no_fault(sam: Person) -> None:
    fund, done = funded(sam), []

    def meanwhile(execute: Any, sql: str, *more: Any) -> Any:
        answer = execute(sql, *more)
        if not done and "compensation_account" in sql:
            done.append(sql)
            give_budget(fund, 500, actor=sam, key="meanwhile")
        return answer

    with connection.execute_wrapper(meanwhile):
        assert books_balance() == []
    assert (len(done), books_balance()) == (1, [])
