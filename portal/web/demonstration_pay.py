"""Money of the demonstration: a fund, two fees that wait for two people each, and an open call for grants."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from artists.compensation.awards.services import (
    Call,
    Promise,
    make_round,
    open_round,
    propose_award,
    submit_award,
)
from artists.compensation.ledger.queries import funds_overseen_by
from artists.compensation.ledger.services import give_budget, make_fund
from artists.compensation.models import Award, Fund
from artists.people.models import Person
from portal.access import Refused
from portal.money import currencies

MARA, THEO, ADA, BEN = (f"{name}@demo.example" for name in ("mara", "theo", "ada", "ben"))
CALL_TEXT = """Time to finish one film: two months, a mentor from the program, and nothing owed in return.

Say what you would make, and what you would spend the money on."""
CRITERIA = ("The work so far", "What the film needs that the tool cannot give", "How it stays yours")


def _proposed(fund: Fund, payee: Person, amount: int, title: str, people: Mapping[str, Person]) -> Award:
    award = propose_award(Promise(payee, fund, amount, title), actor=people[THEO])
    return submit_award(award, actor=people[THEO])


def pay_some(people: Mapping[str, Person]) -> None:
    """Once, however often this runs; what a visitor did stands."""
    mara = people[MARA]
    if funds_overseen_by(mara).exists():
        return
    try:
        fund = make_fund(
            "Autumn", actor=mara, currency=currencies()[0], about="Grants, fees and contributions of the autumn."
        )
        give_budget(fund, 2_500_000, actor=mara, key="demonstration", memo="From the studio's budget")
        # Nothing is approved here: no command approves money, not even for show. Mara and Ines can.
        _proposed(fund, people[ADA], 60_000, "Talk at the screening", people)
        _proposed(fund, people[BEN], 45_000, "Poster of the screening", people)
        now = timezone.now()
        call = Call(
            "A film to its end",
            CALL_TEXT,
            CRITERIA,
            fund,
            300_000,
            3,
            now,
            now + timedelta(days=28),
            now + timedelta(days=42),
        )
        open_round(make_round(call, actor=mara), actor=mara)
    except Refused:  # a visitor was faster
        return
