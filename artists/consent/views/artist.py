"""Who uses my work, where, until when; what is asked; what I agreed to, and taking it back."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from artists.consent import queries, services
from artists.consent.forms import AnswerForm, ChoicesForm, RegisterFilter
from artists.consent.kinds import SAYS, UseKind
from artists.consent.models import Answer, Consent
from artists.consent.receipts import receipt_of
from artists.consent.sheets import sheet_of
from artists.consent.standing import answer_stands, lines_of, means, why_nothing
from artists.people.actors import actor_of, person_of
from generation.models import Clip
from generation.queries import clips_visible_to
from portal.access import Refused, check
from portal.pages import leaf_of
from portal.storage.exit import hand_out

A_PAGE = 50
EARLIER = 20
MOST_IN_FORCE = 500


def sheet_response(text: str, name: str) -> HttpResponse:
    """A sheet to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _filter(request: HttpRequest) -> RegisterFilter:
    works = [(str(clip.pk), clip.title) for clip in queries.works_used_of(actor_of(request))]
    return RegisterFilter(request.GET, works=works)


@require_GET
@login_required
def uses(request: HttpRequest) -> HttpResponse:
    """The register of one's works, consents by their state, and what is asked now."""
    actor = actor_of(request)
    form = _filter(request)
    wanted = form.wanted()
    ended = list(queries.ended_of(actor)[: EARLIER + 1])
    answers = list(queries.answers_of(actor)[: EARLIER * 5])
    waiting = list(queries.answers_waiting(actor))
    now = timezone.now()
    context = {
        "waiting": waiting,
        "form": form,
        "filtered": any(wanted.values()),
        "kept": form.data.urlencode() if any(wanted.values()) else "",
        "page": leaf_of(queries.consent_used_in(queries.uses_of(actor), wanted), request.GET.get("page"), A_PAGE),
        "in_force": lines_of(list(queries.in_force_of(actor)[:MOST_IN_FORCE])),
        "ended": lines_of(ended[:EARLIER]),
        "more_ended": len(ended) > EARLIER,
        "earlier": [(one, answer_stands(one)) for one in answers if one not in waiting][:EARLIER],
        "pause": queries.pause_of(actor),
        "calls": queries.calls_to(actor).exclude(by_id=actor.pk).count(),
        "now": now,
    }
    return render(request, "consent/uses.html", context)


@require_GET
@login_required
def ended(request: HttpRequest) -> HttpResponse:
    """Every consent that is over or was withdrawn, page by page."""
    page = leaf_of(queries.ended_of(actor_of(request)), request.GET.get("page"), A_PAGE)
    return render(request, "consent/ended.html", {"page": page, "lines": lines_of(page.rows)})


@require_GET
@login_required
def uses_csv(request: HttpRequest) -> HttpResponse:
    """The register as a sheet, as filtered."""
    rows = queries.consent_used_in(queries.uses_of(actor_of(request)), _filter(request).wanted())
    return sheet_response(sheet_of(rows.select_related("consent", "clip__artist")), "uses.csv")


def _given(request: HttpRequest, pk: int) -> Answer:
    return get_object_or_404(queries.answers_of(actor_of(request)), pk=pk)


def _answer_page(request: HttpRequest, given: Answer, form: AnswerForm) -> HttpResponse:
    work = given.work
    context = {
        "given": given,
        "asked": work.request,
        "means": means(work.kind),
        "clip": work.clip,
        "stands": answer_stands(given),
        "authors": work.answers.count(),
        "why": why_nothing(work, queries.decliners_named(work), mine=given.state),
        "consent": getattr(work, "consent", None),
        "form": form,
        "may": check("consent.answer", actor_of(request), given),
        "here": check("consent.see_film", actor_of(request), given),
    }
    return render(request, "consent/answer.html", context, status=form.status)


def _say(given: Answer, form: AnswerForm, request: HttpRequest) -> str:
    """Do what was chosen; what is said about it."""
    person, answer = person_of(request), form.cleaned_data["answer"]
    if answer == "no":
        services.say_no(given, actor=person, may_name=form.cleaned_data["may_name"])
        return _("You said no. Nothing is used.")
    if answer == "ask":
        services.ask_back(given, actor=person, text=form.cleaned_data["question"])
        return _("Asked. You can answer before or after the program does.")
    services.say_yes(given, actor=person, limits=form.limits() if answer == "limits" else None)
    return _("You said yes. You can withdraw it at any time.")


