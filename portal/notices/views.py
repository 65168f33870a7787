"""Inbox, and the outbox page for operators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import require

from . import queries, services

SHOWN = 100


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What happened, newest first."""
    notices = queries.notices_visible_to(actor_of(request))[:SHOWN]
    return render(
        request, "notices/inbox.html", {"notices": notices, "unread": queries.unread_count(actor_of(request))}
    )


@require_POST
@login_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything read."""
    services.read_notices(person_of(request), actor=actor_of(request))
    return redirect("inbox")


@require_GET
@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    """Letters as they leave: where mail goes to the console, this is where an operator reads it."""
    require("notices.outbox", actor_of(request))
    letters = queries.letters_visible_to(actor_of(request))[:SHOWN]
    return render(request, "notices/outbox.html", {"letters": letters})


@require_GET
@login_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter, as text."""
    require("notices.outbox", actor_of(request))
    found = get_object_or_404(queries.letters_visible_to(actor_of(request)), pk=pk)
    return render(request, "notices/letter.html", {"letter": found})
