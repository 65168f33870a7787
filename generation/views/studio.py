"""Studio: the dock, what is under way, one generation."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from generation import dock, drafts, pages, queries, services
from generation.forms import DockForm
from generation.models import Generation, Storyboard
from generation.quota import left_today
from generation.registry import models
from generation.starters import STARTERS
from generation.states import ENDED, GenerationState
from generation.storyboards import ShotRefused, plan_look
from portal.access import Decision, Refused, check
from portal.program.queries import cohort_of

NEWEST = 8
LATEST = 3


def by_script(request: HttpRequest) -> bool:
    """Whether the open page asks, and not the person's browser by itself."""
    return "HX-Request" in request.headers


def _studio(
    request: HttpRequest,
    form: DockForm,
    refusal: Decision | None = None,
    *,
    theirs: Storyboard | None = None,
    said: str = "",
) -> HttpResponse:
    """The page, or for a script the dock alone."""
    person = person_of(request)
    context = {"refusal": refusal, "said": said, **dock.dock(form, person)}
    if theirs is not None:
        context["theirs"], context["their_draft"] = theirs, drafts.draft_of(theirs)
    status = 200 if refusal is None else refusal.kind.value
    if by_script(request):
        return render(request, "generation/dock.html", context, status=status)
    jobs = pages.jobs(queries.under_way_of(person))
    clips = queries.clips_visible_to(person)[:NEWEST]
    storyboards = queries.open_storyboards_of(person)[:LATEST]
    context |= {
        "gate": check("generation.submit", person),
        "jobs": jobs,
        "clips": clips,
        "storyboards": storyboards,
        "first_visit": not (jobs or clips or storyboards),
        "left": left_today(person, cohort_of(person)),
        "starters": STARTERS,
        "workers": queries.workers_alive().exists(),
    }
    return render(request, "generation/studio.html", context, status=status)


def _bring_pictures(request: HttpRequest, form: DockForm, person: Person) -> None:
    """Keep the files of a plain form; a picture that was taken stays with its shot, whatever else is wrong."""
    for shot in form.shots:
        upload = request.FILES.get(f"shots-{shot.number - 1}-picture")
        if upload is None:
            continue
        try:
            shot.reference = str(services.keep_reference(upload, actor=person).pk)
        except Refused as refused:
            said = refused.decision
            raise ShotRefused(shot.number, said.code, said.reason, said.todo) from refused


def _mark(form: DockForm, refused: Refused) -> None:
    """Say what is wrong with a shot at its card."""
    if isinstance(refused, ShotRefused) and refused.number <= len(form.shots):
        form.shots[refused.number - 1].errors = [f"{refused.decision.reason} {refused.decision.todo}".strip()]


def _keep(form: DockForm, person: Person, *, how: str = "") -> Storyboard:
    """Save what stands in the dock. Raises StoryboardChanged unless it is to be a copy or to replace the other text."""
    draft = form.draft(dock.pictures_of(form, person))
    held = queries.storyboards_visible_to(person).filter(pk=form.storyboard_id).first()
    if held is None or how == "copy":
        return drafts.new_storyboard(draft, actor=person, page=form.key)
    return drafts.save_storyboard(held, draft, actor=person, version=form.version, page=form.key)


def _order(request: HttpRequest, form: DockForm, person: Person) -> tuple[Generation, Storyboard]:
    """Keep the storyboard and ask for its film: text that another window changed is kept beside it, not under it."""
    try:
        kept = _keep(form, person)
    except drafts.StoryboardChanged:
        kept = _keep(form, person, how="copy")
        said = _("Another window had changed this storyboard. Its text is kept; yours is a storyboard of its own now.")
        messages.info(request, said)
    form.storyboard, form.version = str(kept.pk), kept.version
    film = services.submit(
        form.asked(dock.pictures_of(form, person)),
        actor=person,
        model=form.model or None,
        size=form.size or None,
        title=form.title,
        key=form.order_key,
        look=form.look or None,
        storyboard=kept,
    )
    return film, kept


