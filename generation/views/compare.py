"""Compare: two of one's own films side by side, and a form to choose them."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from artists.people.actors import actor_of
from generation import queries
from generation.models import Clip

OFFERED = 100
UNPROCESSABLE = 422


def _chosen(request: HttpRequest, name: str) -> Clip | None:
    """The film an address names; None where it names none. Raises Http404 for one that is not there or not one's own."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        wanted = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    found = queries.clips_visible_to(actor_of(request)).select_related("generation").filter(pk=wanted).first()
    if found is None:
        raise Http404
    return found


def _columns(clips: tuple[Clip, ...]) -> dict[str, Any]:
    """What differs is seen only where the same things stand in the same order."""
    return {
        "models": [clip.generation.model for clip in clips],
        "seeds": [", ".join(str(shot["seed"]) for shot in clip.generation.snapshot["shots"]) for clip in clips],
        "prompts": [[shot["prompt"] for shot in clip.generation.snapshot["shots"]] for clip in clips],
    }


@require_GET
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Two films in step, or the choice of them while one or both are missing or the same."""
    a, b = _chosen(request, "a"), _chosen(request, "b")
    offered = list(queries.clips_visible_to(actor_of(request))[:OFFERED])
    known = {clip.pk for clip in offered}
    offered += [clip for clip in (a, b) if clip is not None and clip.pk not in known]
    keys = [clip.pk for clip in offered]
    picked_a = a.pk if a else next(iter(keys), None)
    picked_b = b.pk if b else next((key for key in keys if key != picked_a), None)
    context: dict[str, Any] = {"a": a, "b": b, "offered": offered, "picked_a": picked_a, "picked_b": picked_b}
    status = 200
    if a is not None and b is not None and a.pk == b.pk:
        context["same"] = _("This is one film twice. Choose two.")
        status = UNPROCESSABLE
    elif a is not None and b is not None:
        context |= {"both": (a, b), "lead": b if b.seconds > a.seconds else a, **_columns((a, b))}
    return render(request, "generation/compare.html", context, status=status)
