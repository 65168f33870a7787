"""Approve an award as it was read, decline it, end what of it is not paid, settle it when all is paid."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.digest import digest_now
from artists.compensation.awards.news import AwardApproved, AwardDeclined, AwardVoided
from artists.compensation.awards.standing import counting, needed_for
from artists.compensation.awards.states import APPROVE, CLOSE, DECLINE, REOPEN, VOID, AwardState, Verdict
from artists.compensation.contributions.services import let_go
from artists.compensation.ledger.books import About, balance_of, enter, left_of
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Approval, Award, Entry, Fund, Payment
from artists.compensation.payments.states import CANCEL, UNDER_WAY, PaymentState
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.people.proofs import require_recent
from portal import happenings
from portal.access import Actor, Decision, Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move

from .checking import LONGEST_REASON, beyond, fund_open, moved_on, words_in

LONGEST_NOTE = 300
_PAID = (PaymentState.SENT, PaymentState.PARTLY_REVERSED)


def _locked(award: Award) -> Award:
    """The fresh row under lock: two approvers at once wait for each other, so that the second one sees the first one's word."""
    return Award.objects.select_for_update(of=("self",)).select_related("fund", "payee").get(pk=award.pk)


def _as_read(fresh: Award, digest: str, action: str) -> None:
    """Raises Refused digest-stale where it was changed since it was read, award-altered where somebody went past the acts."""
    if digest != fresh.digest:
        words = _("This award was changed while you were reading it.")
        raise refusal(action, "digest-stale", words, _("Read it again: what you said was not counted."), Kind.CONFLICT)
    if digest_now(fresh) != fresh.digest:
        words = _("What this award says is not what was handed in.")
        todo = _("Decline it, and tell the operators: somebody changed it past the portal.")
        raise refusal(action, "award-altered", words, todo, Kind.CONFLICT)


def _say(fresh: Award, verdict: Verdict, actor: Person, note: str) -> bool:
    """Write what somebody says of exactly this; False where they have said it already."""
    _said, new = Approval.objects.get_or_create(
        award=fresh,
        digest=fresh.digest,
        by=actor,
        defaults={
            "verdict": verdict,
            "note": note.strip()[:LONGEST_NOTE],
            "by_label": actor.label[:200],
            "at": timezone.now(),
        },
    )
    return new


def _promise(fresh: Award, actor: Person) -> Award:
    """By the last approval that was missing: money is reserved and payments are there, or nothing happened."""
    fund = Fund.objects.select_for_update().get(pk=fresh.fund_id)
    fund_open("award.approve", fund)
    done, moved = move(
        fresh,
        APPROVE,
        actor=actor,
        fields={"approved_at": timezone.now()},
        where={"digest": fresh.digest},
        detail={"digest": fresh.digest, "amount": fresh.amount, "currency": fresh.currency},
        news=AwardApproved(str(fresh.pk)),
    )
    if not moved:
        raise moved_on(done, "award.approve")
    try:
        enter(
            EntryKind.RESERVE,
            fresh.amount,
            key=f"reserve-{fresh.pk}",
            actor=actor,
            currency=fresh.currency,
            fund=fund,
            person=fresh.payee,
            about=About(award=done, memo=fresh.title),
        )
    except Refused as refused:
        if refused.decision.code != "money-short":
            raise
        free = balance_of(Side.FUND, fund.currency, fund=fund)
        raise beyond("award.approve", fund, fresh.amount, free) from None
    Payment.objects.bulk_create(
        Payment(
            award=done,
            number=number,
            payee=fresh.payee,
            amount=part["amount"],
            currency=fresh.currency,
            due_on=date.fromisoformat(part["due"]),
        )
        for number, part in enumerate(fresh.instalments, start=1)
    )
    return done


@transaction.atomic
def approve_award(award: Award, *, actor: Person, digest: str, proof: datetime | None, note: str = "") -> Award:
    """Approve what the award says, as it was read (`digest`), with a second factor shown at `proof`. Twice is once.

    The last approval that was missing reserves the money and makes the payments, in the same transaction. An award whose
    approver is no longer of the staff is approved anew by somebody else, as it stands. Raises Refused role, own-proposal,
    own-money, same-person, second-factor-old, digest-stale, award-altered, award-moved, fund-frozen, fund-closed, beyond-budget.
    """
    fresh = _locked(award)
    if Approval.objects.filter(award=fresh, digest=digest, by_id=actor.pk, verdict=Verdict.YES).exists():
        return fresh  # a second click: it was said, whatever became of the award since
    require("award.approve", actor, fresh)
    require_recent("award.approve", proof)
    if fresh.state not in {AwardState.SUBMITTED, AwardState.APPROVED}:
        raise moved_on(fresh, "award.approve")
    _as_read(fresh, digest, "award.approve")
    _say(fresh, Verdict.YES, actor, note)
    if fresh.state == AwardState.SUBMITTED and len(counting(fresh)) >= needed_for(fresh):
        return _promise(fresh, actor)
    record("award.say_yes", actor=actor, subject=fresh, detail={"digest": digest})
    return fresh


def approve_several(
    seen: Mapping[UUID, str], *, actor: Person, proof: datetime | None
) -> list[tuple[Award, Decision | None]]:
    """Approve each of these as it was read; (award, why not) for each. Each stands or falls alone.

    Raises Refused second-factor-old before anything is said.
    """
    require("award.oversee", actor)
    require_recent("award.approve", proof)
    told: list[tuple[Award, Decision | None]] = []
    for award in Award.objects.filter(pk__in=list(seen)).select_related("payee", "fund").order_by("submitted_at", "pk"):
        try:
            done = approve_award(award, actor=actor, digest=seen[award.pk], proof=proof)
        except Refused as refused:
            told.append((award, refused.decision))
        else:
            told.append((done, None))
    return told


