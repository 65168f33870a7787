"""Disputes for artists; contributions and disputes for staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.models import Contribution, Dispute
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Refused, require
from portal.pages import leaf_of

from . import queries, services
from .forms import AnswerForm, DisputeForm
from .kinds import label_of

A_PAGE = 30


def _lines(contributions: list[Contribution]) -> list[tuple[Contribution, object]]:
    return [(one, label_of(one.kind)) for one in contributions]


@require_GET
@login_required
def disputes(request: HttpRequest) -> HttpResponse:
    """One's own questions about contributions, with the answers."""
    require("dispute.open", actor_of(request), None)
    page = leaf_of(queries.disputes_of(actor_of(request)), request.GET.get("page"), A_PAGE)
    return render(request, "compensation/contributions/disputes.html", {"page": page})


def _asking(request: HttpRequest, about: Contribution | None) -> HttpResponse:
    require("dispute.open", actor_of(request), about)
    form = DisputeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            services.open_dispute(about, actor=person_of(request), text=form.cleaned_data["text"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Asked. The staff answer here, and you are told."))
            return redirect("disputes")
    context = {"form": form, "about": about, "label": about and label_of(about.kind)}
    return render(request, "compensation/contributions/dispute_new.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def dispute_missing(request: HttpRequest) -> HttpResponse:
    """Say that something was never counted."""
    return _asking(request, None)


@require_http_methods(["GET", "POST"])
@login_required
def dispute_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one was counted wrong."""
    return _asking(request, get_object_or_404(queries.contributions_of(actor_of(request)), pk=pk))


@require_POST
@login_required
def dispute_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer ask."""
    found = get_object_or_404(queries.disputes_of(actor_of(request)), pk=pk)
    services.withdraw_dispute(found, actor=person_of(request))
    return redirect("disputes")


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("dispute.oversee", actor)
    return actor


@require_GET
@login_required
def staff_contributions(request: HttpRequest) -> HttpResponse:
    """Everything that was counted, newest first."""
    actor = actor_of(request)
    require("contribution.oversee", actor)
    page = leaf_of(queries.contributions_overseen_by(actor), request.GET.get("page"), A_PAGE)
    context = {"page": page, "lines": _lines(page.rows)}
    return render(request, "compensation/contributions/all.html", context)


def _desk(request: HttpRequest, answered: Dispute | None = None, form: AnswerForm | None = None) -> HttpResponse:
    actor = _staff(request)
    open_ones = queries.disputes_waiting(actor)
    waits = leaf_of(open_ones, request.GET.get("waits"), A_PAGE)
    rows = list(waits.rows)
    # What was typed for one of another page, or for one that somebody else has answered by now, comes first.
    if answered is not None and answered not in rows:
        rows.insert(0, answered)
    waiting = [(one, form if form is not None and one == answered else AnswerForm(prefix=str(one.pk))) for one in rows]
    over = queries.disputes_overseen_by(actor).exclude(state="open").order_by("-answered_at", "-pk")
    context = {
        "waiting": waiting,
        "waits": waits,
        "count": open_ones.count(),
        "page": leaf_of(over, request.GET.get("page"), A_PAGE),
    }
    return render(
        request, "compensation/contributions/staff_disputes.html", context, status=form.status if form else 200
    )


@require_GET
@login_required
def staff_disputes(request: HttpRequest) -> HttpResponse:
    """Those that wait, and those that were answered."""
    return _desk(request)


@require_POST
@login_required
def staff_dispute_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one; nothing typed is lost when it is refused."""
    found = get_object_or_404(queries.disputes_overseen_by(_staff(request)), pk=pk)
    form = AnswerForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.answer_dispute(
                found, actor=person_of(request), answer=given["answer"], amount=form.minor, currency=given["currency"]
            )
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Answered. The artist is told."))
            return redirect("staff_disputes")
    return _desk(request, found, form)
