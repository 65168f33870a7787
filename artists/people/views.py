"""One-time sign-in links of the demonstration."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from . import services
from .actors import actor_of
from .sessions import note_session

# Why the session counts as signed in with a second factor, where the account pages did not note it themselves.
PROVEN = "second_factor"
# When this session set up the first second factor of its person, in seconds; only with the mark "set up".
SET_UP_AT = "second_factor_set_up_at"
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@never_cache
@require_GET
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in with a one-time link; on loopback and in the demonstration only, else it is not there."""
    direct = "HTTP_X_FORWARDED_FOR" not in request.META and request.META.get("REMOTE_ADDR") in LOOPBACK
    if not (settings.VERNISSAGE_DEMO_LINKS and direct):
        raise Http404
    person = services.use_link(secret, actor=actor_of(request))
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[PROVEN] = "demonstration link"
    note_session(request)
    return redirect("home")
