"""Accounts at Stripe, as they stand when they are read again; what was read last holds, however the answers come."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artists.compensation.models import RailAccount
from artists.compensation.stripe.facts import Account
from artists.compensation.stripe.gateway import open_gateway
from portal import happenings
from portal.access import System
from portal.audit.chain import record

from .news import AccountStood
from .states import Readiness

READER = System("reading accounts")
_LATE = "past_due"


def readiness_of(read: Account) -> Readiness:
    """Whether this account can take money and send it on to a bank: by what was read alone, so that the order of readings cannot matter."""
    if read.closed:
        return Readiness.CLOSED
    # A capability that was never asked for says nothing; transfers are always asked for.
    stands = {read.transfers or "restricted", read.payouts or "active"}
    if stands & {"rejected", "unsupported"}:
        return Readiness.REJECTED
    if stands == {"active"}:
        return Readiness.ACTIVE
    asked = [need for need in read.needs if need.of_artist]
    if any(need.due == _LATE or need.errors for need in asked):
        return Readiness.RESTRICTED
    if asked:
        return Readiness.INCOMPLETE
    if "pending" in stands or read.needs:
        return Readiness.REVIEW
    return Readiness.RESTRICTED


def reread_account(account: RailAccount) -> RailAccount:
    """Read it at Stripe and keep what is said: readiness and what is asked for. Not inside a transaction. Raises NotDone."""
    if not account.account:
        return account
    asked_at = timezone.now()
    read = open_gateway().read_account(account.account)
    readiness = readiness_of(read)
    needs = [
        {"about": need.about, "due": need.due, "of_artist": need.of_artist, "errors": list(need.errors)}
        for need in read.needs
    ]
    with transaction.atomic():
        before = RailAccount.objects.select_for_update().get(pk=account.pk)
        # Somebody who asked later knows better, whoever writes last.
        unread = Q(read_at=None) | Q(read_at__lte=asked_at)
        fields = {"readiness": readiness, "needs": needs, "read_at": asked_at}
        written = RailAccount.objects.filter(unread, pk=account.pk).update(**fields)
        if written and before.readiness != readiness:
            detail = {"from": before.readiness, "to": str(readiness)}
            record("rail_account.read", actor=READER, subject=before, detail=detail)
            happenings.announce(AccountStood(str(account.pk), str(readiness), asked_at.isoformat()))
    return RailAccount.objects.get(pk=account.pk)
