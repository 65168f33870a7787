"""Viewing as an artist: staff see the artist's pages, and nothing can be sent."""

from collections.abc import Callable
from typing import TypeAlias

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from artists.people import looks
from artists.people.actors import actor_of
from artists.people.models import Person
from artists.people.models.looks import LookKind
from portal.access import denied

from .middleware import answer_refused

View: TypeAlias = Callable[[HttpRequest], HttpResponse]
SESSION = "viewing"
STOP = "/staff/viewing/stop/"
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class ViewingMiddleware:
    """While a look is live, pages are the artist's and every change is refused, whatever page sends it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the viewer where pages ask who acts; an hour later the session is the staff's own again."""
        pk = request.session.get(SESSION)
        if pk is not None and request.user.is_authenticated:
            look = looks.live_look(actor_of(request), LookKind.PAGES, pk=pk)
            if look is None:
                del request.session[SESSION]
            elif request.path != STOP:
                request.viewer = looks.Viewer(look.person, look.by, look)  # type: ignore[attr-defined] - read by actor_of
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Refuse before any view runs; the account pages are the staff's own and stay closed meanwhile."""
        del view, args, kwargs
        if getattr(request, "viewer", None) is None:
            return None
        if request.method in READS and not request.path.startswith("/accounts/"):
            return None
        words = _("You view this as somebody else: nothing can be sent, signed, consented to or paid.")
        return answer_refused(request, denied("viewing-only", words, todo=_("Stop viewing as them first.")))


def begin(request: HttpRequest, person: Person, reason: str, actor: Person) -> None:
    """From the next request on. Raises Refused."""
    look = looks.begin_look(person, LookKind.PAGES, reason=reason, actor=actor)
    request.session[SESSION] = look.pk


@require_POST
@login_required
def stop(request: HttpRequest) -> HttpResponse:
    """Back to one's own pages."""
    pk = request.session.pop(SESSION, None)
    person = get_object_or_404(Person, pk=request.user.pk)
    look = looks.live_look(person, LookKind.PAGES, pk=pk) if pk is not None else None
    if look is None:
        return redirect("today")
    looks.end_look(look, actor=person)
    return redirect("person", look.person_id)
