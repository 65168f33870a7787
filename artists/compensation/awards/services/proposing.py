"""Propose an award, change it, hand it to approvers, withdraw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.digest import Instalment, digest_now, digest_of
from artists.compensation.awards.news import AwardSubmitted
from artists.compensation.awards.states import RETURN, SUBMIT, WITHDRAW, AwardKind, AwardState, Purpose
from artists.compensation.contributions.services import let_go
from artists.compensation.models import Award, Fund
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move

from .checking import (
    LONGEST_TERMS,
    LONGEST_TITLE,
    fund_open,
    instalments_in,
    kept_words,
    moved_on,
    sum_of,
    within_budget,
    words_in,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is to be promised; `amount` in minor units of the fund's currency. No instalments: all at once, now."""

    payee: Person
    fund: Fund
    amount: int
    title: str
    kind: str = AwardKind.FEE
    purpose: str = Purpose.WORK
    terms: str = ""
    instalments: Sequence[Instalment] = ()


def columns_of(promise: Promise, action: str) -> dict[str, Any]:
    """The columns of an award. Raises Refused payee-unfit, kind-unknown, purpose-unknown and what is wrong with sums and words."""
    if promise.kind not in AwardKind.values or promise.purpose not in Purpose.values:
        code = "kind-unknown" if promise.kind not in AwardKind.values else "purpose-unknown"
        raise refusal(action, code, _("Say what it is, and what for."), kept_words())
    if not promise.payee.holds(Role.ARTIST):
        raise refusal(action, "payee-unfit", _("Awards are for artists of the program."), kept_words())
    if len(promise.terms.strip()) > LONGEST_TERMS:
        words = _("It has up to %(most)s characters.") % {"most": LONGEST_TERMS}
        raise refusal(action, "terms-long", words, kept_words())
    fund_open(action, promise.fund)
    amount = sum_of(action, promise.amount)
    return {
        "kind": promise.kind,
        "title": words_in(promise.title, action, "title", LONGEST_TITLE, reason=_("Say what it is for.")),
        "payee": promise.payee,
        "fund": promise.fund,
        "amount": amount,
        "currency": promise.fund.currency,
        "purpose": promise.purpose,
        "terms": promise.terms.strip(),
        "instalments": instalments_in(action, promise.instalments, amount),
    }


def write_award(promise: Promise, *, actor: Person, **more: Any) -> Award:
    """A draft, inside the caller's transaction. Raises Refused own-money and as columns_of."""
    require("award.propose", actor, promise.payee)
    made = Award(proposer=actor, proposer_label=actor.label[:200], **columns_of(promise, "award.propose"), **more)
    made.digest = digest_of(made, [], None)
    made.save(force_insert=True)
    detail = {"payee": made.payee_id, "amount": made.amount, "currency": made.currency, "fund": str(made.fund_id)}
    record("award.propose", actor=actor, subject=made, detail=detail)
    return made


def _made_before(promise: Promise, key: UUID, actor: Person) -> Award | None:
    """What this form made when it was sent before; None where it was not. Raises Refused already-made where it says something else now."""
    require("award.propose", actor, promise.payee)
    found = Award.objects.filter(pk=key).first()
    if found is None:
        return None
    columns = columns_of(promise, "award.propose") | {"proposer": actor}
    if any(getattr(found, name) != value for name, value in columns.items()):
        words = _("This form was sent before and made an award; it says something else now.")
        todo = _("Change that award on its own page, or begin a new one. Nothing was made.")
        raise refusal("award.propose", "already-made", words, todo, Kind.CONFLICT)
    return found


@transaction.atomic
def propose_award(promise: Promise, *, actor: Person, key: UUID | None = None) -> Award:
    """A draft of a grant or a fee; contributions are paid by a batch. The same `key` again is the same award.

    Raises Refused own-money, payee-unfit, title-missing, title-long, terms-long, amount-wrong, instalments-wrong, due-past,
    kind-unknown, purpose-unknown, fund-frozen, fund-closed, already-made.
    """
    if promise.kind == AwardKind.BATCH:
        raise refusal("award.propose", "kind-unknown", _("Contributions are paid by a batch."), kept_words())
    if key is None:
        return write_award(promise, actor=actor)
    if (found := _made_before(promise, key, actor)) is not None:
        return found
    try:
        with transaction.atomic():
            return write_award(promise, actor=actor, pk=key)
    except IntegrityError:  # the same form at the same moment
        if (found := _made_before(promise, key, actor)) is not None:
            return found
        raise


