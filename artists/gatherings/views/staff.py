"""Staff's side: make, change and cancel gatherings, see who comes, write down who came."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.gatherings import queries, services
from artists.gatherings.forms import CancelForm, GatheringForm
from artists.gatherings.models import Gathering
from artists.gatherings.services.arranging import zones
from artists.gatherings.standing import line_of
from artists.gatherings.states import SeatState
from artists.gatherings.times import span_here, span_in
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Decision, Refused, check, require

A_PAGE = 20
SEATS_A_PAGE = 100


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("gatherings.arrange", actor)
    return actor


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What lies ahead, or ?when=past what was."""
    actor = _staff(request)
    earlier = request.GET.get("when") == "past"
    rows = queries.gatherings_visible_to(actor)
    page = Paginator((queries.past if earlier else queries.coming)(rows), A_PAGE).get_page(request.GET.get("page"))
    prices = queries.prices()
    context = {"page": page, "lines": [line_of(one, prices) for one in page], "past": earlier}
    return render(request, "gatherings/staff/desk.html", context)


def _form(request: HttpRequest, form: GatheringForm, found: Gathering | None = None) -> HttpResponse:
    context = {"form": form, "gathering": found, "zones": sorted(zones()), "prices": queries.prices()}
    return render(request, "gatherings/staff/form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Another gathering; a POST announces it."""
    _staff(request)
    if request.method == "GET":
        return _form(request, GatheringForm(initial={"zone": timezone.get_current_timezone_name(), "capacity": 20}))
    form = GatheringForm(request.POST)
    if form.is_valid():
        try:
            made = services.make_gathering(form.plan(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Announced. Those it invites were told."))
            return redirect("staff_gathering", made.pk)
    return _form(request, form)


def _found(request: HttpRequest, pk: uuid.UUID) -> Gathering:
    return get_object_or_404(queries.gatherings_visible_to(_staff(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change it; those who come are told."""
    found = _found(request, pk)
    if request.method == "GET":
        return _form(request, GatheringForm.of(found), found)
    form = GatheringForm(request.POST)
    if form.is_valid():
        try:
            services.change_gathering(found, form.plan(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved. Where something changed for them, those who come or wait were told."))
            return redirect("staff_gathering", pk)
    return _form(request, form, found)


def _page(
    request: HttpRequest, found: Gathering, form: CancelForm | None = None, refusal: Decision | None = None
) -> HttpResponse:
    actor = actor_of(request)
    seats = queries.seats_overseen_by(actor, found)
    comes = Paginator(seats.filter(state=SeatState.SEATED).order_by("chair"), SEATS_A_PAGE)
    context: dict[str, Any] = {
        "gathering": found,
        "line": line_of(found, queries.prices()),
        "here": span_here(found),
        "there": span_in(found, found.zone),
        "page": comes.get_page(request.GET.get("page")),
        "waits": seats.filter(state=SeatState.WAITING)[:SEATS_A_PAGE],
        "gone": seats.filter(state=SeatState.GIVEN_UP).count(),
        "begun": found.has_begun(),
        "over": found.is_over(),
        "may_change": check("gatherings.change", actor, found),
        "form": form or CancelForm(),
        "refusal": refusal,
    }
    status = form.status if form is not None else refusal.kind.value if refusal is not None else 200
    return render(request, "gatherings/staff/gathering.html", context, status=status)


@require_GET
@login_required
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who comes, who waits, and who came."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call it off, with the reason."""
    found = _found(request, pk)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            done = services.cancel_gathering(found, actor=person_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.say(refused)
        else:
            if done:
                messages.success(request, _("Cancelled. Everybody who would have come was told."))
            else:
                messages.info(request, _("It was cancelled already. Nothing was changed."))
            return redirect("staff_gathering", pk)
    return _page(request, found, form)


@require_POST
@login_required
def attended(request: HttpRequest, pk: uuid.UUID, seat: int) -> HttpResponse:
    """Somebody came, or did not."""
    found = _found(request, pk)
    theirs = get_object_or_404(queries.seats_overseen_by(actor_of(request), found), pk=seat)
    came = request.POST.get("came") == "yes"
    try:
        services.mark_attended(theirs, actor=person_of(request), came=came)
    except Refused as refused:
        return _page(request, found, refusal=refused.decision)
    name = theirs.person.name
    said = _("%(name)s came.") if came else _("%(name)s did not come.")
    messages.success(request, said % {"name": name})
    return redirect("staff_gathering", pk)
