"""Error pages: the same hand, always a code, never a dead end."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from artists.people.actors import actor_of
from portal.panels import Words
from portal.program.queries import the_program

SAFE: Final = _("Nothing was changed and nothing was charged.")
# code: (status, title, what happened, what to do)
PAGES: Final[dict[str, tuple[int, Words, Words, Words]]] = {
    "bad-request": (
        400,
        _("This request cannot be read"),
        _("What your browser sent is not something this page takes."),
        _("Go back and try again, or begin at home."),
    ),
    "forbidden": (
        403,
        _("This is not open to you"),
        _("Your account does not reach this page."),
        _("If it should, write to the program; otherwise begin at home."),
    ),
    "form-outdated": (
        403,
        _("This form is too old"),
        _("The page with the form was opened before you signed in or out, or comes from somewhere else."),
        _("Go back, reload the page, and send it again: what you typed is still there."),
    ),
    "not-found": (
        404,
        _("Not here"),
        _("There is nothing under this address, or it is not yours to see."),
        _("Check the address, or begin at home."),
    ),
    "server-fault": (
        500,
        _("Something broke on our side"),
        _("The page could not be made. What you had saved before is kept."),
        _("Try again in a minute. If it stays, tell the program with the code below."),
    ),
}


def report_address(request: HttpRequest, code: str) -> str:
    """Where somebody reports an error: a bug report with code and page filled in, or a letter for whoever has no account.

    Empty while the program has no contact.
    """
    if actor_of(request).pk is not None:
        return f"{reverse('bug_new')}?{urlencode({'code': code, 'page': request.path})}"
    program = the_program()
    if program is None or not program.contact:
        return ""
    return f"mailto:{program.contact}?{urlencode({'subject': f'{code} {request.path}'})}"


def _page(request: HttpRequest, code: str) -> HttpResponse:
    status, title, what, todo = PAGES[code]
    context = {"code": code, "title": title, "what": what, "todo": todo, "safe": SAFE}
    context["report_url"] = report_address(request, code)
    return render(request, "errors/page.html", context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old or came from elsewhere."""
    del reason
    return _page(request, "form-outdated")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request nobody can read."""
    del exception
    return _page(request, "bad-request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed."""
    del exception
    return _page(request, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not there, or not yours: the same answer."""
    del exception
    return _page(request, "not-found")


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without the frame's context: it may be the database that is away."""
    status, title, what, todo = PAGES["server-fault"]
    context = {"code": "server-fault", "title": title, "what": what, "todo": todo}
    # Who asks is not known without the database: whoever has no account is asked to sign in there.
    context["report_url"] = (
        f"{reverse('bug_new')}?{urlencode({'code': 'server-fault', 'page': getattr(request, 'path', '')})}"
    )
    return HttpResponse(render_to_string("errors/page.html", context), status=status)