def _as_decided(fresh: Award, promise: Promise) -> None:
    """What came from contributions or from a round keeps its payee, fund and sum."""
    if fresh.kind != AwardKind.BATCH and fresh.application_id is None:
        return
    same = (promise.payee.pk, promise.fund.pk, promise.amount, promise.kind)
    if same != (fresh.payee_id, fresh.fund_id, fresh.amount, fresh.kind):
        words = _("Who is paid, from which fund and how much was decided already, in its round or by what was done.")
        todo = _("Change its title, purpose, terms or instalments; or let it be declined.")
        raise refusal("award.change", "award-fixed", words, todo, Kind.CONFLICT)


@transaction.atomic
def change_award(award: Award, promise: Promise, *, actor: Person) -> Award:
    """Write it anew, a draft again: whatever was approved of it before is void. Raises Refused as propose_award, award-moved, award-fixed."""
    fresh = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    require("award.change", actor, fresh)
    if fresh.state not in {AwardState.DRAFT, AwardState.SUBMITTED}:
        raise moved_on(fresh, "award.change")
    require("award.propose", actor, promise.payee)
    _as_decided(fresh, promise)
    columns = columns_of(promise, "award.change")
    if fresh.state == AwardState.SUBMITTED:
        fresh, _moved = move(fresh, RETURN, actor=actor, fields={"submitted_at": None})
    for name, value in columns.items():
        setattr(fresh, name, value)
    fresh.submitted_at = None
    columns["digest"] = digest_now(fresh)
    if not Award.objects.filter(pk=fresh.pk, state=AwardState.DRAFT).update(**columns):
        raise moved_on(Award.objects.get(pk=fresh.pk), "award.change")
    record("award.change", actor=actor, subject=fresh, detail={"amount": fresh.amount, "digest": columns["digest"]})
    return Award.objects.select_related("fund", "payee").get(pk=fresh.pk)


@transaction.atomic
def submit_award(award: Award, *, actor: Person, together: bool = False) -> Award:
    """Hand it to two other people; `together` with its whole batch, of which they are told once. Raises Refused not-yours, beyond-budget, fund-frozen, fund-closed, award-moved."""
    fresh = Award.objects.select_for_update(of=("self",)).select_related("fund").get(pk=award.pk)
    require("award.submit", actor, fresh)
    if fresh.state != AwardState.DRAFT:
        if fresh.state == AwardState.SUBMITTED:
            return fresh  # a second click
        raise moved_on(fresh, "award.submit")
    fund_open("award.submit", fresh.fund)
    within_budget("award.submit", fresh.fund, fresh.amount)
    now = timezone.now()
    digest = digest_of(fresh, list(fresh.contributions.values_list("pk", "amount")), now)
    news = AwardSubmitted(str(fresh.pk), digest, together)
    fields = {"submitted_at": now, "digest": digest}
    done, moved = move(fresh, SUBMIT, actor=actor, fields=fields, detail={"digest": digest}, news=news)
    if not moved:
        raise moved_on(done, "award.submit")
    return done


def _over(done: Award) -> Refused | None:
    return None if done.state == AwardState.WITHDRAWN else moved_on(done, "award.withdraw")


@transaction.atomic
def withdraw_award(award: Award, *, actor: Person) -> Award:
    """Not any more; contributions in it are earned again. Raises Refused award-moved, award-of-round, own-money."""
    done, moved = move(award, WITHDRAW, actor=actor, fields={"ended_at": timezone.now()})
    if moved:
        let_go(done, actor=actor)
    elif (refused := _over(done)) is not None:
        raise refused
    return done
