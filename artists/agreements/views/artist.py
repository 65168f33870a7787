"""Read the agreement, compare it with what I signed, accept, decline; what I signed, on a page and on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from artists.agreements import queries, services
from artists.agreements.models import AgreementVersion, Declining, Method, Signature
from artists.agreements.texts import as_html, compare, reading, readings, signed_reading
from artists.people.actors import actor_of, address_of, person_of
from artists.people.languages import LANGUAGES
from artists.people.models import Person
from artists.people.views import PROVEN
from portal.access import Decision, Refused
from portal.storage.exit import hand_out


def _document(
    version: AgreementVersion,
    here: queries.Standing | None,
    mine: list[Signature],
    declined: Declining | None,
    language: str,
) -> dict[str, Any]:
    """One document as its person reads it; `former` is what they signed before, and `pairs` the way from there."""
    read = reading(version, language)
    own = [one for one in mine if one.version.agreement_id == version.agreement_id]
    signed = next((one for one in own if one.version_id == version.pk), None)
    former = max(own, key=lambda one: one.version.number, default=None) if signed is None else None
    if former is not None and former.version.number > version.number:
        former = None  # a newer version was accepted before its date: nothing is left to answer here
    return {
        "version": version,
        "reading": read,
        "html": as_html(read.text),
        "languages": [(one.language, LANGUAGES.get(one.language, one.language)) for one in readings(version)],
        "signature": signed,
        "former": former,
        "pairs": compare(signed_reading(former).text, reading(version, former.language).text) if former else [],
        "deadline": (here.deadline if here else version.deadline) if former else None,
        "declined": declined,
        "waits": signed is None and declined is None,
    }


def _page(request: HttpRequest, person: Person, refusal: Decision | None = None, typed: str = "") -> HttpResponse:
    language = request.GET.get("language") or request.POST.get("language") or person.language
    mine = list(queries.signatures_of(person))
    standing = {one.version.agreement_id: one for one in queries.standings_of(person)}
    versions = queries.answerable_by(person).prefetch_related("translations")
    declined = {one.version_id: one for one in queries.declinings_of(person)}
    documents = [
        _document(one, standing.get(one.agreement_id), mine, declined.get(one.pk), language) for one in versions
    ]
    waiting = [one for one in documents if one["waits"]]
    context = {"documents": documents, "waiting": waiting, "mine": mine, "refusal": refusal, "typed": typed}
    return render(request, "agreements/agreement.html", context, status=200 if refusal is None else refusal.kind.value)


@require_GET
@login_required
def agreement(request: HttpRequest) -> HttpResponse:
    """Everything in force for me: the summary in plain words, the whole text, what changed, and where I stand."""
    return _page(request, person_of(request))


@require_POST
@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the text that was on the page."""
    person = person_of(request)
    version = get_object_or_404(queries.answerable_by(person), pk=pk)
    typed = request.POST.get("typed_name", "")
    try:
        signature = services.sign_version(
            version,
            actor=person,
            typed_name=typed,
            read_digest=request.POST.get("digest", ""),
            address=address_of(request),
            user_agent=request.headers.get("User-Agent", ""),
            method=_method(request),
        )
    except Refused as refused:
        return _page(request, person, refused.decision, typed)
    messages.success(request, _("Signed. The copy is here, and a link to it is on its way to you."))
    return redirect("signature", signature.pk)


def _method(request: HttpRequest) -> Method:
    shown = any(one.get("method") == "mfa" for one in request.session.get("account_authentication_methods", []))
    return Method.TYPED_NAME_FACTOR if shown or request.session.get(PROVEN) == "set up" else Method.TYPED_NAME


@require_POST
@login_required
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with or without a reason."""
    person = person_of(request)
    version = get_object_or_404(queries.answerable_by(person), pk=pk)
    try:
        services.decline_version(version, actor=person, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, person, refused.decision)
    messages.success(request, _("You declined. Your account, your works and every approval stay as they are."))
    return redirect("agreement")


@require_GET
@login_required
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """One signature with the exact text."""
    found = get_object_or_404(queries.signatures_visible_to(actor_of(request)), pk=pk)
    read = signed_reading(found)
    context = {"signature": found, "reading": read, "html": as_html(read.text)}
    return render(request, "agreements/signature.html", context)


@require_safe
@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same as PDF, to keep."""
    found = get_object_or_404(queries.signatures_visible_to(actor_of(request)).filter(paper__isnull=False), pk=pk)
    return hand_out(request, found.paper, actor=actor_of(request), purpose="signed-agreement", subject=found)