@require_http_methods(["GET", "POST"])
@login_required
def studio(request: HttpRequest) -> HttpResponse:
    """The dock, what is under way, and the newest films; a POST asks for a film."""
    person = person_of(request)
    if request.method == "GET":
        opening = dock.opening(request.GET, person)
        return _studio(request, opening.form, said=opening.said)
    form, began = DockForm.of(request.POST), timezone.now()
    try:
        _bring_pictures(request, form, person)
        film, kept = _order(request, form, person)
    except Refused as refused:
        _mark(form, refused)
        return _studio(request, form, refused.decision)
    if film.made_at < began:
        messages.info(request, _("This film was asked for already; it is made once."))
    address = f"{reverse('studio')}?storyboard={kept.pk}"
    if by_script(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
@login_required
def studio_dock(request: HttpRequest) -> HttpResponse:
    """The dock anew after another model or look was chosen: nothing typed is lost, nothing is asked for."""
    person = person_of(request)
    form = DockForm.of(request.POST)
    try:
        _bring_pictures(request, form, person)
    except Refused as refused:
        _mark(form, refused)
        return _studio(request, form, refused.decision)
    entry = dock.entry_for(form.model)
    looks = models().looks_for(entry.name)
    chosen = plan_look(looks, form.look) if form.look in {look.name for look in looks} else None
    form.fit(entry, looks, chosen if request.POST.get("changed") == "look" else None)
    return _studio(request, form)


@require_POST
@login_required
def studio_save(request: HttpRequest) -> HttpResponse:
    """Keep the dock as a storyboard; told of somebody else's later text, and never writing over it unasked."""
    person = person_of(request)
    form, how = DockForm.of(request.POST), request.POST.get("how", "")
    if how == "replace":
        form.version = form.theirs
    try:
        _bring_pictures(request, form, person)
        kept = _keep(form, person, how=how)
    except drafts.StoryboardChanged as changed:
        if by_script(request):
            their_draft = drafts.draft_of(changed.theirs)
            context = {"theirs": changed.theirs, "their_draft": their_draft, "refusal": changed.decision}
            return render(request, "generation/conflict.html", context, status=409)
        return _studio(request, form, changed.decision, theirs=changed.theirs)
    except Refused as refused:
        _mark(form, refused)
        return _studio(request, form, refused.decision)
    address = f"{reverse('studio')}?storyboard={kept.pk}"
    if by_script(request):
        return JsonResponse({"storyboard": kept.pk, "version": kept.version, "address": address})
    messages.success(request, _("Saved."))
    return redirect(address)


@require_POST
@login_required
def studio_price(request: HttpRequest) -> HttpResponse:
    """One line: what the dock would cost now."""
    person = person_of(request)
    form = DockForm.of(request.POST)
    quote = dock.quote_for(form, person, dock.pictures_of(form, person))
    entry = dock.entry_for(form.model)
    context = {"quote": quote, "entry": entry, "unread": dock.unread_in(form, entry)}
    return render(request, "generation/price.html", context)


@require_GET
@login_required
def generation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One generation: under way, or how it ended. `?card` is the card alone, which the page asks for every two seconds."""
    found = get_object_or_404(queries.generations_visible_to(actor_of(request)).select_related("clip"), pk=pk)
    context: dict[str, Any] = {"generation": found, "job": pages.job(found), "ended": found.state in ENDED}
    context["done"] = found.state == GenerationState.DONE
    if "card" in request.GET:
        return render(request, "generation/card.html", context)
    final = dock.tier_partner(found.model, "final")
    context["final"] = final if final is not None and final.name != found.model else None
    return render(request, "generation/generation.html", context)


@require_POST
@login_required
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop for good; the quota is free again."""
    found = get_object_or_404(queries.generations_visible_to(actor_of(request)), pk=pk)
    services.cancel(found, actor=actor_of(request))
    return redirect("generation", pk)


@require_POST
@login_required
def stop_all(request: HttpRequest) -> HttpResponse:
    """Stop everything of mine that is under way; nothing of it is charged."""
    count = services.cancel_all(actor=person_of(request))
    said = ngettext("%(n)s film was stopped.", "%(n)s films were stopped.", count) % {"n": count}
    messages.success(request, f"{said} {_('Nothing was charged; what you wrote is kept.')}")
    return redirect("studio")
