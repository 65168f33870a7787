"""Film and pictures of a request, for those who made the work: whoever is asked to confirm sees what it is about."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from artists.people.actors import actor_of
from artists.sharing import queries
from artists.sharing.models import ShareRequest
from portal.storage.exit import hand_out


def _found(request: HttpRequest, pk: uuid.UUID) -> ShareRequest:
    return get_object_or_404(queries.requests_known_to(actor_of(request)), pk=pk)


@require_safe
@login_required
def share_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The film."""
    found = _found(request, pk)
    return hand_out(request, found.clip.film, actor=actor_of(request), purpose="share", subject=found)


@require_safe
@login_required
def share_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its poster."""
    found = _found(request, pk)
    return hand_out(request, found.clip.poster, actor=actor_of(request), purpose="share", subject=found)


@require_safe
@login_required
def share_filmstrip(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its filmstrip."""
    found = _found(request, pk)
    return hand_out(request, found.clip.filmstrip, actor=actor_of(request), purpose="share", subject=found)
