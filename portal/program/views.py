"""The safety desk: what is stopped, who would be hit, stop, ratify, end; and the end of the program."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import Refused, check, require

from . import queries, suspending
from .forms import SunsetForm, SuspendForm, TargetForm
from .lookout import Obeyed, live, obeyed, wait_until_obeyed
from .models import Suspension
from .naming import moment, target_called
from .reach import Target, reach_of, target_of
from .states import Running, Scope
from .sunset import announce_sunset, call_off_sunset

HISTORY = 50
# A person waits at most so long for the last process; the page then names those that are silent.
WAIT = 1.5
UNPROCESSABLE = 422


@require_GET
@login_required
def safety(request: HttpRequest) -> HttpResponse:
    """What is stopped now, the way to stop something, and the history."""
    actor = actor_of(request)
    require("program.see_suspensions", actor)
    context = {
        "in_force": queries.suspensions_in_force(),
        "history": queries.suspensions_ended(actor)[:HISTORY],
        "form": TargetForm(),
        "may": check("program.suspend", actor),
        "processes": live(),
        "the_program": queries.the_program(),
    }
    return render(request, "program/safety.html", context)


def _asked_target(request: HttpRequest) -> tuple[TargetForm, Target | None]:
    form = TargetForm(request.GET or None)
    if not form.is_bound or not form.is_valid():
        return form, None
    try:
        return form, target_called(Scope(form.cleaned_data["scope"]), form.cleaned_data["name"])
    except Refused as refused:
        form.say(refused)
        return form, None


@require_http_methods(["GET", "POST"])
@login_required
def suspend(request: HttpRequest) -> HttpResponse:
    """Scope, then who is hit, then reason, end and confirmation; a POST stops."""
    actor = person_of(request)
    require("program.suspend", actor, None)
    chooser, target = _asked_target(request)
    if target is None:
        status = UNPROCESSABLE if chooser.is_bound else 200
        return render(request, "program/choose.html", {"form": chooser}, status=status)
    form = SuspendForm(request.POST or None, target=target)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                stopped = _stop(form, target, request)
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
            else:
                return redirect("suspension", stopped.pk)
    refusal = check("program.suspend", actor, target)
    context = {"form": form, "target": target, "scope": target.scope, "reach": reach_of(target), "refusal": refusal}
    return render(request, "program/suspend.html", context, status=status)


def _stop(form: SuspendForm, target: Target, request: HttpRequest) -> Suspension:
    values = form.cleaned_data
    until = moment(values["until"])
    stopped = suspending.suspend(
        target,
        actor=person_of(request),
        reason=values["reason"],
        until=until,
        running=Running(values["running"]),
    )
    wait_until_obeyed(stopped, WAIT)
    return stopped


def _found(request: HttpRequest, number: int) -> Suspension:
    actor = actor_of(request)
    require("program.see_suspensions", actor)
    return get_object_or_404(queries.suspensions_visible_to(actor), pk=number)


@require_GET
@login_required
def suspension(request: HttpRequest, number: int) -> HttpResponse:
    """One suspension: how it stands, what can be done now, and which processes have obeyed."""
    found = _found(request, number)
    actor = actor_of(request)
    standing = queries.suspensions_in_force().filter(pk=found.pk).exists()
    seen: Obeyed | None = obeyed(found) if standing else None
    context: dict[str, Any] = {
        "stop": found,
        "label": target_of(found).label,
        "standing": standing,
        "seen": seen,
        "reach": reach_of(target_of(found)) if standing else {},
        "may_end": standing and check("program.resume", actor, found),
        "may_stop_running": standing
        and found.running == Running.FINISH
        and check("program.stop_running", actor, found),
        "to_ratify": standing and found.scope == Scope.PROGRAM and not found.ratified,
        "may_ratify": check("program.ratify", actor, found),
        "to_confirm": standing and found.scope == Scope.PROGRAM and found.ratified,
        "may_confirm": check("program.confirm", actor, found),
    }
    return render(request, "program/suspension.html", context)


def _act(request: HttpRequest, number: int, act: Callable[..., Suspension], said: str) -> HttpResponse:
    try:
        act(_found(request, number), actor=person_of(request))
    except Refused as refused:
        if refused.decision.code == "role":
            raise
        messages.error(request, f"{refused.decision.reason} {refused.decision.todo}".strip())
    else:
        messages.success(request, said)
    return redirect("suspension", number)


@require_POST
@login_required
def suspension_end(request: HttpRequest, number: int) -> HttpResponse:
    """End it now."""
    return _act(request, number, suspending.resume, _("Ended. What waited goes on from where it stood."))


@require_POST
@login_required
def suspension_stop_running(request: HttpRequest, number: int) -> HttpResponse:
    """Pause also what was allowed to finish."""
    return _act(request, number, suspending.stop_running, _("Running films are paused too."))


@require_POST
@login_required
def suspension_ratify(request: HttpRequest, number: int) -> HttpResponse:
    """Be the second person."""
    return _act(request, number, suspending.ratify, _("Ratified. It stands for a day; then somebody confirms it."))


@require_POST
@login_required
def suspension_confirm(request: HttpRequest, number: int) -> HttpResponse:
    """One more day."""
    return _act(request, number, suspending.confirm, _("Confirmed. It stands for another day."))


@require_http_methods(["GET", "POST"])
@login_required
def sunset(request: HttpRequest) -> HttpResponse:
    """Announce the end of the program, or read what was announced."""
    actor = person_of(request)
    require("program.sunset", actor)
    program = queries.the_program()
    if program is None:
        raise Http404
    form = SunsetForm(request.POST or None, name=program.name)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                at = moment(form.cleaned_data["at"])
                if at is not None:
                    announce_sunset(at, form.cleaned_data["words"], actor=actor)
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
            else:
                messages.success(request, _("Announced. Everybody sees the date now."))
                return redirect("sunset")
    return render(request, "program/sunset.html", {"form": form, "the_program": program}, status=status)


@require_POST
@login_required
def sunset_call_off(request: HttpRequest) -> HttpResponse:
    """The program goes on after all."""
    require("program.sunset", actor_of(request))
    try:
        call_off_sunset(actor=person_of(request))
    except Refused as refused:
        messages.error(request, str(refused.decision.reason))
    else:
        messages.success(request, _("Called off. The program goes on."))
    return redirect("sunset")
