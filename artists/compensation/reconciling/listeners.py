"""Who is told of what reached the bank, of what came back, and of an account that stopped taking money."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Payment, Payout, RailAccount
from artists.compensation.payments.news import AccountStood, PaymentCameBack
from artists.compensation.payments.states import Arrival, Readiness
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.money import plain_amount
from portal.notices.kinds import DESK, PAY, Kind, Sample, register_kind
from portal.notices.services import tell

from .arrivals import CANCELED
from .news import PaymentArrived, PayoutFailed

_MONEY = _("It is about money of yours that does not reach you until you act.")
ARRIVED = _("%(amount)s %(currency)s arrived at your bank")
ARRIVED_BODY = _("“%(title)s”. This is what the bank told Stripe; it may show on your account a day later.")
FAILED = _("Needs you: your bank sent money back")
FAILED_BODY = _(
    "%(amount)s %(currency)s are safe in your balance at Stripe. Mend the bank account there; Stripe then sends them again by itself."
)
CAME_BACK = _("A payment was taken back: %(amount)s %(currency)s")
CAME_BACK_BODY = _(
    "“%(title)s”. The program owes you this money again until it is paid anew or the award is ended; either way you read why."
)
NEEDS_YOU = _("Needs you: your account at Stripe cannot take money")
NEEDS_YOU_BODY = _("Nothing that you are owed is lost. Open your page “How I am paid” for what Stripe asks.")
READY = _("You can be paid by Stripe now")
DESK_CAME_BACK = _("A payment was taken back")
_FILL = {"amount": "30.00", "currency": "EUR", "title": "Contributions of October"}

register_kind(
    Kind(
        "pay.arrived",
        _("Money of yours arrived at your bank"),
        family=PAY,
        sample=Sample(ARRIVED, ARRIVED_BODY, "/ledger/", fill=_FILL),
    )
)
register_kind(
    Kind(
        "pay.payout_failed",
        _("Your bank sent money back"),
        family=PAY,
        binding=True,
        why=_MONEY,
        sample=Sample(FAILED, FAILED_BODY, "/me/pay/", fill=_FILL),
    )
)
register_kind(
    Kind(
        "pay.came_back",
        _("A payment was taken back"),
        family=PAY,
        binding=True,
        why=_("It is about money that you had been paid."),
        sample=Sample(CAME_BACK, CAME_BACK_BODY, "/ledger/", fill=_FILL),
    )
)
register_kind(
    Kind(
        "pay.account_stopped",
        _("Your account at Stripe cannot take money"),
        family=PAY,
        binding=True,
        why=_MONEY,
        sample=Sample(NEEDS_YOU, NEEDS_YOU_BODY, "/me/pay/"),
    )
)
register_kind(
    Kind(
        "pay.account_ready",
        _("Your account at Stripe can take money"),
        family=PAY,
        sample=Sample(READY, url="/me/pay/"),
    )
)
register_kind(
    Kind(
        "pay.desk_came_back",
        DESK_CAME_BACK,
        family=DESK,
        sample=Sample(DESK_CAME_BACK, url="/staff/payments/findings/"),
    )
)


def _about(payment: Payment, amount: int) -> dict[str, Any]:
    return {
        "amount": plain_amount(amount, payment.currency),
        "currency": payment.currency,
        "title": payment.award.title,
    }


@listen(PaymentArrived, name="pay.tell_arrived")
def tell_arrived(news: PaymentArrived) -> None:
    """Its artist, in the words of the bank."""
    payment = Payment.objects.select_related("award", "payee").get(pk=news.payment)
    key = f"arrived:{payment.pk}:{news.payout}"
    fill = _about(payment, payment.amount - payment.came_back)
    tell(payment.payee, "pay.arrived", key=key, title=ARRIVED, body=ARRIVED_BODY, url=reverse("ledger"), fill=fill)


@listen(PayoutFailed, name="pay.tell_payout_failed")
def tell_failed(news: PayoutFailed) -> None:
    """The artist, whose bank account it is. Not where it is on its way again, and not where Stripe called it off itself."""
    payout = Payout.objects.select_related("account__person").get(payout=news.payout)
    if payout.status != Arrival.FAILED or payout.again_in_id is not None or payout.failure == CANCELED:
        return
    fill = {"amount": plain_amount(payout.amount, payout.currency), "currency": payout.currency}
    tell(
        payout.account.person,
        "pay.payout_failed",
        key=f"payout-failed:{payout.payout}",
        title=FAILED,
        body=FAILED_BODY,
        url=reverse("pay"),
        fill=fill,
    )


@listen(PaymentCameBack, name="pay.tell_came_back")
def tell_came_back(news: PaymentCameBack) -> None:
    """Its artist, and the staff: its award owes the money again."""
    payment = Payment.objects.select_related("award", "payee").get(pk=news.payment)
    fill, key = _about(payment, news.amount), f"came-back:{news.reversal}"
    tell(
        payment.payee, "pay.came_back", key=key, title=CAME_BACK, body=CAME_BACK_BODY, url=reverse("ledger"), fill=fill
    )
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct()
    for person in staff.exclude(pk=payment.payee_id):
        tell(person, "pay.desk_came_back", key=key, title=DESK_CAME_BACK, url=reverse("staff_findings"))


@listen(AccountStood, name="pay.tell_account")
def tell_account(news: AccountStood) -> None:
    """Its artist, when it can take money at last, and when it no longer can."""
    account = RailAccount.objects.select_related("person").get(pk=news.account)
    if account.replaced_at is not None or account.readiness != news.readiness:
        return
    key = f"account:{account.pk}:{news.at}"
    if news.readiness == Readiness.ACTIVE:
        tell(account.person, "pay.account_ready", key=key, title=READY, url=reverse("pay"))
    elif news.readiness in {Readiness.RESTRICTED, Readiness.REJECTED, Readiness.CLOSED}:
        tell(account.person, "pay.account_stopped", key=key, title=NEEDS_YOU, body=NEEDS_YOU_BODY, url=reverse("pay"))
