"""What one may see of comparisons and their findings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from artists.compensation.models import Finding, Payment, RailEvent, Reconciliation
from artists.compensation.stripe.gateway import configured
from portal.access import Actor, check

from .hearing import events_stuck
from .kinds import KINDS, FindingKind

LATE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with what its kind is called and the one next step; `payment` where it is about one of ours."""

    finding: Finding
    kind: FindingKind
    payment: Payment | None


def findings_overseen_by(actor: Actor) -> QuerySet[Finding]:
    """Those that are open, oldest first, for staff."""
    mine = Finding.objects.filter(closed_at=None).select_related("last_seen").order_by("opened_at", "pk")
    return mine if check("finding.read", actor) else mine.none()


def findings_closed(actor: Actor) -> QuerySet[Finding]:
    """Those that are over, newest first, for staff."""
    over = Finding.objects.exclude(closed_at=None).order_by("-closed_at", "-pk")
    return over if check("finding.read", actor) else over.none()


def shown(findings: list[Finding]) -> list[Shown]:
    """With their words: one query for the payments, however many findings."""
    about_payments = {"attempt-unknown", "transfer-twice", "payment-differs"}
    ids = {one.subject for one in findings if one.code in about_payments}
    payments = {str(one.pk): one for one in Payment.objects.filter(pk__in=ids).select_related("payee", "award")}
    return [Shown(one, KINDS[one.code], payments.get(one.subject)) for one in findings]


def last_comparison(actor: Actor) -> Reconciliation | None:
    """The newest, for staff."""
    return Reconciliation.objects.order_by("-began_at").first() if check("finding.read", actor) else None


def standing() -> dict[str, Any]:
    """For `manage.py status`: findings that are open, the last comparison and its fault, webhooks that wait or are stuck."""
    last = Reconciliation.objects.order_by("-began_at").first()
    told: dict[str, Any] = {
        "stripe": "on" if configured() else "off",
        "findings": Finding.objects.filter(closed_at=None).count(),
        "last": last.began_at if last else "never",
        "events_waiting": RailEvent.objects.filter(applied_at=None).count(),
        "events_stuck": events_stuck(),
    }
    if last and last.error:
        told["error"] = last.error
    return told


def alarm(actor: Actor) -> dict[str, Any] | None:
    """For staff's today: findings, webhooks that cannot be read, a comparison that fails or is late. None where all is well."""
    if not check("finding.read", actor):
        return None
    last = Reconciliation.objects.order_by("-began_at").first()
    late = last is not None and last.began_at < timezone.now() - LATE
    told = {
        "findings": Finding.objects.filter(closed_at=None).count(),
        "stuck": events_stuck(),
        "error": last.error if last else "",
        "late": last.began_at if last is not None and late else None,
    }
    return told if any(told.values()) else None
