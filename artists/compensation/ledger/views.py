"""The money desk of staff: funds, their money, and what went in and out."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.contributions.queries import disputes_waiting, earned_in_all
from artists.compensation.models import Fund
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Refused, check, require
from portal.pages import leaf_of

from . import queries, services
from .forms import BudgetForm, CareForm, FundForm, ReasonForm

A_PAGE = 30


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("ledger.read", actor)
    return actor


@require_GET
@login_required
def money(request: HttpRequest) -> HttpResponse:
    """Every fund with what is free, promised, on its way and paid; what is earned and in no award."""
    actor = _staff(request)
    context = {
        "stands": queries.stands(queries.funds_overseen_by(actor)),
        "earned": earned_in_all(actor),
        "disputes": disputes_waiting(actor).count(),
    }
    return render(request, "compensation/ledger/money.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def fund_new(request: HttpRequest) -> HttpResponse:
    """Make a fund; nothing typed is lost when it is refused."""
    _staff(request)
    form = FundForm(request.POST or None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.make_fund(
                given["name"],
                actor=person_of(request),
                currency=given["currency"],
                about=given["about"],
                approvals=given["approvals"],
                daily_most=form.daily_most,
                asks_tax=given["asks_tax"],
            )
        except Refused as refused:
            form.say(refused)
        else:
            return redirect("staff_fund", made.pk)
    return render(request, "compensation/ledger/fund_new.html", {"form": form}, status=form.status)


def _fund(request: HttpRequest, pk: uuid.UUID) -> Fund:
    return get_object_or_404(queries.funds_overseen_by(_staff(request)), pk=pk)


def _page(request: HttpRequest, found: Fund, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    [stand] = queries.stands([found])
    context = {
        "stand": stand,
        "fund": found,
        "page": leaf_of(queries.entries_of_fund(actor, found), request.GET.get("page"), A_PAGE),
        "budget": forms.get("budget") or BudgetForm(currency=found.currency),
        "care": forms.get("care") or CareForm.of(found),
        "reason": forms.get("reason") or ReasonForm(),
        "may_close": check("fund.close", actor, found),
    }
    bound = next(iter(forms.values()), None)
    return render(request, "compensation/ledger/fund.html", context, status=bound.status if bound else 200)


@require_GET
@login_required
def fund(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One fund: its money, its entries, what can be done with it."""
    return _page(request, _fund(request, pk))


@require_POST
@login_required
def fund_budget(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Money in or out."""
    found = _fund(request, pk)
    form = BudgetForm(request.POST, currency=found.currency)
    if form.is_valid() and form.minor:
        act = services.take_budget if request.POST.get("act") == "take" else services.give_budget
        given = form.cleaned_data
        try:
            _entry, new = act(found, form.minor, actor=person_of(request), key=str(given["key"]), memo=given["memo"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Entered.") if new else _("This was entered already; nothing was added."))
            return redirect("staff_fund", found.pk)
    return _page(request, found, budget=form)


@require_POST
@login_required
def fund_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How careful it is."""
    found = _fund(request, pk)
    form = CareForm(request.POST, currency=found.currency)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.change_fund(
                found,
                actor=person_of(request),
                about=given["about"],
                approvals=given["approvals"],
                daily_most=form.daily_most,
                asks_tax=given["asks_tax"],
            )
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_fund", found.pk)
    return _page(request, found, care=form)


@require_POST
@login_required
def fund_state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Freeze, free, close."""
    found, act = _fund(request, pk), request.POST.get("act", "")
    form = ReasonForm(request.POST)
    try:
        if act == "unfreeze":
            services.unfreeze_fund(found, actor=person_of(request))
            return redirect("staff_fund", found.pk)
        if form.is_valid():
            done = {"freeze": services.freeze_fund, "close": services.close_fund}.get(act, services.freeze_fund)
            done(found, actor=person_of(request), reason=form.cleaned_data["reason"])
            return redirect("staff_fund", found.pk)
    except Refused as refused:
        form.say(refused)
    return _page(request, found, reason=form)
