"""What keeps a payment from being sent now: asked anew each time, said in words, with whose turn it is.

Suspension is read nowhere: money that is owed is paid. Only a named person holds a payment, with a reason its artist reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.standing import lapsed_among
from artists.compensation.awards.states import AwardState
from artists.compensation.ledger.states import EntryKind, FundState
from artists.compensation.models import Entry, Payment, PayProfile
from portal.access.decisions import Words

from .readiness import Ready, accounts_in_use, profiles_of, ready
from .states import AttemptState, PaymentState, Rail

CHANGE_WAITS = timedelta(hours=72)
A_DAY = timedelta(days=1)
PAYEE, STAFF, RAIL, TIME = "payee", "staff", "rail", "time"
# Those of the way to the artist: what is paid by hand does not go that way.
OF_THE_WAY = frozenset({"not-onboarded", "capability-off", "way-impossible"})
_NOT_ONBOARDED = frozenset({"no-profile", "no-country", "no-rail", "no-account", "account-incomplete"})
_IMPOSSIBLE = frozenset({"stripe-off", "country-not-by-stripe", "currency-not-by-stripe"})


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason: `todo` is the next step, and it is that of `whose` ("payee", "staff", "rail", or "time" alone)."""

    code: str
    words: Words
    todo: Words
    whose: str


def sent_within_a_day(funds: Iterable[UUID]) -> dict[UUID, int]:
    """By fund: minor units that left it in the last 24 hours, or may have. One query."""
    entries = Entry.objects.filter(award__fund__in=list(funds), at__gte=timezone.now() - A_DAY)
    went = Q(kind=EntryKind.HAND) | (Q(kind=EntryKind.SEND) & ~Q(attempt__state=AttemptState.REFUSED))
    return dict(entries.filter(went).order_by().values_list("award__fund").annotate(sum=Sum("amount")))


def _of_the_way(found: Ready) -> Hold | None:
    if found.ok:
        return None
    if found.code in _NOT_ONBOARDED:
        return Hold("not-onboarded", found.words, found.todo, PAYEE)
    if found.code in _IMPOSSIBLE:
        return Hold("way-impossible", found.words, found.todo, PAYEE)
    return Hold("capability-off", found.words, found.todo, RAIL if found.code == "account-review" else PAYEE)


def _of_the_money(payment: Payment, *, lapsed: bool, sent: int) -> list[Hold]:
    award, fund, holds = payment.award, payment.award.fund, []
    if payment.held_reason:
        words = _("%(name)s holds it: %(reason)s") % {"name": payment.held_by_label, "reason": payment.held_reason}
        holds.append(Hold("person-hold", words, _("They, or somebody else of the staff, let it go again."), STAFF))
    # A closed fund owes only what came back since, and that leaves it.
    if fund.state == FundState.FROZEN:
        words = _("The fund “%(fund)s” is %(state)s: %(why)s") % {
            "fund": fund.name,
            "state": fund.get_state_display(),
            "why": fund.state_reason,
        }
        holds.append(
            Hold("fund-frozen", words, _("The staff let money leave it again. What is promised stays."), STAFF)
        )
    if award.state != AwardState.APPROVED:
        words = _("Its award is not approved: %(state)s.") % {"state": award.get_state_display()}
        holds.append(Hold("award-not-approved", words, _("The staff look at the award."), STAFF))
    elif lapsed:
        words = _("Somebody who approved its award is no longer of the staff: an approval is missing.")
        holds.append(Hold("approvals-lapsed", words, _("Somebody else of the staff approves it as it stands."), STAFF))
    # Money has one calendar, that of UTC: where whoever sends it lives makes nothing due earlier.
    if payment.due_on > timezone.localdate(timezone=UTC):
        day = formats.date_format(payment.due_on, "DATE_FORMAT")
        holds.append(Hold("not-due", _("It is due on %(day)s.") % {"day": day}, _("Nothing is to be done."), TIME))
    if fund.daily_most is not None and sent + payment.amount > fund.daily_most:
        words = _("More than this fund sends in 24 hours would leave it.")
        holds.append(Hold("daily-cap", words, _("It is sent when that is past, or the staff raise the limit."), TIME))
    return holds


def _of_the_profile(payment: Payment, profile: PayProfile | None) -> list[Hold]:
    holds = []
    if payment.award.fund.asks_tax and (profile is None or profile.tax_confirmed_at is None):
        words = _("The tax information of its artist is not confirmed.")
        holds.append(Hold("tax-missing", words, _("The staff confirm it once they have seen it."), STAFF))
    if profile is not None and profile.changed_at is not None and profile.changed_at + CHANGE_WAITS > timezone.now():
        until = formats.date_format(timezone.localtime(profile.changed_at + CHANGE_WAITS), "DATETIME_FORMAT")
        words = _("The way to be paid was changed, so nothing is sent until %(moment)s.") % {"moment": until}
        todo = _("Nothing, if it was changed by its artist. If not: tell the program staff now.")
        holds.append(Hold("account-changed", words, todo, TIME))
    return holds


def holds_of_many(payments: Iterable[Payment]) -> dict[UUID, list[Hold]]:
    """By payment, for those that could be sent: a fixed number of queries. Each comes with its award and the award's fund."""
    waiting = [one for one in payments if one.state == PaymentState.READY]
    people = {one.payee_id for one in waiting}
    profiles, accounts = profiles_of(people), accounts_in_use(people)
    lapsed = lapsed_among([one.award for one in waiting])
    capped = {one.award.fund_id for one in waiting if one.award.fund.daily_most is not None}
    sent = sent_within_a_day(capped) if capped else {}
    found = {}
    for one in waiting:
        profile = profiles.get(one.payee_id)
        way = _of_the_way(ready(profile, accounts.get(one.payee_id), one.currency))
        holds = _of_the_money(one, lapsed=one.award_id in lapsed, sent=sent.get(one.award.fund_id, 0))
        found[one.pk] = [*holds, *_of_the_profile(one, profile), *([] if way is None else [way])]
    return found


def holds_of(payment: Payment) -> list[Hold]:
    """What keeps this payment from being sent now; nothing where it has been sent already."""
    return holds_of_many([payment]).get(payment.pk, [])


def way_of(profile: PayProfile | None) -> str:
    """The rail somebody chose, empty where they did not."""
    return "" if profile is None else str(profile.rail and Rail(profile.rail))
