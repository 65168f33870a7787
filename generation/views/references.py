"""Reference images: taken one by one while one writes, and shown to whoever gave them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from artists.people.actors import actor_of, person_of
from generation import queries, services
from portal.access import Refused
from portal.storage.exit import hand_out


@require_POST
@login_required
def keep_reference(request: HttpRequest) -> JsonResponse:
    """Take one picture: its number and address, or the sentence that says why not."""
    upload = request.FILES.get("picture")
    if upload is None:
        return JsonResponse({"code": "reference-missing", "message": _("No picture came with this.")}, status=422)
    try:
        picture = services.keep_reference(upload, actor=person_of(request))
    except Refused as refused:
        said = refused.decision
        answer = {"code": said.code, "message": f"{said.reason} {said.todo}".strip()}
        return JsonResponse(answer, status=said.kind.value)
    return JsonResponse({"reference": picture.pk, "address": reverse("reference", args=[picture.pk])})


@require_safe
@login_required
def reference(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One picture, to be looked at."""
    found = get_object_or_404(queries.references_visible_to(actor_of(request)).select_related("file"), pk=pk)
    return hand_out(request, found.file, actor=actor_of(request), purpose="reference", subject=found)
