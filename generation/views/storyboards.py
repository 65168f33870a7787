"""Storyboards: the list, duplicate, put away and bring back, out to a file and in from one."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from artists.people.actors import actor_of, person_of
from generation import drafts, queries
from generation.models import Storyboard
from generation.starters import STARTERS
from generation.storyboard_files import ImportRefused, read_file, write_file

PAGE = 40


def _list(request: HttpRequest, wrong: ImportRefused | None = None) -> HttpResponse:
    person = person_of(request)
    page = request.GET.get("page", "1")
    first = (max(1, int(page[:6])) - 1) * PAGE if page.isdigit() else 0
    found = list(queries.open_storyboards_of(person)[first : first + PAGE + 1])
    context = {
        "storyboards": found[:PAGE],
        "newer": first // PAGE if first else 0,
        "older": first // PAGE + 2 if len(found) > PAGE else 0,
        "deleted": queries.deleted_storyboards_of(person)[:PAGE],
        "starters": STARTERS,
        "wrong": wrong,
    }
    return render(request, "generation/storyboards.html", context, status=422 if wrong else 200)


@require_GET
@login_required
def storyboards(request: HttpRequest) -> HttpResponse:
    """All my storyboards, last changed first, and those put away."""
    return _list(request)


def _found(request: HttpRequest, pk: int) -> Storyboard:
    return get_object_or_404(queries.storyboards_visible_to(actor_of(request)), pk=pk)


@require_POST
@login_required
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A second one with the same text, opened."""
    made = drafts.duplicate_storyboard(_found(request, pk), actor=person_of(request))
    return redirect(f"{reverse('studio')}?storyboard={made.pk}")


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it away; the list says for how long it can be brought back."""
    drafts.delete_storyboard(_found(request, pk), actor=person_of(request))
    return redirect(f"{reverse('storyboards')}?deleted={pk}#deleted")


@require_POST
@login_required
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    if drafts.restore_storyboard(_found(request, pk), actor=person_of(request)):
        messages.success(request, _("The storyboard is back."))
    return redirect("storyboards")


@require_GET
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The storyboard as a file of JSON."""
    found = _found(request, pk)
    text = json.dumps(write_file(drafts.draft_of(found)), indent=2, ensure_ascii=False)
    name = slugify(found.title) or "storyboard"
    disposition = f'attachment; filename="{name[:60]}.json"'
    return HttpResponse(
        text, content_type="application/json; charset=utf-8", headers={"Content-Disposition": disposition}
    )


@require_POST
@login_required
def bring(request: HttpRequest) -> HttpResponse:
    """A storyboard from a file; what is wrong with the file is said line by line, and nothing is written."""
    try:
        draft, pictures = read_file(request.FILES.get("file"))
    except ImportRefused as wrong:
        return _list(request, wrong)
    made = drafts.new_storyboard(draft, actor=person_of(request))
    if pictures:
        messages.info(request, _("Reference images do not travel in the file; add them again."))
    return redirect(f"{reverse('studio')}?storyboard={made.pk}")
