"""What follows from news of awards and rounds: whoever acts next is told; sums and words are behind the link."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Application, Award, Round
from artists.compensation.payments.readiness import readiness_of
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.roster import people_holding
from portal.happenings import listen
from portal.notices.kinds import DESK, PAY, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import (
    AwardApproved,
    AwardDeclined,
    AwardSubmitted,
    AwardVoided,
    RoundCancelled,
    RoundDecided,
    RoundOpened,
)
from .rules import asks
from .standing import deciders_of
from .states import ApplicationState

WAITING = _("An award waits for approval")
WAITING_BODY = _("Two people approve it who neither proposed it nor are paid by it.")
BATCH_WAITING = _("A batch of awards waits for approval")
PROMISED = _("An award was approved: it is promised to you")
NEEDS_YOU = _("An award is promised to you, and we cannot pay it yet")
NEEDS_YOU_BODY = _("Say how you want to be paid; then nothing more is needed from you.")
DECLINED = _("An award you proposed was declined")
NOT_APPROVED = _("Your grant was not approved")
NOT_APPROVED_BODY = _("You were chosen, and somebody who had to approve the money said no. The reason is on the page.")
ENDED = _("An award of yours has ended")
ENDED_BODY = _("What was paid stays yours. Why the rest is not paid is on the page.")
OPENED = _("A call for grants is out")
DECIDED = _("A grant round you applied in is decided")
DECIDED_BODY = _("The answer to your application is on its page, with a line for each criterion.")
CANCELLED = _("A grant round you wrote for was cancelled")
_WHY = _("Money is owed to you, and only you can say where it goes.")

for _kind in (
    Kind("pay.award_waiting", WAITING, family=DESK, sample=Sample(WAITING, WAITING_BODY, "/staff/money/awards/")),
    Kind("pay.award_declined", DECLINED, family=DESK, sample=Sample(DECLINED, url="/staff/money/awards/")),
    Kind("pay.award_approved", PROMISED, family=PAY, sample=Sample(PROMISED, url="/grants/")),
    Kind("pay.award_needs_you", NEEDS_YOU, family=PAY, binding=True, why=_WHY, sample=Sample(NEEDS_YOU, NEEDS_YOU_BODY, "/grants/")),
    Kind("pay.award_ended", ENDED, family=PAY, sample=Sample(ENDED, ENDED_BODY, "/grants/")),
    Kind("grants.opened", OPENED, family=PAY, sample=Sample(OPENED, url="/grants/")),
    Kind("grants.decided", DECIDED, family=PAY, sample=Sample(DECIDED, DECIDED_BODY, "/grants/")),
    Kind("grants.cancelled", CANCELLED, family=PAY, sample=Sample(CANCELLED, url="/grants/")),
):  # fmt: skip
    register_kind(_kind)


def _award(pk: str) -> Award:
    return Award.objects.select_related("payee", "proposer").get(pk=UUID(pk))


@listen(AwardSubmitted, name="award.tell_approvers")
def tell_approvers(news: AwardSubmitted) -> None:
    """Everybody who can approve; once for a whole batch, again for one of it that was changed."""
    award = _award(news.award)
    batch = award.batch_id if news.together else None
    key = f"award:{award.pk}:{news.digest[:16]}" if batch is None else f"batch:{batch}"
    title = WAITING if batch is None else BATCH_WAITING
    url = reverse("staff_award", args=[award.pk]) if batch is None else reverse("staff_batch", args=[batch])
    others = {award.payee_id, award.proposer_id or 0} | deciders_of([award])[award.pk]
    for person in people_holding(Role.STAFF, Role.OPERATOR).exclude(pk__in=others):
        tell(person, "pay.award_waiting", key=key, title=title, body=WAITING_BODY, url=url)


@listen(AwardApproved, name="award.tell_payee")
def tell_payee(news: AwardApproved) -> None:
    """Its artist; where money would not reach them yet, with what is missing."""
    award = _award(news.award)
    ready = readiness_of(award.payee, award.currency)
    url, key = reverse("award", args=[award.pk]), f"award:{award.pk}:approved"
    if ready.ok:
        tell(award.payee, "pay.award_approved", key=key, title=PROMISED, url=url)
    else:
        tell(award.payee, "pay.award_needs_you", key=key, title=NEEDS_YOU, body=NEEDS_YOU_BODY, url=url)


@listen(AwardDeclined, name="award.tell_declined")
def tell_declined(news: AwardDeclined) -> None:
    """Whoever proposed it; an artist who was told that they are chosen."""
    award, key = _award(news.award), f"award:{news.award}:declined"
    if award.proposer is not None:
        url = reverse("staff_award", args=[award.pk])
        tell(award.proposer, "pay.award_declined", key=key, title=DECLINED, url=url)
    if award.application_id is not None:
        url = reverse("award", args=[award.pk])
        tell(award.payee, "pay.award_ended", key=key, title=NOT_APPROVED, body=NOT_APPROVED_BODY, url=url)


@listen(AwardVoided, name="award.tell_voided")
def tell_voided(news: AwardVoided) -> None:
    """Its artist."""
    award = _award(news.award)
    url = reverse("award", args=[award.pk])
    key = f"award:{award.pk}:void:{news.again}" if news.again else f"award:{award.pk}:void"
    tell(award.payee, "pay.award_ended", key=key, title=ENDED, body=ENDED_BODY, url=url)


def _round(pk: str) -> tuple[Round, str]:
    found = Round.objects.get(pk=UUID(pk))
    return found, reverse("grant_round", args=[found.pk])


@listen(RoundOpened, name="grants.tell_opened")
def tell_opened(news: RoundOpened) -> None:
    """The artists whom it asks."""
    found, url = _round(news.round)
    for person in people_holding(Role.ARTIST):
        if asks(found, person.pk):
            tell(person, "grants.opened", key=f"round:{found.pk}:opened", title=OPENED, url=url)


def _tell_applicants(found: Round, url: str, states: list[str], kind: str, title: object, body: object = "") -> None:
    applied = Application.objects.filter(round=found, state__in=states).values("person")
    for person in Person.objects.filter(pk__in=applied).order_by("pk"):
        tell(person, kind, key=f"round:{found.pk}:{found.state}", title=title, body=body, url=url)


@listen(RoundDecided, name="grants.tell_decided")
def tell_decided(news: RoundDecided) -> None:
    """Everybody who applied."""
    found, url = _round(news.round)
    states = [ApplicationState.GRANTED, ApplicationState.DECLINED]
    _tell_applicants(found, url, [str(one) for one in states], "grants.decided", DECIDED, DECIDED_BODY)


@listen(RoundCancelled, name="grants.tell_cancelled")
def tell_cancelled(news: RoundCancelled) -> None:
    """Everybody who wrote for it, drafts too."""
    found, url = _round(news.round)
    _tell_applicants(found, url, list(ApplicationState.values), "grants.cancelled", CANCELLED)
