"""The roadmap for everybody of the program, and staff's pages of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.feedback.models import RoadmapItem
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Refused, require
from portal.program.forms import Refusable

from . import queries, services
from .forms import ItemForm, SourceForm, StepForm
from .states import OPEN, ItemState

PAGE = 20
TONES = {
    ItemState.CONSIDERED: "plain",
    ItemState.PLANNED: "info",
    ItemState.UNDER_WAY: "warn",
    ItemState.SHIPPED: "ok",
    ItemState.DROPPED: "plain",
}


@require_safe
@login_required
@never_cache
def roadmap(request: HttpRequest) -> HttpResponse:
    """What you asked for and we shipped; what is under way, planned and considered; what was shipped and what was dropped."""
    actor = actor_of(request)
    found, mine = queries.open_items(actor), queries.items_asked_by(actor)
    page = Paginator(queries.shipped_items(actor), PAGE).get_page(request.GET.get("page"))
    groups = [{"state": state, "label": state.label, "items": found[state.value]} for state in reversed(OPEN)]
    context = {
        "groups": groups,
        "asked": list(queries.shipped_items(actor).filter(pk__in=mine)[:PAGE]) if mine else [],
        "mine": mine,
        "page": page,
        "dropped": list(queries.items_visible_to(actor).filter(state=ItemState.DROPPED)[:PAGE]),
        "empty": not any(found.values()) and not page.paginator.count,
    }
    return render(request, "feedback/roadmap/roadmap.html", context)


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("roadmap.write", actor)
    return actor


@require_safe
@login_required
@never_cache
def staff_roadmap(request: HttpRequest) -> HttpResponse:
    """All items, last changed first."""
    page = Paginator(queries.items_visible_to(_staff(request)), PAGE).get_page(request.GET.get("page"))
    rows = [{"item": item, "tone": TONES[ItemState(item.state)]} for item in page.object_list]
    return render(request, "feedback/roadmap/staff/list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new item; ?kind= and ?key= name what it came from."""
    actor = _staff(request)
    asked = request.POST if request.method == "POST" else request.GET
    carried = {name: asked.get(name, "")[:20] for name in ("kind", "key")}
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_item(actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            source = SourceForm(carried)
            if carried["key"] and source.is_valid():
                _named(made, source, request)
            messages.success(request, _("Added. Everybody of the program sees it."))
            return redirect("staff_roadmap_item", made.pk)
    open_items = [one for group in queries.open_items(actor).values() for one in group] if carried["key"] else []
    context = {"form": form, "carried": carried, "open_items": open_items}
    return render(request, "feedback/roadmap/staff/new.html", context, status=form.status)


def _named(found: RoadmapItem, form: SourceForm, request: HttpRequest) -> bool:
    try:
        services.name_source(found, form.cleaned_data["kind"], form.cleaned_data["key"], actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return False
    return True


def _found(request: HttpRequest, pk: int) -> RoadmapItem:
    return get_object_or_404(queries.items_visible_to(_staff(request)).prefetch_related("sources"), pk=pk)


def _page(request: HttpRequest, found: RoadmapItem, **forms: Refusable) -> HttpResponse:
    context: dict[str, Any] = {
        "item": found,
        "tone": TONES[ItemState(found.state)],
        "sources": queries.sources_of(found),
        "people": len(queries.people_of(found)),
        "item_form": ItemForm(initial={"title": found.title, "text": found.text}),
        "step_form": StepForm(state=found.state, initial={"answer": found.answer}),
        "source_form": SourceForm(),
        **forms,
    }
    status = next((form.status for form in forms.values()), 200)
    return render(request, "feedback/roadmap/staff/item.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item, its words and what it came from; a POST changes the words."""
    found = _found(request, pk)
    if request.method != "POST":
        return _page(request, found)
    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            services.edit_item(found, actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_roadmap_item", pk)
    return _page(request, found, item_form=form)


@require_POST
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it into a state; shipped, everybody who asked is told."""
    found, form = _found(request, pk), StepForm(request.POST)
    if form.is_valid():
        try:
            done = services.move_item(found, form.step(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            shipped = done.state == ItemState.SHIPPED
            messages.success(
                request, _("Shipped. Everybody who asked for it is told once.") if shipped else _("Moved.")
            )
            return redirect("staff_roadmap_item", pk)
    return _page(request, found, step_form=form)


@require_POST
@login_required
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Name something it came from, or take that back."""
    found = _found(request, pk)
    gone = request.POST.get("drop", "")
    if gone:
        if gone.isascii() and gone.isdigit() and len(gone) < 10:  # noqa: PLR2004 - fits a key
            services.drop_source(found, int(gone), actor=person_of(request))
        return redirect("staff_roadmap_item", pk)
    form = SourceForm(request.POST)
    if form.is_valid() and _named(found, form, request):
        messages.success(request, _("Named. Its author hears when it is shipped."))
        return redirect("staff_roadmap_item", pk)
    return _page(request, found, source_form=form)
