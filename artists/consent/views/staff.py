"""The consent desk: ask, follow, record uses, answer questions, prove."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.consent import queries, services
from artists.consent.forms import AskForm, ReachForm, RegisterFilter, ReplyForm, UseForm
from artists.consent.models import Answer, AskedWork, Consent, Use
from artists.consent.services.asking import WAIT
from artists.consent.services.giving import A_YEAR
from artists.consent.sheets import sheet_of
from artists.consent.standing import TONES, lines_of, means, why_nothing
from artists.consent.works import Work, named, works_chosen_by, works_to_ask_for
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Refused, check, require
from portal.pages import leaf_of

from .artist import A_PAGE, sheet_response

SOON = timedelta(days=30)
NEWEST = 50


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("consent.oversee", actor)
    return actor


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What is asked and open, in force, ending soon, withdrawn lately, and questions that wait."""
    actor = _staff(request)
    soon = timezone.now() + SOON
    in_force = lines_of(list(queries.consents_in_force(actor)[:NEWEST]))
    context = {
        "questions": queries.questions_waiting(actor),
        "open": queries.requests_open(actor)[:NEWEST],
        "settled": queries.requests_settled(actor)[:NEWEST],
        "in_force": in_force,
        "ending": [one for one in in_force if one.consent.ends_at <= soon],
        "withdrawn": lines_of(list(queries.consents_withdrawn_lately(actor)[:NEWEST])),
        "now": timezone.now(),
    }
    return render(request, "consent/desk.html", context)


def _filter(request: HttpRequest) -> RegisterFilter:
    return RegisterFilter(request.GET)


@require_GET
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """The whole use register."""
    actor = _staff(request)
    form = _filter(request)
    wanted = form.wanted()
    kept = form.data.copy()
    kept.pop("page", None)
    rows = queries.consent_used_in(queries.uses_overseen_by(actor), wanted)
    page = leaf_of(rows, request.GET.get("page"), A_PAGE)
    context = {"form": form, "page": page, "kept": kept.urlencode(), "filtered": any(wanted.values())}
    return render(request, "consent/register.html", context)


@require_GET
@login_required
def register_csv(request: HttpRequest) -> HttpResponse:
    """The register as a sheet, as filtered."""
    rows = queries.consent_used_in(queries.uses_overseen_by(_staff(request)), _filter(request).wanted())
    return sheet_response(sheet_of(rows), "use-register.csv")


def _initial() -> dict[str, Any]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {"starts_at": now, "ends_at": now + A_YEAR, "answer_by": now + WAIT}


