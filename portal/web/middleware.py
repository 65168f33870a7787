"""Between request and view: the person's zone and language, and refusals turned into pages."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from artists.people.actors import actor_of
from artists.people.models import Person
from artists.people.reading import as_read_by
from portal.access import Decision, Kind, Refused

from .errors import report_address

View: TypeAlias = Callable[[HttpRequest], HttpResponse]
TITLES = {
    Kind.MISSING: _("Not here"),
    Kind.GONE: _("No longer here"),
    Kind.FORBIDDEN: _("This is not open to you"),
    Kind.INVALID: _("This cannot be taken"),
    Kind.CONFLICT: _("Somebody was faster"),
}


class PersonMiddleware:
    """Times in the person's zone, words in the person's language."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set both for this request only."""
        person = actor_of(request)
        if not isinstance(person, Person):
            return self.get_response(request)
        with as_read_by(person):
            return self.get_response(request)


class RefusedMiddleware:
    """A refusal nobody caught becomes a page that says what happened, what is safe, what to do, and its code."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do unless a view raises."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer Refused; leave every other exception to Django."""
        if not isinstance(exception, Refused):
            return None
        return answer_refused(request, exception.decision)


def answer_refused(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The page or JSON for a no; somebody who is not signed in is sent to sign in first."""
    status = decision.kind.value
    if decision.code == "sign-in" and request.method == "GET":
        return redirect(f"/accounts/login/?{urlencode({'next': request.get_full_path()})}")
    if request.headers.get("Accept", "").startswith("application/json"):
        body = {"code": decision.code, "message": str(decision.reason), "action": str(decision.todo)}
        return _for_now(JsonResponse(body, status=status))
    title = TITLES.get(decision.kind, _("Not now"))
    context = {"decision": decision, "title": title, "report_url": report_address(request, decision.code)}
    return _for_now(render(request, "errors/refused.html", context, status=status))


def _for_now(response: HttpResponse) -> HttpResponse:
    """A no holds for this request: browsers may keep a 404 or 410 otherwise, past the end of an embargo."""
    add_never_cache_headers(response)
    return response
