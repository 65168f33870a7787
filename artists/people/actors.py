"""The actor behind a request."""

from typing import cast

from allauth.account.adapter import get_adapter as get_account_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from portal.access import ANONYMOUS, Actor

from .looks import Viewer
from .models import Person


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from, past the proxies we trust and no others."""
    try:
        return str(get_account_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return None


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person, the staff who view as an artist, or the public."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is not None:
        return viewer
    user = getattr(request, "user", None)
    return cast("Person", user) if user is not None and user.is_authenticated else ANONYMOUS


def person_of(request: HttpRequest) -> Person:
    """The signed-in person, or the artist that staff view as; for views that only signed-in people reach."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    return cast("Person", request.user) if viewer is None else viewer.person
