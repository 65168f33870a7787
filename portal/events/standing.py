"""Who may go on listening: asked when a stream opens, and again within a second of any commit that could change it."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.contrib.auth import get_user, get_user_model
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from portal.access import Actor

from .publish import to_person

SIGNED_OUT = "signed-out"
ACCOUNT_STOPPED = "account-stopped"
# People (by number) in, and those of them who may no longer listen out, each with the stable code of why.
Standing: TypeAlias = Callable[[Collection[int]], Mapping[int, str]]
Channels: TypeAlias = Callable[[Actor], Collection[str]]


@dataclass(frozen=True, slots=True)
class Pass:
    """With what a stream was opened: whose it is, under which session and password, and what it may hear."""

    person: int
    session: str
    seal: str
    channels: frozenset[str]


_STANDINGS: dict[str, Standing] = {}
_CHANNELS: dict[str, Channels] = {}


def register_standing(name: str, standing: Standing) -> None:
    """Add a reason why somebody may not listen. It is asked several times a second: one query for all people given.

    Whoever writes what this reads publishes on the channel "stops" in the same transaction; then streams end at once.
    """
    _STANDINGS[name] = standing


def register_channels(name: str, channels: Channels) -> None:
    """Add channels that a person may hear besides their own."""
    _CHANNELS[name] = channels


def _seal(password: str) -> str:
    """Changes with the password, which ends every session begun with the old one."""
    return hashlib.sha256(password.encode()).hexdigest()[:16]


def admit(request: HttpRequest) -> Pass | None:
    """The pass of a signed-in visitor; None for anybody else. Reads session and person; standing is asked apart."""
    person = get_user(request)
    if not person.is_authenticated or person.pk is None:
        return None
    channels = {to_person(person.pk)}
    for more in _CHANNELS.values():
        channels |= set(more(person))
    return Pass(int(person.pk), request.session.session_key or "", _seal(person.password), frozenset(channels))


def out_of_standing(passes: Collection[Pass]) -> dict[Pass, str]:
    """Those that may not listen any more, each with a code: signed out, account stopped, or what was registered."""
    if not passes:
        return {}
    people = {one.person for one in passes}
    known = get_user_model()._default_manager.filter(pk__in=people)  # noqa: SLF001 - Django's documented Model API
    seals = {pk: _seal(password) for pk, password in known.filter(is_active=True).values_list("pk", "password")}
    stopped = dict.fromkeys(people - set(seals), ACCOUNT_STOPPED)
    for name in sorted(_STANDINGS):
        stopped |= _STANDINGS[name](people)
    live = Session.objects.filter(session_key__in={one.session for one in passes}, expire_date__gt=timezone.now())
    alive = set(live.values_list("session_key", flat=True))
    found = {}
    for one in passes:
        if one.person in stopped:
            found[one] = stopped[one.person]
        elif one.session not in alive or one.seal != seals[one.person]:
            found[one] = SIGNED_OUT
    return found
