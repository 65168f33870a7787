"""Who may propose, approve and end awards; who may call for grants, apply, and decide."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.compensation.contributions.rules import NOT_THERE, by_person
from artists.compensation.models import Application, Award, Round
from artists.people.roles import Role
from artists.people.roster import people_holding
from artists.people.rules import holding
from artists.people.sameness import is_among
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule
from portal.program.models import Membership

from .standing import deciders_of, still_approved, yes_to
from .states import AwardState, RoundState

ELSE = _("Somebody else of the staff does this.")
OWN_MONEY = denied("own-money", _("This is about your own money."), todo=ELSE)


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators, in a browser and as themselves."""
    return by_person(actor) and holding(actor, Role.STAFF, Role.OPERATOR)


for _action in ("award.oversee", "round.oversee", "round.make", "round.open", "round.cancel"):
    rule(_action, who="staff, operators")(staff)


def own_money(actor: Actor, payee_id: int | None) -> Decision:
    """Nobody acts on money that reaches themselves, under this address or another one."""
    return OWN_MONEY if is_among(actor.pk, [payee_id]) else ALLOWED


@rule("award.propose", who="staff, operators, for somebody else")
def propose(actor: Actor, payee: Any) -> Decision:
    """`payee` is a person, or None to ask in general."""
    return staff(actor, None) and own_money(actor, None if payee is None else payee.pk)


def _author(actor: Actor, award: Award) -> Decision:
    first = staff(actor, award)
    if first and award.proposer_id != actor.pk:
        words = _("Only whoever proposed an award changes it: approvers stay independent of it.")
        return denied("not-yours", words, todo=_("Decline it with a reason, and it can be proposed anew."))
    return first and own_money(actor, award.payee_id)


@rule("award.change", who="its proposer, until it is approved; approvals are void then")
def change(actor: Actor, award: Award) -> Decision:
    """What was approved is never changed: it is ended, and another one proposed."""
    return _author(actor, award)


@rule("award.submit", who="its proposer")
def submit(actor: Actor, award: Award) -> Decision:
    """Hand it to two other people."""
    return _author(actor, award)


@rule("award.withdraw", who="staff, operators, until it is approved; never an award of a round, never their own money")
def withdraw(actor: Actor, award: Award) -> Decision:
    """Also of somebody who is no longer of the staff. Whoever was chosen in a round is told by a decline, with its reason."""
    first = staff(actor, award) and own_money(actor, award.payee_id)
    if first and award.application_id is not None:
        words = _("Its artist was told that they are chosen: this award is not withdrawn quietly.")
        return denied("award-of-round", words, todo=_("An approver declines it with a reason the artist reads."), kind=Kind.CONFLICT)  # fmt: skip
    return first


def _independent(actor: Actor, award: Award) -> Decision:
    first = staff(actor, award) and own_money(actor, award.payee_id)
    if first and is_among(actor.pk, [award.proposer_id]):
        return denied("own-proposal", _("You proposed this award yourself."), todo=ELSE)
    if first and is_among(actor.pk, deciders_of([award])[award.pk]):
        words = _("You decided what this award pays: you chose its artist, answered a dispute, or set a fee in it.")
        return denied("own-choice", words, todo=ELSE)
    return first


@rule("award.approve", who="two or more of the staff and operators, different people, neither proposer nor payee nor who decided the sum, recent second factor")  # fmt: skip
def approve(actor: Actor, award: Award) -> Decision:
    """By a person in a browser; no command and no token ever does it."""
    first = _independent(actor, award)
    if not first:
        return first
    others: list[int | None] = [one.by_id for one in yes_to(award) if one.by_id != actor.pk]
    if is_among(actor.pk, others):
        words = _("Somebody with your mailbox has approved this already: one person counts once.")
        return denied("same-person", words, todo=ELSE)
    if award.state == AwardState.APPROVED and still_approved(award):
        words = _("This award has all the approvals it needs.")
        return denied("award-moved", words, todo=_("Nothing was changed."), kind=Kind.CONFLICT)
    return ALLOWED


@rule("award.decline", who="staff, operators, neither proposer nor payee nor who decided the sum, with a reason")
def decline(actor: Actor, award: Award) -> Decision:
    """One no is enough."""
    return _independent(actor, award)


@rule(
    "award.void", who="staff, operators, never their own money; only what is not paid, with a reason its artist reads"
)
def void(actor: Actor, award: Award) -> Decision:
    """What was paid stays paid."""
    return staff(actor, award) and own_money(actor, award.payee_id)


