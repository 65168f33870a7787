"""Accounts of artists who are owed money, their payouts, and the program's own balance at Stripe."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Min, Q, Sum
from django.utils.translation import gettext as _

from artists.compensation.ledger.states import Side
from artists.compensation.models import Attempt, Payment, RailAccount
from artists.compensation.payments.accounts import reread_account
from artists.compensation.payments.states import Arrival, AttemptState, PaymentState, Rail, Readiness
from artists.compensation.reconciling.arrivals import failed_payouts_of, look_at_payouts
from artists.compensation.stripe.facts import Event
from artists.compensation.stripe.outcomes import DefinitelyRefused, NotDone

from . import Check, Found, Look, money

# What a bank has taken may still come back for some days.
UNSURE = timedelta(days=7)
FORGET_AFTER = timedelta(days=90)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
_DUE = (PaymentState.READY, PaymentState.REFUSED)
_GONE = (Readiness.CLOSED, Readiness.REJECTED)
_SENT = (PaymentState.SENT, PaymentState.PARTLY_REVERSED)


def watched(now: datetime) -> list[tuple[RailAccount, datetime]]:
    """Accounts with money that has not surely reached a bank, each with the moment since when its payouts matter."""
    sent = Attempt.objects.filter(state=AttemptState.ACCEPTED, rail=Rail.STRIPE_CONNECT)
    unsure = ~Q(arrival=Arrival.PAID) | Q(payout__made_at__gte=now - UNSURE)
    # What was taken back whole never arrives, and is looked at for a while only.
    out = Q(state__in=_SENT) | Q(state=PaymentState.REVERSED, sent_at__gte=now - FORGET_AFTER)
    travelling = Payment.objects.filter(unsure & out)
    mine = sent.filter(transfer__in=travelling.values("transfer"))
    since = dict(mine.order_by().values_list("destination").annotate(since=Min("began_at")))
    rows = RailAccount.objects.filter(account__in=since).order_by("pk")
    return [(row, since[row.account or ""] - A_DAY) for row in rows]


def arrivals(look: Look) -> Iterator[Found]:
    """Mirror payouts, whether or not a webhook told of them; one account that cannot be read does not keep the others."""
    for account, since in watched(look.began_at):
        try:
            look_at_payouts(account, since=since)
        except NotDone as fault:
            if not isinstance(fault.outcome, DefinitelyRefused) or fault.outcome.stops:
                raise
    yield from ()


def accounts_that_stopped(look: Look) -> Iterator[Found]:
    """Read the accounts of everybody who is owed money and is paid by Stripe, or to whose account money went."""
    owes = Q(person__pay_accounts__side=Side.OWED, person__pay_accounts__balance__gt=0)
    owed = owes & Q(person__pay_profile__rail=Rail.STRIPE_CONNECT)
    in_use = RailAccount.objects.filter(rail=Rail.STRIPE_CONNECT, replaced_at=None).exclude(account=None)
    travelling = {account.pk for account, _since in watched(look.began_at)}
    for row in in_use.filter(owed | Q(pk__in=travelling)).distinct().order_by("pk").select_related("person"):
        try:
            read = reread_account(row)
        except NotDone as fault:
            if not isinstance(fault.outcome, DefinitelyRefused) or fault.outcome.stops:
                raise
            words = _("Stripe no longer lets the program see %(account)s of %(name)s.")
            yield Found("account-closed", row.account or "", words % {"account": row.account, "name": row.person.name})
            continue
        about = {"account": row.account, "name": row.person.name, "state": read.get_readiness_display()}
        if read.readiness in _GONE:
            yield Found("account-closed", row.account or "", _("%(account)s of %(name)s is %(state)s.") % about)
        # Where a bank sent money back, the finding of that says what is asked of its artist.
        elif read.readiness == Readiness.RESTRICTED and not failed_payouts_of(row).exists():
            yield Found("account-changed", row.account or "", _("%(account)s of %(name)s: %(state)s.") % about)


def balance_that_is_low(look: Look) -> Iterator[Found]:
    """What is to be paid by Stripe, against what the program has there; money that arrives there within days counts."""
    owed = Payment.objects.filter(state__in=_DUE, payee__pay_profile__rail=Rail.STRIPE_CONNECT)
    needed = dict(owed.order_by().values_list("currency").annotate(sum=Sum("amount")))
    if not needed:
        return
    there = {funds.currency: funds.available + funds.pending for funds in look.gateway.balance()}
    for currency, amount in sorted(needed.items()):
        if there.get(currency, 0) < amount:
            words = _("%(need)s is to be paid; Stripe has %(have)s of the program's.") % {
                "need": money(amount, currency),
                "have": money(there.get(currency, 0), currency),
            }
            yield Found("balance-low", currency, words)


def webhooks_that_stay_away(look: Look) -> Iterator[Found]:
    """News of transfers and payouts of the last day that no endpoint took within an hour.

    What it was about is known by looking, an hour late. News of what an account may do is not told apart by Stripe.
    """
    until = look.began_at - AN_HOUR
    accounts = ["", *(account.account or "" for account, _since in watched(look.began_at))]
    for endpoint, of in (("account", accounts[:1]), ("connect", accounts[1:])):
        late = sorted(
            (one for account in of for one in _undelivered(look, account) if one.made_at <= until),
            key=lambda one: one.made_at,
        )
        if late:
            words = _("%(n)s of the last day did not arrive, the first %(kind)s (%(id)s).")
            told = words % {"n": len(late), "kind": late[0].type, "id": late[0].id}
            yield Found("webhooks-undelivered", endpoint, told)


def _undelivered(look: Look, account: str) -> list[Event]:
    """An account that Stripe no longer lets the program see has no news; that it is so is another finding."""
    try:
        return look.gateway.events_since(look.began_at - A_DAY, account=account, undelivered=True)
    except NotDone as fault:
        if not account or not isinstance(fault.outcome, DefinitelyRefused) or fault.outcome.stops:
            raise
        return []


CHECKS = (
    Check(frozenset(), arrivals),
    Check(frozenset({"account-closed", "account-changed"}), accounts_that_stopped),
    Check(frozenset({"balance-low"}), balance_that_is_low),
    Check(frozenset({"webhooks-undelivered"}), webhooks_that_stay_away),
)
