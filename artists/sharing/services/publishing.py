"""What becomes public: the page of an approved request."""

import secrets

from django.utils import timezone
from django.utils.text import slugify

from artists.people.models import Person
from artists.sharing.models import Release, ShareRequest
from artists.sharing.states import PUT_BACK
from portal.access import System
from portal.machine import move

from .showing import offer_showcase


def _free_slug(title: str) -> str:
    return f"{slugify(title)[:60] or 'work'}-{secrets.token_hex(3)}"


def publish(request: ShareRequest, *, actor: Person | System) -> Release:
    """The page of an approved request, new or opened again. Whether it is seen yet says the rule (embargo)."""
    offer_showcase(request)
    known = Release.objects.filter(request=request).first()
    if known is not None:
        return move(known, PUT_BACK, actor=actor, fields={"ended_at": None})[0]
    # The embargo's end is what the page shows as its date.
    at = max(timezone.now(), request.embargo_until or timezone.now())
    return Release.objects.create(request=request, slug=_free_slug(request.title), released_at=at)
