"""Decide a grant round: each application on its criteria, then all are told, and awards wait for two other people."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.digest import equal_parts
from artists.compensation.awards.news import RoundDecided
from artists.compensation.awards.states import (
    CHOOSE,
    DECIDE_ROUND,
    LEAVE_OUT,
    RECONSIDER,
    ApplicationState,
    AwardKind,
    Purpose,
    RoundState,
)
from artists.compensation.models import Application, Award, Round
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.machine import move
from portal.money import plain_amount

from .checking import kept_words, within_budget, words_in
from .proposing import Promise, submit_award, write_award
from .rounds import round_moved_on

LONGEST_ANSWER, LONGEST_REASON_LINE = 2000, 400


def _reasons(found: Round, reasons: Sequence[str], action: str) -> list[str]:
    """A line for each criterion. Raises Refused reasons-missing, reasons-long."""
    kept = [" ".join(line.split()) for line in reasons]
    if len(kept) != len(found.criteria) or not all(kept):
        words = _("Say for each criterion how it was met: its artist reads it.")
        raise refusal(action, "reasons-missing", words, kept_words())
    if any(len(line) > LONGEST_REASON_LINE for line in kept):
        words = _("A line has up to %(most)s characters.") % {"most": LONGEST_REASON_LINE}
        raise refusal(action, "reasons-long", words, kept_words())
    return kept


def _moved_on(fresh: Application, action: str) -> Refused:
    words = _("This application has moved on: %(state)s.") % {"state": fresh.get_state_display()}
    return refusal(action, "application-moved", words, _("Nothing was changed."), Kind.CONFLICT)


def _said(
    application: Application, reasons: Sequence[str], answer: str, actor: Person, action: str
) -> dict[str, object]:
    return {
        "reasons": _reasons(application.round, reasons, action),
        "answer": words_in(answer, action, "answer", LONGEST_ANSWER, reason=_("Say it in a sentence its artist reads.")),
        "decided_at": timezone.now(),
        "decided_by": actor,
        "decided_by_label": actor.label[:200],
    }  # fmt: skip


def _asked(application: Application, actor: Person, action: str) -> Round:
    """The round under lock, and then whether this may be: whoever decides it at the same moment is waited for."""
    found = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=application.round_id)
    application.round = found
    require(action, actor, application)
    return found


def _granted(found: Round) -> tuple[int, int]:
    """How many were chosen, and their sum in minor units."""
    chosen = found.applications.filter(state=ApplicationState.GRANTED)
    return chosen.count(), chosen.aggregate(sum=Sum("granted"))["sum"] or 0


@transaction.atomic
def choose(application: Application, *, actor: Person, amount: int, reasons: Sequence[str], answer: str) -> Application:
    """Choose it for `amount` minor units. Nobody is told before the round is decided.

    Raises Refused amount-wrong, amount-more, grants-all-given, beyond-budget, reasons-missing, reasons-long, answer-missing,
    answer-long, own-round, round-open, round-over, application-moved.
    """
    act = "application.choose"
    found = _asked(application, actor, act)
    fields = _said(application, reasons, answer, actor, act)
    if not 0 < amount <= found.most_each:
        code = "amount-more" if amount > found.most_each else "amount-wrong"
        words = _("A grant of this round is above zero and at most %(most)s %(currency)s.") % {
            "most": plain_amount(found.most_each, found.fund.currency), "currency": found.fund.currency,
        }  # fmt: skip
        raise refusal(act, code, words, kept_words())
    count, total = _granted(found)
    if count >= found.grants:
        words = _("All %(count)s grants of this round are given.") % {"count": found.grants}
        raise refusal(act, "grants-all-given", words, _("Reconsider another one first."), Kind.CONFLICT)
    within_budget(act, found.fund, total + amount)
    done, moved = move(application, CHOOSE, actor=actor, fields=fields | {"granted": amount})
    if not moved:
        raise _moved_on(done, act)
    return done


@transaction.atomic
def leave_out(application: Application, *, actor: Person, reasons: Sequence[str], answer: str) -> Application:
    """Do not choose it, with its reasons. Nobody is told before the round is decided. Raises Refused as choose."""
    act = "application.leave_out"
    _asked(application, actor, act)
    done, moved = move(application, LEAVE_OUT, actor=actor, fields=_said(application, reasons, answer, actor, act))
    if not moved:
        raise _moved_on(done, act)
    return done


@transaction.atomic
def reconsider(application: Application, *, actor: Person) -> Application:
    """Take a choice back before anybody was told. Raises Refused round-open, round-over, own-round, application-moved."""
    _asked(application, actor, "application.reconsider")
    fields = {"granted": None, "decided_at": None}
    done, moved = move(application, RECONSIDER, actor=actor, fields=fields)
    if not moved and done.state != ApplicationState.SUBMITTED:
        raise _moved_on(done, "application.reconsider")
    return done


def _award(application: Application, *, actor: Person, parts: int, first: date) -> Award:
    found = application.round
    amount = application.granted or 0
    promise = Promise(
        payee=application.person,
        fund=found.fund,
        amount=amount,
        title=found.title,
        kind=AwardKind.GRANT,
        purpose=Purpose.GRANT,
        terms=application.answer,
        instalments=equal_parts(amount, min(parts, amount), first),
    )
    return submit_award(write_award(promise, actor=actor, application=application), actor=actor)


@transaction.atomic
def decide_round(found: Round, *, actor: Person, parts: int = 1) -> list[Award]:
    """Tell everybody; each that was chosen becomes an award in `parts` monthly instalments, which two other people approve.

    Whoever decides is its proposer. Raises Refused round-open, applications-undecided, own-round, own-money, beyond-budget,
    fund-frozen, fund-closed, round-moved.
    """
    act = "round.decide"
    fresh = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=found.pk)
    require(act, actor, fresh)
    if fresh.state == RoundState.DECIDED:
        return list(Award.objects.filter(application__round=fresh))  # a second click
    undecided = fresh.applications.filter(state=ApplicationState.SUBMITTED).count()
    if undecided:
        words = _("%(count)s applications have no answer yet.") % {"count": undecided}
        raise refusal(act, "applications-undecided", words, _("Decide on each, then on the round."), Kind.CONFLICT)
    _count, total = _granted(fresh)
    if total:
        within_budget(act, fresh.fund, total)
    chosen = fresh.applications.filter(state=ApplicationState.GRANTED).select_related("person", "round__fund")
    first = timezone.now().date()
    made = [_award(one, actor=actor, parts=parts, first=first) for one in chosen.order_by("handed_in_at", "pk")]
    done, moved = move(
        fresh, DECIDE_ROUND, actor=actor, fields={"ended_at": timezone.now()}, news=RoundDecided(str(fresh.pk))
    )
    if not moved:
        raise round_moved_on(done, act)
    return made
