"""Where I am signed in; end another browser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access import Refused

from .actors import person_of
from .sessions import end_session, name_of, note_session, sessions_of


@never_cache
@require_GET
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser, this one marked."""
    note_session(request)
    rows = [
        {"session": one, "name": name_of(one.user_agent), "here": one.session_key == request.session.session_key}
        for one in sessions_of(person_of(request))
    ]
    return render(request, "people/sessions.html", {"rows": rows})


@require_POST
@login_required
def session_end(request: HttpRequest, number: int) -> HttpResponse:
    """Sign that browser out."""
    try:
        end_session(number, actor=person_of(request))
    except Refused as refused:
        messages.info(request, str(refused.decision.reason))
    else:
        messages.success(request, _("Signed out there."))
    return redirect("sessions")
