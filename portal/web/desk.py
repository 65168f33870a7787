"""The staff's desk: people, one person, looking at what is theirs, and the record."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people import looks
from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from artists.people.models.looks import LookKind
from artists.people.queries import people_visible_to
from artists.people.roles import Role
from generation.queries import prompts_of
from portal import panels
from portal.access import Refused, require
from portal.audit import chain

from . import viewing
from .record import entries_visible_to, page_of, searched, told, trail_of

TRAIL = 100
PROMPTS = 100
A_PAGE = 50


class LookForm(forms.Form):
    """Why; the artist reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=looks.LONGEST_REASON,
        help_text=gettext_lazy("They are told at once, and read exactly this."),
    )


@require_GET
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name."""
    actor = actor_of(request)
    require("people.see_people", actor)
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    found = people_visible_to(actor).prefetch_related("grants").select_related("membership__cohort")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if role in Role.values:
        found = found.filter(grants__role=role)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/people.html", {"page": page, "q": words, "role": role, "roles": Role.choices})


def _person(request: HttpRequest, pk: int) -> Person:
    actor = actor_of(request)
    require("people.see_people", actor)
    return get_object_or_404(people_visible_to(actor), pk=pk)


def _page(request: HttpRequest, found: Person, *, look: LookForm | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "found": found,
        "parts": [(part.title, part.tell(actor, found)) for part in panels.dossiers()],
        "trail": [told(entry) for entry in trail_of(found, actor)[:TRAIL]],
        "form": look or LookForm(),
        "artist": found.holds(Role.ARTIST) and found.pk != actor.pk,
        "reading": looks.live_look(actor, LookKind.PROMPTS, person=found),
    }
    return render(request, "web/person.html", context, status=status)


@require_GET
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what they may, what they have, and their trail in the record."""
    return _page(request, _person(request, pk))


def _refused(request: HttpRequest, found: Person, refused: Refused) -> HttpResponse:
    form = LookForm(request.POST)
    form.add_error("reason", forms.ValidationError(str(refused.decision.reason), code=refused.decision.code))
    return _page(request, found, look=form, status=refused.decision.kind.value)


@require_http_methods(["GET", "POST"])
@login_required
def prompts(request: HttpRequest, pk: int) -> HttpResponse:
    """An artist's prompts, while a look lasts; a POST with a reason begins one."""
    found = _person(request, pk)
    actor = person_of(request)
    if request.method == "POST":
        try:
            looks.begin_look(found, LookKind.PROMPTS, reason=request.POST.get("reason", ""), actor=actor)
        except Refused as refused:
            return _refused(request, found, refused)
        return redirect("person_prompts", pk)
    look = looks.live_look(actor, LookKind.PROMPTS, person=found)
    if look is None:
        messages.info(request, _("Prompts are the artist's own: say first why you look."))
        return redirect("person", pk)
    return render(request, "web/prompts.html", {"found": found, "look": look, "asked": prompts_of(look)[:PROMPTS]})


@require_POST
@login_required
def view_as(request: HttpRequest, pk: int) -> HttpResponse:
    """See the pages of an artist, for an hour."""
    found = _person(request, pk)
    try:
        viewing.begin(request, found, request.POST.get("reason", ""), person_of(request))
    except Refused as refused:
        return _refused(request, found, refused)
    return redirect("home")


@require_GET
@login_required
def looks_at_me(request: HttpRequest) -> HttpResponse:
    """Who of the staff looked at what is mine."""
    return render(request, "web/looks.html", {"looks": looks.looks_at(actor_of(request))})


@require_GET
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """The record, searched."""
    actor = actor_of(request)
    require("web.see_record", actor)
    asked = {name: request.GET.get(name, "") for name in ("q", "action", "since", "to")}
    shown, more = page_of(searched(entries_visible_to(actor), asked), request.GET.get("before", ""))
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    context = {"rows": [told(entry) for entry in shown], "more": more, "asked": asked, "kept": kept}
    return render(request, "web/record.html", context)


@require_POST
@login_required
def check_record(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now."""
    require("web.see_record", actor_of(request))
    verdict = chain.verify()
    if verdict.broken is None:
        words = _("The record is whole: %(count)s entries. Its head is %(head)s.")
        messages.success(request, words % {"count": verdict.entries, "head": verdict.head[:16]})
    else:
        words = _(
            "The record was changed: entry %(number)s %(why)s. Keep the database as it is and call the operators."
        )
        messages.error(request, words % {"number": verdict.broken.number, "why": verdict.broken.reason})
    return redirect("record")
