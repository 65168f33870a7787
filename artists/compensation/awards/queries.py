"""What one may see of awards, rounds and applications."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from artists.compensation.models import Application, Approval, Award, Batch, Dispute, Round
from artists.people.roles import Role
from portal.access import Actor, check
from portal.program.models import Membership

from .rules import applied_in, may_write_yet
from .standing import fees_set_in
from .states import ApplicationState, AwardState, RoundState, Verdict

# What a payee is told of: it was promised, or (of a round) they were chosen and then it was declined.
TOLD = (AwardState.APPROVED, AwardState.VOID, AwardState.CLOSED)
_A, _P = AwardState, ApplicationState


def awards_of(actor: Actor) -> QuerySet[Award]:
    """What was promised to oneself, newest first."""
    if not actor.pk:
        return Award.objects.none()
    told = Q(state__in=TOLD) | Q(state=_A.DECLINED, application__isnull=False)
    return Award.objects.filter(told, payee_id=actor.pk).select_related("fund", "application__round").order_by("-made_at", "-pk")  # fmt: skip


def awards_overseen_by(actor: Actor) -> QuerySet[Award]:
    """All awards, for staff; newest first, with how many have approved what each says now."""
    if not check("award.oversee", actor):
        return Award.objects.none()
    yes = Count("approvals", filter=Q(approvals__digest=F("digest"), approvals__verdict=Verdict.YES))
    return Award.objects.select_related("payee", "fund", "batch").annotate(said_yes=yes).order_by("-made_at", "-pk")


def awards_waiting_for(actor: Actor) -> QuerySet[Award]:
    """What this person may approve and has not yet said anything of; longest waiting first."""
    said = Approval.objects.filter(award=OuterRef("pk"), digest=OuterRef("digest"), by_id=actor.pk)
    answered = Dispute.objects.filter(added__award=OuterRef("pk"), answered_by_id=actor.pk)
    waiting = awards_overseen_by(actor).filter(~Exists(said), ~Exists(answered), state=_A.SUBMITTED)
    for mine in ("payee_id", "proposer_id", "application__decided_by_id"):
        waiting = waiting.exclude(**{mine: actor.pk})
    fees = fees_set_in(Award.objects.filter(state=_A.SUBMITTED)) if actor.pk else []
    waiting = waiting.exclude(pk__in=[award for award, by in fees if by == actor.pk])
    return waiting.order_by("submitted_at", "pk")


def batches_overseen_by(actor: Actor) -> QuerySet[Batch]:
    """All batches, for staff; newest first, with awards, those that wait, and the sum of what was not ended."""
    if not check("award.oversee", actor):
        return Batch.objects.none()
    live = Q(awards__state__in=[_A.DRAFT, _A.SUBMITTED, _A.APPROVED, _A.CLOSED])
    return (
        Batch.objects.select_related("fund")
        .annotate(
            count=Count("awards"),
            waiting=Count("awards", filter=Q(awards__state=_A.SUBMITTED)),
            total=Sum("awards__amount", filter=live, default=0),
        )
        .order_by("-made_at", "-pk")
    )


def rounds_overseen_by(actor: Actor) -> QuerySet[Round]:
    """All rounds, for staff; the newest first, with how many applied and how many have no answer yet."""
    if not check("round.oversee", actor):
        return Round.objects.none()
    said = Count("applications", filter=~Q(applications__state__in=[_P.DRAFT, _P.WITHDRAWN]))
    waiting = Count("applications", filter=Q(applications__state=_P.SUBMITTED))
    return Round.objects.select_related("fund").annotate(applied=said, waiting=waiting).order_by("-made_at", "-pk")


def rounds_to_decide(actor: Actor) -> QuerySet[Round]:
    """Those that have closed and are not decided, soonest due first."""
    closed = rounds_overseen_by(actor).filter(state=RoundState.OPEN, closes_at__lte=timezone.now())
    return closed.order_by("decided_by", "pk")


def round_of(actor: Actor, application: UUID) -> QuerySet[Round]:
    """The round of an application, for staff."""
    return rounds_overseen_by(actor).filter(pk__in=Application.objects.filter(pk=application).values("round"))


def applications_overseen_by(actor: Actor, found: Round) -> QuerySet[Application]:
    """What was handed in in a round, for staff who neither wrote for it nor can yet; drafts and what was taken back are nobody else's."""
    seen = Application.objects.select_related("round__fund", "person__membership__cohort").filter(round=found)
    seen = seen.exclude(state__in=[_P.DRAFT, _P.WITHDRAWN]).order_by("handed_in_at", "pk")
    return seen if check("application.read", actor, found) else seen.none()


def applications_untold_to(actor: Actor) -> QuerySet[Application]:
    """All of the rounds that are not decided and for which this person wrote, or can yet: nobody reads of them elsewhere either."""
    rounds = Round.objects.filter(state=RoundState.OPEN)
    theirs = [found.pk for found in rounds if applied_in(actor, found) or may_write_yet(actor, found)]
    return Application.objects.filter(round__in=theirs)


def rounds_visible_to(actor: Actor) -> QuerySet[Round]:
    """Calls that ask this artist, and rounds in which they wrote something; open ones first."""
    if not actor.pk or not actor.holds(Role.ARTIST):
        return Round.objects.none()
    asked = Round.cohorts.through.objects.filter(round=OuterRef("pk"))
    mine = asked.filter(cohort__in=Membership.objects.filter(person_id=actor.pk).values("cohort"))
    wrote = Application.objects.filter(round=OuterRef("pk"), person_id=actor.pk)
    found = Round.objects.exclude(state=RoundState.DRAFT).filter(~Exists(asked) | Exists(mine) | Exists(wrote))
    is_open = Case(When(state=RoundState.OPEN, closes_at__gt=timezone.now(), then=Value(0)), default=Value(1))
    return found.select_related("fund").order_by(is_open, "-closes_at", "-pk")


def open_rounds(found: QuerySet[Round]) -> QuerySet[Round]:
    """Those in which somebody can apply at this moment."""
    now = timezone.now()
    return found.filter(state=RoundState.OPEN, opens_at__lte=now, closes_at__gt=now)


def only_looks_at(actor: Actor, found: Round) -> bool:
    """Whether somebody views a call as its artist while it is not decided.

    A draft is its artist's alone, and whoever looks may compete for the same grants. What was handed in has its own page for staff.
    """
    return getattr(actor, "only_looks", False) and found.state == RoundState.OPEN


def applications_of(actor: Actor) -> QuerySet[Application]:
    """One's own, drafts included, newest first; for whoever views as their artist only of rounds that are over."""
    mine = Application.objects.filter(person_id=actor.pk) if actor.pk else Application.objects.none()
    if getattr(actor, "only_looks", False):
        mine = mine.exclude(round__state=RoundState.OPEN)
    return mine.select_related("round__fund", "award").order_by("-changed_at", "-pk")


def my_application(actor: Actor, found: Round) -> Application | None:
    """One's own application in a round."""
    return applications_of(actor).filter(round=found).first()


def by_round(actor: Actor, rounds: Iterable[Round]) -> dict[object, Application]:
    """One's own applications in these rounds, by the number of the round."""
    return {one.round_id: one for one in applications_of(actor).filter(round__in=list(rounds))}
