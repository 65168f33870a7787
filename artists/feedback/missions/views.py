"""Missions for artists to take and deliver, for staff to post, answer and accept."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.feedback.models import Mission, MissionPlace
from artists.people.actors import actor_of, person_of
from artists.tariff.queries import price_of
from portal.access import Actor, Refused, check, require

from . import queries, services
from .forms import DeliverForm, ExtendForm, MissionForm, ReplyForm
from .rules import open_now
from .sheets import export_places
from .states import MissionState, PlaceState

A_PAGE = 20
TONES = {
    PlaceState.TAKEN: "yours", PlaceState.DELIVERED: "info", PlaceState.ANSWERED: "yours", PlaceState.ACCEPTED: "ok",
    PlaceState.GIVEN_BACK: "plain",
}  # fmt: skip


def _rows(missions: Any) -> list[dict[str, Any]]:
    found = list(missions)
    prices = {kind: price_of(kind) for kind in {one.contribution for one in found}}
    return [
        {
            "mission": one,
            "price": prices[one.contribution],
            "left": max(0, one.places - one.held),
            "open": bool(open_now(one)),
        }
        for one in found
    ]


@require_GET
@login_required
def missions(request: HttpRequest) -> HttpResponse:
    """Open ones, mine, and those that are over."""
    actor = actor_of(request)
    page = Paginator(queries.missions_visible_to(actor), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page.object_list),
        "mine": queries.yours_to_deliver(actor)[:A_PAGE],
        "states": PlaceState.labels,
    }
    return render(request, "feedback/missions/list.html", context)


def _found(request: HttpRequest, pk: int) -> Mission:
    return get_object_or_404(queries.missions_visible_to(actor_of(request)), pk=pk)


def _page(request: HttpRequest, found: Mission, form: DeliverForm | None = None) -> HttpResponse:
    place = queries.place_of(actor_of(request), found)
    if form is None and place is not None:
        kept = {"text": place.text, "links": "\n".join(place.links), "hours": place.hours}
        shown = DeliverForm(initial=kept)
    else:
        shown = form or DeliverForm()
    row = _rows([found])[0]
    context = row | {
        "place": place,
        "tone": TONES[PlaceState(place.state)] if place else "plain",
        "held_by_me": place is not None and place.state != PlaceState.GIVEN_BACK,
        "mine_to_deliver": place is not None and place.state in {PlaceState.TAKEN, PlaceState.ANSWERED},
        "form": shown,
        "may": check("mission.take", actor_of(request), found),
    }
    status = form.status if form is not None else 200
    return render(request, "feedback/missions/mission.html", context, status=status)


@require_GET
@login_required
def mission(request: HttpRequest, pk: int) -> HttpResponse:
    """One mission, and my place in it."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a place."""
    services.take_place(_found(request, pk), actor=person_of(request))
    messages.success(request, _("The place is yours. You may give it back at any time before you deliver."))
    return redirect("mission", pk)


def _mine(request: HttpRequest, found: Mission) -> MissionPlace:
    place = queries.place_of(actor_of(request), found)
    if place is None:
        raise Http404
    return place


