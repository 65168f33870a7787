"""What counts as a contribution when it is heard of, and who is told of one."""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Contribution, Dispute
from artists.consent.models import Consent
from artists.consent.news import ConsentGiven
from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.models import Outcome, ShareRequest
from artists.sharing.news import ShareByClock, ShareDecided
from artists.sharing.states import CollaboratorState
from artists.tariff.news import ContributionAccepted
from portal.happenings import listen
from portal.notices.kinds import DESK, PAY, Delivery, Kind, Sample, register_kind
from portal.notices.services import tell

from .kinds import CONSENT_FEE, SHARED, fee_source
from .news import ContributionCounted, DisputeAnswered, DisputeOpened
from .services import count_agreed, count_by_tariff, split

COUNTED = _("Something you did counts, and you have earned for it")
OPENED = _("An artist says that something was counted wrong")
ANSWERED = _("Your question about a contribution is answered")
register_kind(
    Kind(
        "pay.counted",
        _("A contribution of yours was counted and is paid"),
        family=PAY,
        default=Delivery.DAILY,
        sample=Sample(COUNTED, url="/ledger/"),
    )
)
register_kind(
    Kind(
        "pay.dispute_opened",
        _("A question about a contribution waits for staff"),
        family=DESK,
        sample=Sample(OPENED, url="/staff/money/disputes/"),
    )
)
register_kind(Kind("pay.dispute_answered", ANSWERED, family=PAY, sample=Sample(ANSWERED, url="/ledger/disputes/")))


@listen(ContributionAccepted, name="pay.count_accepted")
def count_accepted(news: ContributionAccepted) -> None:
    """Feedback, bugs, missions and gatherings say what was accepted."""
    count_by_tariff(
        source=news.source,
        person=Person.objects.get(pk=news.person),
        kind=news.contribution,
        quantity=Decimal(news.quantity),
        at=datetime.fromisoformat(news.at),
        about=news.about,
    )


@listen(ConsentGiven, name="pay.count_fee")
def count_fee(news: ConsentGiven) -> None:
    """The fee of a consent, shared among its authors; each part is a contribution of its own."""
    consent = Consent.objects.select_related("clip").get(pk=news.consent)
    if not consent.fee:
        return
    people = [grant.person for grant in consent.grants.select_related("person").order_by("pk")]
    for person, amount in zip(people, split(consent.fee, len(people)), strict=True):
        if amount:
            count_agreed(
                source=fee_source(consent.pk, person.pk),
                person=person,
                kind=CONSENT_FEE,
                amount=amount,
                currency=consent.currency,
                at=consent.given_at,
                about=f"{consent.get_kind_display()}: {consent.clip.title}",
            )


def _counted_before(asked: ShareRequest, people: set[Person]) -> set[int]:
    """For whom this clip counts under the key of earlier versions, which named the request it was approved by."""
    requests = list(ShareRequest.objects.filter(clip=asked.clip_id).values_list("pk", flat=True))
    keys = [f"share:{pk}:{person.pk}" for pk in requests for person in people]
    return set(Contribution.objects.filter(source__in=keys).values_list("person_id", flat=True))


def _count_shared(pk: str) -> None:
    """Once for each who made it: one clip may be asked for at many places, and again after it was taken back."""
    asked = ShareRequest.objects.select_related("artist").get(pk=pk)
    others = asked.collaborators.filter(state=CollaboratorState.CONFIRMED).select_related("person")
    people = {asked.artist} | {one.person for one in others}
    before = _counted_before(asked, people)
    for person in sorted(people, key=lambda one: one.pk):
        if person.pk not in before:
            count_by_tariff(
                source=f"share:{asked.clip_id}:{person.pk}",
                person=person,
                kind=SHARED,
                quantity=Decimal(1),
                at=asked.asked_at,
                about=asked.title,
            )


@listen(ShareDecided, name="pay.count_shared")
def count_shared(news: ShareDecided) -> None:
    """A work that was approved counts for everybody who made it."""
    if news.outcome != Outcome.REFUSED:
        _count_shared(news.request)


@listen(ShareByClock, name="pay.count_shared_by_clock")
def count_shared_by_clock(news: ShareByClock) -> None:
    """So does one that the clock approved."""
    _count_shared(news.request)


@listen(ContributionCounted, name="pay.tell_counted")
def tell_counted(news: ContributionCounted) -> None:
    """Whoever earned by it; what is unpaid is on the ledger and makes no mail."""
    counted = Contribution.objects.select_related("person").get(pk=news.contribution)
    if counted.amount:
        tell(counted.person, "pay.counted", key=f"counted:{counted.pk}", title=COUNTED, url=reverse("ledger"))


@listen(DisputeOpened, name="pay.tell_dispute_opened")
def tell_opened(news: DisputeOpened) -> None:
    """Those who can answer it."""
    dispute = Dispute.objects.get(pk=news.dispute)
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR])
    for person in staff.exclude(pk=dispute.person_id).distinct():
        url = reverse("staff_disputes")
        tell(person, "pay.dispute_opened", key=f"dispute:{dispute.pk}", title=OPENED, url=url)


@listen(DisputeAnswered, name="pay.tell_dispute_answered")
def tell_answered(news: DisputeAnswered) -> None:
    """The artist who asked."""
    dispute = Dispute.objects.select_related("person").get(pk=news.dispute)
    key = f"dispute:{dispute.pk}:answered"
    tell(dispute.person, "pay.dispute_answered", key=key, title=ANSWERED, url=reverse("disputes"))
