"""Who calls: a bearer token, asked for its scope at every request. People supply how a token is read."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from portal.access import Actor, Kind, Refused, denied

from .paces import Pace, keep_pace

Authenticator: TypeAlias = Callable[[HttpRequest, str, str], Actor]
_AUTHENTICATORS: list[Authenticator] = []


def supply_authenticator(authenticator: Authenticator) -> None:
    """Say how (request, token, scope) becomes an actor; it raises Refused."""
    _AUTHENTICATORS[:] = [authenticator]


class Bearer(HttpBearer):
    """`Authorization: Bearer ...` with this scope, at this pace."""

    openapi_description = "An access token of the artist, made on the page “Access tokens”."

    def __init__(self, scope: str, pace: Pace) -> None:
        super().__init__()
        self.scope, self.pace = str(scope), pace

    def __call__(self, request: HttpRequest) -> Any:
        """Answer the actor; refuse a request without a token in our own words."""
        found = super().__call__(request)
        if found is None:
            words = _("This address needs an access token.")
            todo = _("Send it as: Authorization: Bearer TOKEN.")
            raise Refused("api.use", denied("token-missing", words, todo=todo, kind=Kind.UNAUTHENTICATED))
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Read the token, then count the request against its person: another token is no way around a pace."""
        actor = _AUTHENTICATORS[0](request, token, self.scope)
        keep_pace(self.pace, actor.pk or 0)
        return actor
