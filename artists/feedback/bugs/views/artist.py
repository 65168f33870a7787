"""Reporting a bug, with the film and its frames filled in, and one's own reports."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.feedback.bugs import context as known
from artists.feedback.bugs import queries, services
from artists.feedback.bugs.forms import MessageForm, ReportForm
from artists.feedback.bugs.kinds import DUPLICATE, NEW
from artists.feedback.bugs.services import Reported
from artists.feedback.bugs.standing import credit_of, standing
from artists.feedback.models import BugReport
from artists.people.actors import actor_of, person_of
from artists.tariff.queries import price_of
from generation.models import Generation
from generation.queries import clips_owned_by, generations_visible_to
from portal.access import Actor, Refused, check
from portal.storage.exit import hand_out

PAGE = 20
# What an address may carry into the form, and the form carries back.
CARRIED = ("clip", "generation", "code", "page")


@require_safe
@login_required
@never_cache
def bugs(request: HttpRequest) -> HttpResponse:
    """My reports, and where each stands."""
    page = Paginator(queries.bugs_visible_to(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    rows = [{"bug": bug, **standing(bug)} for bug in page.object_list]
    prices = [price_of(NEW), price_of(DUPLICATE)]
    return render(request, "feedback/bugs/bugs.html", {"page": page, "rows": rows, "prices": prices})


def _number(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _about(actor: Actor, asked: Mapping[str, str]) -> Generation | None:
    """The generation a report is about, by its own number or that of its film. Raises Http404: not there, not yours."""
    mine = generations_visible_to(actor).select_related("clip")
    if asked.get("clip"):
        clip = get_object_or_404(clips_owned_by(actor), pk=_number(asked["clip"]))
        return mine.get(pk=clip.generation_id)
    return get_object_or_404(mine, pk=_number(asked["generation"])) if asked.get("generation") else None


def _carried(asked: Mapping[str, str]) -> dict[str, str]:
    values = {name: asked.get(name, "") for name in CARRIED}
    values["code"], values["page"] = known.code_in(values["code"]), known.page_in(values["page"])
    return {name: value for name, value in values.items() if value}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Report a bug; ?clip=, ?generation=, ?code= and ?page= fill in what it is about. A POST sends it."""
    person = person_of(request)
    asked: QueryDict = request.GET if request.method != "POST" else request.POST
    about = _about(person, asked)
    takes = [] if about is None else list(about.takes.order_by("position"))
    carried = _carried(asked)
    browser = request.headers.get("User-Agent", "")
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES, takes=takes)
        if form.is_valid():
            said = Reported(
                generation=about,
                code=carried.get("code", ""),
                page=carried.get("page", ""),
                browser=browser,
                **form.said(),
            )
            try:
                made = services.report_bug(said, actor=person, screenshot=form.cleaned_data["screenshot"])
            except Refused as refused:
                form.say(refused)
            else:
                messages.success(request, _("Sent. The program staff look into it next; we will write."))
                return redirect("bug", made.pk)
    else:
        # Frames may come with the address, from where the film rests.
        form = ReportForm(takes=takes, initial={name: asked.get(name) for name in ("first", "last") if asked.get(name)})
    clip = known.film_of(about)
    context = {
        "form": form,
        "about": about,
        "clip": clip,
        "last_frame": clip.frames - 1 if clip is not None else None,
        "carried": carried,
        "goes_along": known.gather(
            about, None, browser=browser, code=carried.get("code", ""), page=carried.get("page", "")
        ),
        "price": price_of(NEW),
        "known_price": price_of(DUPLICATE),
    }
    return render(request, "feedback/bugs/new.html", context, status=form.status)


def film_context(actor: Actor, found: BugReport) -> dict[str, Any]:
    """What of the film is shown, and where the frames are."""
    if found.clip is None or not check("bugs.see_film", actor, found):
        return {"clip": None}
    pins = []
    if found.first_frame is not None:
        says = _("Frames %(first)s to %(last)s") % {"first": found.first_frame, "last": found.last_frame}
        pins = [{"frame": found.first_frame, "label": says}]
    urls = {name: reverse(f"bug_{name}", args=[found.pk]) for name in ("film", "filmstrip")}
    return {"clip": found.clip, "pins": pins, "urls": urls}


def _page(request: HttpRequest, found: BugReport, form: MessageForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "bug": found,
        "stands": standing(found),
        "thread": queries.messages_of(found),
        "credit": credit_of(found),
        "form": form or MessageForm(),
        "person": person_of(request),
        **film_context(actor, found),
    }
    return render(request, "feedback/bugs/bug.html", context, status=form.status if form else 200)


def _mine(request: HttpRequest, pk: int) -> BugReport:
    found = queries.bugs_visible_to(actor_of(request)).select_related("duplicate_of", "clip", "take", "screenshot")
    return get_object_or_404(found, pk=pk)


@require_safe
@login_required
@never_cache
def bug(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my reports: where it stands, what staff wrote. Staff are shown theirs of it."""
    if check("bugs.oversee", actor_of(request)):
        return redirect("staff_bug", pk)
    return _page(request, _mine(request, pk))


@require_POST
@login_required
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to staff about it."""
    found, form = _mine(request, pk), MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        services.write(found, form.cleaned_data["text"], actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return _page(request, found, form)
    messages.success(request, _("Sent."))
    return redirect("bug", pk)


def _known(request: HttpRequest, pk: int) -> BugReport:
    found = queries.bugs_known_to(actor_of(request)).select_related("screenshot", "clip__film", "clip__filmstrip")
    return get_object_or_404(found, pk=pk)


@require_safe
@login_required
def screenshot(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture that came with it."""
    found = _known(request, pk)
    if found.screenshot is None:
        raise Http404
    return hand_out(request, found.screenshot, actor=actor_of(request), purpose="bug-screenshot", subject=found)


@require_safe
@login_required
def film(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The film it is about, for its artist, and for staff where the artist lets them."""
    found = _known(request, pk)
    if found.clip is None:
        raise Http404
    return hand_out(request, found.clip.film, actor=actor_of(request), purpose="bug-film", subject=found)


@require_safe
@login_required
def filmstrip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its filmstrip."""
    found = _known(request, pk)
    if found.clip is None:
        raise Http404
    return hand_out(request, found.clip.filmstrip, actor=actor_of(request), purpose="bug-film", subject=found)
