"""Money that came back: entered once for each reversal, and its award owes it again."""

import pytest

from artists.compensation.ledger.books import balance_of, books_balance, left_of
from artists.compensation.ledger.states import Side
from artists.compensation.models import Award, Entry
from artists.compensation.payments.services.returning import book_reversal, book_reversals
from artists.people.models import Person
from portal.access import System
from portal.happenings.models import Happening
from tests.doubles.stripe import FakeStripe
from tests.factories.pay import funded
from tests.factories.rail import account_at, promised, sent
from tests.factories.refusals import code_of

READER = System("tests")


def test_reversal_is_entered_once_and_reopens_the_award(fake: FakeStripe, ada: Person, sam: Person) -> None:
    payment = sent(fake, promised(funded(sam), ada, 3000), account_at(fake, ada))
    Award.objects.filter(pk=payment.award_id).update(state="closed")
    part, new = book_reversal(payment, "trr_1", 1000, READER)
    again, twice = book_reversal(payment, "trr_1", 1000, READER)
    assert (part.state, part.came_back, new, twice, again.state) == (
        "partly_reversed",
        1000,
        True,
        False,
        "partly_reversed",
    )
    award = Award.objects.get()
    assert (award.state, left_of(award), balance_of(Side.PAID, "EUR", person=ada)) == ("approved", 1000, 2000)
    whole, _new = book_reversal(payment, "trr_2", 2000, sam)
    assert (whole.state, whole.came_back, left_of(award), books_balance()) == ("reversed", 3000, 3000, [])
    told = (
        Entry.objects.filter(kind="reverse").order_by("number").values_list("key", "amount", "attempt__number", "memo")
    )
    assert list(told) == [("reverse-trr_1", 1000, 1, "trr_1"), ("reverse-trr_2", 2000, 1, "trr_2")]
    assert Happening.objects.filter(kind="pay.came_back").count() == 2


def test_reversal_of_what_was_never_sent_or_of_too_much_changes_nothing(
    fake: FakeStripe, ada: Person, sam: Person
) -> None:
    ready = promised(funded(sam), ada, 3000)
    assert code_of(lambda: book_reversal(ready, "trr_1", 1000, READER)) == "payment-moved"
    payment = sent(fake, ready, account_at(fake, ada))
    assert code_of(lambda: book_reversal(payment, "trr_1", 3001, READER)) == "reversal-too-much"
    assert code_of(lambda: book_reversal(payment, "trr_1", 0, READER)) == "reversal-too-much"
    assert code_of(lambda: book_reversals(payment, [("trr_1", 2000), ("trr_2", 2000)], READER)) == "reversal-too-much"
    payment.refresh_from_db()
    assert (payment.came_back, Entry.objects.filter(kind="reverse").count()) == (2000, 1)


@pytest.mark.parametrize(("who", "code"), [("ada", "own-money"), ("ben", "role"), ("rhea", "role")])
def test_nobody_else_enters_a_reversal(
    fake: FakeStripe, ada: Person, sam: Person, request: pytest.FixtureRequest, who: str, code: str
) -> None:
    payment = sent(fake, promised(funded(sam), ada, 3000), account_at(fake, ada))
    person: Person = request.getfixturevalue(who)
    assert code_of(lambda: book_reversal(payment, "trr_1", 1000, person)) == code
    assert Entry.objects.filter(kind="reverse").count() == 0
