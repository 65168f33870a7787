"""Awards for staff: propose, read exactly what is approved, approve, decline, end."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.awards import queries, services
from artists.compensation.awards.digest import Instalment
from artists.compensation.awards.forms import ApproveForm, AwardForm, SayWhyForm
from artists.compensation.awards.services.checking import moved_on
from artists.compensation.awards.standing import counting, needed_for, still_approved
from artists.compensation.awards.states import AwardState
from artists.compensation.ledger.books import balance_of, left_of
from artists.compensation.ledger.queries import funds_in_use
from artists.compensation.ledger.states import Side
from artists.compensation.models import Award
from artists.compensation.payments.readiness import accounts_in_use, profiles_of, readiness_of, ready
from artists.people.actors import actor_of, person_of
from artists.people.proofs import keep_typed, second_factor_shown_at, show_again_url, typed_before
from portal.access import Actor, Refused, check, require
from portal.pages import leaf_of
from portal.program.forms import Refusable

A_PAGE = 30
TONES = {
    AwardState.DRAFT: "yours", AwardState.SUBMITTED: "info", AwardState.APPROVED: "ok", AwardState.CLOSED: "ok",
    AwardState.WITHDRAWN: "plain", AwardState.DECLINED: "stop", AwardState.VOID: "stop",
}  # fmt: skip
LIVE = (AwardState.DRAFT, AwardState.SUBMITTED)


def staff(request: HttpRequest) -> Actor:
    """Whoever may see awards of everybody. Raises Refused."""
    actor = actor_of(request)
    require("award.oversee", actor)
    return actor


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me to approve, with whether money would arrive; then all awards."""
    actor = staff(request)
    waiting = list(queries.awards_waiting_for(actor)[:A_PAGE])
    people = {one.payee_id for one in waiting}
    profiles, accounts = profiles_of(people), accounts_in_use(people)
    page = leaf_of(queries.awards_overseen_by(actor), request.GET.get("page"), A_PAGE)
    context = {
        "waiting": [
            (one, ready(profiles.get(one.payee_id), accounts.get(one.payee_id), one.currency)) for one in waiting
        ],
        "count": queries.awards_waiting_for(actor).count(),
        "page": page,
        "rows": [(one, TONES[AwardState(one.state)]) for one in page.rows],
    }
    return render(request, "compensation/awards/staff/desk.html", context)


