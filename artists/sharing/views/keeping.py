"""A form sent after the session ended is not lost: what was typed waits until the person has signed in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from artists.people.actors import actor_of

KEPT = "typed_before_sign_in"
MOST = 32_000  # characters: the longest form of sharing has a third of it
View = Callable[..., HttpResponse]


def kept_over_sign_in(view: View) -> View:
    """Like login_required; a POST of somebody signed out is kept in their new session, and shown again after."""
    inside = login_required(view)

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if request.method != "POST" or actor_of(request).pk is not None:
            return inside(request, *args, **more)
        typed = request.POST.copy()
        typed.pop("csrfmiddlewaretoken", None)
        path = request.get_full_path()
        if len(typed.urlencode()) <= MOST:
            request.session[KEPT] = {"path": path, "typed": typed.urlencode()}
        return redirect_to_login(path)

    return keeping


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was sent to this very page before signing in again; once."""
    kept = request.session.get(KEPT)
    if request.method != "GET" or not kept or kept["path"] != request.get_full_path():
        return None
    del request.session[KEPT]
    messages.info(request, _("You were signed out meanwhile. What you had typed is back; nothing was sent yet."))
    return QueryDict(kept["typed"])
