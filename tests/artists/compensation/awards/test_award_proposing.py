"""Sums, instalments, words and states of an award before anybody approves it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from artists.compensation.awards import services
from artists.compensation.awards.digest import Instalment, digest_now, equal_parts
from artists.compensation.awards.queries import awards_of, awards_overseen_by, awards_waiting_for
from artists.compensation.ledger.services import close_fund, freeze_fund
from artists.compensation.models import Award, Fund, Payment
from artists.people.models import Person
from portal.money import minor_units
from tests.factories.awards import approved, promise, proposed, submitted, yes
from tests.factories.pay import funded
from tests.factories.refusals import code_of
from tests.factories.together import at_once

TODAY = date(2026, 1, 31)


@given(amount=st.integers(1, 10**11), parts=st.integers(1, 24))
def test_instalments_sum_to_the_award_exactly(amount: int, parts: int) -> None:
    if parts > amount:
        return
    made = equal_parts(amount, parts, TODAY)
    sums = [one.amount for one in made]
    assert (sum(sums), len(sums), max(sums) - min(sums) <= 1, sums == sorted(sums, reverse=True)) == (
        amount,
        parts,
        True,
        True,
    )


def test_instalments_are_a_month_apart_and_at_its_end_where_it_is_short() -> None:
    assert [one.due for one in equal_parts(100, 4, TODAY)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert [one.due for one in equal_parts(100, 3, TODAY, months_between=6)][-1] == date(2027, 1, 31)


def test_largest_remainder_goes_to_the_first() -> None:
    assert [one.amount for one in equal_parts(1001, 3, TODAY)] == [334, 334, 333]


@pytest.mark.parametrize("text", ["10.005", "-1", "1e3", "1,000", "", "NaN"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    assert code_of(lambda: minor_units(text, "EUR")) == "amount-unreadable"


def cases(fund: Fund) -> dict[str, dict[str, Any]]:
    today = timezone.now().date()
    return {
        "nothing": {"amount": 0},
        "negative": {"amount": -1},
        "huge": {"amount": 10**11 + 1},
        "no title": {"title": "  "},
        "long title": {"title": "x" * 121},
        "long terms": {"terms": "x" * 4001},
        "kind": {"kind": "gift"},
        "purpose": {"purpose": "bribe"},
        "batch": {"kind": "batch"},
        "short of it": {"instalments": [Instalment(29_999, today)]},
        "beyond it": {"instalments": [Instalment(30_000, today), Instalment(1, today)]},
        "part of nothing": {"instalments": [Instalment(30_000, today), Instalment(0, today)]},
        "part below nothing": {"instalments": [Instalment(30_001, today), Instalment(-1, today)]},
        "backwards": {"instalments": [Instalment(15_000, today), Instalment(15_000, today - timedelta(days=1))]},
        "many": {"instalments": equal_parts(30_000, 25, today)},
        "past": {"instalments": [Instalment(30_000, today - timedelta(days=2))]},
    }


def test_award_that_cannot_be_promised_is_refused(ada: Person, sam: Person, fund: Fund) -> None:
    codes = {name: code_of(lambda more=more: proposed(ada, fund, by=sam, **more)) for name, more in cases(fund).items()}
    assert codes == {
        "nothing": "amount-wrong",
        "negative": "amount-wrong",
        "huge": "amount-wrong",
        "no title": "title-missing",
        "long title": "title-long",
        "long terms": "terms-long",
        "kind": "kind-unknown",
        "purpose": "purpose-unknown",
        "batch": "kind-unknown",
        "short of it": "instalments-wrong",
        "beyond it": "instalments-wrong",
        "part of nothing": "instalments-wrong",
        "part below nothing": "instalments-wrong",
        "backwards": "instalments-wrong",
        "many": "instalments-wrong",
        "past": "due-past",
    }
    assert Award.objects.count() == 0


def test_database_refuses_a_sum_of_nothing_and_an_award_for_oneself(ada: Person, sam: Person, fund: Fund) -> None:
    award = proposed(ada, fund, by=sam)
    for column, value in (("amount", 0), ("amount", -5), ("proposer", ada), ("state", "paid")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**{column: value})


def test_only_artists_are_promised_anything(rhea: Person, sam: Person, fund: Fund) -> None:
    assert code_of(lambda: proposed(rhea, fund, by=sam)) == "payee-unfit"


def test_funds_that_are_frozen_or_closed_promise_nothing(ada: Person, sam: Person) -> None:
    frozen, closed = funded(sam, name="Frozen"), funded(sam, 0, name="Closed")
    frozen = freeze_fund(frozen, actor=sam, reason="Under review.")
    closed = close_fund(closed, actor=sam, reason="Over.")
    assert [code_of(lambda fund=fund: proposed(ada, fund, by=sam)) for fund in (frozen, closed)] == [
        "fund-frozen",
        "fund-closed",
    ]


@override_settings(VERNISSAGE_CURRENCIES=["EUR", "JPY"])
def test_currency_without_fractions_is_split_in_whole_units(
    ada: Person, sam: Person, tess: Person, olga: Person
) -> None:
    yen = funded(sam, 10_000, name="Yen", currency="JPY")
    assert (minor_units("1000", "JPY"), code_of(lambda: minor_units("1000.5", "JPY"))) == (1000, "amount-unreadable")
    today = timezone.now().date()
    award = approved(ada, yen, by=sam, approvers=[tess, olga], amount=1000, instalments=equal_parts(1000, 3, today))
    assert [(one.number, one.amount, one.currency) for one in Payment.objects.order_by("number")] == [
        (1, 334, "JPY"),
        (2, 333, "JPY"),
        (3, 333, "JPY"),
    ]
    assert award.currency == "JPY"


def test_digest_is_of_everything_that_is_promised(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    other = funded(sam, name="Other")
    award = submitted(ada, fund, by=sam)
    assert digest_now(award) == award.digest
    columns: dict[str, Any] = {
        "kind": "grant",
        "title": "x",
        "payee": ben,
        "fund": other,
        "amount": 1,
        "currency": "USD",
        "purpose": "grant",
        "terms": "x",
        "instalments": [],
        "submitted_at": timezone.now() + timedelta(seconds=1),
    }
    digests = set()
    for name, value in columns.items():
        fresh = Award.objects.get(pk=award.pk)
        setattr(fresh, name, value)
        digests.add(digest_now(fresh))
    assert (len(digests), award.digest in digests) == (len(columns), False)


def test_two_awards_that_say_the_same_have_two_digests(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    with freeze_time(timezone.now()):
        one, two = submitted(ada, fund, by=sam), submitted(ada, fund, by=sam)
    assert one.digest != two.digest
    assert code_of(lambda: yes(two, tess, digest=one.digest)) == "digest-stale"


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_at_the_same_moment_makes_one_award(ada: Person, sam: Person) -> None:
    fund, key = funded(sam), uuid4()
    made = at_once(4, lambda _n: services.propose_award(promise(ada, fund), actor=sam, key=key).pk)
    assert (made, Award.objects.count()) == ([key] * 4, 1)


def test_states_on_the_way(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    award = proposed(ada, fund, by=sam)
    assert (award.state, code_of(lambda: yes(award, tess))) == ("draft", "award-moved")
    assert code_of(lambda: services.submit_award(award, actor=tess)) == "not-yours"
    first = services.submit_award(award, actor=sam)
    assert services.submit_award(award, actor=sam).digest == first.digest
    done = services.withdraw_award(award, actor=tess)
    assert (done.state, services.withdraw_award(award, actor=sam).state) == ("withdrawn", "withdrawn")
    acts = [
        lambda: services.submit_award(award, actor=sam),
        lambda: services.change_award(award, promise(ada, fund), actor=sam),
        lambda: services.decline_award(award, actor=tess, digest=done.digest, reason="No."),
        lambda: services.void_award(award, actor=tess, reason="No."),
    ]
    assert [code_of(act) for act in acts] == ["award-moved"] * 4


def test_promised_awards_are_not_withdrawn(ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    assert code_of(lambda: services.withdraw_award(award, actor=sam)) == "award-moved"


def test_everybody_sees_what_concerns_them(
    ada: Person, ben: Person, rhea: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    waiting = submitted(ada, fund, by=sam)
    promised = approved(ben, fund, by=sam, approvers=[tess, olga])
    assert [[*awards_of(who)] for who in (ada, ben, sam)] == [[], [promised], []]
    assert [{*awards_overseen_by(who)} for who in (ada, rhea, tess)] == [set(), set(), {waiting, promised}]
    yes(waiting, tess)
    assert [[*awards_waiting_for(who)] for who in (sam, tess, olga, ada)] == [[], [], [waiting], []]
