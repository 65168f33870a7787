"""Staff's desk of agreements: documents and who is on what, drafts with preview and diff, publishing with a grace date."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.agreements import queries, services
from artists.agreements.forms import AudienceForm, DraftForm, NewAgreementForm, PublishForm, TranslationForm
from artists.agreements.models import Agreement, AgreementVersion
from artists.agreements.states import VersionState
from artists.agreements.texts import as_html, compare, readings
from artists.people.actors import actor_of
from artists.people.languages import LANGUAGES
from portal.access import Actor, Decision, Refused, require


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("agreements.see_all", actor)
    return actor


def _versions(agreement: Agreement) -> tuple[AgreementVersion | None, AgreementVersion | None]:
    """(the draft, the newest published version)."""
    every = sorted(agreement.versions.all(), key=lambda version: -version.number)
    draft = next((one for one in every if one.state == VersionState.DRAFT), None)
    return draft, next((one for one in every if one.state == VersionState.PUBLISHED), None)


@require_GET
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """All documents, with how many artists are on the newest text, on an older one, on none, or said no."""
    rows = []
    for agreement in queries.agreements_visible_to(_actor(request)):
        draft, newest = _versions(agreement)
        people = queries.who_is_on(agreement)
        current = [one for one in people if newest and one.signature and one.signature.version_id == newest.pk]
        older = [one for one in people if one.signature and one not in current]
        rows.append(
            {
                "agreement": agreement,
                "draft": draft,
                "newest": newest,
                "current": len(current),
                "older": len(older),
                "none": len(people) - len(current) - len(older),
                "declined": sum(one.declining is not None for one in people),
            }
        )
    return render(request, "agreements/staff/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A document that is not there yet."""
    actor = _actor(request)
    form = NewAgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = services.draft_version(
            data["slug"], data["title"], sort=data["sort"], actor=actor, **form.fields_of_version()
        )
        messages.success(request, _("Kept as a draft. Nobody sees it before it is published."))
        return redirect("agreement_version", version.pk)
    return render(request, "agreements/staff/new.html", {"form": form}, status=422 if form.errors else 200)


def _document(request: HttpRequest, slug: str) -> Agreement:
    return get_object_or_404(queries.agreements_visible_to(_actor(request)), slug=slug)


@require_GET
@login_required
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """One document: its versions, who is asked, and who is on what."""
    found = _document(request, slug)
    draft, newest = _versions(found)
    audience = AudienceForm(initial={"cohorts": [cohort.pk for cohort in found.cohorts.all()]})
    context = {
        "agreement": found,
        "versions": found.versions.order_by("-number"),
        "draft": draft,
        "newest": newest,
        "people": queries.who_is_on(found),
        "audience": audience,
    }
    return render(request, "agreements/staff/document.html", context)


@require_POST
@login_required
def audience(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is asked to sign it."""
    found = _document(request, slug)
    form = AudienceForm(request.POST)
    if form.is_valid():
        services.set_audience(found, list(form.cleaned_data["cohorts"]), actor=actor_of(request))
        messages.success(request, _("Saved. It holds from the next request on."))
    else:
        messages.error(request, _("One of these cohorts is not there any more. Nothing was changed."))
    return redirect("agreement_document", slug)


@require_http_methods(["GET", "POST"])
@login_required
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the draft of the next version; it begins as the newest text."""
    found = _document(request, slug)
    there, newest = _versions(found)
    begin = there or newest
    initial = {
        name: getattr(begin, name)
        for name in ("language", "summary", "text", "confidential_until")
        if begin is not None
    }
    form = DraftForm(request.POST or None, initial=initial)
    refusal: Decision | None = None
    if request.method == "POST" and form.is_valid():
        actor, fields = actor_of(request), form.fields_of_version()
        try:
            if there is None:
                there = services.draft_version(found.slug, found.title, actor=actor, **fields)
            else:
                there = services.edit_draft(there, actor=actor, **fields)
        except Refused as refused:
            refusal = refused.decision
        else:
            messages.success(request, _("Kept as a draft. Nobody sees it before it is published."))
            return redirect("agreement_version", there.pk)
    context = {"agreement": found, "form": form, "newest": newest, "refusal": refusal}
    status = refusal.kind.value if refusal is not None else (422 if form.errors else 200)
    return render(request, "agreements/staff/draft.html", context, status=status)


def _version_page(
    request: HttpRequest, found: AgreementVersion, form: PublishForm | None = None, refusal: Decision | None = None
) -> HttpResponse:
    former = queries.published().filter(agreement=found.agreement, number__lt=found.number).order_by("-number").first()
    context: dict[str, Any] = {
        "version": found,
        "agreement": found.agreement,
        "is_draft": found.state == VersionState.DRAFT,
        "readings": [
            {"reading": one, "name": LANGUAGES.get(one.language, one.language), "html": as_html(one.text)}
            for one in readings(found)
        ],
        "former": former,
        "pairs": compare(former.text, found.text) if former else [],
        "form": form or PublishForm(),
        "refusal": refusal,
    }
    status = refusal.kind.value if refusal is not None else (422 if form and form.errors else 200)
    return render(request, "agreements/staff/version.html", context, status=status)


@require_GET
@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as artists see it, compared with the one before; a draft can be published here."""
    return _version_page(request, get_object_or_404(queries.versions_visible_to(_actor(request)), pk=pk))


@require_POST
@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in force."""
    actor = _actor(request)
    found = get_object_or_404(queries.versions_visible_to(actor), pk=pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _version_page(request, found, form)
    if request.POST.get("digest") != found.text_digest:
        messages.warning(request, _("The draft was changed since you opened the page. Read it again."))
        return redirect("agreement_version", pk)
    try:
        services.publish_version(
            found, actor=actor, at=form.cleaned_data["at"], grace_until=form.cleaned_data["grace_until"]
        )
    except Refused as refused:
        return _version_page(request, found, form, refused.decision)
    messages.success(request, _("Published. Everybody who signed an earlier version is told."))
    return redirect("agreement_document", found.agreement.slug)


@require_http_methods(["GET", "POST"])
@login_required
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft in one more language, or another wording of it."""
    actor = _actor(request)
    found = get_object_or_404(queries.versions_visible_to(actor), pk=pk)
    require("agreements.edit", actor, found)
    there = next((one for one in found.translations.all() if one.language == request.GET.get("language")), None)
    initial = {name: getattr(there, name) for name in ("language", "title", "summary", "text") if there is not None}
    form = TranslationForm(request.POST or None, initial=initial)
    refusal: Decision | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.translate(found, form.cleaned_data["language"], actor=actor, **form.fields_of_translation())
        except Refused as refused:
            refusal = refused.decision
        else:
            messages.success(request, _("The translation is kept with the draft."))
            return redirect("agreement_version", pk)
    context = {"version": found, "agreement": found.agreement, "form": form, "refusal": refusal}
    status = refusal.kind.value if refusal is not None else (422 if form.errors else 200)
    return render(request, "agreements/staff/translate.html", context, status=status)
