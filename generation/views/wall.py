"""The studio wall of one's cohort."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from artists.people.actors import actor_of
from generation.wall import clips_on_wall
from portal.program.queries import membership_of
from portal.storage.exit import hand_out

SHOWN = 60


@require_GET
@login_required
def wall(request: HttpRequest) -> HttpResponse:
    """What the others of my cohort show."""
    actor = actor_of(request)
    context = {"clips": clips_on_wall(actor)[:SHOWN], "membership": membership_of(actor)}
    return render(request, "generation/wall.html", context)


@require_safe
@login_required
def wall_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A film on the wall, to be looked at."""
    actor = actor_of(request)
    found = get_object_or_404(clips_on_wall(actor).select_related("film"), pk=pk)
    return hand_out(request, found.film, actor=actor, purpose="wall", subject=found)


@require_safe
@login_required
def wall_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its picture."""
    actor = actor_of(request)
    found = get_object_or_404(clips_on_wall(actor).select_related("poster"), pk=pk)
    return hand_out(request, found.poster, actor=actor, purpose="wall", subject=found)
