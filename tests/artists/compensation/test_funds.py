"""Funds: made, filled, emptied, frozen, closed; by staff alone, twice is once, and nothing is lost to a wrong word."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.compensation.ledger import services
from artists.compensation.ledger.books import About, books_balance, enter
from artists.compensation.ledger.queries import stands, totals
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Fund
from artists.people.models import Person, RoleGrant
from portal.access import Refused, System
from portal.audit.models import Entry as Recorded
from portal.panels import status
from tests.factories.awards import proposed
from tests.factories.pay import drafted_award, funded
from tests.factories.refusals import code_of

ClientOf = Callable[[Person], Client]


def promise(fund: Fund, person: Person, amount: int) -> None:
    award = drafted_award(fund, person, amount)
    enter(
        EntryKind.RESERVE, amount, key=f"reserve-{award.pk}", actor=System("tests"), currency=fund.currency,
        fund=fund, person=person, about=About(award=award),
    )  # fmt: skip


def test_fund_is_filled_and_emptied_and_the_books_say_by_whom(sam: Person) -> None:
    fund = funded(sam, 50_000, name="  Autumn   fund ")
    services.take_budget(fund, 20_000, actor=sam, key="out", memo="Moved to spring")
    [stand] = stands([fund])
    assert (fund.name, stand.free, stand.budget) == ("Autumn fund", 30_000, 30_000)
    assert list(Entry.objects.values_list("kind", "amount", "actor_label", "memo")) == [
        ("budget", 50_000, sam.label, ""),
        ("cut", 20_000, sam.label, "Moved to spring"),
    ]
    told = Recorded.objects.filter(action="fund.budget").order_by("number").values_list("body", flat=True)
    assert [json.loads(one)["detail"]["amount"] for one in told] == [50_000, -20_000]


def test_promised_money_cannot_be_taken_out(ada: Person, sam: Person) -> None:
    fund = funded(sam, 1000)
    promise(fund, ada, 900)
    assert code_of(lambda: services.take_budget(fund, 101, actor=sam, key="out")) == "money-short"
    services.take_budget(fund, 100, actor=sam, key="out")
    [stand] = stands([fund])
    assert (stand.free, stand.owed, stand.budget, books_balance()) == (0, 900, 900, [])
    assert totals() == {"EUR": {"fund": 0, "owed": 900}}
    assert status()["money"] == {"EUR": {"fund": 0, "owed": 900}}


def test_wrong_words_are_refused_with_codes(sam: Person) -> None:
    fund = funded(sam)
    assert code_of(lambda: services.make_fund(" ", actor=sam, currency="EUR")) == "name-missing"
    assert code_of(lambda: services.make_fund("x" * 121, actor=sam, currency="EUR")) == "name-long"
    assert code_of(lambda: services.make_fund("Autumn", actor=sam, currency="EUR")) == "name-taken"
    assert code_of(lambda: services.make_fund("New", actor=sam, currency="XYZ")) == "currency-unused"
    assert code_of(lambda: services.make_fund("New", actor=sam, currency="EUR", approvals=1)) == "approvals-wrong"
    assert code_of(lambda: services.give_budget(fund, 0, actor=sam, key="a")) == "amount-wrong"
    assert code_of(lambda: services.give_budget(fund, -5, actor=sam, key="a")) == "amount-wrong"
    assert code_of(lambda: services.freeze_fund(fund, actor=sam, reason=" ")) == "reason-missing"
    assert Fund.objects.count() == 1


def test_frozen_and_closed(ada: Person, sam: Person) -> None:
    fund = funded(sam, 1000)
    promise(fund, ada, 400)
    assert services.freeze_fund(fund, actor=sam, reason="The bank asks.").state == "frozen"
    assert services.freeze_fund(fund, actor=sam, reason="Again.").state_reason == "The bank asks."
    assert services.unfreeze_fund(fund, actor=sam).state == "open"
    assert code_of(lambda: services.close_fund(fund, actor=sam, reason="Over.")) == "fund-owes"
    left = funded(sam, 5, name="Left")
    assert code_of(lambda: services.close_fund(left, actor=sam, reason="Over.")) == "fund-not-empty"
    empty = funded(sam, 0, name="Empty")
    assert services.close_fund(empty, actor=sam, reason="Over.").state == "closed"
    assert code_of(lambda: services.give_budget(empty, 5, actor=sam, key="x")) == "fund-closed"
    assert code_of(lambda: services.freeze_fund(empty, actor=sam, reason="Late.")) == "fund-moved"


def test_nobody_lifts_what_holds_money_of_their_own_or_that_they_propose(
    ada: Person, sam: Person, olga: Person
) -> None:
    RoleGrant.objects.create(person=ada, role="staff")
    payee = Person.objects.get(pk=ada.pk)
    fund = funded(sam, approvals=3, daily_most=100, asks_tax=True)
    proposed(payee, fund, by=sam)

    def change(actor: Person, **more: Any) -> str:
        now = Fund.objects.get(pk=fund.pk)
        kept = {"approvals": now.approvals_needed, "daily_most": now.daily_most, "asks_tax": now.asks_tax}
        try:
            services.change_fund(fund, actor=actor, about="", **kept | more)
        except Refused as refused:
            return refused.decision.code
        return ""

    for looser in ({"approvals": 2}, {"daily_most": None}, {"daily_most": 101}, {"asks_tax": False}):
        assert [change(who, **looser) for who in (payee, sam)] == ["own-money", "own-proposal"], looser
    # They make it more careful, and leave it as careful as it is.
    for stricter in ({}, {"approvals": 4}, {"daily_most": 90}):
        assert [change(who, **stricter) for who in (payee, sam)] == ["", ""], stricter
    services.freeze_fund(fund, actor=payee, reason="The bank asks.")
    assert [code_of(lambda who=who: services.unfreeze_fund(fund, actor=who)) for who in (payee, sam)] == [
        "own-money",
        "own-proposal",
    ]
    assert services.unfreeze_fund(fund, actor=olga).state == "open"
    assert change(olga, approvals=2, daily_most=None, asks_tax=False) == ""


def test_only_staff_read_and_act(client_of: ClientOf, ada: Person, rhea: Person, sam: Person) -> None:
    fund = funded(sam)
    for person in (ada, rhea):
        assert code_of(lambda who=person: services.give_budget(fund, 5, actor=who, key="k")) == "role"
        assert client_of(person).get(reverse("staff_money")).status_code == 403
        assert client_of(person).get(reverse("staff_fund", args=[fund.pk])).status_code == 403
    assert client_of(sam).get(reverse("staff_fund", args=[uuid.uuid4()])).status_code == 404


def test_pages_take_wrong_input_and_lose_nothing(client_of: ClientOf, sam: Person) -> None:
    client = client_of(sam)
    wrong = client.post(
        reverse("staff_fund_new"), {"name": "Spring", "currency": "EUR", "approvals": 2, "daily": "10.005"}
    )
    assert (wrong.status_code, "amount-unreadable" in wrong.content.decode(), 'value="Spring"' in wrong.content.decode()) == (
        422, True, True,
    )  # fmt: skip
    made = client.post(reverse("staff_fund_new"), {"name": "Spring", "currency": "EUR", "approvals": 3, "daily": "100"})
    fund = Fund.objects.get()
    assert (made.status_code, fund.approvals_needed, fund.daily_most) == (302, 3, 10_000)
    budget, key = reverse("staff_fund_budget", args=[fund.pk]), str(uuid.uuid4())
    for text in ("0", "-5", "10.005", "ten", ""):
        answer = client.post(budget, {"amount": text, "key": key, "memo": "From the studio"})
        assert (answer.status_code, "From the studio" in answer.content.decode()) == (422, True), text
    assert Entry.objects.count() == 0
    # Sent twice is entered once.
    assert [client.post(budget, {"amount": "250", "key": key}).status_code for _ in range(2)] == [302, 302]
    assert list(Entry.objects.values_list("amount", flat=True)) == [25_000]
    taken = client.post(budget, {"amount": "251", "key": str(uuid.uuid4()), "act": "take"})
    assert (taken.status_code, "money-short" in taken.content.decode()) == (409, True)
    page = client.get(reverse("staff_fund", args=[fund.pk])).content.decode()
    assert "250.00" in page
    frozen = client.post(reverse("staff_fund_state", args=[fund.pk]), {"act": "freeze", "reason": "The bank asks."})
    assert (frozen.status_code, Fund.objects.get().state) == (302, "frozen")


def test_money_page_asks_as_often_for_three_funds_as_for_one(client_of: ClientOf, sam: Person) -> None:
    client = client_of(sam)
    funded(sam, 10, name="A")
    client.get(reverse("staff_money"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("staff_money")).status_code == 200
        return len(queries)

    one = asked()
    funded(sam, 10, name="B")
    funded(sam, 10, name="C")
    assert asked() == one
