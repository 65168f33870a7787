"""The union switch: rest all my consents, resume them, name delegates, call on my cohort."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from artists.consent import queries, services
from artists.consent.forms import CallForm, PauseForm
from artists.people.actors import actor_of, person_of
from portal.access import Refused, check
from portal.program.queries import cohort_of


def _page(request: HttpRequest, form: PauseForm) -> HttpResponse:
    actor = actor_of(request)
    cohort = cohort_of(actor)
    context = {
        "form": form,
        "pause": queries.pause_of(actor),
        "calls": queries.calls_to(actor),
        "cohort": cohort,
        "members": queries.members_with(actor),
        "delegate": cohort is not None and queries.is_delegate(actor, cohort),
        "in_force": queries.in_force_of(actor).count(),
        "may": check("consent.pause", actor),
    }
    return render(request, "consent/union.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def union(request: HttpRequest) -> HttpResponse:
    """The switch; a POST turns it on. ?call=N fills it in as that call asks."""
    if request.method == "GET":
        call = queries.calls_to(actor_of(request)).filter(pk__in=_number(request.GET.get("call", ""))).first()
        return _page(request, PauseForm(initial={"until": call.until} if call is not None else None))
    form = PauseForm(request.POST)
    if form.is_valid():
        try:
            services.pause_consents(actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("All your consents rest from now on. Nothing new is used under them."))
            return redirect("union")
    return _page(request, form)


def _number(text: str) -> list[int]:
    return [int(text)] if text.isascii() and text.isdigit() and len(text) < 10 else []  # noqa: PLR2004 - fits a key


@require_POST
@login_required
def resume(request: HttpRequest) -> HttpResponse:
    """Let them go on before the date."""
    pause = queries.pause_of(actor_of(request))
    if pause is not None and services.resume_consents(pause, actor=person_of(request)):
        messages.success(request, _("Your consents are in force again."))
    else:
        messages.info(request, _("Your consents did not rest; nothing was changed."))
    return redirect("union")


@require_POST
@login_required
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody of my cohort, or take that back."""
    member = next((one for one in queries.members_with(actor_of(request)) if one.person.pk == pk), None)
    if member is None:
        return redirect("union")
    if request.POST.get("act") == "unname":
        services.unname_delegate(member.person, actor=person_of(request))
        messages.success(request, _("You no longer name %(name)s.") % {"name": member.person.credit})
    else:
        services.name_delegate(member.person, actor=person_of(request))
        messages.success(request, _("You named %(name)s.") % {"name": member.person.credit})
    return redirect("union")


@require_http_methods(["GET", "POST"])
@login_required
def call(request: HttpRequest) -> HttpResponse:
    """A delegate calls on the cohort; everybody decides for themselves."""
    actor = actor_of(request)
    cohort = get_object_or_404(queries.cohorts_of(actor))
    form = CallForm(request.POST or None)
    may = check("consent.call", actor, cohort)
    status = 200 if may else may.kind.value
    if request.method == "POST" and form.is_valid():
        try:
            services.call_members(actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Called. Everybody of your cohort was told and decides for themselves."))
            return redirect("union")
    context = {"form": form, "cohort": cohort, "may": may}
    return render(request, "consent/call.html", context, status=form.status if form.errors else status)
