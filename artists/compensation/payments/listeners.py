"""What follows from news of payments: whoever acts next is told; sums and words are behind the link."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Payment
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.roster import people_holding
from artists.people.sameness import is_among
from portal.happenings import listen
from portal.notices.kinds import DESK, PAY, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import PaymentCancelled, PaymentHeld, PaymentSent, PaymentStuck, WayChanged
from .states import PaymentState, Rail

SENT = _("A payment is on its way to you")
BY_HAND = _("A payment was made to you by bank transfer")
BY_HAND_BODY = _("Its reference is on the page: look for it at your bank.")
HELD = _("A payment of yours is held")
HELD_BODY = _("Who holds it and why is on the page. What is promised to you stays promised.")
CANCELLED = _("A payment to you will not be made")
CANCELLED_BODY = _("Why is on the page.")
CHANGED = _("The way you are paid was changed")
CHANGED_BODY = _(
    "Nothing is sent to you for 72 hours, so that you can say no. If you changed it yourself, nothing is needed. If you did not, "
    "change your password and tell the program staff now."
)
REFUSED = _("A payment was refused")
LOOK = _("A payment waits for somebody to look")
_WHY = _("Somebody else could have changed it: the mail to your address is how you would learn of it.")
for _kind in (
    Kind("pay.sent", _("A payment is on its way to you"), family=PAY, sample=Sample(SENT, url="/ledger/")),
    Kind("pay.held", HELD, family=PAY, sample=Sample(HELD, HELD_BODY, "/ledger/")),
    Kind("pay.cancelled", CANCELLED, family=PAY, sample=Sample(CANCELLED, CANCELLED_BODY, "/ledger/")),
    Kind(
        "pay.way_changed", CHANGED, family=PAY, binding=True, why=_WHY, urgent=True,
        sample=Sample(CHANGED, CHANGED_BODY, "/me/pay/"),
    ),
    Kind("pay.desk", _("A payment needs the staff"), family=DESK, sample=Sample(REFUSED, url="/staff/payments/")),
):  # fmt: skip
    register_kind(_kind)


def _payment(pk: str) -> Payment:
    return Payment.objects.select_related("payee").get(pk=pk)


@listen(PaymentSent, name="pay.tell_sent")
def tell_sent(news: PaymentSent) -> None:
    """Its artist."""
    found = _payment(news.payment)
    by_hand = found.rail == Rail.MANUAL
    tell(
        found.payee,
        "pay.sent",
        key=f"payment:{found.pk}:sent:{news.attempt}",
        title=BY_HAND if by_hand else SENT,
        body=BY_HAND_BODY if by_hand else "",
        url=reverse("ledger_payment", args=[found.pk]),
    )


@listen(PaymentHeld, name="pay.tell_held")
def tell_held(news: PaymentHeld) -> None:
    """Its artist."""
    found = _payment(news.payment)
    url = reverse("ledger_payment", args=[found.pk])
    tell(found.payee, "pay.held", key=f"payment:{found.pk}:held:{news.at}", title=HELD, body=HELD_BODY, url=url)


@listen(PaymentCancelled, name="pay.tell_cancelled")
def tell_cancelled(news: PaymentCancelled) -> None:
    """Its artist."""
    found = _payment(news.payment)
    url = reverse("ledger_payment", args=[found.pk])
    key = f"payment:{found.pk}:cancelled"
    tell(found.payee, "pay.cancelled", key=key, title=CANCELLED, body=CANCELLED_BODY, url=url)


@listen(PaymentStuck, name="pay.tell_stuck")
def tell_stuck(news: PaymentStuck) -> None:
    """The staff who may act on it."""
    found = _payment(news.payment)
    title = LOOK if news.state == PaymentState.NEEDS_HUMAN else REFUSED
    key, url = f"payment:{found.pk}:{news.state}:{news.attempt}", reverse("staff_payment", args=[found.pk])
    for person in people_holding(Role.STAFF, Role.OPERATOR):
        if not is_among(person.pk, [found.payee_id]):
            tell(person, "pay.desk", key=key, title=title, url=url)


@listen(WayChanged, name="pay.tell_way_changed")
def tell_way_changed(news: WayChanged) -> None:
    """The artist, by mail, whatever they chose."""
    person = Person.objects.get(pk=news.person)
    tell(person, "pay.way_changed", key=f"way:{news.at}", title=CHANGED, body=CHANGED_BODY, url=reverse("pay"))
