"""Where a payment or a contribution stands, in words, with the one next step and whose it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.compensation.awards.states import AwardState
from artists.compensation.contributions.kinds import label_of
from artists.compensation.contributions.states import ContributionState
from artists.compensation.models import Attempt, Contribution, Payment
from artists.compensation.payments.causes import cause_of
from artists.compensation.payments.queries import is_rest
from artists.compensation.payments.states import Arrival, AttemptState, PaymentState, Rail
from portal.access.decisions import Words
from portal.money import plain_amount

from .holding import NOT_DUE, PAYEE, Hold
from .periods import today_in

PAY_PAGE = "/me/pay/"
_SENT_AGAIN = gettext_lazy("The program looks at it and sends it again. The money is still yours.")


@dataclass(frozen=True, slots=True)
class Standing:
    """A state in words with its tone, the one next step, whether it is the artist's, and where it is taken."""

    state: Words
    tone: str
    step: Words
    yours: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: what it is, how much, since when, under which number, and how it stands."""

    what: str
    number: str
    amount: int
    currency: str
    day: str
    stands: Standing
    url: str = ""
    detail: str = ""
    pk: object = None


def short(key: object) -> str:
    """The first letters of a long number: enough to say it on the phone."""
    return str(key)[:8]


def told(amount: int, currency: str) -> str:
    """A sum inside of a sentence."""
    return f"{plain_amount(amount, currency)} {currency}"


def _day(value: date | datetime, zone: tzinfo | None = None) -> str:
    local = value.astimezone(zone) if isinstance(value, datetime) else value
    return str(formats.date_format(local, "j M Y"))


def _last(payment: Payment) -> Attempt | None:
    """The last call to the rail, where it was refused."""
    tried = list(payment.attempts.all())
    return tried[-1] if tried and tried[-1].state == AttemptState.REFUSED else None


def _waiting(payment: Payment, holds: list[Hold], today: date) -> Standing:
    """Payable: what holds it comes first, and what its artist can do before all."""
    for hold in holds:
        if hold.whose == PAYEE:
            return Standing(hold.words, "yours", hold.todo, yours=True, url=PAY_PAGE)
        if hold.code != NOT_DUE:
            return Standing(hold.words, "warn", hold.todo)
    if payment.due_on > today:
        return Standing(_("Payable"), "info", _("It is sent from %(day)s on.") % {"day": _day(payment.due_on)})
    return Standing(_("Payable"), "info", _("The program sends it next. Nothing is needed of you."))


def _refused(payment: Payment) -> Standing:
    last = _last(payment)
    if last is None:
        return Standing(_("Refused"), "warn", _SENT_AGAIN)
    cause = cause_of(last.code)
    words = _("Refused: %(why)s") % {"why": cause.why}
    if cause.artist:
        return Standing(words, "yours", cause.artist, yours=True, url=PAY_PAGE)
    return Standing(words, "warn", _SENT_AGAIN)


def _travelling(payment: Payment) -> Standing:
    payout = payment.payout
    if payment.arrival == Arrival.FAILED:
        why = payout.failure.replace("_", " ") if payout is not None and payout.failure else ""
        words = _("Your bank sent it back: %(why)s") % {"why": why} if why else _("Your bank sent it back")
        step = _("Correct your bank details at Stripe; then it is sent to the bank again by itself.")
        return Standing(words, "yours", step, yours=True, url=PAY_PAGE)
    if payment.arrival == Arrival.NONE:
        step = _("Stripe has it, and sends it on to your bank by itself.")
        return Standing(_("On its way"), "info", step)
    if payout is not None and payout.arrives_on is not None:
        step = _("Expected at your bank on %(day)s.") % {"day": _day(payout.arrives_on)}
        return Standing(_("On its way"), "info", step)
    return Standing(_("On its way"), "info", _("Stripe has sent it to your bank; it says no day yet."))


def _sent(payment: Payment) -> Standing:
    if payment.rail == Rail.MANUAL:
        if payment.reference:
            step = _("Paid by hand under the reference “%(text)s”. Look for it at your bank.")
            return Standing(_("Paid"), "ok", step % {"text": payment.reference})
        return Standing(_("Paid"), "ok", _("Paid by hand. Look for it at your bank."))
    if payment.arrival == Arrival.PAID:
        return Standing(_("Paid"), "ok", _("It has arrived. Nothing is needed of you."))
    return _travelling(payment)


def _partly(payment: Payment) -> Standing:
    """A part came back; the rest goes on its way like anything that was sent."""
    back, rest = told(payment.came_back, payment.currency), _sent(payment)
    why = f" {payment.end_reason}" if payment.end_reason else ""
    if rest.tone == "ok":
        return Standing(_("%(sum)s came back") % {"sum": back}, "warn", _("The rest stays paid.") + why)
    words = _("%(sum)s came back; the rest: %(state)s") % {"sum": back, "state": rest.state}
    return replace(rest, state=words, step=f"{rest.step}{why}")


def _returned(payment: Payment) -> Standing:
    why = f" {payment.end_reason}" if payment.end_reason else ""
    if payment.state == PaymentState.CANCELLED:
        return Standing(_("Not paid"), "plain", payment.end_reason or _("The program ended it."))
    if payment.state == PaymentState.PARTLY_REVERSED:
        return _partly(payment)
    if payment.award.state == AwardState.VOID:
        return Standing(_("Came back"), "warn", _("Its award has ended, so it is not paid again.") + why)
    step = _("It is payable again; the program decides how it is sent.") + why
    return Standing(_("Came back"), "warn", step)


def standing_of(payment: Payment, holds: list[Hold], today: date) -> Standing:
    """How a payment stands for the artist it is for."""
    if payment.state == PaymentState.READY:
        return _waiting(payment, holds, today)
    if payment.state == PaymentState.SENDING:
        return Standing(_("Being sent"), "info", _("This takes a moment. Nothing is needed of you."))
    if payment.state == PaymentState.UNKNOWN:
        step = _("We ask again until it is known. It cannot be paid twice, and nothing is needed of you.")
        return Standing(_("Sent, not confirmed yet"), "warn", step)
    if payment.state == PaymentState.NEEDS_HUMAN:
        step = _("Somebody of the program looks at it. The money is set aside for you.")
        return Standing(_("Being looked at"), "warn", step)
    if payment.state == PaymentState.REFUSED:
        return _refused(payment)
    return _sent(payment) if payment.state == PaymentState.SENT else _returned(payment)


def title_of(payment: Payment) -> str:
    """Its award, and which instalment of it where there are several."""
    parts = len(payment.award.instalments)
    if is_rest(payment):
        return _("%(title)s, what came back") % {"title": payment.award.title}
    if parts < 2:  # noqa: PLR2004 - one instalment is no instalment
        return payment.award.title
    return _("%(title)s, %(n)s of %(all)s") % {"title": payment.award.title, "n": payment.number, "all": parts}


def _when(payment: Payment, zone: tzinfo) -> str:
    """The day that matters: sent on, or due on."""
    if payment.sent_at is not None:
        return _("sent %(day)s") % {"day": _day(payment.sent_at, zone)}
    return _("due %(day)s") % {"day": _day(payment.due_on)}


def line_of(payment: Payment, holds: list[Hold], zone: tzinfo) -> Line:
    """A payment as a line of the ledger, its days in a zone."""
    return Line(
        what=title_of(payment),
        number=_("payment %(n)s") % {"n": short(payment.pk)},
        amount=payment.amount - (payment.came_back if payment.state == PaymentState.PARTLY_REVERSED else 0),
        currency=payment.currency,
        day=_when(payment, zone),
        stands=standing_of(payment, holds, today_in(zone)),
        url=reverse("ledger_payment", args=[payment.pk]),
        pk=payment.pk,
    )


def contribution_stands(one: Contribution) -> Standing:
    """How a contribution stands."""
    if one.state == ContributionState.UNPAID:
        return Standing(_("Counted, unpaid"), "plain", _("The tariff paid nothing for it when you made it."))
    if one.state == ContributionState.EARNED:
        return Standing(_("Earned"), "ok", _("The program puts it into an award next."))
    award = one.award
    if award is not None and award.approved_at is None:
        step = _("Two people approve the award “%(title)s” next.") % {"title": award.title}
        return Standing(_("In an award"), "info", step)
    title = award.title if award is not None else ""
    return Standing(_("In an award"), "ok", _("Paid with “%(title)s”.") % {"title": title})


def contribution_line(one: Contribution, zone: tzinfo) -> Line:
    """A contribution as a line of the ledger."""
    return Line(
        what=one.about or str(label_of(one.kind)),
        number=_("contribution %(n)s") % {"n": one.pk},
        amount=one.amount,
        currency=one.currency,
        day=_("made %(day)s") % {"day": _day(one.at, zone)},
        stands=contribution_stands(one),
        url=reverse("dispute_about", args=[one.pk]),
        detail=str(label_of(one.kind)),
        pk=one.pk,
    )
