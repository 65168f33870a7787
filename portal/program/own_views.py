"""My cohort and its wall, my leaving, my statements as a reviewer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import Refused, check, require
from portal.panels import panels_of

from . import queries, services
from .limits import limits_of
from .models import StatementKind
from .rules import cohort_running, stated
from .texts import confidentiality_statement


@require_GET
@login_required
def my_cohort(request: HttpRequest) -> HttpResponse:
    """My cohort: its dates, what may be used, my quota, and whether the others see my works."""
    membership = queries.membership_of(actor_of(request))
    context = {
        "membership": membership,
        "running": cohort_running(membership.cohort) if membership else None,
        "limits": limits_of(actor_of(request)),
        "may_wall": check("program.choose_wall", actor_of(request), membership),
    }
    return render(request, "program/my_cohort.html", context)


@require_POST
@login_required
def choose_wall(request: HttpRequest) -> HttpResponse:
    """On the wall, or off it."""
    membership = services.choose_wall(actor=person_of(request), shown=request.POST.get("shown") == "yes")
    said = (
        _("The artists of your cohort see your finished films from now on.")
        if membership.on_wall
        else _("Nobody but you sees your films any more.")
    )
    messages.success(request, said)
    return redirect("my_cohort")


@require_http_methods(["GET", "POST"])
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Leave: what happens when, what is kept and why; then the button."""
    person = person_of(request)
    may = check("program.leave", person)
    if request.method == "POST":
        services.leave(actor=person, reason=request.POST.get("reason", ""))
        messages.success(request, _("You are leaving. You can undo it on this page until the date."))
        return redirect("leave")
    kept = [panel.fill(person) for panel in panels_of("leave")]
    context = {
        "may": may,
        "leaving": queries.leaving_of(person),
        "days": services.COOLING.days,
        "kept": [one for one in kept if one],
    }
    return render(request, "program/leave.html", context)


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Stay after all."""
    leaving = queries.leaving_of(actor_of(request))
    if leaving is not None:
        _row, moved = services.undo_leaving(leaving, actor=person_of(request))
        if moved:
            messages.success(request, _("You stay. Everything is as it was."))
    return redirect("leave")


@require_GET
@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """For which cohorts I have stated confidentiality and conflicts, and what I wrote."""
    actor = actor_of(request)
    require("program.state", actor)
    made: dict[int, dict[str, object]] = {}
    for statement in queries.statements_of(actor):
        made.setdefault(statement.cohort_id, {}).setdefault(statement.kind, statement)
    rows = [
        {
            "cohort": cohort,
            "done": bool(stated(actor, cohort)),
            "conflicts": made.get(cohort.pk, {}).get(StatementKind.CONFLICTS),
        }
        for cohort in queries.cohorts()
    ]
    return render(request, "program/statements.html", {"rows": rows, "missing": sum(not row["done"] for row in rows)})


@require_http_methods(["GET", "POST"])
@login_required
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """Both statements for one cohort."""
    person = person_of(request)
    require("program.state", person)
    cohort = get_object_or_404(queries.cohorts(), slug=slug)
    words = confidentiality_statement(cohort.name)
    typed = {"typed_name": request.POST.get("typed_name", ""), "conflicts": request.POST.get("conflicts", "")}
    refusal = None
    if request.method == "POST":
        try:
            services.make_statements(cohort, actor=person, confidentiality=words, **typed)
        except Refused as refused:
            refusal = refused.decision
        else:
            messages.success(request, _("Stated for %(cohort)s.") % {"cohort": cohort.name})
            return redirect("statements")
    former = queries.statements_of(person).filter(cohort=cohort, kind=StatementKind.CONFLICTS).first()
    if former is not None and request.method == "GET":
        typed["conflicts"] = former.words
    context = {"cohort": cohort, "words": words, "refusal": refusal, **typed}
    return render(request, "program/state.html", context, status=refusal.kind.value if refusal is not None else 200)
