"""Who stands behind a bearer token: checked form, keyed digest, expiry, network, scope; and where it was used."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import happenings
from portal.access import Kind, Refused, denied

from .minting import fits, prefix_in
from .models import AccessToken, Person, TokenPlace
from .news import TokenSeenAtNewPlace
from .roles import Role
from .rules import signed_in, token_valid
from .states import TokenScope

NOTE_EVERY = timedelta(seconds=10)
V4_PLACE, V6_PLACE = 24, 48


@dataclass(frozen=True, slots=True)
class TokenActor:
    """An artist acting through a token: never more than an artist, and only inside the token's scopes."""

    person: Person
    token: AccessToken

    @property
    def pk(self) -> int:
        """The person's number: lists and rules see the person."""
        return self.person.pk

    @property
    def label(self) -> str:
        """The record names the token too."""
        return f"{self.person.label} by token {self.token.prefix}"

    @property
    def is_active(self) -> bool:
        """Whether the person may act at all."""
        return self.person.is_active

    def holds(self, role: str) -> bool:
        """The artist's role only: staff rights need a browser and a second factor."""
        return str(role) == Role.ARTIST and self.person.holds(Role.ARTIST)


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.UNAUTHENTICATED) -> Refused:
    return Refused("people.use_token", denied(code, reason, todo=todo, kind=kind))


def place_of(address: str) -> str:
    """The network an address is told as: people move inside one."""
    length = V4_PLACE if ipaddress.ip_address(address).version == 4 else V6_PLACE  # noqa: PLR2004 - the protocol
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _allowed_from(token: AccessToken, address: str | None) -> bool:
    if not token.networks:
        return True
    if address is None:
        return False
    here = ipaddress.ip_address(address)
    return any(here in ipaddress.ip_network(network) for network in token.networks)


def _note_use(token: AccessToken, address: str | None, client: str) -> None:
    """Last use, at most every few seconds while nothing changes; a new place is told once."""
    now, client = timezone.now(), client[:200]
    same = (token.used_from, token.used_by) == (address, client)
    if not (same and token.used_at is not None and now - token.used_at < NOTE_EVERY):
        AccessToken.objects.filter(pk=token.pk).update(used_at=now, used_from=address, used_by=client)
    if address is None or same:
        return
    network = place_of(address)
    if TokenPlace.objects.filter(token=token, network=network).exists():
        return
    try:
        with transaction.atomic():
            TokenPlace.objects.create(token=token, network=network, client=client)
            happenings.announce(TokenSeenAtNewPlace(token.pk, network))
    except IntegrityError:  # two first requests at once: told once
        return


def authenticate(bearer: str, *, scope: str, address: str | None, client: str) -> TokenActor:
    """The person behind a token, for one scope. Suspensions are asked beside it (portal.program.bearer).

    Raises Refused token-malformed, -unknown, -revoked, -expired, -network, -scope, and account-stopped.
    """
    prefix = prefix_in(bearer.strip())
    if prefix is None:
        raise _no(
            "token-malformed", _("This is no access token, or a character of it is wrong."), _("Copy it again, whole.")
        )
    token = AccessToken.objects.select_related("person").filter(prefix=prefix).first()
    if token is None or not fits(bearer.strip(), token.digest):
        raise _no(
            "token-unknown", _("This access token is not known here."), _("Make one on the page “Access tokens”.")
        )
    for decision in (token_valid(token), signed_in(token.person)):
        if not decision:
            raise Refused("people.use_token", decision)
    if not _allowed_from(token, address):
        words = _("This access token may not be used from this network.")
        raise _no("token-network", words, _("Its owner chose the networks."), Kind.FORBIDDEN)
    if scope not in token.scopes:
        label = dict(TokenScope.choices).get(scope, scope)
        words = _("This access token may not be used to %(what)s.") % {"what": label}
        raise _no("token-scope", words, _("Make one with that scope."), Kind.FORBIDDEN)
    _note_use(token, address, client)
    return TokenActor(token.person, token)


def caller(request: HttpRequest) -> TokenActor:
    """Who calls an operation of the API that needs a token."""
    return cast("TokenActor", request.auth)  # type: ignore[attr-defined] - the API's frame puts the actor there
