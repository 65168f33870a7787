"""Who stands behind a bearer token, unless the token is suspended: what the API asks at every request."""

from django.http import HttpRequest

from artists.people.actors import address_of
from artists.people.bearer import TokenActor, authenticate
from portal.access import Refused
from portal.api.bearer import supply_authenticator

from .stopping import denial, in_force


def authenticate_bearer(bearer: str, *, scope: str, address: str | None, client: str) -> TokenActor:
    """As people's authenticate; also Raises Refused suspended-token. A suspended artist still reads with a live token."""
    actor = authenticate(bearer, scope=scope, address=address, client=client)
    stopped = in_force().filter(token=actor.token).first()
    if stopped is not None:
        raise Refused("people.use_token", denial(stopped))
    return actor


def actor_behind(request: HttpRequest, bearer: str, scope: str) -> TokenActor:
    """The same, for a request."""
    client = request.headers.get("User-Agent", "")
    return authenticate_bearer(bearer, scope=scope, address=address_of(request), client=client)


supply_authenticator(actor_behind)
