"""Batches for staff: a dry run first, then awards for everybody in it, approved together as they were read."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.awards import queries, services
from artists.compensation.awards.forms import BatchForm, PlanForm
from artists.compensation.awards.services import BatchPlan
from artists.compensation.awards.states import AwardState
from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.queries import funds_in_use
from artists.compensation.ledger.states import Side
from artists.compensation.models import Batch
from artists.compensation.payments.readiness import readiness_of_many
from artists.people.actors import actor_of, person_of
from artists.people.proofs import second_factor_shown_at, show_again_url
from portal.access import Decision, Refused
from portal.pages import leaf_of

from .awards import TONES, staff

A_PAGE = 30


@require_GET
@login_required
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    page = leaf_of(queries.batches_overseen_by(staff(request)), request.GET.get("page"), A_PAGE)
    return render(request, "compensation/awards/staff/batches.html", {"page": page})


def _plan_page(
    request: HttpRequest, form: PlanForm, plan: BatchPlan | None = None, making: BatchForm | None = None, people: Any = None
) -> HttpResponse:  # fmt: skip
    chosen = {line.person.pk for line in plan.lines if line.may} if plan is not None and people is None else people
    context = {
        "form": form,
        "plan": plan,
        "making": making,
        "lines": [(line, line.person.pk in chosen) for line in plan.lines] if plan is not None else [],
    }
    bound = making if making is not None and making.is_bound else form
    status = bound.status if bound.is_bound else 200
    return render(request, "compensation/awards/staff/batch_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The dry run, and the batch that is made of exactly what it showed."""
    actor = staff(request)
    funds = funds_in_use(actor)
    if request.method == "GET":
        # The next whole minute: what was earned in this one is in it.
        until = timezone.now() + timedelta(minutes=1)
        return _plan_page(request, PlanForm(funds=funds, initial={"until": until}))
    form = PlanForm(request.POST, funds=funds)
    if not form.is_valid():
        return _plan_page(request, form)
    fund, until = form.cleaned_data["fund"], form.cleaned_data["until"]
    people = {int(one) for one in request.POST.getlist("people") if one.isascii() and one.isdigit()}
    try:
        if request.POST.get("act") == "make":
            return _make(request, form, people)
        plan = services.plan_batch(fund, until, actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return _plan_page(request, form)
    return _plan_page(request, form, plan, BatchForm(initial={"seen": plan.digest}))


def _make(request: HttpRequest, form: PlanForm, people: set[int]) -> HttpResponse:
    """Make it; where it is refused, the plan as it is now, with what was typed."""
    given, making, person = form.cleaned_data, BatchForm(request.POST), person_of(request)
    if making.is_valid():
        words = {name: making.cleaned_data[name] for name in ("title", "terms", "seen")}
        try:
            made = services.make_batch(given["fund"], given["until"], actor=person, people=people, **words)
        except Refused as refused:
            making.say(refused)
        else:
            messages.success(request, _("Made. Two other people approve it next."))
            return redirect("staff_batch", made.pk)
    plan = services.plan_batch(given["fund"], given["until"], actor=person)
    # What is read now is what can be made next.
    making.data = making.data.copy()
    making.data["seen"] = plan.digest
    return _plan_page(request, form, plan, making, people)


def _page(request: HttpRequest, found: Batch, no: Decision | None = None) -> HttpResponse:
    actor = actor_of(request)
    awards = list(queries.awards_overseen_by(actor).filter(batch=found).order_by("payee__name", "pk"))
    waiting = {one.pk for one in queries.awards_waiting_for(actor).filter(batch=found)}
    ready = readiness_of_many([one.payee for one in awards], found.fund.currency)
    context = {
        "batch": found,
        "rows": [(one, TONES[AwardState(one.state)], ready[one.payee_id], one.pk in waiting) for one in awards],
        "mine": [one for one in awards if one.pk in waiting],
        "mine_total": sum(one.amount for one in awards if one.pk in waiting),
        "free": balance_of(Side.FUND, found.fund.currency, fund=found.fund),
        "no": no,
        "show_again": show_again_url(reverse("staff_batch", args=[found.pk])) if no is not None else "",
    }
    return render(request, "compensation/awards/staff/batch.html", context, status=no.kind.value if no else 200)


def _found(request: HttpRequest, pk: uuid.UUID) -> Batch:
    return get_object_or_404(queries.batches_overseen_by(staff(request)), pk=pk)


@require_GET
@login_required
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One batch: each award with its sum, its digest and whether it would arrive."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve those that are ticked, each as it was read."""
    found = _found(request, pk)
    seen: dict[uuid.UUID, str] = {}
    for said in request.POST.getlist("award"):
        number, _sep, digest = said.partition(":")
        try:
            seen[uuid.UUID(number)] = digest
        except ValueError:
            continue
    inside = set(queries.awards_overseen_by(actor_of(request)).filter(batch=found).values_list("pk", flat=True))
    seen = {number: digest for number, digest in seen.items() if number in inside}
    try:
        told = services.approve_several(seen, actor=person_of(request), proof=second_factor_shown_at(request))
    except Refused as refused:
        return _page(request, found, refused.decision)
    done = sum(why is None for _award, why in told)
    if done:
        words = ngettext("%(n)s award was approved by you.", "%(n)s awards were approved by you.", done)
        messages.success(request, words % {"n": done})
    for one, why in told:
        if why is not None:
            messages.error(request, f"{one.payee.name}: {why.reason} {why.todo} ({why.code})")
    return redirect("staff_batch", pk)
