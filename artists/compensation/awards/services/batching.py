"""Pay what was earned: a plan that is seen first, then one award for each artist, all handed to approvers together."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from artists.compensation.awards.rules import OWN_MONEY
from artists.compensation.awards.states import AwardKind, Purpose
from artists.compensation.contributions.queries import earned_for
from artists.compensation.contributions.services import take_into_award
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.states import Side
from artists.compensation.models import Batch, Contribution, Fund
from artists.compensation.payments.readiness import Ready, readiness_of_many
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.people.sameness import same_as
from portal.access import ALLOWED, Decision, Kind, denied, require
from portal.audit.chain import record

from .checking import LONGEST_TITLE, beyond, fund_open, kept_words, words_in
from .proposing import Promise, submit_award, write_award


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What one artist has earned: the contributions, their sum in minor units, whether it would reach them, whether it may be proposed."""

    person: Person
    contributions: tuple[Contribution, ...]
    amount: int
    ready: Ready
    may: Decision


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A dry run. `digest` is of exactly these contributions: what is made is what was seen."""

    fund: Fund
    until: datetime
    lines: tuple[BatchLine, ...]
    free: int
    digest: str

    @property
    def total(self) -> int:
        """Minor units of what may be proposed."""
        return sum(line.amount for line in self.lines if line.may)

    @property
    def fits(self) -> bool:
        """Whether the fund has enough free for all of it."""
        return self.total <= self.free


def _may(person: Person, mine: set[int]) -> Decision:
    if not person.is_active:
        words = _("This account is not in use.")
        return denied("account-stopped", words, todo=_("Use it again, or pay by an award of its own."))
    return OWN_MONEY if person.pk in mine else ALLOWED


def plan_batch(fund: Fund, until: datetime, *, actor: Person) -> BatchPlan:
    """What this fund would pay of what was earned before `until`; nothing is changed. Raises Refused fund-frozen, fund-closed."""
    require("award.propose", actor, None)
    fund_open("award.propose", fund)
    groups = [(person, tuple(rows)) for person, rows in groupby(earned_for(fund, until), key=lambda one: one.person)]
    ready = readiness_of_many([person for person, _rows in groups], fund.currency)
    mine = same_as(actor.pk, [person.pk for person, _rows in groups])
    lines = tuple(
        BatchLine(person, rows, sum(one.amount for one in rows), ready[person.pk], _may(person, mine))
        for person, rows in groups
    )
    seen = sorted([one.pk, one.amount] for line in lines for one in line.contributions)
    digest = hashlib.sha256(json.dumps([str(fund.pk), seen]).encode()).hexdigest()
    return BatchPlan(fund, until, lines, balance_of(Side.FUND, fund.currency, fund=fund), digest)


@transaction.atomic
def make_batch(
    fund: Fund, until: datetime, *, actor: Person, title: str, seen: str, people: Collection[int], terms: str = ""
) -> Batch:
    """One award for each of these people, all handed to approvers; `seen` is the digest of the plan that was read.

    Raises Refused title-missing, title-long, plan-changed (earned or paid meanwhile), batch-empty, own-money, beyond-budget,
    fund-frozen, fund-closed.
    """
    plan = plan_batch(fund, until, actor=actor)
    kept = words_in(title, "award.propose", "title", LONGEST_TITLE, reason=_("Say what it pays, as “October”."))
    if plan.digest != seen:
        words = _("Somebody earned something, or it was taken into another award, while you were reading.")
        raise refusal("award.propose", "plan-changed", words, _("Read the new plan; nothing was made."), Kind.CONFLICT)
    lines = [line for line in plan.lines if line.person.pk in people]
    if not lines:
        raise refusal("award.propose", "batch-empty", _("There is nobody to pay in it."), kept_words())
    total = sum(line.amount for line in lines)
    if total > plan.free:
        raise beyond("award.propose", fund, total, plan.free)
    batch = Batch.objects.create(title=kept, fund=fund, until=until, by=actor, by_label=actor.label[:200])
    record("award.make_batch", actor=actor, subject=batch, detail={"people": len(lines), "amount": total})
    for line in lines:
        promise = Promise(line.person, fund, line.amount, kept, AwardKind.BATCH, Purpose.WORK, terms)
        award = write_award(promise, actor=actor, batch=batch)
        take_into_award(line.contributions, award=award, actor=actor)
        submit_award(award, actor=actor, together=True)
    return batch
