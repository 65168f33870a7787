"""Prompts: what I asked for in words, searchable, and mine to clear."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from artists.people.actors import actor_of, person_of
from generation import prompts as memory
from generation import queries

PAGE = 30
RECENT = 60


@require_GET
@login_required
def prompts(request: HttpRequest) -> HttpResponse:
    """My prompts, last used first; `?panel` is the list alone, for the studio."""
    actor = actor_of(request)
    wanted = request.GET.get("q", "")[:200]
    page = request.GET.get("page", "1")
    first = (max(1, int(page[:6])) - 1) * PAGE if page.isdigit() else 0
    found = list(queries.prompts_visible_to(actor, wanted)[first : first + PAGE + 1])
    panel = "panel" in request.GET
    context = {
        "prompts": found[:PAGE],
        "wanted": wanted,
        "newer": first // PAGE if first else 0,
        "older": first // PAGE + 2 if len(found) > PAGE else 0,
        "panel": panel,
    }
    return render(request, "generation/prompts_panel.html" if panel else "generation/prompts.html", context)


@require_GET
@login_required
def recent_prompts(request: HttpRequest) -> JsonResponse:
    """The last texts, for Alt and the arrows in a prompt."""
    texts = queries.prompts_visible_to(actor_of(request)).values_list("text", flat=True)[:RECENT]
    return JsonResponse({"prompts": list(texts)})


@require_POST
@login_required
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear one text."""
    found = get_object_or_404(queries.prompts_visible_to(actor_of(request)), pk=pk)
    memory.forget_prompt(found, actor=person_of(request))
    messages.success(request, _("The prompt is cleared from the memory."))
    return redirect("prompts")


@require_POST
@login_required
def forget_all(request: HttpRequest) -> HttpResponse:
    """Clear all of them."""
    count = memory.forget_all_prompts(actor=person_of(request))
    said = ngettext("%(n)s prompt was cleared.", "%(n)s prompts were cleared.", count) % {"n": count}
    messages.success(request, said)
    return redirect("prompts")