@transaction.atomic
def decline_award(award: Award, *, actor: Person, digest: str, reason: str) -> Award:
    """One no ends it; contributions in it are earned again. Raises Refused reason-missing, reason-long, digest-stale, award-moved."""
    fresh = _locked(award)
    require("award.decline", actor, fresh)
    kept = words_in(
        reason, "award.decline", "reason", LONGEST_REASON, reason=_("Say why: whoever proposed it reads it.")
    )
    if fresh.state != AwardState.SUBMITTED:
        raise moved_on(fresh, "award.decline")
    if digest != fresh.digest:
        _as_read(fresh, digest, "award.decline")
    # Somebody who approved it may think again: their former word stays in the record, the award ends all the same.
    _say(fresh, Verdict.NO, actor, kept)
    fields = {"ended_at": timezone.now(), "end_reason": kept}
    done, moved = move(fresh, DECLINE, actor=actor, fields=fields, news=AwardDeclined(str(fresh.pk)))
    if not moved:
        raise moved_on(done, "award.decline")
    let_go(done, actor=actor)
    return done


def _release(fresh: Award, actor: Actor, memo: str) -> None:
    """What is still owed of an award that has ended is free in its fund again."""
    left = left_of(fresh)
    if not left:
        return
    number = Entry.objects.filter(award=fresh, kind=EntryKind.RELEASE).count() + 1
    enter(
        EntryKind.RELEASE,
        left,
        key=f"release-{fresh.pk}-{number}",
        actor=actor,
        currency=fresh.currency,
        fund=fresh.fund,
        person=fresh.payee,
        about=About(award=fresh, memo=memo),
    )


@transaction.atomic
def void_award(award: Award, *, actor: Person, reason: str) -> Award:
    """End what of an approved award is not paid: its payments are cancelled, its money is free in the fund again.

    What was paid stays paid, and what of it comes back later is freed by ending it once more, with a reason of its own; contributions
    of an award of which nothing was paid are earned again. Raises Refused reason-missing, reason-long, payment-under-way,
    award-moved, own-money.
    """
    fresh = _locked(award)
    require("award.void", actor, fresh)
    kept = words_in(reason, "award.void", "reason", LONGEST_REASON, reason=_("Say why: its artist reads it."))
    payments = list(Payment.objects.select_for_update().filter(award=fresh).order_by("number"))
    if fresh.state == AwardState.APPROVED and any(one.state in UNDER_WAY for one in payments):
        words = _("A payment of this award is on its way, and may still reach its artist.")
        raise refusal("award.void", "payment-under-way", words, _("End it when that is settled."), Kind.CONFLICT)
    now = timezone.now()
    done, moved = move(
        fresh, VOID, actor=actor, fields={"ended_at": now, "end_reason": kept}, news=AwardVoided(str(fresh.pk))
    )
    if not moved:
        if done.state != AwardState.VOID:
            raise moved_on(done, "award.void")
        left = left_of(done)
        if not left:  # a second click
            return done
        # Something of it came back since, which nobody is owed any more.
        detail = {"reason": kept, "amount": left}
        entry = record("award.void", actor=actor, subject=done, detail=detail)
        Award.objects.filter(pk=done.pk).update(ended_at=now, end_reason=kept)
        happenings.announce(AwardVoided(str(done.pk), entry.pk))
    for one in payments:
        if one.state in {PaymentState.READY, PaymentState.REFUSED}:
            move(one, CANCEL, actor=actor, fields={"ended_at": now, "end_reason": kept[:300]})
    if not any(one.state in _PAID for one in payments):
        let_go(done, actor=actor)
    _release(fresh, actor, kept)
    return Award.objects.get(pk=done.pk)


@transaction.atomic
def end_unpaid(award: Award, *, actor: Person, reason: str) -> None:
    """End an award whose payments were all cancelled: its contributions are earned again. Its artist was told of the payments.

    The caller has the award locked, and frees the money after this.
    """
    if Payment.objects.filter(award=award).exclude(state=PaymentState.CANCELLED).exists():
        return
    done, moved = move(award, VOID, actor=actor, fields={"ended_at": timezone.now(), "end_reason": reason})
    if moved:
        let_go(done, actor=actor)


@transaction.atomic
def settle_award(award: Award, *, actor: Actor) -> Award:
    """Close an award of which everything is paid, open one again of which something came back; else leave it. Idempotent."""
    fresh = _locked(award)
    states = set(Payment.objects.filter(award=fresh).values_list("state", flat=True))
    paid = bool(states) and states <= {PaymentState.SENT, PaymentState.CANCELLED} and PaymentState.SENT in states
    if states & set(_PAID) and not paid:
        # What came back of one payment may have been paid again by another.
        waits = {PaymentState.READY, PaymentState.REFUSED, *UNDER_WAY}
        paid = not states & waits and not left_of(fresh)
    if fresh.state == AwardState.APPROVED and paid:
        return move(fresh, CLOSE, actor=actor, fields={"ended_at": timezone.now()})[0]
    if fresh.state == AwardState.CLOSED and not paid:
        return move(fresh, REOPEN, actor=actor, fields={"ended_at": None})[0]
    return fresh