def _written(request: HttpRequest, form: AwardForm, act: Callable[[], Award]) -> HttpResponse | None:
    """Keep it, hand it in where the button says so; None where it was refused and the form says why."""
    try:
        made = act()
    except Refused as refused:
        form.say(refused)
        return None
    if request.POST.get("act") == "submit":
        try:
            services.submit_award(made, actor=person_of(request))
        except Refused as refused:
            # The draft is there: what stops it from being handed in is said on its page.
            messages.error(request, f"{refused.decision.reason} {refused.decision.todo} ({refused.decision.code})")
        else:
            messages.success(request, _("Two other people approve it next."))
    return redirect("staff_award", made.pk)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Propose an award; whether its artist can be paid is said before it is handed in."""
    actor = staff(request)
    funds = funds_in_use(actor)
    form = AwardForm(request.POST, funds=funds) if request.method == "POST" else AwardForm.new(funds)
    looked = None
    if form.is_bound and form.is_valid():
        if request.POST.get("act") == "look":
            looked = readiness_of(form.cleaned_data["payee"], form.cleaned_data["fund"].currency)
        else:
            person, key = person_of(request), form.cleaned_data["key"]
            done = _written(request, form, lambda: services.propose_award(form.promise(), actor=person, key=key))
            if done is not None:
                return done
    context = {"form": form, "ready": looked, "funds": funds.exists()}
    return render(
        request, "compensation/awards/staff/write.html", context, status=form.status if form.is_bound else 200
    )


def found_award(request: HttpRequest, pk: uuid.UUID) -> Award:
    """An award that staff see, or 404."""
    return get_object_or_404(queries.awards_overseen_by(staff(request)), pk=pk)


def _page(request: HttpRequest, found: Award, **forms: Refusable) -> HttpResponse:
    actor = actor_of(request)
    here = reverse("staff_award", args=[found.pk])
    typed = {} if forms else typed_before(request, here)
    seen = {"digest": found.digest}
    bound = next(iter(forms.values()), None)
    old = bound is not None and bound.refusal is not None and bound.refusal.code == "second-factor-old"
    context: dict[str, Any] = {
        "award": found,
        "tone": TONES[AwardState(found.state)],
        "parts": [Instalment.of(one) for one in found.instalments],
        "contributions": found.contributions.order_by("at", "pk"),
        "payments": found.payments.order_by("number"),
        "said": found.approvals.select_related("by"),
        "counting": [one.pk for one in counting(found)],
        "needed": needed_for(found),
        "free": balance_of(Side.FUND, found.currency, fund=found.fund),
        "ready": readiness_of(found.payee, found.currency),
        "standing": still_approved(found),
        "mine": found.proposer_id == actor.pk and found.state in LIVE,
        "said_mine": any(one.by_id == actor.pk and one.digest == found.digest for one in found.approvals.all()),
        "may_approve": check("award.approve", actor, found),
        "may_withdraw": check("award.withdraw", actor, found),
        "may_end": check("award.void", actor, found),
        # What came back after it had ended, and is in no fund yet.
        "owed": left_of(found) if found.state == AwardState.VOID else 0,
        "approve": forms.get("approve") or ApproveForm(initial=seen | {"note": typed.get("note", "")}),
        "decline": forms.get("decline") or SayWhyForm(initial=seen, prefix="no"),
        "end": forms.get("end") or SayWhyForm(prefix="end"),
        "show_again": show_again_url(here) if old else "",
    }
    status = bound.status if bound is not None else 200
    return render(request, "compensation/awards/staff/award.html", context, status=status)


@require_GET
@login_required
def award(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One award: exactly what is approved, its digest, who has said what."""
    return _page(request, found_award(request, pk))


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write it anew; approvals are void then."""
    found, funds = found_award(request, pk), funds_in_use(actor_of(request))
    require("award.change", actor_of(request), found)
    if found.state not in LIVE:
        raise moved_on(found, "award.change")
    posted = request.method == "POST"
    form = AwardForm(request.POST, funds=funds, award=found) if posted else AwardForm.of(found, funds)
    if form.is_bound and form.is_valid():
        person = person_of(request)
        done = _written(request, form, lambda: services.change_award(found, form.promise(), actor=person))
        if done is not None:
            return done
    context = {"form": form, "award": found, "funds": True}
    return render(
        request, "compensation/awards/staff/write.html", context, status=form.status if form.is_bound else 200
    )


@require_POST
@login_required
def submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand it to two other people."""
    services.submit_award(found_award(request, pk), actor=person_of(request))
    messages.success(request, _("Two other people approve it next."))
    return redirect("staff_award", pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Not any more."""
    services.withdraw_award(found_award(request, pk), actor=person_of(request))
    messages.success(request, _("Withdrawn. What was earned in it is earned still."))
    return redirect("staff_award", pk)


@require_POST
@login_required
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve exactly what was read."""
    found, form = found_award(request, pk), ApproveForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        proof = second_factor_shown_at(request)
        try:
            done = services.approve_award(
                found, actor=person_of(request), digest=given["digest"], proof=proof, note=given["note"]
            )
        except Refused as refused:
            form.say(refused)
            if refused.decision.code == "second-factor-old":
                keep_typed(request, reverse("staff_award", args=[pk]))
        else:
            promised = done.state == AwardState.APPROVED
            messages.success(request, _("Approved: it is promised.") if promised else _("Approved by you. One more person is needed."))  # fmt: skip
            return redirect("staff_award", pk)
    return _page(request, found_award(request, pk), approve=form)


@require_POST
@login_required
def decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One no is enough."""
    found, form = found_award(request, pk), SayWhyForm(request.POST, prefix="no")
    if form.is_valid():
        try:
            services.decline_award(found, actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Declined. Whoever proposed it is told."))
            return redirect("staff_award", pk)
    return _page(request, found_award(request, pk), decline=form)


@require_POST
@login_required
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End what of it is not paid."""
    found, form = found_award(request, pk), SayWhyForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            services.void_award(found, actor=person_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Ended. Its artist is told."))
            return redirect("staff_award", pk)
    return _page(request, found_award(request, pk), end=form)
