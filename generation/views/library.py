"""Library: one film, with its page and its files."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from artists.people.actors import actor_of
from generation import pages, queries
from generation.limits import BIN_DAYS, LONGEST_NAME
from generation.models import Clip
from generation.stacks import versions_of
from portal.access import require
from portal.storage.exit import hand_out

MOST_VERSIONS = 12


def _clip(request: HttpRequest, pk: uuid.UUID) -> Clip:
    """One's own film, also from the bin: the rule of each act says what is still possible."""
    mine = queries.clips_owned_by(actor_of(request))
    return get_object_or_404(mine.select_related("generation", "film", "poster", "filmstrip"), pk=pk)


@require_GET
@login_required
def clip(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One film, what it was made from, and what can be done with it. One in the bin is shown there."""
    found = _clip(request, pk)
    actor = actor_of(request)
    if found.deleted_at is not None and found.erased_at is None:
        return redirect(f"{reverse('library_bin')}#film-{found.pk}")
    require("generation.see_clip", actor, found)
    shots = found.generation.snapshot["shots"]
    context = {
        "clip": found,
        "generation": found.generation,
        "shots": shots,
        "pins": pages.shot_pins(shots),
        "versions": versions_of(found)[:MOST_VERSIONS],
        "collections": queries.collections_visible_to(actor),
        "inside": queries.collections_visible_to(actor).filter(collected__clip=found),
        "alone": _("Only you see it"),
        "days": BIN_DAYS,
        "longest_name": LONGEST_NAME,
    }
    return render(request, "generation/clip.html", context)


@require_safe
@login_required
def clip_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The film, to be looked at."""
    found = _clip(request, pk)
    return hand_out(request, found.film, actor=actor_of(request), purpose="clip", subject=found)


@require_safe
@login_required
def clip_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its poster."""
    found = _clip(request, pk)
    return hand_out(request, found.poster, actor=actor_of(request), purpose="poster", subject=found)


@require_safe
@login_required
def clip_filmstrip(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its filmstrip."""
    found = _clip(request, pk)
    return hand_out(request, found.filmstrip, actor=actor_of(request), purpose="filmstrip", subject=found)


@require_safe
@login_required
def clip_download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The film, to be saved; that is in the record."""
    found = _clip(request, pk)
    return hand_out(request, found.film, actor=actor_of(request), purpose="download", subject=found)
