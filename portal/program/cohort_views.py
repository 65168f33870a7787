"""Staff's desk of cohorts: dates, models, sizes, quota, doors, and who is in which."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of
from portal.access import Actor, require

from . import queries, services
from .cohort_forms import CohortForm, DoorForm, MemberQuotaForm, NewCohortForm
from .models import Cohort
from .rules import cohort_running


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("program.set_cohort", actor)
    return actor


def _cohort(request: HttpRequest, slug: str) -> Cohort:
    return get_object_or_404(queries.cohorts_visible_to(_actor(request)), slug=slug)


@require_GET
@login_required
def cohorts(request: HttpRequest) -> HttpResponse:
    """All cohorts and whether their artists can work now."""
    rows = [
        {"cohort": cohort, "running": cohort_running(cohort)} for cohort in queries.cohorts_visible_to(_actor(request))
    ]
    return render(request, "program/cohorts/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A cohort that is not there yet; closed until somebody opens it."""
    actor = _actor(request)
    form = NewCohortForm(request.POST or None, initial={"daily_seconds": 120, "at_once": 4})
    if request.method == "POST" and form.is_valid():
        made = services.set_cohort(form.cleaned_data["slug"], form.terms(), actor=actor, new=True)
        messages.success(request, _("Made. It is closed until you open it."))
        return redirect("cohort", made.slug)
    return render(request, "program/cohorts/new.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: Cohort, form: CohortForm, door: DoorForm) -> HttpResponse:
    context = {
        "cohort": found,
        "running": cohort_running(found),
        "form": form,
        "door": door,
        "members": queries.members_of(found),
        "conflicts": queries.conflicts_in(found),
    }
    status = 422 if form.errors or door.errors else 200
    return render(request, "program/cohorts/one.html", context, status=status)


def _initial(found: Cohort) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CohortForm.base_fields}


@require_http_methods(["GET", "POST"])
@login_required
def cohort(request: HttpRequest, slug: str) -> HttpResponse:
    """One cohort: change what is decided about it."""
    found = _cohort(request, slug)
    form = CohortForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        services.set_cohort(found.slug, form.terms(), actor=actor_of(request))
        messages.success(request, _("Saved. It holds from the next request on."))
        return redirect("cohort", slug)
    return _page(request, found, form, DoorForm())


@require_POST
@login_required
def open_doors(request: HttpRequest, slug: str) -> HttpResponse:
    """Let its artists begin new work."""
    services.open_cohort(_cohort(request, slug), actor=actor_of(request))
    messages.success(request, _("Open."))
    return redirect("cohort", slug)


@require_POST
@login_required
def close_doors(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop new work; what is under way pauses, finished shots are kept."""
    found = _cohort(request, slug)
    door = DoorForm(request.POST)
    if not door.is_valid():
        return _page(request, found, CohortForm(initial=_initial(found)), door)
    services.close_cohort(found, actor=actor_of(request), reason=door.cleaned_data["reason"])
    messages.success(request, _("Closed. Its artists read the reason; their works stay theirs to read and save."))
    return redirect("cohort", slug)


@require_POST
@login_required
def member_quota(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another daily quota for one artist, or the cohort's again."""
    found = _cohort(request, slug)
    membership = get_object_or_404(queries.members_of(found), pk=pk)
    form = MemberQuotaForm(request.POST)
    if form.is_valid():
        services.set_member_quota(membership, form.cleaned_data["daily_seconds"], actor=actor_of(request))
        messages.success(request, _("Saved for %(name)s.") % {"name": membership.person.name})
    else:
        messages.error(request, _("The quota is a whole number of seconds, up to a day. Nothing was changed."))
    return redirect("cohort", slug)
