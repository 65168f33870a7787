"""Composed pages: home, staff's today, the program's status, health."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from artists.agreements.queries import unsigned_by
from artists.agreements.standing import standing_of
from artists.people.actors import actor_of
from artists.people.roles import Role
from generation.gate import may_generate
from generation.queries import clips_visible_to, under_way_of
from generation.quota import left_today
from portal import panels
from portal.access import require
from portal.program.queries import cohort_of, stops_of_the_whole, suspensions_in_force, suspensions_of, the_program

from . import gallery

YEAR = 365 * 24 * 3600
NEWEST = 4
HISTORY = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The public's front page, or what this person can do next."""
    actor = actor_of(request)
    if actor.pk is None:
        return render(request, "web/front.html", {"the_program": the_program()})
    context = {"panels": [(panel.template, panel.fill(actor)) for panel in panels.panels_of("home")]}
    if actor.holds(Role.ARTIST):
        context |= {
            "gate": may_generate(actor),
            "to_sign": unsigned_by(actor).exists(),
            "left": left_today(actor, cohort_of(actor)),
            "under_way": under_way_of(actor),
            "clips": clips_visible_to(actor).select_related("generation")[:NEWEST],
        }
    return render(request, "web/home.html", context)


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Whether the program is open, since when, and why not; what stopped all of it before, and when it ends: public."""
    whole = stops_of_the_whole()
    standing = {stop.pk for stop in suspensions_in_force().filter(pk__in=whole.values("pk"))}
    context = {"the_program": the_program(), "stops": whole[:HISTORY], "standing": standing}
    return render(request, "web/status.html", context)


@require_GET
@login_required
def standing(request: HttpRequest) -> HttpResponse:
    """Where I stand: what I may do now and why not, and what stops me, in calm words."""
    actor = actor_of(request)
    context = {"stands": standing_of(actor), "stops": suspensions_of(actor), "the_program": the_program()}
    return render(request, "web/standing.html", context)


@require_GET
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What staff look at in the morning: what is still to set up, then doors, queue, workers, mail."""
    actor = actor_of(request)
    require("web.see_today", actor)
    steps = panels.checklist()
    left = [item for item, done in steps if not done]
    context = {
        "panels": [(panel.template, panel.fill(actor)) for panel in panels.panels_of("today")],
        "parts": panels.status_read(),
        "steps": steps if left else [],
        "left": left,
    }
    return render(request, "web/today.html", context)


@require_GET
@login_required
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds pages."""
    require("web.see_components", actor_of(request))
    return render(request, "web/gallery.html", gallery.context())


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers and reaches its database."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@never_cache
@require_GET
@login_required
def rail(request: HttpRequest) -> HttpResponse:
    """The links of the rail alone, with fresh counts: asked for when news says that one changed."""
    return render(request, "web/rail.html")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember dark or light, rendered by the server: no flash, no script."""
    wanted = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    if wanted in {"dark", "light"}:
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie("theme")
    return response
