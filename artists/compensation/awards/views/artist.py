"""Grants and awards for artists: calls, one's application with its decision, what is promised."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.awards import queries, services
from artists.compensation.awards.digest import Instalment
from artists.compensation.awards.forms import ApplyForm
from artists.compensation.awards.rules import keep, open_now
from artists.compensation.awards.states import ApplicationState, RoundState
from artists.compensation.models import Round
from artists.compensation.payments.readiness import readiness_of
from artists.people.actors import actor_of, person_of
from portal.access import Refused, require
from portal.pages import leaf_of

A_PAGE = 20
WRITABLE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@require_GET
@login_required
def grants(request: HttpRequest) -> HttpResponse:
    """Calls that ask me, open ones first, and what was promised to me."""
    actor = actor_of(request)
    page = leaf_of(queries.rounds_visible_to(actor), request.GET.get("page"), A_PAGE)
    mine = queries.by_round(actor, page.rows)
    context = {
        "page": page,
        "rows": [(one, mine.get(one.pk), bool(open_now(one))) for one in page.rows],
        "awards": queries.awards_of(actor)[:A_PAGE],
    }
    return render(request, "compensation/awards/grants.html", context)


def _found(request: HttpRequest, pk: uuid.UUID) -> Round:
    return get_object_or_404(queries.rounds_visible_to(actor_of(request)), pk=pk)


@require_GET
@login_required
def grant_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One call, my application in it, and its decision once everybody is told."""
    found = _found(request, pk)
    mine = queries.my_application(actor_of(request), found)
    told = found.state == RoundState.DECIDED
    decided = mine if told and mine is not None and mine.decided_at is not None else None
    context: dict[str, Any] = {
        "round": found,
        "mine": mine,
        "open": open_now(found),
        "hidden": queries.only_looks_at(actor_of(request), found),
        "may_write": keep(actor_of(request), found),
        "handed_in": mine is not None and mine.state not in WRITABLE,
        "decided": decided,
        "award": getattr(decided, "award", None) if decided is not None else None,
        "answers": list(zip(found.criteria, decided.reasons, strict=False)) if decided is not None else [],
    }
    return render(request, "compensation/awards/round.html", context)


def _kept(request: HttpRequest, found: Round, form: ApplyForm) -> HttpResponse | None:
    """Keep or hand in what was typed; None where it was refused and the form says why."""
    person = person_of(request)
    try:
        mine = services.keep_application(found, form.wish(), actor=person)
        if request.POST.get("act") == "hand_in":
            services.hand_in(mine, actor=person)
            messages.success(request, _("Handed in. You can take it back until the round closes."))
            return redirect("grant_round", found.pk)
    except Refused as refused:
        form.say(refused)
        return None
    if _by_script(request):
        return JsonResponse({"edit": reverse("grant_apply", args=[found.pk])})
    messages.success(request, _("Kept as a draft. Only you read it."))
    return redirect("grant_apply", found.pk)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _no(form: ApplyForm) -> JsonResponse:
    if form.refusal is not None:
        told = {"code": form.refusal.code, "message": str(form.refusal.reason)}
    else:
        error = next(iter(form.errors.as_data().values()))[0]
        told = {"code": str(error.code), "message": str(error.messages[0])}
    return JsonResponse(told, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def apply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write an application; it is kept while it is written."""
    found = _found(request, pk)
    require("application.keep", actor_of(request), found)
    mine = queries.my_application(actor_of(request), found)
    if mine is not None and mine.state not in WRITABLE and request.method == "GET":
        return redirect("grant_round", found.pk)
    form = ApplyForm(request.POST, found=found) if request.method == "POST" else ApplyForm.of(found, mine)
    if form.is_bound and form.is_valid():
        answer = _kept(request, found, form)
        if answer is not None:
            return answer
    if form.is_bound and _by_script(request):
        return _no(form)
    context = {"round": found, "mine": mine, "form": form, "may": open_now(found)}
    return render(request, "compensation/awards/apply.html", context, status=form.status if form.is_bound else 200)


@require_POST
@login_required
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take my application out of the round; what I wrote is kept."""
    mine = get_object_or_404(queries.applications_of(actor_of(request)), round_id=pk)
    services.take_back(mine, actor=person_of(request))
    messages.success(request, _("Taken back. What you wrote is kept; only you read it."))
    return redirect("grant_apply", pk)


@require_GET
@login_required
def award(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is promised to me, when, and what is missing before it can be paid."""
    found = get_object_or_404(queries.awards_of(actor_of(request)), pk=pk)
    context = {
        "award": found,
        "parts": [Instalment.of(one) for one in found.instalments],
        "payments": list(found.payments.order_by("number")),
        "ready": readiness_of(person_of(request), found.currency),
    }
    return render(request, "compensation/awards/award.html", context)
