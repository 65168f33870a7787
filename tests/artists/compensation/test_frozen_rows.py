"""What the database itself refuses of what was priced, promised, sent or approved: every guard, on a real row, past all our code."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from artists.compensation.models import Attempt, Award, Contribution, Fund, Payment, RailEvent, Return, ServiceLetter
from artists.compensation.triggers import GUARDS
from artists.people.models import Person
from portal.audit.guards import Guard
from tests.factories.ledger import attempted, promised
from tests.factories.pay import drafted_award, earned, funded

NOW = timezone.now
Row = models.Model


def award(fund: Fund, payee: Person, state: str) -> Award:
    made = drafted_award(fund, payee, by=fund.by)
    Award.objects.filter(pk=made.pk).update(state=state or "draft", approved_at=NOW())
    return made


def attempt(fund: Fund, payee: Person, state: str) -> Attempt:
    made = attempted(promised(fund, payee)[0])
    Attempt.objects.filter(pk=made.pk).update(state=state or "prepared", transfer="tr_1", ended_at=NOW())
    return made


def returned(fund: Fund, payee: Person, state: str) -> Return:
    return Return.objects.create(
        payment=promised(fund, payee)[0], number=1, key="back-1", transfer="tr_1", amount=5, state=state or "prepared",
        reason="Wrong month.", by_label="tests", began_at=NOW(), called_at=NOW(), ended_at=NOW(),
    )  # fmt: skip


def event(fund: Fund, payee: Person, state: str) -> RailEvent:
    del fund, payee, state
    return RailEvent.objects.create(event="evt_1", type="transfer.created", body={}, received_at=NOW(), due_at=NOW())


def letter(fund: Fund, payee: Person, state: str) -> ServiceLetter:
    del fund, state
    today = NOW().date()
    return ServiceLetter.objects.create(
        code="ABCD", person=payee, since=today, until=today, facts={"work": []}, digest="0" * 64, made_at=NOW(),
        withdrawn_at=NOW(),
    )  # fmt: skip


# By table: a row in a state that its guard names.
ROWS: dict[str, tuple[type[Row], Callable[[Fund, Person, str], Row]]] = {
    "compensation_contribution": (Contribution, lambda fund, payee, state: earned(payee)),
    "compensation_award": (Award, award),
    "compensation_payment": (Payment, lambda fund, payee, state: promised(fund, payee)[0]),
    "compensation_attempt": (Attempt, attempt),
    "compensation_return": (Return, returned),
    "compensation_fund": (Fund, lambda fund, payee, state: fund),
    "compensation_railevent": (RailEvent, event),
    "compensation_serviceletter": (ServiceLetter, letter),
}


def states_of(guard: Guard) -> list[str]:
    """Those in which it holds, or one that does not matter."""
    named = re.search(r"OLD\.state IN \(([^)]*)\)", guard.when)
    return re.findall(r"'(\w+)'", named[1]) if named else [""]


def columns_of(guard: Guard) -> list[str]:
    """Those that it keeps as they are."""
    return list(dict.fromkeys(re.findall(r"NEW\.(\w+)(?:, 0\))? <> ", guard.when)))


def other(column: str, value: Any) -> Any:
    """Another value that the column could hold."""
    if column == "state":
        return "unknown"
    if isinstance(value, str):
        return f"{value[:-1]}~"
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, date | datetime):
        return value + timedelta(days=1)
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    assert isinstance(value, list | dict), (column, value)
    return [1]


# What is among them whatever else they keep: a guard that forgets one of these is no guard.
KEPT = {
    "pay-contribution-fixed": "source person_id kind quantity at unit_price amount currency",
    "pay-award-fixed": "kind title payee_id fund_id amount currency purpose terms instalments digest proposer_id",
    "pay-payment-fixed": "award_id number payee_id amount currency due_on",
    "pay-attempt-fixed": "payment_id number key rail destination amount currency",
    "pay-return-fixed": "payment_id number key transfer amount reason by_label",
    "pay-serviceletter-fixed": "code person_id since until facts digest made_at",
    "pay-fund-fixed": "currency",
    "pay-attempt-ended": "state transfer code words ended_at",
    "pay-return-ended": "state reversal code words ended_at",
    "pay-letter-withdrawn": "withdrawn_at",
}
ENDED = {
    "pay-award-fixed": {"approved", "void", "closed"},
    "pay-attempt-ended": {"accepted", "refused"},
    "pay-return-ended": {"accepted", "refused"},
}
NEVER_GO = ("contribution", "award", "payment", "attempt", "return", "fund", "railevent", "serviceletter")
CASES = [(guard, state) for guard in GUARDS for state in states_of(guard)]


@pytest.mark.parametrize(("guard", "state"), CASES, ids=[f"{guard.code} {state}".strip() for guard, state in CASES])
def test_what_was_agreed_neither_changes_nor_goes(guard: Guard, state: str, ada: Person, sam: Person) -> None:
    model, made = ROWS[guard.table]
    row = made(funded(sam), ada, state)
    here = model._base_manager.filter(pk=row.pk)  # noqa: SLF001 - Django's documented Model API
    before = here.values().get()

    def refused(act: Callable[[], object]) -> None:
        with pytest.raises(DatabaseError) as fault, transaction.atomic():
            act()
        assert str(fault.value).splitlines()[0].split(":")[0].strip() == guard.code

    if guard.act == "DELETE":
        key = model._meta.pk  # noqa: SLF001 - Django's documented Model API
        with connection.cursor() as cursor:
            value = key.get_db_prep_value(row.pk, connection)
            refused(lambda: cursor.execute(f"DELETE FROM {guard.table} WHERE {key.column} = %s", [value]))
    else:
        columns = columns_of(guard)
        assert columns, guard.when
        for column in columns:
            refused(partial(here.update, **{column: other(column, before[column])}))
        for column in re.findall(r"NEW\.(\w+) IS NULL", guard.when):
            refused(partial(here.update, **{column: None}))
    assert here.values().get() == before


def test_every_guard_is_there_and_keeps_what_it_has_to() -> None:
    guards = {guard.code: guard for guard in GUARDS}
    assert {guard.table for guard in GUARDS} == set(ROWS)
    assert set(guards) >= {*KEPT, *(f"pay-{name}-kept" for name in NEVER_GO)}
    assert {code: set(columns.split()) - set(columns_of(guards[code])) for code, columns in KEPT.items()} == {
        code: set() for code in KEPT
    }
    assert {code: set(states_of(guards[code])) for code in ENDED} == ENDED
