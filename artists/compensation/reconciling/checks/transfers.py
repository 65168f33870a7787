"""Transfers at Stripe against attempts in the books, in both directions; what was taken back there is entered."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from artists.compensation.models import Attempt, Payment, Return
from artists.compensation.payments.services.settling import accept
from artists.compensation.payments.states import AttemptState, Rail
from artists.compensation.reconciling.arrivals import came_back_of, keep_transfer
from artists.compensation.stripe.facts import Transfer, group_of
from artists.compensation.stripe.outcomes import DefinitelyRefused, NotDone
from portal.access import Refused

from . import Check, Found, Look, money
from .books import OPEN

_GONE: Final = frozenset({"resource_missing", "not_found"})


def payment_named(told: Transfer) -> str:
    """The id of the payment that a transfer names, in its data or by its group; empty where it names none."""
    named = told.payment or told.group.removeprefix(group_of(""))
    try:
        return str(UUID(named))
    except ValueError:
        return ""


def matches(told: Transfer, attempt: Attempt) -> bool:
    """Whether a transfer is exactly what an attempt asked for."""
    got = (told.amount, told.currency, told.destination, payment_named(told))
    return got == (attempt.amount, attempt.currency, attempt.destination, str(attempt.payment_id))


def adopt_unknown(look: Look) -> Iterator[Found]:
    """Where one was asked to: take in the transfer of a call of unknown end, if there is exactly one and it is the one asked for."""
    if look.adopt:
        waiting = Attempt.objects.filter(state__in=OPEN, rail=Rail.STRIPE_CONNECT).order_by("pk")
        for attempt in waiting.select_related("payment"):
            found = [
                one
                for one in look.gateway.find_transfers(str(attempt.payment_id))
                if not Attempt.objects.filter(transfer=one.id, state=AttemptState.ACCEPTED).exists()
            ]
            if len(found) == 1 and matches(found[0], attempt):
                accept(attempt, found[0])
                look.adopted.append(str(attempt.payment_id))
    yield from ()


def transfers_there(look: Look) -> Iterator[Found]:
    """Everything that Stripe has: known, as it was asked for, once; and what came back of it."""
    told = look.transfers()
    mine = {
        one.transfer: one
        for one in Attempt.objects.filter(transfer__in=[one.id for one in told]).select_related("payment")
    }
    for one in told:
        attempt = mine.get(one.id)
        if attempt is None:
            yield from _stranger(one)
        elif not matches(one, attempt):
            yield Found("transfer-differs", one.id, _differs(one, attempt))
        else:
            yield from _came_back(one, attempt)
    yield from _twice(told)


def _stranger(told: Transfer) -> Iterator[Found]:
    """A transfer that no attempt has: one that is still being looked for, one that was taken back whole, or one that is not ours."""
    named = payment_named(told)
    waits = Attempt.objects.filter(payment=named, state__in=OPEN) if named else Attempt.objects.none()
    if told.came_back == told.amount or any(matches(told, one) for one in waits):
        return
    about = _("of no payment of ours")
    if named and Payment.objects.filter(pk=named).exists():
        about = _("which names the payment %(id)s, and no attempt of it") % {"id": named}
    words = _("%(sum)s to %(account)s, %(about)s.") % {
        "sum": money(told.amount - told.came_back, told.currency),
        "account": told.destination,
        "about": about,
    }
    yield Found("transfer-not-in-books", told.id, words)


def _differs(told: Transfer, attempt: Attempt) -> str:
    return _("Stripe has %(a)s to %(to)s; asked for was %(b)s to %(asked)s for the payment %(id)s.") % {
        "a": money(told.amount, told.currency),
        "to": told.destination,
        "b": money(attempt.amount, attempt.currency),
        "asked": attempt.destination,
        "id": attempt.payment_id,
    }


def _came_back(told: Transfer, attempt: Attempt) -> Iterator[Found]:
    entered = came_back_of(attempt)
    try:
        keep_transfer(told)
    except Refused as refused:
        yield Found("transfer-differs", told.id, str(refused.decision.reason))
        return
    back = came_back_of(attempt) - entered
    if entered + back != told.came_back:
        words = _("%(a)s came back at Stripe; the books have %(b)s.") % {
            "a": money(told.came_back, told.currency),
            "b": money(entered + back, told.currency),
        }
        yield Found("transfer-differs", told.id, words)
        return
    asked = Return.objects.filter(payment=attempt.payment_id, state__in=OPEN).exists()
    if back and not asked:
        words = _("%(sum)s of the payment %(id)s came back; it is entered now.") % {
            "sum": money(back, told.currency),
            "id": attempt.payment_id,
        }
        yield Found("reversed-elsewhere", told.id, words)


def _twice(told: list[Transfer]) -> Iterator[Found]:
    """Net of what was taken back whole: money of one payment went out twice."""
    by_payment: dict[str, list[Transfer]] = defaultdict(list)
    for one in told:
        if (named := payment_named(one)) and one.came_back < one.amount:
            by_payment[named].append(one)
    for payment, found in by_payment.items():
        if len(found) > 1:
            words = _("%(ids)s are all transfers of one payment.") % {"ids": ", ".join(one.id for one in found)}
            yield Found("transfer-twice", payment, words)


def transfers_here(look: Look) -> Iterator[Found]:
    """Everything that the books say Stripe accepted since then: it is there."""
    there = {one.id for one in look.transfers()}
    mine = Attempt.objects.filter(
        state=AttemptState.ACCEPTED, rail=Rail.STRIPE_CONNECT, ended_at__gte=look.since
    ).exclude(transfer__in=there)
    for attempt in mine.order_by("pk"):
        try:
            look.gateway.read_transfer(attempt.transfer)
        except NotDone as fault:
            if not (isinstance(fault.outcome, DefinitelyRefused) and fault.outcome.code in _GONE):
                raise
            words = _("%(sum)s of the payment %(id)s: Stripe knows no transfer of this id.") % {
                "sum": money(attempt.amount, attempt.currency),
                "id": attempt.payment_id,
            }
            yield Found("transfer-not-at-stripe", attempt.transfer, words)


CHECKS = (
    Check(frozenset(), adopt_unknown),
    Check(
        frozenset({"transfer-not-in-books", "transfer-differs", "transfer-twice", "reversed-elsewhere"}),
        transfers_there,
        windowed=True,
    ),
    Check(frozenset({"transfer-not-at-stripe"}), transfers_here, windowed=True),
)
