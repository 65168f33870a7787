"""What became of money after the rail took it: payouts to the bank and reversals, mirrored.

Whatever is read decides, never what came before: any order of looks, doubled or left out, ends in the same rows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Attempt, Entry, Payment, Payout, RailAccount
from artists.compensation.payments.services.returning import book_reversals
from artists.compensation.payments.states import Arrival, AttemptState, Rail
from artists.compensation.stripe import facts
from artists.compensation.stripe.gateway import open_gateway
from artists.compensation.stripe.outcomes import DefinitelyRefused, NotDone
from portal import happenings
from portal.access import System

from .news import PaymentArrived, PayoutFailed

MIRROR = System("reading Stripe")
_STANDS = {
    "pending": Arrival.PENDING,
    "in_transit": Arrival.IN_TRANSIT,
    "paid": Arrival.PAID,
    "failed": Arrival.FAILED,
    "canceled": Arrival.FAILED,
}
CANCELED = "canceled"
# Lines of a payout that are an earlier payout whose money came back.
_BACK = frozenset({"payout_failure", "payout_cancel"})


def look_at_transfer(transfer: str) -> Attempt | None:
    """Read one of ours again and enter what came back of it; None where no attempt of ours has it. Raises NotDone, Refused."""
    return keep_transfer(open_gateway().read_transfer(transfer))


def keep_transfer(told: facts.Transfer) -> Attempt | None:
    """Enter what a transfer says that the books do not have yet. Raises NotDone, Refused as book_reversal."""
    mine = Attempt.objects.filter(transfer=told.id, state=AttemptState.ACCEPTED).select_related("payment__payee")
    attempt = mine.first()
    if attempt is None:
        return None
    if told.arrived_as and attempt.arrived_as != told.arrived_as:
        Attempt.objects.filter(pk=attempt.pk).update(arrived_as=told.arrived_as)
    if told.came_back != came_back_of(attempt):
        reversals = sorted(open_gateway().reversals_of(told.id), key=lambda one: (one.made_at, one.id))
        book_reversals(attempt.payment, [(one.id, one.amount) for one in reversals], MIRROR)
    return attempt


def came_back_of(attempt: Attempt) -> int:
    """What of its transfer is entered as come back, in minor units."""
    entered = Entry.objects.filter(attempt=attempt, kind=EntryKind.REVERSE)
    return entered.aggregate(sum=Sum("amount"))["sum"] or 0


def look_at_payouts(account: RailAccount, *, since: datetime) -> int:
    """Mirror what left this account for the bank since then; how many payouts there were. Raises NotDone."""
    asked_at = timezone.now()
    told = open_gateway().payouts(account.account or "", since=since)
    for one in reversed(told):
        if not _holds_already(account, one):
            _look(account, one, asked_at, frozenset())
    return len(told)


def look_at_payout(account: RailAccount, payout: str) -> None:
    """Read one again, with what it holds. Raises NotDone."""
    asked_at = timezone.now()
    _look(account, open_gateway().read_payout(payout, account.account or ""), asked_at, frozenset())


def _holds_already(account: RailAccount, told: facts.Payout) -> bool:
    """Whether nothing new can be learned: it ended as we have it, and no payment looks for its payout."""
    ended = {Arrival.PAID, Arrival.FAILED}
    known = Payout.objects.filter(payout=told.id, status=_status(told), status__in=ended).exists()
    return known and not payments_to(account).filter(payout=None).exists()


def payments_to(account: RailAccount) -> QuerySet[Payment]:
    """Payments whose transfer went to this account."""
    mine = Attempt.objects.filter(state=AttemptState.ACCEPTED, destination=account.account)
    return Payment.objects.filter(transfer__in=mine.values("transfer"))


def failed_payouts_of(account: RailAccount | None = None) -> QuerySet[Payout]:
    """What a bank sent back of payments of ours and no later payout took along: of one account, or of all."""
    back = Payout.objects.filter(status=Arrival.FAILED, again_in=None, payments__isnull=False)
    back = back.exclude(failure=CANCELED).distinct().order_by("pk")
    return back if account is None else back.filter(account=account)


def _status(told: facts.Payout) -> Arrival:
    # A word of a later version of the API is on its way until we know better.
    return _STANDS.get(told.status, Arrival.PENDING)


def _look(account: RailAccount, told: facts.Payout, asked_at: datetime, above: frozenset[str]) -> None:
    """Mirror one with what it holds; first what it holds again, as that must be known to have come back."""
    contents = open_gateway().payout_contents(told.id, account.account or "")
    _name_transfers(account)
    earlier = [line.source for line in contents if line.type in _BACK]
    for payout in earlier:
        failed = Payout.objects.filter(payout=payout, status=Arrival.FAILED).exists()
        if not failed and payout not in above:
            again_at = timezone.now()
            found = open_gateway().read_payout(payout, account.account or "")
            _look(account, found, again_at, above | {told.id})
    _keep(account, told, [line.source for line in contents], earlier, asked_at)


def _name_transfers(account: RailAccount) -> None:
    """Learn what payouts call the transfers to this account."""
    unnamed = Attempt.objects.filter(
        rail=Rail.STRIPE_CONNECT, state=AttemptState.ACCEPTED, destination=account.account, arrived_as=""
    )
    for attempt in unnamed:
        try:
            told = open_gateway().read_transfer(attempt.transfer)
        except NotDone as fault:
            if isinstance(fault.outcome, DefinitelyRefused):
                continue  # it is not there: the comparison says so
            raise
        Attempt.objects.filter(pk=attempt.pk).update(arrived_as=told.arrived_as)


@transaction.atomic
def _keep(
    account: RailAccount, told: facts.Payout, sources: Sequence[str], earlier: Sequence[str], asked_at: datetime
) -> None:
    fields = {
        "amount": told.amount,
        "currency": told.currency,
        "status": _status(told),
        "arrives_on": told.arrives_at.date(),
        "failure": CANCELED if told.status == "canceled" else told.failure[:80],
        "made_at": told.made_at,
        "read_at": asked_at,
    }
    # One look at an account writes at a time: which payout holds what came back must not be asked while it is being written.
    RailAccount.objects.select_for_update().get(pk=account.pk)
    row, new = Payout.objects.get_or_create(payout=told.id, defaults={"account": account, **fields})
    if not new:
        # Somebody who asked later knows better, whoever writes last.
        Payout.objects.filter(pk=row.pk, read_at__lte=asked_at).update(**fields)
    again = Payout.objects.filter(account=account, payout__in=earlier).exclude(pk=row.pk)
    again.update(again_in=row)
    arrived = Attempt.objects.filter(state=AttemptState.ACCEPTED, arrived_as__in=[one for one in sources if one])
    held = Q(transfer__in=arrived.values("transfer")) | Q(payout=row) | Q(payout__in=again)
    _bind(Payment.objects.filter(held, payee=account.person_id), _end_of(Payout.objects.get(pk=row.pk)))


def _end_of(payout: Payout) -> Payout:
    """The last payout that its money went out with."""
    seen = {payout.pk}
    while payout.again_in is not None and payout.again_in_id not in seen:
        payout = payout.again_in
        seen.add(payout.pk)
    return payout


def _bind(payments: Iterable[Payment], payout: Payout) -> None:
    for payment in payments:
        if (payment.payout_id, payment.arrival) == (payout.pk, payout.status):
            continue
        Payment.objects.filter(pk=payment.pk).update(payout=payout, arrival=payout.status)
        if payout.status == Arrival.PAID:
            happenings.announce(PaymentArrived(str(payment.pk), payout.payout))
        elif payout.status == Arrival.FAILED:
            happenings.announce(PayoutFailed(payout.payout))
