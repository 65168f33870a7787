"""What I am invited to; my seat; my calendar."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from artists.agreements.texts import as_html
from artists.gatherings import queries, services
from artists.gatherings.icalendar import calendar, gathering_file
from artists.gatherings.models import Gathering
from artists.gatherings.standing import line_of, stands
from artists.gatherings.states import SeatState
from artists.gatherings.times import span_here, span_in
from artists.people.actors import actor_of, person_of
from portal.access import Decision, Refused, check
from portal.notices.services import address

A_PAGE = 20


@require_GET
@login_required
def gatherings(request: HttpRequest) -> HttpResponse:
    """What lies ahead, or ?when=past what was."""
    actor = actor_of(request)
    earlier = request.GET.get("when") == "past"
    rows = queries.gatherings_visible_to(actor)
    page = Paginator((queries.past if earlier else queries.coming)(rows), A_PAGE).get_page(request.GET.get("page"))
    prices = queries.prices()
    context = {
        "page": page,
        "lines": [line_of(one, prices) for one in page],
        "past": earlier,
        "unanswered": queries.unanswered_of(actor),
    }
    return render(request, "gatherings/gatherings.html", context)


def _found(request: HttpRequest, pk: uuid.UUID) -> Gathering:
    return get_object_or_404(queries.gatherings_visible_to(actor_of(request)), pk=pk)


def _page(request: HttpRequest, found: Gathering, refusal: Decision | None = None) -> HttpResponse:
    actor = actor_of(request)
    seat = queries.seat_of(actor, found)
    place = check("gatherings.see_place", actor, found)
    context = {
        "line": line_of(found, queries.prices()),
        "gathering": found,
        "html": as_html(found.text),
        "stands": stands(found, seat, queries.place_in_line(seat) if seat and seat.state == SeatState.WAITING else 0),
        "here": span_here(found),
        "there": span_in(found, found.zone),
        "place": place,
        "may_take": check("gatherings.take_seat", actor, found),
        "may_give_up": seat is not None
        and seat.state != SeatState.GIVEN_UP
        and bool(check("gatherings.give_up", actor, seat)),
        "arranges": bool(check("gatherings.arrange", actor)),
        "refusal": refusal,
    }
    return render(
        request, "gatherings/gathering.html", context, status=refusal.kind.value if refusal is not None else 200
    )


@require_GET
@login_required
def gathering(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One gathering; where it is only for those who have a seat."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def seat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a seat, or give it up."""
    found = _found(request, pk)
    try:
        if request.POST.get("act") == "give-up":
            _give_up(request, found)
        else:
            taken = services.take_seat(found, actor=person_of(request))
            if taken.state == SeatState.SEATED:
                messages.success(request, _("You have a seat."))
            else:
                messages.info(
                    request, _("All seats are taken. You are on the waiting list; we tell you when one is yours.")
                )
    except Refused as refused:
        return _page(request, _found(request, pk), refused.decision)
    return redirect("gathering", pk)


def _give_up(request: HttpRequest, found: Gathering) -> None:
    mine = queries.seat_of(actor_of(request), found)
    if mine is not None and services.give_up_seat(mine, actor=person_of(request)):
        messages.success(request, _("Given up. Whoever is next in line has it now."))
    else:
        messages.info(request, _("You had no seat. Nothing was changed."))


def _calendar(text: str, name: str, method: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type=f"text/calendar; charset=utf-8; method={method}", headers=headers)


@require_safe
@never_cache
@login_required
def gathering_ics(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One gathering for a calendar program; once cancelled, what takes it out again."""
    found = _found(request, pk)
    mine = queries.seat_of(actor_of(request), found)
    seated = mine is None or mine.state != SeatState.WAITING
    place = bool(check("gatherings.see_place", actor_of(request), found))
    text = gathering_file(found, seated=seated, place=place)
    return _calendar(text, "gathering.ics", "CANCEL" if found.cancelled else "PUBLISH")


def _feed_page(request: HttpRequest, secret: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "has": queries.has_feed(actor_of(request)),
        "address": address(reverse("gathering_feed", args=[secret])) if secret else "",
        "may": check("gatherings.keep_feed", actor_of(request), None),
    }
    return render(request, "gatherings/feed.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def feed_settings(request: HttpRequest) -> HttpResponse:
    """My calendar address; a POST makes a new one, shown on this one page only, or ends it."""
    if request.method == "GET":
        return _feed_page(request)
    if request.POST.get("act") == "end":
        if services.end_feed(actor=person_of(request)):
            messages.success(request, _("Ended. Whoever has the address reads nothing any more."))
        return redirect("gathering_calendar")
    return _feed_page(request, services.make_feed(actor=person_of(request)))


@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever has this address: it is its own key, as calendar programs ask without signing in."""
    del request
    person = queries.feed_called(secret)
    if person is None:
        raise Http404
    text = calendar(queries.calendar_of(person), method="PUBLISH", name=_("Gatherings"))
    return _calendar(text, "gatherings.ics", "PUBLISH")
