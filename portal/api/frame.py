"""The API itself: routers of all subjects under one roof, one form of error, and its schema."""

import logging
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError

from portal.access import Decision, Kind, Refused, denied

from .paces import TooMany

log = logging.getLogger(__name__)
_ROUTERS: dict[str, Router] = {}


class Fault(Schema):
    """What went wrong: a stable code, a sentence, and what to do."""

    code: str
    message: str
    action: str


# Every operation names these, so that the schema promises no less than what happens.
FAULTS: Final = {frozenset({400, *(int(kind.value) for kind in Kind)}): Fault}


def register_router(name: str, router: Router) -> None:
    """Let a subject answer under /api/v1/; its paths are its own, `name` is the heading in the schema."""
    _ROUTERS[name] = router


def fault(decision: Decision, status: int | None = None) -> JsonResponse:
    """A no as the API says it."""
    body = {"code": decision.code, "message": str(decision.reason), "action": str(decision.todo)}
    response = JsonResponse(body, status=status or decision.kind.value)
    if response.status_code == Kind.UNAUTHENTICATED.value:
        response["WWW-Authenticate"] = "Bearer"
    return response


def missing() -> JsonResponse:
    """Not there, not yours: the same answer."""
    words = _("There is nothing here under this address.")
    return fault(denied("not-found", words, todo=_("The schema is at /api/schema."), kind=Kind.MISSING))


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    del request
    response = fault(refused.decision)
    if isinstance(refused, TooMany):
        response["Retry-After"] = str(refused.seconds)
    return response


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    del request
    parts = [part for part in error.errors[0]["loc"] if not str(part).startswith("body_")]
    where = ".".join(str(part) for part in parts)
    words = _("%(where)s: %(what)s.") % {"where": where, "what": error.errors[0]["msg"]}
    return fault(denied("request-invalid", words, todo=_("Correct it and send it again."), kind=Kind.INVALID))


def _not_json(request: HttpRequest, error: Any) -> HttpResponse:
    del request, error
    words = _("The body of the request cannot be read.")
    return fault(denied("request-unreadable", words, todo=_("Send JSON in UTF-8."), kind=Kind.INVALID), 400)


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error)
    words = _("The portal made a mistake. Nothing was lost.")
    return fault(denied("server-error", words, todo=_("Try again; tell us if it stays so.")), 500)


def build() -> NinjaAPI:
    """The API with every router that was registered. Its description is /api/schema; there is no page of a third party."""
    api = NinjaAPI(title="Vernissage", version="1", openapi_url=None, docs_url=None, urls_namespace="api")
    for error, answer in (
        (Refused, _refused),
        (ValidationError, _unreadable),
        (HttpError, _not_json),
        (Http404, lambda request, error: missing()),  # noqa: ARG005 - ninja's signature
        (Exception, _broken),
    ):
        api.add_exception_handler(error, answer)
    for name in sorted(_ROUTERS):
        api.add_router("", _ROUTERS[name], tags=[name])
    return api
