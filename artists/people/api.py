"""Tokens over the API: what this one may do, and its end. A token never makes or reads another one."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status

from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from .bearer import caller
from .models import AccessToken
from .states import TokenScope
from .tokens import revoke_token

router = Router()
register_router("Token", router)


class TokenSaid(Schema):
    """One's own token. Seconds of GPU work."""

    prefix: str
    name: str
    scopes: list[str]
    expires_at: datetime
    budget_seconds: int
    held_seconds: float
    spent_seconds: float
    budget_generations: int
    made_generations: int
    at_once: int

    @staticmethod
    def resolve_held_seconds(token: AccessToken) -> float:
        """Held for generations under way."""
        return token.held_ms / 1000


@router.get("/token", auth=Bearer(TokenScope.ACCOUNT, READ), response={200: TokenSaid, **FAULTS})
def read_token(request: HttpRequest) -> AccessToken:
    """The token that calls: scopes, expiry, budget."""
    return AccessToken.objects.get(pk=caller(request).token.pk)


@router.delete("/token", auth=Bearer(TokenScope.ACCOUNT, READ), response={204: None, **FAULTS})
def end_token(request: HttpRequest) -> Status:
    """End the token that calls, at once and for good: for a secret that leaked."""
    actor = caller(request)
    revoke_token(actor.token, actor=actor)
    return Status(204, None)
