"""What differs between the books and the rail, for staff."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from artists.compensation.stripe.gateway import configured
from artists.people.actors import actor_of
from portal.access import require
from portal.pages import leaf_of

from . import queries

A_PAGE = 30


@require_GET
@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """Each with the one next step; below, those that are over."""
    actor = actor_of(request)
    require("finding.read", actor)
    page = leaf_of(queries.findings_closed(actor), request.GET.get("page"), A_PAGE)
    context = {
        "open": queries.shown(list(queries.findings_overseen_by(actor))),
        "over": queries.shown(list(page.rows)),
        "page": page,
        "last": queries.last_comparison(actor),
        "alarm": queries.alarm(actor) or {},
        "by_stripe": configured(),
    }
    return render(request, "compensation/reconciling/findings.html", context)
