"""An artist says that something was counted wrong or is missing; staff answer, and add what was right."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.contributions.kinds import CORRECTION
from artists.compensation.contributions.news import DisputeAnswered, DisputeOpened
from artists.compensation.contributions.states import ANSWER, WITHDRAW, DisputeState
from artists.compensation.models import Contribution, Dispute
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move
from portal.money import check_currency

from .counting import count_agreed

LONGEST = 2000
MOST = 10**11
# All of the staff are told of each, also of one that is taken back at once.
MOST_A_DAY = 10
A_DAY = timedelta(days=1)


def _kept(text: str, action: str, name: str) -> str:
    kept = text.strip()
    if not kept:
        raise refusal(action, f"{name}-missing", _("Say it in a few words."))
    if len(kept) > LONGEST:
        raise refusal(action, f"{name}-long", _("It has up to %(most)s characters.") % {"most": LONGEST})
    return kept


@transaction.atomic
def open_dispute(contribution: Contribution | None, *, actor: Person, text: str) -> Dispute:
    """Say what is wrong with a contribution, or (None) which one is missing.

    Raises Refused disputes-many (of what is missing, or of the same contribution), dispute-open, text-missing, text-long.
    """
    require("dispute.open", actor, contribution)
    lately = Dispute.objects.filter(contribution=contribution, person=actor, asked_at__gt=timezone.now() - A_DAY)
    if lately.count() >= MOST_A_DAY:  # those that were taken back as well
        words = _("You have asked %(most)s times about this since yesterday.") % {"most": MOST_A_DAY}
        todo = _("What you wrote is still here. Go on tomorrow, or wait for the answers.")
        raise refusal("dispute.open", "disputes-many", words, todo, Kind.LIMIT)
    kept = _kept(text, "dispute.open", "text")
    try:
        with transaction.atomic():
            made = Dispute.objects.create(contribution=contribution, person=actor, text=kept, asked_at=timezone.now())
    except IntegrityError:
        words = _("You have asked about this one already, and nobody has answered yet.")
        raise refusal(
            "dispute.open", "dispute-open", words, _("Withdraw that one to ask anew."), Kind.CONFLICT
        ) from None
    record("dispute.open", actor=actor, subject=made, detail={"contribution": contribution and contribution.pk})
    happenings.announce(DisputeOpened(made.pk))
    return made


def _over(fresh: Dispute, action: str) -> Refused:
    words = _("This question is over: %(state)s.") % {"state": fresh.get_state_display()}
    return refusal(action, "dispute-over", words, _("Nothing was changed."), Kind.CONFLICT)


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, actor: Person) -> Dispute:
    """No longer ask. Raises Refused dispute-over."""
    fresh, moved = move(dispute, WITHDRAW, actor=actor, fields={"answered_at": timezone.now()})
    if not moved and fresh.state != DisputeState.WITHDRAWN:
        raise _over(fresh, "dispute.withdraw")
    return fresh


@transaction.atomic
def answer_dispute(dispute: Dispute, *, actor: Person, answer: str, amount: int = 0, currency: str = "") -> Dispute:
    """Answer in words, and add `amount` minor units where the artist was right: a contribution of its own, earned now.

    Raises Refused answer-missing, answer-long, amount-wrong, currency-unused, dispute-over.
    """
    require("dispute.answer", actor, dispute)
    kept = _kept(answer, "dispute.answer", "answer")
    if not 0 <= amount <= MOST:
        raise refusal("dispute.answer", "amount-wrong", _("A sum is nothing or more."))
    now = timezone.now()
    added = None
    if amount:
        added, _new = count_agreed(
            source=f"dispute:{dispute.pk}",
            person=dispute.person,
            kind=CORRECTION,
            amount=amount,
            currency=check_currency(currency),
            at=now,
            about=dispute.contribution.about if dispute.contribution else _("Was missing"),
        )
    by = {"answered_by": actor, "answered_by_label": actor.label[:200]}
    fields = {"answer": kept, "added": added, "answered_at": now, **by}
    fresh, moved = move(dispute, ANSWER, actor=actor, fields=fields, news=DisputeAnswered(dispute.pk))
    if not moved:
        raise _over(fresh, "dispute.answer")
    return fresh
