"""Grant rounds for staff: the call, what was handed in, an answer to each, the decision."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.awards import queries, services
from artists.compensation.awards.forms import AnswerForm, CancelForm, DecideForm, RoundForm
from artists.compensation.awards.services.rounds import round_moved_on
from artists.compensation.awards.states import ApplicationState, RoundState
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.queries import funds_in_use
from artists.compensation.ledger.states import Side
from artists.compensation.models import Application, Round
from artists.compensation.payments.readiness import readiness_of, readiness_of_many
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Refused, check, require
from portal.pages import leaf_of
from portal.program.forms import Refusable

A_PAGE = 30
TONES = {
    ApplicationState.SUBMITTED: "yours", ApplicationState.GRANTED: "ok", ApplicationState.DECLINED: "plain",
}  # fmt: skip


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("round.oversee", actor)
    return actor


@require_GET
@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds; those that have closed and wait for a decision first."""
    actor = _staff(request)
    page = leaf_of(queries.rounds_overseen_by(actor), request.GET.get("page"), A_PAGE)
    context = {"page": page, "closed": list(queries.rounds_to_decide(actor)[:A_PAGE])}
    return render(request, "compensation/awards/staff/rounds.html", context)


def _written(request: HttpRequest, form: RoundForm, act: Callable[[], Round], **context: Any) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            made = act()
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Kept as a draft. Artists see it when it is opened."))
            return redirect("staff_round", made.pk)
    status = form.status if form.is_bound else 200
    return render(request, "compensation/awards/staff/round_write.html", {"form": form, **context}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new call, a draft."""
    funds = funds_in_use(_staff(request))
    form = RoundForm(request.POST or None, funds=funds)
    return _written(request, form, lambda: services.make_round(form.wanted(), actor=person_of(request)))


def _found(request: HttpRequest, pk: uuid.UUID) -> Round:
    return get_object_or_404(queries.rounds_overseen_by(_staff(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft, written anew."""
    found = _found(request, pk)
    if found.state != RoundState.DRAFT:
        raise round_moved_on(found, "round.make")
    funds = funds_in_use(actor_of(request))
    form = RoundForm(request.POST, funds=funds) if request.method == "POST" else RoundForm.of(found, funds)
    act = lambda: services.change_round(found, form.wanted(), actor=person_of(request))  # noqa: E731 - as in `new`
    return _written(request, form, act, round=found)


def _page(request: HttpRequest, found: Round, **forms: Refusable) -> HttpResponse:
    actor = actor_of(request)
    seen = queries.applications_overseen_by(actor, found)
    applied = leaf_of(seen, request.GET.get("page"), A_PAGE)
    ready = readiness_of_many([one.person for one in applied.rows], found.fund.currency)
    bound = next(iter(forms.values()), None)
    context = {
        "round": found,
        "page": applied,
        "rows": [(one, TONES[ApplicationState(one.state)], ready[one.person_id]) for one in applied.rows],
        "chosen": seen.filter(state=ApplicationState.GRANTED),
        "free": balance_of(Side.FUND, found.fund.currency, fund=found.fund),
        "asks_for": found.most_each * found.grants,
        "may_read": check("application.read", actor, found),
        "may_decide": check("round.decide", actor, found),
        "is_open": found.state == RoundState.OPEN,
        "decide": forms.get("decide") or DecideForm(),
        "cancel": forms.get("cancel") or CancelForm(prefix="cancel"),
    }
    status = bound.status if bound is not None else 200
    return render(request, "compensation/awards/staff/round.html", context, status=status)


@require_GET
@login_required
def grant_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One round with everything that was handed in."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def open_it(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call for it."""
    services.open_round(_found(request, pk), actor=person_of(request))
    messages.success(request, _("Opened. The artists whom it asks are told."))
    return redirect("staff_round", pk)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It comes to nothing."""
    found, form = _found(request, pk), CancelForm(request.POST, prefix="cancel")
    if form.is_valid():
        try:
            services.cancel_round(found, actor=person_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Cancelled. Whoever wrote for it is told."))
            return redirect("staff_round", pk)
    return _page(request, found, cancel=form)


@require_POST
@login_required
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell everybody; each that was chosen waits for two other people."""
    found, form = _found(request, pk), DecideForm(request.POST)
    if form.is_valid():
        try:
            services.decide_round(found, actor=person_of(request), parts=form.cleaned_data["parts"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Decided. Everybody who applied is told; two other people approve the awards."))
            return redirect("staff_round", pk)
    return _page(request, found, decide=form)


def _application(request: HttpRequest, pk: uuid.UUID) -> Application:
    actor = _staff(request)
    found = get_object_or_404(queries.round_of(actor, pk))
    require("application.read", actor, found)
    return get_object_or_404(queries.applications_overseen_by(actor, found), pk=pk)


def _answered(request: HttpRequest, found: Application, form: AnswerForm) -> bool:
    given, person = form.cleaned_data, person_of(request)
    same = {"actor": person, "reasons": form.reasons, "answer": given["answer"]}
    try:
        if request.POST.get("act") == "choose":
            services.choose(found, amount=form.minor, **same)
            messages.success(request, _("Chosen. Its artist is told when the round is decided."))
        else:
            services.leave_out(found, **same)
            messages.success(request, _("Not chosen. Its artist is told when the round is decided."))
    except Refused as refused:
        form.say(refused)
        return False
    return True


@require_http_methods(["GET", "POST"])
@login_required
def application(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was handed in, and the answer to it."""
    found = _application(request, pk)
    posted = request.method == "POST"
    form = AnswerForm(request.POST, application=found) if posted else AnswerForm.of(found)
    if posted and form.is_valid() and _answered(request, found, form):
        return redirect("staff_round", found.round_id)
    context = {
        "application": found,
        "round": found.round,
        "form": form,
        "ready": readiness_of(found.person, found.round.fund.currency),
        "may": check("application.choose", actor_of(request), found),
        "waits": found.state == ApplicationState.SUBMITTED,
        "answers": list(zip(found.round.criteria, found.reasons, strict=False)),
    }
    status = form.status if posted else 200
    return render(request, "compensation/awards/staff/application.html", context, status=status)


@require_POST
@login_required
def reconsider(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an answer back before anybody was told."""
    services.reconsider(_application(request, pk), actor=person_of(request))
    messages.success(request, _("Taken back. It waits for an answer again."))
    return redirect("staff_application", pk)