@require_POST
@login_required
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was done."""
    found = _found(request, pk)
    place, form = _mine(request, found), DeliverForm(request.POST)
    if form.is_valid():
        try:
            services.deliver_work(place, form.work(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Delivered. The staff answer next; we will write."))
            return redirect("mission", pk)
    return _page(request, found, form)


@require_POST
@login_required
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the place to somebody else."""
    services.give_back(_mine(request, _found(request, pk)), actor=person_of(request))
    messages.success(request, _("Given back. Nothing hangs on it."))
    return redirect("missions")


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("mission.oversee", actor)
    return actor


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """All missions, and what was delivered and waits."""
    actor = _staff(request)
    page = Paginator(queries.missions_overseen_by(actor), A_PAGE).get_page(request.GET.get("page"))
    waiting = queries.deliveries_waiting(actor)
    context = {"page": page, "rows": _rows(page.object_list), "waiting": waiting[:A_PAGE], "count": waiting.count()}
    return render(request, "feedback/missions/desk.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new mission, a draft."""
    _staff(request)
    form = MissionForm(request.POST) if request.method == "POST" else MissionForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_mission(form.wanted(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            return redirect("staff_mission", made.pk)
    status = form.status if form.is_bound else 200
    return render(request, "feedback/missions/write.html", {"form": form}, status=status)


def _overseen(request: HttpRequest, pk: int) -> Mission:
    return get_object_or_404(queries.missions_overseen_by(_staff(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, written anew."""
    found = _overseen(request, pk)
    form = MissionForm(request.POST) if request.method == "POST" else MissionForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_mission(found, form.wanted(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_mission", pk)
    status = form.status if form.is_bound else 200
    return render(request, "feedback/missions/write.html", {"form": form, "mission": found}, status=status)


def _staff_page(
    request: HttpRequest,
    found: Mission,
    *,
    extend: ExtendForm | None = None,
    reply: ReplyForm | None = None,
    of: int = 0,
) -> HttpResponse:
    places = queries.places_overseen_by(actor_of(request)).filter(mission=found)
    page = Paginator(places, A_PAGE).get_page(request.GET.get("page"))

    def form_for(place: MissionPlace) -> ReplyForm:
        if reply is not None and place.pk == of:
            return reply
        seen = {"seen": place.delivered_at.isoformat() if place.delivered_at else ""}
        return ReplyForm(initial=seen, auto_id=f"id_{place.pk}_%s")

    initial = {"places": found.places, "closes_at": found.closes_at}
    context = _rows([found])[0] | {
        "page": page,
        "taken": [(one, TONES[PlaceState(one.state)], form_for(one)) for one in page.object_list],
        "extend": extend or ExtendForm(initial=initial),
        "draft": found.state == MissionState.DRAFT,
        "posted": found.state == MissionState.POSTED,
    }
    bound = extend or reply
    return render(
        request, "feedback/missions/staff_mission.html", context, status=bound.status if bound is not None else 200
    )


@require_GET
@login_required
def staff_mission(request: HttpRequest, pk: int) -> HttpResponse:
    """One mission with everybody who has a place."""
    return _staff_page(request, _overseen(request, pk))


@require_POST
@login_required
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Let artists take its places."""
    services.post_mission(_overseen(request, pk), actor=person_of(request))
    messages.success(request, _("Posted."))
    return redirect("staff_mission", pk)


@require_POST
@login_required
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More places, more time."""
    found, form = _overseen(request, pk), ExtendForm(request.POST)
    if form.is_valid():
        try:
            services.extend_mission(found, actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_mission", pk)
    return _staff_page(request, found, extend=form)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give away no more places."""
    services.end_mission(_overseen(request, pk), actor=person_of(request))
    messages.success(request, _("Ended. Whoever holds a place may still deliver."))
    return redirect("staff_mission", pk)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was delivered, or ask for more, as the button says."""
    place = get_object_or_404(queries.places_overseen_by(_staff(request)), pk=pk)
    form, person = ReplyForm(request.POST, auto_id=f"id_{pk}_%s"), person_of(request)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if request.POST.get("act") == "accept":
                services.accept_work(place, actor=person, **given)
                messages.success(request, _("Accepted. It counts, and its artist is told."))
            else:
                services.answer_work(place, given["reply"], actor=person)
                messages.success(request, _("Answered. It is its artist's again; they are told."))
            return redirect("staff_mission", place.mission_id)
        except Refused as refused:
            form.say(refused)
    return _staff_page(request, _overseen(request, place.mission_id), reply=form, of=pk)


@require_GET
@login_required
def places_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what in how many hours, as a sheet."""
    text = export_places(_overseen(request, pk), actor=person_of(request))
    headers = {"Content-Disposition": f'attachment; filename="mission-{pk}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