def _builder(request: HttpRequest, form: AskForm, chosen: list[Work]) -> HttpResponse:
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else request.GET
    words = data.get("words", "").strip()
    known = {work.clip.pk for work in chosen}
    context = {
        "form": form,
        "chosen": chosen,
        "words": words,
        "found": [work for work in works_to_ask_for(actor, words) if work.clip.pk not in known],
        "step": "form",
    }
    status = form.status if form.is_bound and request.POST.get("act") != "search" else 200
    return render(request, "consent/ask.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """The request builder: choose works, say what for, see it as the artist does, send it. Nothing typed is lost."""
    actor = _staff(request)
    data = request.POST if request.method == "POST" else request.GET
    chosen = works_chosen_by(actor, data.getlist("work"))
    if request.method == "GET":
        return _builder(request, AskForm(initial=_initial()), chosen)
    act = request.POST.get("act", "preview")
    form = AskForm(request.POST)
    if act == "search":  # what was typed stays, and is not judged yet
        return _builder(request, AskForm(initial=form.data.dict()), chosen)
    if act == "change" or not form.is_valid():
        return _builder(request, form, chosen)
    clips = [work.clip for work in chosen]
    try:
        if act == "send":
            sent = services.ask_consent(clips, form.wanted(), actor=person_of(request))
            messages.success(request, _("Asked. Its authors were told; no answer is a no."))
            return redirect("consent_request", sent.pk)
        shown = services.preview_request(clips, form.wanted(), actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return _builder(request, form, chosen)
    context = {"form": form, "chosen": chosen, "asked": shown, "means": means(shown.kind), "step": "preview"}
    return render(request, "consent/ask.html", context)


def _rows(actor: Actor, works: list[AskedWork], reply: ReplyForm | None, answered: int) -> list[dict[str, Any]]:
    titles = {work.clip.pk: work for work in named([one.clip for one in works])}
    questions: dict[int, list[tuple[Answer, ReplyForm]]] = {}
    for one in queries.questions_overseen_by(actor).filter(work__in=works):
        form = reply if reply is not None and one.pk == answered else ReplyForm(auto_id=f"id_{one.pk}_%s")
        questions.setdefault(one.work_id, []).append((one, form))
    return [
        {
            "work": work,
            "title": work.clip.title if work.state == "given" else titles[work.clip.pk].title,
            "tone": TONES[work.state],
            "answered": sum(one.state != "waiting" for one in work.answers.all()),
            "authors": len(work.answers.all()),
            "why": why_nothing(work, queries.decliners_named(work)),
            "consent": getattr(work, "consent", None),
            "questions": questions.get(work.pk, []),
        }
        for work in works
    ]


def _request_page(
    request: HttpRequest, pk: uuid.UUID, *, reply: ReplyForm | None = None, answered: int = 0
) -> HttpResponse:
    actor = _staff(request)
    found = get_object_or_404(queries.requests_overseen_by(actor), pk=pk)
    works = list(queries.works_asked_in(actor, found).select_related("clip__artist", "consent"))
    context = {
        "asked": found,
        "means": means(found.kind),
        "rows": _rows(actor, works, reply, answered),
        "may_take_back": bool(found.open_works) and bool(check("consent.take_back", actor, found)),
    }
    return render(request, "consent/request.html", context, status=reply.status if reply is not None else 200)


@require_GET
@login_required
def asked(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request, work by work. Who declined is named only where they allow it."""
    return _request_page(request, pk)


@require_POST
@login_required
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No longer ask for what was not answered."""
    found = get_object_or_404(queries.requests_overseen_by(_staff(request)), pk=pk)
    count = services.take_back(found, actor=person_of(request))
    words = ngettext("%(n)d work is no longer asked for.", "%(n)d works are no longer asked for.", count)
    messages.success(request, words % {"n": count})
    return redirect("consent_request", pk)


@require_POST
@login_required
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what an author asked back."""
    question = get_object_or_404(queries.questions_overseen_by(_staff(request)), pk=pk)
    form = ReplyForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            services.reply(question, actor=person_of(request), text=form.cleaned_data["reply"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Answered. They were told."))
            return redirect("consent_request", question.work.request_id)
    return _request_page(request, question.work.request_id, reply=form, answered=pk)


def _file(request: HttpRequest, pk: uuid.UUID) -> Consent:
    return get_object_or_404(queries.consents_overseen_by(_staff(request)), pk=pk)


def _file_page(
    request: HttpRequest, found: Consent, form: UseForm, *, reach: ReachForm | None = None, of: int = 0
) -> HttpResponse:
    def reach_form(use: Use) -> ReachForm:
        fresh = ReachForm(initial={"reach": use.reach, "url": use.url}, auto_id=f"id_{use.pk}_%s")
        return reach if reach is not None and use.pk == of else fresh

    context = {
        "consent": found,
        "line": lines_of([found])[0],
        "means": means(found.kind),
        "form": form,
        "uses": [(use, reach_form(use)) for use in found.uses.all()],
        "events": found.events.order_by("number"),
        "authors": [grant.person for grant in found.grants.select_related("person").order_by("pk")],
        "covered": queries.covers_use(found, place=found.places[0]),
    }
    return render(request, "consent/file.html", context, status=(reach or form).status)


@require_http_methods(["GET", "POST"])
@login_required
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One consent as staff see it; a POST records a use under it."""
    found = _file(request, pk)
    if request.method == "GET":
        return _file_page(request, found, UseForm(initial={"where": found.where, "place": found.places[0]}))
    form = UseForm(request.POST)
    if form.is_valid():
        try:
            happened = form.happened(found.currency, timezone.now())
            services.record_use(found, happened, actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Recorded. Its authors were told."))
            return redirect("consent_file", pk)
    return _file_page(request, found, form)


@require_POST
@login_required
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a use reached."""
    use = get_object_or_404(queries.uses_overseen_by(_staff(request)), pk=pk)
    form = ReachForm(request.POST, auto_id=f"id_{pk}_%s")
    found = _file(request, use.consent_id)
    if form.is_valid():
        try:
            services.set_reach(use, actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("consent_file", use.consent_id)
    first = UseForm(initial={"where": found.where, "place": found.places[0]})
    return _file_page(request, found, first, reach=form, of=pk)


@require_GET
@login_required
def proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Receipt and register rows in one archive."""
    data = services.export_proof(_file(request, pk), actor=person_of(request))
    headers = {"Content-Disposition": f'attachment; filename="consent-{pk}.zip"'}
    return HttpResponse(data, content_type="application/zip", headers=headers)
