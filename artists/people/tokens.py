"""Acts on access tokens: make, rotate with overlap, revoke, and the budget a token's generations are held against."""

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import happenings
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.machine import move

from .minting import digest_of, mint
from .models import AccessToken, Person
from .news import TokenMade
from .states import REVOKE, TokenScope, TokenState

MOST_LIVE = 10
LONGEST_DAYS = 365
LONGEST_OVERLAP = timedelta(days=7)
MOST_NETWORKS = 20
LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a token may use in its whole life, and how large a single film may be."""

    budget_seconds: int
    budget_generations: int = 100
    at_once: int = 1
    longest_seconds: float | None = None
    largest_pixels: int | None = None
    networks: Sequence[str] = ()


def _invalid(code: str, reason: str, todo: str = "") -> Refused:
    return Refused("people.make_token", denied(code, reason, todo=todo, kind=Kind.INVALID))


def read_networks(texts: Collection[str]) -> list[str]:
    """Networks in their usual form. Raises Refused network-unreadable, networks-many."""
    found = []
    for text in texts:
        try:
            found.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            words = _("“%(text)s” is not a network.") % {"text": text.strip()}
            raise _invalid("network-unreadable", words, _("Write it like 192.0.2.0/24 or 2001:db8::/48.")) from None
    if len(found) > MOST_NETWORKS:
        raise _invalid("networks-many", _("Up to %(most)s networks.") % {"most": MOST_NETWORKS})
    return found


def _check(name: str, scopes: Collection[str], days: int, limits: Limits) -> None:
    known = ", ".join(TokenScope.values)
    if not name.strip():
        raise _invalid("token-name-missing", _("Give the token a name: you will want to know which is which."))
    if not scopes or not set(scopes) <= set(TokenScope.values):
        raise _invalid(
            "scope-unknown", _("Choose what it may be used for."), _("One or more of: %(known)s.") % {"known": known}
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise _invalid("expiry-invalid", _("A token lives from 1 to %(most)s days.") % {"most": LONGEST_DAYS})
    numbers = (
        limits.budget_seconds,
        limits.budget_generations,
        limits.at_once,
        limits.longest_seconds,
        limits.largest_pixels,
    )
    if any(number is not None and not 0 < number <= LARGEST for number in numbers):
        raise _invalid("budget-invalid", _("Budgets and limits are numbers above zero."))


def _check_room(person: Person) -> None:
    live = AccessToken.objects.filter(person=person, state=TokenState.LIVE, expires_at__gt=timezone.now()).count()
    if live >= MOST_LIVE:
        words = _("There are %(most)s live tokens already.") % {"most": MOST_LIVE}
        todo = _("Revoke one that is not needed any more.")
        raise Refused("people.make_token", denied("token-limit", words, todo=todo, kind=Kind.LIMIT))


@transaction.atomic
def make_token(
    person: Person, name: str, *, scopes: Collection[str], days: int, limits: Limits, actor: Actor
) -> tuple[AccessToken, str]:
    """A fresh token and its secret, which nobody can read again. Raises Refused with what is wrong."""
    Person.objects.select_for_update().get(pk=person.pk)  # the limit is counted under this lock
    require("people.make_token", actor, person)
    _check(name, scopes, days, limits)
    networks = read_networks(limits.networks)
    _check_room(person)
    prefix, secret = mint()
    token = AccessToken.objects.create(
        person=person,
        name=name.strip()[:80],
        prefix=prefix,
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
        budget_seconds=limits.budget_seconds,
        budget_generations=limits.budget_generations,
        at_once=limits.at_once,
        longest_ms=None if limits.longest_seconds is None else round(limits.longest_seconds * 1000),
        largest_pixels=limits.largest_pixels,
        networks=networks,
    )
    detail = {"scopes": token.scopes, "expires_at": token.expires_at, "budget_seconds": token.budget_seconds}
    record("people.make_token", actor=actor, subject=token, detail=detail)
    if actor.pk != person.pk:
        happenings.announce(TokenMade(token.pk, actor.label))
    return token, secret


@transaction.atomic
def rotate_token(token: AccessToken, *, overlap: timedelta, actor: Actor) -> tuple[AccessToken, str]:
    """A new secret with the same limits; the old one works on for `overlap`, both against one budget.

    Raises Refused token-revoked, token-expired, token-rotated, overlap-invalid.
    """
    require("people.rotate_token", actor, token)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        words = _("The old token may work on for up to %(days)s days.") % {"days": LONGEST_OVERLAP.days}
        raise Refused("people.rotate_token", denied("overlap-invalid", words, kind=Kind.INVALID))
    old = AccessToken.objects.select_for_update().get(pk=token.pk)
    if old.replaced_by_id is not None:
        words = _("This token has been rotated already.")
        todo = _("Rotate its successor.")
        raise Refused("people.rotate_token", denied("token-rotated", words, todo=todo, kind=Kind.CONFLICT))
    now = timezone.now()
    prefix, secret = mint()
    new = AccessToken.objects.get(pk=old.pk)
    new.pk, new._state.adding = None, True  # noqa: SLF001 - Django's documented way to copy a row
    new.prefix, new.digest = prefix, digest_of(secret)
    new.used_at, new.used_from, new.used_by = None, None, ""
    new.expires_at = now + (old.expires_at - old.made_at)
    new.save()
    old_ends = min(old.expires_at, now + max(overlap, timedelta(seconds=1)))
    AccessToken.objects.filter(pk=old.pk).update(replaced_by=new, expires_at=old_ends)
    record("people.rotate_token", actor=actor, subject=new, detail={"from": old.prefix, "old_ends": old_ends})
    return new, secret


def revoke_token(token: AccessToken, *, actor: Actor) -> tuple[AccessToken, bool]:
    """End a token for good, at once. (token, True) for the call that ended it."""
    return move(token, REVOKE, actor=actor, fields={"revoked_at": timezone.now()})


def _purse(token: AccessToken) -> AccessToken:
    """The token that is charged: a rotated one shares its successor's budget."""
    while token.replaced_by_id is not None:
        token = AccessToken.objects.get(pk=token.replaced_by_id)
    return AccessToken.objects.get(pk=token.pk)