def _settling(actor: Actor, award: Award) -> Decision:
    return ALLOWED if isinstance(actor, System) else staff(actor, award)


rule("award.close", who="the system and staff, when all of it is paid")(_settling)
rule("award.reopen", who="the system and staff, when a payment came back")(_settling)


def applied_in(actor: Actor, found: Round) -> bool:
    """Whether this person, under any address of theirs, wrote for the round; a draft can be handed in yet."""
    return is_among(actor.pk, list(found.applications.values_list("person_id", flat=True)))


def _impartial(actor: Actor, found: Round) -> Decision:
    first = staff(actor, found)
    if first and applied_in(actor, found):
        return denied("own-round", _("You wrote for this round yourself."), todo=ELSE)
    return first


def may_write_yet(actor: Actor, found: Round) -> bool:
    """Whether the round asks this person, under any address of theirs, and does so to its last minute, whatever they intend."""
    if found.state != RoundState.OPEN or found.closes_at <= timezone.now():
        return False
    artists, cohorts = people_holding(Role.ARTIST), list(found.cohorts.values_list("pk", flat=True))
    asked = artists.filter(membership__cohort__in=cohorts) if cohorts else artists
    return is_among(actor.pk, list(asked.values_list("pk", flat=True)))


@rule(
    "application.read", who="staff, operators who did not write for its round and no longer can, once it is handed in"
)
def read(actor: Actor, found: Round) -> Decision:
    """Nobody reads with whom they compete or could compete yet, nor the answer to their own before everybody is told."""
    first = _impartial(actor, found)
    if first and may_write_yet(actor, found):
        words = _("This round asks you as an artist, and you could still write for it with what you read here.")
        todo = _("What was handed in is shown to you when the round has closed, unless you write for it.")
        return denied("round-asks-you", words, todo=todo)
    return first


def _closed(found: Round, todo: Any) -> Decision:
    if found.closes_at > timezone.now():
        words = _("This round is still open: somebody may hand in until its last minute.")
        return denied("round-open", words, todo=todo, kind=Kind.CONFLICT)
    return ALLOWED


@rule("round.decide", who="staff, operators who did not write for it, after it closed and everybody has an answer")
def decide(actor: Actor, found: Round) -> Decision:
    """Everybody who applied is told at once."""
    return _impartial(actor, found) and _closed(found, _("Decide when it has closed."))


def _judged(actor: Actor, application: Application) -> Decision:
    first = _impartial(actor, application.round)
    if first and application.round.state != RoundState.OPEN:
        words = _("This round is over: its answers were told.")
        return denied("round-over", words, todo=_("Nothing was changed."), kind=Kind.CONFLICT)
    return first and _closed(application.round, _("Answer it when the round has closed."))


_JUDGES = "staff, operators who did not write for the round, after it closed and until it is decided"
for _action in ("application.choose", "application.leave_out", "application.reconsider"):
    rule(_action, who=_JUDGES)(_judged)


def asks(found: Round, person_id: int | None) -> bool:
    """Whether a round asks this person's cohort."""
    asked = set(found.cohorts.values_list("pk", flat=True))
    return not asked or Membership.objects.filter(person_id=person_id, cohort__in=asked).exists()


def open_now(found: Round) -> Decision:
    """Whether somebody can apply at this moment."""
    now = timezone.now()
    if found.state == RoundState.OPEN and now < found.opens_at:
        words = _("This round is not open yet.")
        return denied("round-not-yet", words, todo=_("What you write is kept as your draft."), kind=Kind.CONFLICT)
    if found.state != RoundState.OPEN or now >= found.closes_at:
        words = _("This round has closed: nothing can be handed in or taken back any more.")
        return denied("round-over", words, todo=_("What you wrote is kept."), kind=Kind.CONFLICT)
    return ALLOWED


@rule("application.keep", who="artists whom the round asks; a draft is theirs alone; in every standing")
def keep(actor: Actor, found: Round) -> Decision:
    """Writing, before and while it is open."""
    first = by_person(actor) and holding(actor, Role.ARTIST)
    if not first:
        return first
    return ALLOWED if found.state == RoundState.OPEN and asks(found, actor.pk) else NOT_THERE


def _own(actor: Actor, application: Application) -> Decision:
    first = by_person(actor) and holding(actor, Role.ARTIST)
    if not first:
        return first
    return open_now(application.round) if application.person_id == actor.pk else NOT_THERE


rule("application.hand_in", who="the artist whose it is, while the round is open; in every standing")(_own)
rule("application.take_back", who="the artist whose it is, while the round is open")(_own)
