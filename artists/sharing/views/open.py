"""What everybody may read: the showcase, the grounds with the clock, and reporting a concern."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from artists.people.actors import actor_of, address_of
from artists.sharing import queries, services
from artists.sharing.forms import ConcernForm
from artists.sharing.models import Release
from artists.sharing.services.concerns import LONGEST_CONCERN
from artists.sharing.services.deciding import rest
from artists.sharing.timeline import promise
from portal.access import Kind, Refused, require

PAGE = 24
LONGEST_SEARCH = 120


@require_safe
@never_cache
def showcase(request: HttpRequest) -> HttpResponse:
    """Released works whose artists want them here, newest first."""
    text = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    page = Paginator(queries.releases_found(text), PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/showcase.html", {"page": page, "text": text, "longest": LONGEST_SEARCH})


@require_safe
def grounds(request: HttpRequest) -> HttpResponse:
    """The closed list of grounds, the clock, and what follows when it runs out."""
    context = {
        "grounds": queries.grounds(),
        "promise": promise(queries.terms_in_force()),
        "rest": round(rest().total_seconds() / 60),
    }
    return render(request, "sharing/grounds.html", context)


def _release(request: HttpRequest, slug: str) -> Release:
    """The work, if the public sees it now. Raises Refused."""
    found = get_object_or_404(queries.releases_ever(), slug=slug)
    require("sharing.report", actor_of(request), found)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def concern_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Report what is wrong with a work, without an account; a POST sends it."""
    try:
        found = _release(request, slug)
    except Refused as refused:
        if refused.decision.kind is not Kind.GONE:
            raise
        return render(request, "sharing/gone.html", {"decision": refused.decision}, status=Kind.GONE.value)
    form = ConcernForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        form.full_clean()
        values: dict[str, Any] = form.cleaned_data
        if values.get("website"):  # filled in by a script: it is thanked, and nothing is kept
            return redirect("release", slug)
        try:
            made = services.report_concern(
                found,
                actor=actor_of(request),
                text=values.get("text", ""),
                email=values.get("email", ""),
                address=address_of(request),
            )
        except Refused as refused:
            form.say(refused)
            status = refused.decision.kind.value
        else:
            return redirect("concern", made.key)
    context = {"release": found, "asked": found.request, "form": form, "longest": LONGEST_CONCERN}
    return render(request, "sharing/concern_new.html", context, status=status)


@require_safe
@never_cache
def concern(request: HttpRequest, key: str) -> HttpResponse:
    """A report and its answer, for whoever has its address."""
    found = get_object_or_404(queries.concerns_ever(), key=key)
    asked = found.release.request
    context = {"concern": found, "asked": asked, "said": _("Your report was sent.")}
    return render(request, "sharing/concern.html", context)
