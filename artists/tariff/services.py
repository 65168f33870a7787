"""Acts on the tariff: draft, edit, publish; and the announcement of what was accepted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.happenings import announce
from portal.machine import move
from portal.money import check_currency, currencies

from .kinds import contribution_called, contributions
from .models import TariffPrice, TariffVersion
from .news import ContributionAccepted, TariffPublished
from .queries import published
from .states import PUBLISH, TariffState

JUST_NOW = timedelta(minutes=5)
LONGEST_NOTE = 2000
LONGEST_ABOUT = 200
MOST = 10**11


def _refusal(action: str, code: str, words: Any, todo: Any, kind: Kind = Kind.INVALID) -> Refused:
    return Refused(action, denied(code, words, todo=todo, kind=kind))


def _exists() -> Refused:
    words = _("There is a draft already.")
    return _refusal("tariff.draft", "tariff-draft-exists", words, _("Go on with that one."), Kind.CONFLICT)


@transaction.atomic
def draft_version(*, actor: Actor) -> TariffVersion:
    """A new draft with the prices of the last version; kinds it does not know are unpaid. Raises Refused tariff-draft-exists."""
    require("tariff.draft", actor)
    last = TariffVersion.objects.order_by("-number").first()
    if last is not None and last.state == TariffState.DRAFT:
        raise _exists()
    try:
        with transaction.atomic():
            version = TariffVersion.objects.create(
                number=(last.number if last else 0) + 1,
                currency=last.currency if last else currencies()[0],
                by_id=actor.pk,
                by_label=actor.label[:200],
            )
    except IntegrityError:  # somebody else began one at the same moment
        raise _exists() from None
    known = {} if last is None else {price.kind: price.amount for price in last.prices.all()}
    TariffPrice.objects.bulk_create(
        TariffPrice(version=version, kind=kind.name, amount=known.get(kind.name, 0)) for kind in contributions()
    )
    record("tariff.draft", actor=actor, subject=version)
    return version


def _checked(prices: Mapping[str, int]) -> None:
    unknown = set(prices) - {kind.name for kind in contributions()}
    if unknown:
        words = _("There is no contribution called %(name)s.") % {"name": min(unknown)[:60]}
        raise _refusal("tariff.edit", "contribution-unknown", words, _("Nothing was changed."))
    if any(not 0 <= amount <= MOST for amount in prices.values()):
        words = _("A price is nothing or a sum; one of these is neither.")
        raise _refusal("tariff.edit", "price-wrong", words, _("Nothing was changed."))


@transaction.atomic
def edit_draft(
    version: TariffVersion, prices: Mapping[str, int], *, actor: Actor, currency: str, note: str = ""
) -> TariffVersion:
    """Set prices of a draft in minor units; kinds that are not named keep theirs.

    Raises Refused tariff-published, contribution-unknown, price-wrong, currency-unused, note-long.
    """
    locked = TariffVersion.objects.select_for_update().get(pk=version.pk)
    require("tariff.edit", actor, locked)
    _checked(prices)
    if len(note) > LONGEST_NOTE:
        words = _("The note has up to %(most)s characters.") % {"most": LONGEST_NOTE}
        raise _refusal("tariff.edit", "note-long", words, _("Shorten it."))
    check_currency(currency)
    # The state in the WHERE: a version that was published a moment ago is never changed.
    changed = TariffVersion.objects.filter(pk=locked.pk, state=TariffState.DRAFT).update(
        currency=currency, note=note.strip(), edits=F("edits") + 1
    )
    fresh = TariffVersion.objects.get(pk=locked.pk)
    if not changed:
        require("tariff.edit", actor, fresh)
    for kind, amount in prices.items():
        TariffPrice.objects.update_or_create(version=fresh, kind=kind, defaults={"amount": amount})
    record("tariff.edit", actor=actor, subject=fresh, detail={"currency": currency, "prices": dict(prices)})
    return fresh


def _begins(at: datetime | None) -> datetime:
    """From when it holds. Raises Refused date-past, tariff-before-announced."""
    now = timezone.now()
    start = at or now
    if start < now - JUST_NOW:
        words = _("Prices cannot be in force from a date that has passed.")
        raise _refusal("tariff.publish", "date-past", words, _("Choose now or later."))
    start = max(start, now)  # what was accepted a minute ago keeps its price
    last = published().aggregate(last=Max("in_force_from"))["last"]
    if last is not None and start < last:
        words = _("A later version is announced already: this one would never hold.")
        raise _refusal("tariff.publish", "tariff-before-announced", words, _("Choose a date after that of the other."))
    return start


@transaction.atomic
def publish_version(version: TariffVersion, *, actor: Actor, seen: int, at: datetime | None = None) -> TariffVersion:
    """Put a draft in force from `at` (default: now). `seen` is its `edits` as it was read; it can never change again.

    Raises Refused date-past, tariff-before-announced, draft-changed, tariff-published.
    """
    require("tariff.publish", actor, version)
    fields = {"in_force_from": _begins(at), "published_at": timezone.now()}
    # A kind that was registered since the draft was begun is priced too: at nothing, said out loud.
    fresh = TariffVersion.objects.select_for_update().get(pk=version.pk)
    require("tariff.edit", actor, fresh)
    priced = set(fresh.prices.values_list("kind", flat=True))
    TariffPrice.objects.bulk_create(
        TariffPrice(version=fresh, kind=kind.name) for kind in contributions() if kind.name not in priced
    )
    detail = {"prices": dict(fresh.prices.values_list("kind", "amount")), "currency": fresh.currency}
    news = TariffPublished(fresh.pk)
    done, moved = move(fresh, PUBLISH, actor=actor, fields=fields, where={"edits": seen}, detail=detail, news=news)
    if not moved:
        words = _("Somebody changed the draft while you were reading it.")
        todo = _("Read it again, then publish.")
        raise _refusal("tariff.publish", "draft-changed", words, todo, Kind.CONFLICT)
    return done


@transaction.atomic
def accept_contribution(*, source: str, person: Person, kind: str, quantity: Decimal, at: datetime, about: str) -> None:
    """Announce a contribution that was accepted, in the caller's transaction; the same source again is told once.

    `quantity` is hours or a count, `at` when it was made: its price is the one in force then. Raises KeyError for a kind
    nobody registered, ValueError for a quantity that is none.
    """
    contribution_called(kind)
    if not (quantity.is_finite() and quantity > 0):
        message = f"{quantity} is no quantity"
        raise ValueError(message)
    news = ContributionAccepted(source, person.pk, kind, str(quantity), at.isoformat(), about[:LONGEST_ABOUT])
    announce(news)