def _limit(code: str, reason: str, todo: str = "", kind: Kind = Kind.LIMIT) -> Refused:
    return Refused("generation.submit", denied(code, reason, todo=todo, kind=kind))


def hold_budget(token: AccessToken, *, work_ms: int, film_ms: int, pixels: int, under_way: int) -> None:
    """Hold the expected GPU work of one generation, inside the submit transaction. Raises Refused token-*."""
    if token.longest_ms is not None and film_ms > token.longest_ms:
        words = _("This access token makes films of up to %(most)s s.") % {"most": f"{token.longest_ms / 1000:g}"}
        raise _limit("token-longest", words, kind=Kind.INVALID)
    if token.largest_pixels is not None and pixels > token.largest_pixels:
        words = _("This access token makes pictures of up to %(most)s pixels.") % {"most": token.largest_pixels}
        raise _limit("token-largest", words, kind=Kind.INVALID)
    if under_way >= token.at_once:
        words = _("This access token makes %(most)s films at once.") % {"most": token.at_once}
        raise _limit("token-at-once", words, _("Wait for one to end."))
    purse = _purse(token)
    ceiling = purse.budget_seconds * 1000 - work_ms
    # One statement decides, whatever two processes read before.
    room = AccessToken.objects.filter(
        pk=purse.pk, made_generations__lt=F("budget_generations"), held_ms__lte=ceiling - F("spent_ms")
    )
    if room.update(held_ms=F("held_ms") + work_ms, made_generations=F("made_generations") + 1):
        return
    if purse.made_generations >= purse.budget_generations:
        words = _("This access token has made all its %(most)s films.") % {"most": purse.budget_generations}
        raise _limit("token-generations", words, _("Make another token."))
    left = max(0, purse.budget_seconds * 1000 - purse.held_ms - purse.spent_ms) / 1000
    words = _(
        "The budget of this access token does not cover it: %(left)s s of GPU work are left, about %(need)s s are needed."
    )
    raise _limit(
        "token-budget",
        words % {"left": f"{left:g}", "need": f"{work_ms / 1000:g}"},
        _("Make another token, or a shorter film."),
    )


def settle_budget(token: AccessToken, *, held_ms: int, spent_ms: int) -> None:
    """The film was delivered: what it really took is spent. Called once, by whoever settled its quota."""
    purse = _purse(token)
    AccessToken.objects.filter(pk=purse.pk).update(held_ms=F("held_ms") - held_ms, spent_ms=F("spent_ms") + spent_ms)


def free_budget(token: AccessToken, *, held_ms: int) -> None:
    """No film was delivered: nothing is charged. Called once, by whoever gave its quota back."""
    purse = _purse(token)
    AccessToken.objects.filter(pk=purse.pk).update(
        held_ms=F("held_ms") - held_ms, made_generations=F("made_generations") - 1
    )
