"""The books for the accounts department."""

from datetime import UTC

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from artists.compensation.statements import queries, services
from artists.compensation.statements.forms import ExportForm
from artists.compensation.statements.periods import today_in
from artists.people.actors import actor_of, person_of
from portal.access import Refused, require

from .artist import sheet_response


@require_GET
@login_required
def books(request: HttpRequest) -> HttpResponse:
    """Choose a period and a fund, or a year; with both days given it answers the sheet itself."""
    actor = actor_of(request)
    require("ledger.export", actor)
    today = today_in(UTC)
    asked = "since" in request.GET or "until" in request.GET
    initial = {"since": today.replace(day=1), "until": today}
    form = ExportForm(request.GET, actor=actor) if asked else ExportForm(initial=initial, actor=actor)
    if asked and form.is_valid():
        given = form.cleaned_data
        try:
            text = services.export_books(given["since"], given["until"], actor=person_of(request), fund=given["fund"])
        except Refused as refused:
            form.say(refused)
        else:
            return sheet_response(text, f"books-{given['since']}-{given['until']}.csv")
    context = {"form": form, "years": queries.years_of_books(actor)}
    return render(request, "compensation/statements/books.html", context, status=form.status)


@require_GET
@login_required
def year_csv(request: HttpRequest, year: int) -> HttpResponse:
    """What every artist was sent in a year, by purpose and currency."""
    require("ledger.export", actor_of(request))
    if year > today_in(UTC).year:
        raise Http404
    return sheet_response(services.export_year(year, actor=person_of(request)), f"paid-{year}.csv")
