"""For staff what every kind of mail looks like; for operators the outbox."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_replace
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from artists.people.actors import actor_of
from portal.access import require
from portal.notices import queries
from portal.notices.letters import LIGHTS
from portal.notices.samples import NO_STOP, Shown, sample_of, samples
from portal.notices.services import address
from portal.notices.stopping import stoppable

SHOWN = 100
# The frame around a sample: our own page in it, and nothing else.
FRAMING = {"frame-src": [SELF]}
# Inside the frame: the styles a letter carries, and nothing that runs, loads or sends.
FRAMED = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


def _shown(request: HttpRequest, kind: str) -> Shown:
    require("notices.preview", actor_of(request))
    found = sample_of(kind)
    if found is None:
        raise Http404
    return found


@require_GET
@login_required
def mails(request: HttpRequest) -> HttpResponse:
    """Every kind of mail, by family."""
    require("notices.preview", actor_of(request))
    rows: dict[str, list[Shown]] = {}
    for one in sorted(samples(), key=lambda shown: shown.family.order):
        rows.setdefault(str(one.family.label), []).append(one)
    return render(request, "notices/mails.html", {"rows": rows})


@require_GET
@login_required
@csp_replace(FRAMING)
def mail(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind of mail with made-up names: head, text, and HTML in both lights."""
    found = _shown(request, kind)
    stop = address(NO_STOP) if stoppable(found.name) else ""
    return render(request, "notices/mail.html", {"shown": found, "text": found.rendered()[0], "stop": stop})


@require_GET
@login_required
@xframe_options_sameorigin
@csp(FRAMED)
def mail_frame(request: HttpRequest, kind: str, light: str) -> HttpResponse:
    """The HTML of one kind of mail in one light, for the frame of its page."""
    found = _shown(request, kind)
    if not light or light not in LIGHTS:
        raise Http404
    return HttpResponse(found.rendered(light)[1])


@require_GET
@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    """Letters as they leave: where mail goes to the console, this is where an operator reads it."""
    require("notices.outbox", actor_of(request))
    letters = queries.letters_visible_to(actor_of(request))[:SHOWN]
    return render(request, "notices/outbox.html", {"letters": letters})


@require_GET
@login_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter, as text."""
    require("notices.outbox", actor_of(request))
    found = get_object_or_404(queries.letters_visible_to(actor_of(request)), pk=pk)
    return render(request, "notices/letter.html", {"letter": found})
