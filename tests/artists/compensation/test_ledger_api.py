"""The ledger over the API: read only, by a scope of its own, one's own alone."""

import uuid
from typing import Any

import pytest

from artists.compensation.models import Fund
from artists.people.models import Person
from artists.people.states import TokenScope
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from portal.urls import API
from tests.factories import pay
from tests.factories.ledger import on_the_way_to_a_bank, paid_by_hand, payable, promised, sent
from tests.portal.api.test_api import Caller, code_of


@pytest.fixture
def fund(sam: Person) -> Fund:
    """With 1,000.00 EUR in it."""
    return pay.funded(sam)


def test_balances_contributions_and_payments_are_read(ada: Person, ben: Person, fund: Fund) -> None:
    pay.earned(ada, 700, about="A crash")
    payable(ada)
    promised(fund, ada, 2500)
    bounced = on_the_way_to_a_bank(sent(promised(fund, ada, 400)[0]), "failed", failure="account_closed")
    paid_by_hand(promised(fund, ben, 9)[0])
    caller = Caller(ada, TokenScope.LEDGER)
    assert caller.get("/ledger/balances").json() == [
        {"currency": "EUR", "earned": 700, "payable": 2500, "on_its_way": 400, "paid": 0}
    ]
    counted = caller.get("/ledger/contributions").json()
    assert (counted["next"], [(one["about"], one["amount"], one["state"], one["quantity"]) for one in counted["items"]]) == (
        None, [("A crash", 700, "earned", "1")],
    )  # fmt: skip
    payments = caller.get("/ledger/payments").json()
    assert [(one["amount"], one["state"], one["arrival"], one["yours"]) for one in payments["items"]] == [
        (400, "sent", "failed", True), (2500, "ready", "none", False),
    ]  # fmt: skip
    one = caller.get(f"/ledger/payments/{bounced.pk}").json()
    assert (one["stands"], one["next_step"]) == (
        "Your bank sent it back: account closed",
        "Correct your bank details at Stripe; then it is sent to the bank again by itself.",
    )


def test_pages_hang_together(ada: Person, fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("artists.compensation.statements.api.PAGE", 2)
    for number in range(5):
        pay.earned(ada, 100 + number, source=f"page:{number}")
        promised(fund, ada, 100 + number)
    caller = Caller(ada)

    def pages(path: str) -> list[list[int]]:
        seen: list[list[int]] = []
        after: Any = None
        while True:
            told = caller.get(path, data={"after": after} if after else {}).json()
            seen.append([one["amount"] for one in told["items"]])
            after = told["next"]
            if after is None:
                return seen

    assert [pages(f"/ledger/{name}") for name in ("contributions", "payments")] == [[[104, 103], [102, 101], [100]]] * 2
    wrong = [
        caller.get("/ledger/payments", data={"after": str(uuid.uuid4())}),
        caller.get("/ledger/contributions?after=9999999"),
    ]
    assert [code_of(one) for one in wrong] == [(404, "not-found")] * 2


def test_it_has_a_scope_of_its_own_and_changes_nothing(ada: Person, ben: Person, fund: Fund) -> None:
    made = promised(fund, ada)[0]
    others = [scope for scope in TokenScope if scope != TokenScope.LEDGER]
    paths = ["/ledger/balances", "/ledger/contributions", "/ledger/payments", f"/ledger/payments/{made.pk}"]
    caller = Caller(ada, *others)
    assert [code_of(caller.get(path)) for path in paths] == [(403, "token-scope")] * 4
    assert code_of(Caller(ben).get(paths[3])) == (404, "not-found")
    methods = API.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    assert {tuple(found) for path, found in methods.items() if "/ledger" in path} == {("get",)}
    assert [Caller(ada).post(path).status_code for path in paths] == [405] * 4


def test_suspended_artist_s_token_still_reads(ada: Person, sam: Person, fund: Fund) -> None:
    promised(fund, ada, 2500)
    caller = Caller(ada)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A check.")
    assert [one["payable"] for one in caller.get("/ledger/balances").json()] == [2500]
