"""Open letters for everybody: the list in the order of publication, and each under its permanent address."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from artists.feedback.letters import queries
from artists.feedback.letters.pages import NO_COOKIE, found, letter_page
from artists.people.actors import actor_of
from portal.access import check

A_PAGE = 20
MOST = 50


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """Public letters; for artists first those that seek signatures, and their own."""
    actor = actor_of(request)
    page = Paginator(queries.public_letters(), A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "promised": queries.promised(), "may_write": check("letters.write", actor)}
    if context["may_write"]:
        seeking = Paginator(queries.letters_seeking(actor), A_PAGE).get_page(request.GET.get("seeking"))
        context |= {"seeking": seeking, "own": queries.letters_written_by(actor)[:MOST]}
    if not actor.pk:
        context |= NO_COOKIE
    return render(request, "feedback/letters/letters.html", context)


@require_safe
@never_cache
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """One letter with its signatures, and what the program answered."""
    return letter_page(request, found(request, slug))
