"""Compare the books with the rail, and keep what differs until a comparison no longer finds it. Sends no money, ever."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.compensation.models import Entry, Finding, Reconciliation
from artists.compensation.payments.background import in_background
from artists.compensation.stripe.gateway import configured
from artists.compensation.stripe.outcomes import NotDone, Unknown

from .checks import Check, Found, Look, accounts, books, transfers
from .hearing import apply_due_events, events_due

log = logging.getLogger(__name__)
EVERY = timedelta(hours=1)
# Whoever looks further back says so; what is older was compared hundreds of times.
SINCE = timedelta(days=90)
# Payouts come first, so that what they say of a failed one is known when it is asked for; the books last, when all is entered.
CHECKS: tuple[Check, ...] = (*transfers.CHECKS, *accounts.CHECKS, *books.CHECKS)
_SAID = 400


@dataclass(frozen=True, slots=True)
class Compared:
    """How one comparison ended: `error` says why a part of it could not be done."""

    run: Reconciliation
    open: list[Finding]
    closed: int
    adopted: list[str]
    by_stripe: bool
    error: str


def reconcile(*, since: datetime | None = None, adopt: bool = False) -> Compared:
    """Compare everything since then. Not inside a transaction: it calls Stripe, where there is a key.

    Without a key the books and payments by hand are compared alone, and what was found at Stripe stays open. `adopt` takes in the transfer
    of a call of unknown end where exactly one is there and matches.
    """
    began_at, by_stripe = timezone.now(), configured()
    run = Reconciliation.objects.create(began_at=began_at)
    usual = began_at - SINCE
    look = Look(began_at=began_at, since=since or usual, adopt=adopt)
    found: dict[tuple[str, str], Found] = {}
    checked: set[str] = set()
    error, away = "", not by_stripe
    for check in CHECKS:
        if check.by_stripe and away:
            continue
        try:
            for one in check.look(look):
                found.setdefault((one.code, one.subject), one)
        except NotDone as fault:
            error = error or str(fault)[:300]
            log.warning("reconcile: %s", fault)
            # Where Stripe is away or the key is wrong, nothing else is waited for. A right that the key lacks spoils one check.
            away = fault.outcome.stops or isinstance(fault.outcome, Unknown)
            continue
        # What lies before the beginning of a shorter look was not looked at: its findings stay open.
        if not check.windowed or look.since <= usual:
            checked |= check.codes
    closed = _keep(run, list(found.values()), checked)
    fields = {"ended_at": timezone.now(), "compared": look.compared, "found": len(found), "error": error}
    Reconciliation.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    still = list(Finding.objects.filter(closed_at=None).order_by("opened_at", "pk"))
    return Compared(run, still, closed, look.adopted, by_stripe, error)


def _keep(run: Reconciliation, found: list[Found], checked: set[str]) -> int:
    """Open what is new, keep what is still so, close what was looked for and is not so any more; how many were closed."""
    seen = [_open(run, one) for one in found]
    gone = Finding.objects.filter(closed_at=None, code__in=checked, opened_at__lte=run.began_at).exclude(pk__in=seen)
    return gone.update(closed_at=timezone.now())


def _open(run: Reconciliation, one: Found) -> int:
    about = {"code": one.code, "subject": one.subject, "closed_at": None}
    fields = {"words": one.words[:_SAID], "last_seen": run}
    try:
        with transaction.atomic():
            defaults = {**fields, "first_seen": run, "opened_at": run.began_at}
            return Finding.objects.update_or_create(**about, defaults=fields, create_defaults=defaults)[0].pk
    except IntegrityError:  # another comparison at the same time was faster
        Finding.objects.filter(**about).update(**fields)
        return Finding.objects.values_list("pk", flat=True).get(**about)


def comparison_due() -> bool:
    """Whether an hour has passed since the last one, and there is anything to compare."""
    last = Reconciliation.objects.order_by("-began_at").values_list("began_at", flat=True).first()
    return (last is None or last <= timezone.now() - EVERY) and Entry.objects.exists()


def compare_hourly() -> int:
    """What differs, looked at once an hour; how many findings are open."""
    return len(reconcile().open) if comparison_due() else 0


def sweep_rail() -> None:
    """For the sweep, every second: what a webhook hinted at, and once an hour everything. What calls Stripe goes on beside it."""
    if events_due():
        in_background("payments.events", apply_due_events)
    if not comparison_due():
        return
    if configured():
        in_background("payments.reconcile", compare_hourly)
    else:
        compare_hourly()
