"""Call for grants: draft, change, open, cancel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.news import RoundCancelled, RoundOpened
from artists.compensation.awards.states import CANCEL_ROUND, OPEN_ROUND, RoundState
from artists.compensation.models import Fund, Round
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move
from portal.program.models import Cohort

from .checking import LONGEST_TITLE, fund_open, kept_words, sum_of, within_budget, words_in

LONGEST_CALL, LONGEST_CRITERION, LONGEST_ROUND_REASON = 6000, 200, 300
MOST_CRITERIA, MOST_GRANTS = 10, 500


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is to be; `most_each` in minor units of the fund's currency."""

    title: str
    call: str
    criteria: Sequence[str]
    fund: Fund
    most_each: int
    grants: int
    opens_at: datetime
    closes_at: datetime
    decided_by: datetime
    cohorts: Collection[Cohort] = ()


def _criteria(lines: Sequence[str]) -> list[str]:
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    if not 1 <= len(kept) <= MOST_CRITERIA or any(len(line) > LONGEST_CRITERION for line in kept):
        words = _("Say by what you decide: 1 to %(most)s lines, each up to %(long)s characters.") % {
            "most": MOST_CRITERIA, "long": LONGEST_CRITERION,
        }  # fmt: skip
        raise refusal("round.make", "criteria-wrong", words, _("A decision says how each was met."))
    return kept


def _columns(call: Call) -> dict[str, object]:
    act = "round.make"
    fund_open(act, call.fund)
    if not 1 <= call.grants <= MOST_GRANTS:
        words = _("A round gives 1 to %(most)s grants.") % {"most": MOST_GRANTS}
        raise refusal(act, "grants-wrong", words, kept_words())
    if call.closes_at <= max(call.opens_at, timezone.now()):
        words = _("It would close before anybody could apply.")
        raise refusal(act, "closes-past", words, _("Choose a later date."))
    if call.decided_by < call.closes_at:
        words = _("Artists would be told before it has closed.")
        raise refusal(act, "decided-early", words, _("Choose a later date."))
    return {
        "title": words_in(call.title, act, "title", LONGEST_TITLE, reason=_("It needs a title.")),
        "call": words_in(call.call, act, "call", LONGEST_CALL, reason=_("Say what the grants are for.")),
        "criteria": _criteria(call.criteria),
        "fund": call.fund,
        "most_each": sum_of(act, call.most_each),
        "grants": call.grants,
        "opens_at": call.opens_at,
        "closes_at": call.closes_at,
        "decided_by": call.decided_by,
    }


@transaction.atomic
def make_round(call: Call, *, actor: Person) -> Round:
    """A draft that only staff see.

    Raises Refused title-missing, title-long, call-missing, call-long, criteria-wrong, amount-wrong, grants-wrong, closes-past,
    decided-early, fund-frozen, fund-closed.
    """
    require("round.make", actor)
    made = Round.objects.create(by=actor, by_label=actor.label[:200], **_columns(call))
    made.cohorts.set(call.cohorts)
    record("round.make", actor=actor, subject=made)
    return made


def round_moved_on(fresh: Round, action: str) -> Refused:
    """A no because somebody was faster."""
    words = _("This round has moved on: %(state)s.") % {"state": fresh.get_state_display()}
    return refusal(action, "round-moved", words, _("Nothing was changed."), Kind.CONFLICT)


@transaction.atomic
def change_round(found: Round, call: Call, *, actor: Person) -> Round:
    """Write a draft anew: what artists were called to does not change. Raises Refused round-moved, and as make_round."""
    require("round.make", actor, found)
    columns = _columns(call)
    if not Round.objects.filter(pk=found.pk, state=RoundState.DRAFT).update(**columns):
        raise round_moved_on(Round.objects.get(pk=found.pk), "round.make")
    found.cohorts.set(call.cohorts)
    record("round.change", actor=actor, subject=found)
    return Round.objects.select_related("fund").get(pk=found.pk)


@transaction.atomic
def open_round(found: Round, *, actor: Person) -> Round:
    """Call for it. A call promises no more than the fund has free. Raises Refused beyond-budget, closes-past, fund-frozen, fund-closed, round-moved."""
    require("round.open", actor, found)
    fresh = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=found.pk)
    if fresh.state == RoundState.OPEN:
        return fresh  # a second click
    fund_open("round.open", fresh.fund)
    if fresh.closes_at <= timezone.now():
        words = _("It would close before anybody could apply.")
        raise refusal("round.open", "closes-past", words, _("Change its dates first."))
    within_budget("round.open", fresh.fund, fresh.most_each * fresh.grants)
    done, moved = move(fresh, OPEN_ROUND, actor=actor, news=RoundOpened(str(fresh.pk)))
    if not moved:
        raise round_moved_on(done, "round.open")
    return done


@transaction.atomic
def cancel_round(found: Round, *, actor: Person, reason: str) -> Round:
    """It comes to nothing; whoever wrote for it is told why. Raises Refused reason-missing, reason-long, round-moved."""
    require("round.cancel", actor, found)
    kept = words_in(reason, "round.cancel", "reason", LONGEST_ROUND_REASON, reason=_("Say why: artists read it."))
    fields = {"state_reason": kept, "ended_at": timezone.now()}
    done, moved = move(found, CANCEL_ROUND, actor=actor, fields=fields, news=RoundCancelled(str(found.pk)))
    if not moved and done.state != RoundState.CANCELLED:
        raise round_moved_on(done, "round.cancel")
    return done