@require_http_methods(["GET", "POST"])
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request exactly as it is asked; a POST answers it. What was typed stays on every error."""
    given = _given(request, pk)
    if request.method == "GET":
        return _answer_page(request, given, AnswerForm(initial={"credit_line": ""}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, given, form)
    try:
        said = _say(given, form, request)
    except Refused as refused:
        form.say(refused)
        return _answer_page(request, _given(request, pk), form)
    messages.success(request, said)
    consent = getattr(_given(request, pk).work, "consent", None)
    return redirect("consent", consent.pk) if consent is not None else redirect("consent_answer", pk)


def _hand(request: HttpRequest, pk: int, part: str) -> HttpResponseBase:
    given = _given(request, pk)
    file = getattr(given.work.clip, part)
    return hand_out(request, file, actor=actor_of(request), purpose="consent", subject=given)


@require_safe
@login_required
def film(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The film of what is asked, for whoever is asked."""
    return _hand(request, pk, "film")


@require_safe
@login_required
def poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its poster."""
    return _hand(request, pk, "poster")


@require_safe
@login_required
def filmstrip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its filmstrip."""
    return _hand(request, pk, "filmstrip")


def _consent(request: HttpRequest, pk: uuid.UUID) -> Consent:
    return get_object_or_404(queries.consents_of(actor_of(request)), pk=pk)


@require_GET
@login_required
def consent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A consent with its history, uses and receipt; staff are sent to their own page of it."""
    actor = actor_of(request)
    found = queries.consents_of(actor).filter(pk=pk).first()
    if found is None:
        return redirect("consent_file", get_object_or_404(queries.consents_overseen_by(actor), pk=pk).pk)
    context: dict[str, Any] = {
        "consent": found,
        "line": lines_of([found])[0],
        "means": means(found.kind),
        "events": found.events.order_by("number"),
        "uses": found.uses.all(),
        "authors": [grant.person for grant in found.grants.select_related("person").order_by("pk")],
        "given": queries.answers_of(actor).filter(work=found.asked_id).first(),
        "pause": queries.pause_of(actor),
    }
    return render(request, "consent/consent.html", context)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it back: one click, beside what it does."""
    ended, moved = services.withdraw_consent(_consent(request, pk), actor=person_of(request))
    if moved:
        said = means(ended.kind)
        messages.success(
            request,
            _("Withdrawn. What can stop, stops %(when)s. %(undone)s") % {"when": said.stops, "undone": said.undone},
        )
    else:
        messages.info(request, _("It was withdrawn before; nothing was changed."))
    return redirect("consent", pk)


def _readable(request: HttpRequest, pk: uuid.UUID) -> Consent:
    """For its authors and for staff."""
    actor = actor_of(request)
    mine = queries.consents_of(actor).filter(pk=pk).first()
    return mine or get_object_or_404(queries.consents_overseen_by(actor), pk=pk)


@require_GET
@login_required
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt as JSON."""
    text = json.dumps(receipt_of(_readable(request, pk)), indent=1, ensure_ascii=False)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{pk}.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require_GET
@login_required
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt as PDF."""
    from artists.consent.paper import paper_of  # the site starts without the printing library

    headers = {"Content-Disposition": f'attachment; filename="receipt-{pk}.pdf"'}
    return HttpResponse(paper_of(_readable(request, pk)), content_type="application/pdf", headers=headers)


def _choices_page(request: HttpRequest, form: ChoicesForm, clip: Clip | None = None) -> HttpResponse:
    actor = actor_of(request)
    rows = [(form[kind], SAYS[UseKind(kind)]) for kind in UseKind.values]
    context = {
        "form": form,
        "rows": rows,
        "clip": clip,
        "looked_at": queries.choices_looked_at(actor),
        "own": [] if clip else queries.works_chosen_for(actor),
        "may": check("consent.prefer", actor),
    }
    return render(request, "consent/choices.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """What I decide beforehand, for all works."""
    actor = actor_of(request)
    before = queries.preferences_of(actor)
    if request.method == "GET":
        return _choices_page(request, ChoicesForm(initial=before))
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return _choices_page(request, form)
    # The first time every stance is kept, so that it is known to have been looked at.
    changed = form.changed(before) if queries.choices_looked_at(actor) else list(form.cleaned_data.items())
    for kind, stance in changed:
        services.prefer(kind, stance, actor=person_of(request))
    messages.success(request, _("Saved. It holds for what is asked from now on; consents you gave stay as they are."))
    return redirect("consent_choices")


@require_http_methods(["GET", "POST"])
@login_required
def choices_of(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """What I decide beforehand, for one work."""
    actor = actor_of(request)
    found = get_object_or_404(clips_visible_to(actor), pk=clip)
    before = queries.preferences_for(actor, found)
    if request.method == "GET":
        return _choices_page(request, ChoicesForm(initial=before, per_work=True), found)
    form = ChoicesForm(request.POST, per_work=True)
    if not form.is_valid():
        return _choices_page(request, form, found)
    for kind, stance in form.changed(before):
        if stance:
            services.prefer(kind, stance, actor=person_of(request), clip=found)
        else:
            services.prefer_as_for_all(kind, actor=person_of(request), clip=found)
    messages.success(request, _("Saved for this work."))
    return redirect("consent_choices_of", clip)
