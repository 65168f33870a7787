"""Staff's side of sharing: deadlines, load, assignment, terms, grounds, and what the public reported."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import Actor, Decision, Refused, check, require

from . import export, oversight, queries, services
from .clock import Calendar, clock_of, clocks_of
from .grounds import ground_called
from .models import Concern, ShareRequest, Terms
from .oversight import Filters
from .staff_forms import AnswerForm, RevokeForm, TermsForm, WordingForm
from .standing import TONES
from .states import DECIDABLE, ConcernState, RequestState

PAGE = 50
MOST_CONCERNS = 200
HISTORY = 50
TONE_OF = TONES | {RequestState.RESTING: "info", RequestState.QUESTION: "info", RequestState.DRAFT: "plain"}


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("sharing.oversee", actor)
    return actor


def _rows(found: list[ShareRequest], chosen: set[str]) -> list[dict[str, Any]]:
    clocks = clocks_of(found, timezone.now())
    return [
        {
            "asked": one,
            "tone": TONE_OF[RequestState(one.state)],
            "open": one.state in DECIDABLE,
            "chosen": str(one.pk) in chosen,
            "clock": clocks[one.pk],
        }
        for one in found
    ]


def _tabs(chosen: Filters) -> list[dict[str, Any]]:
    counts = oversight.counts_by_state()
    number = sum(one.number for one in counts if one.state in oversight.UNDER_WAY)
    tabs = [{"label": _("open"), "name": oversight.OPEN_TAB, "number": number, "more": False}]
    tabs += [
        {"label": one.state.label, "name": str(one.state), "number": one.number, "more": one.more} for one in counts
    ]
    tabs.append({"label": _("all"), "name": oversight.ALL_TAB})
    return [tab | {"url": f"?{chosen.at(tab['name']).query()}", "current": tab["name"] == chosen.state} for tab in tabs]


def _number(text: str) -> int:
    return max(1, min(int(text), 10_000)) if text.isdecimal() else 1


def _overview(
    request: HttpRequest, *, refusal: Decision | None = None, chosen: set[str] | None = None, reviewer: str = ""
) -> HttpResponse:
    """The page; after a refused assignment it keeps what was ticked."""
    actor = actor_of(request)
    filters, number = Filters.of(request.GET), _number(request.GET.get("page", ""))
    first = (number - 1) * PAGE
    # One more than is shown says whether there are older ones, without counting what only grows.
    found = list(oversight.overseen(actor, filters)[first : first + PAGE + 1])
    risks = oversight.risks(actor)
    context = {
        "rows": _rows(found[:PAGE], chosen or set()),
        "first": first + 1,
        "last": first + len(found[:PAGE]),
        "newer": f"?{filters.query(page=number - 1)}" if number > 1 else "",
        "older": f"?{filters.query(page=number + 1)}" if len(found) > PAGE else "",
        "tabs": _tabs(filters),
        "filters": filters,
        "here": filters.query(page=number),
        "risks": risks,
        "at_risk": any(one.count for one in risks),
        "late": sum(one.count for one in risks if one.name == "late"),
        "soon": sum(one.count for one in risks if one.name == "soon"),
        "loads": oversight.loads(actor),
        "reviewers": oversight.reviewers(),
        "reviewer": reviewer,
        "terms": queries.terms_in_force(),
        "refusal": refusal,
    }
    return render(
        request, "sharing/staff/overview.html", context, status=200 if refusal is None else refusal.kind.value
    )


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Deadlines at risk, load, counts, and the list with its filters."""
    _actor(request)
    return _overview(request)


@require_POST
@login_required
def assign(request: HttpRequest) -> HttpResponse:
    """Hand what was ticked to a reviewer; what cannot be theirs is listed with the reason."""
    actor = _actor(request)
    ticked = set(request.POST.getlist("request"))
    to = request.POST.get("reviewer", "")
    reviewer = oversight.given(oversight.reviewers(), to)
    if reviewer is None and to != oversight.NOBODY:
        refusal = services.refusal_of_assignment(to)
        return _overview(request, refusal=refusal, chosen=ticked, reviewer=to)
    known = [key for key in (_uuid(text) for text in ticked) if key is not None]
    found = queries.requests_overseen_by(actor).filter(pk__in=known)
    try:
        result = services.assign(found, actor=person_of(request), reviewer=reviewer)
    except Refused as refused:
        return _overview(request, refusal=refused.decision, chosen=ticked, reviewer=to)
    back = f"?{request.GET.urlencode()}" if request.GET else ""
    if not result.left:
        count = len(result.done)
        said = ngettext("%(n)s request assigned to %(name)s.", "%(n)s requests assigned to %(name)s.", count)
        free = ngettext("%(n)s request is free again.", "%(n)s requests are free again.", count)
        messages.success(request, (said if reviewer else free) % {"n": count, "name": reviewer and reviewer.name})
        response = redirect("staff_sharing")
        response["Location"] += back
        return response
    context = {"result": result, "reviewer": reviewer, "back": back}
    return render(request, "sharing/staff/assigned.html", context, status=200 if result.done else 409)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_GET
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """The list as CSV. Raises Refused export-large."""
    _actor(request)
    text = export.export(Filters.of(request.GET), actor=person_of(request))
    name = f"share-requests-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _found(request: HttpRequest, pk: uuid.UUID) -> ShareRequest:
    return get_object_or_404(
        queries.requests_overseen_by(_actor(request)).select_related("release", "clip__generation"), pk=pk
    )


def _one(request: HttpRequest, found: ShareRequest, *, form: RevokeForm | None = None, status: int = 200) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    context = {
        "asked": found,
        "tone": TONE_OF[RequestState(found.state)],
        "clock": clock_of(found, timezone.now()),
        "history": oversight.history_of(found),
        "release": getattr(found, "release", None),
        "may_look": check("sharing.review_film", actor, found),
        "may_ask": found.state == RequestState.APPROVED and check("consent.ask", actor),
        "form": form or RevokeForm(),
        "may_revoke": found.state == RequestState.APPROVED and check("sharing.revoke", actor, found),
    }
    return render(request, "sharing/staff/request.html", context, status=status)


@require_GET
@login_required
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request: words, clock and what happened; the film only where it is late or appealed."""
    return _one(request, _found(request, pk))


@require_POST
@login_required
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an approval back; the page closes at once, and the artist may appeal."""
    found = _found(request, pk)
    form, status = _revoked(request, found)
    if form is not None:
        return _one(request, _found(request, pk), form=form, status=status)
    return redirect("staff_share_request", pk)


def _revoked(request: HttpRequest, found: ShareRequest) -> tuple[RevokeForm | None, int]:
    """The form with what is wrong and its status, or None when it was done."""
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return form, form.refusal.kind.value
    try:
        services.revoke(found, actor=person_of(request), **form.cleaned_data)
    except Refused as refused:
        form.say(refused)
        return form, refused.decision.kind.value
    messages.success(request, _("Revoked. Its page is closed from now on; the artist was told and may appeal."))
    return None, 200


def _terms(
    request: HttpRequest, form: TermsForm, *, tried: Terms | None = None, refused: Refused | None = None
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "form": form,
        "terms": queries.terms_in_force(),
        "history": oversight.terms_history(actor_of(request))[:HISTORY],
        "tried": tried,
        "now": now,
    }
    context["due"] = _due(context["terms"], now)
    if tried is not None:
        context["tried_due"] = _due(tried, now)
    status = refused.decision.kind.value if refused else 422 if form.errors else 200
    return render(request, "sharing/staff/terms.html", context, status=status)


def _due(terms: Terms, now: Any) -> Any:
    return Calendar.of(terms).after(now, terms.hours * 3600)


@require_http_methods(["GET", "POST"])
@login_required
def terms(request: HttpRequest) -> HttpResponse:
    """The clock and its consequence: first what a request sent now would get, then publish."""
    _actor(request)
    if request.method == "GET":
        return _terms(request, TermsForm.begun(queries.terms_in_force()))
    form = TermsForm(request.POST)
    if not form.is_valid():
        return _terms(request, form)
    try:
        if "publish" not in request.POST:
            return _terms(request, form, tried=services.terms_of(form.promise()))
        services.publish_terms(form.promise(), actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return _terms(request, form, refused=refused)
    messages.success(request, _("Published. Requests sent from now on are decided under it; those before keep theirs."))
    return redirect("staff_terms")


@require_GET
@login_required
def grounds(request: HttpRequest) -> HttpResponse:
    """The closed list, as this program words it."""
    _actor(request)
    return render(request, "sharing/staff/grounds.html", {"grounds": queries.grounds(), "worded": queries.worded()})


def _ground(request: HttpRequest, name: str) -> queries.Worded:
    _actor(request)
    if ground_called(name) is None:
        raise Http404
    return next(one for one in queries.grounds() if one.ground == name)


@require_http_methods(["GET", "POST"])
@login_required
def ground(request: HttpRequest, name: str) -> HttpResponse:
    """Word one ground."""
    found = _ground(request, name)
    form = WordingForm(request.POST or None, initial={"definition": found.definition, "example": found.example})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.word_ground(name, actor=person_of(request), **form.cleaned_data)
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
            else:
                messages.success(request, _("Worded. Everybody reads it so from now on."))
                return redirect("staff_grounds")
    context = {"one": found, "form": form, "worded": name in queries.worded()}
    return render(request, "sharing/staff/ground.html", context, status=status)


@require_POST
@login_required
def ground_reset(request: HttpRequest, name: str) -> HttpResponse:
    """Back to the default wording."""
    _ground(request, name)
    if services.reset_ground(name, actor=person_of(request)):
        messages.success(request, _("The default wording is back."))
    else:
        messages.info(request, _("It had the default wording already. Nothing was changed."))
    return redirect("staff_grounds")


@require_GET
@login_required
def concerns(request: HttpRequest) -> HttpResponse:
    """What the public reported, open ones first."""
    found = queries.concerns_visible_to(_actor(request))
    waiting = found.filter(state=ConcernState.OPEN).order_by("at")
    ended = found.filter(state=ConcernState.ANSWERED).order_by("-answered_at")
    context = {"waiting": waiting[:MOST_CONCERNS], "ended": ended[:MOST_CONCERNS]}
    return render(request, "sharing/staff/concerns.html", context)


def _concern(request: HttpRequest, pk: int) -> Concern:
    return get_object_or_404(queries.concerns_visible_to(_actor(request)), pk=pk)


def _about(
    request: HttpRequest,
    found: Concern,
    *,
    form: AnswerForm | None = None,
    revoking: RevokeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, asked = actor_of(request), found.release.request
    may = check("sharing.answer_concern", actor, found)
    context = {
        "concern": found,
        "asked": asked,
        "waiting": found.state == ConcernState.OPEN,
        "may": may,
        "form": form or AnswerForm(),
        "revoking": revoking or RevokeForm(),
        "may_revoke": may and asked.state == RequestState.APPROVED,
    }
    return render(request, "sharing/staff/concern.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; a POST answers it."""
    found = _concern(request, pk)
    if request.method == "GET":
        return _about(request, found)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _about(request, found, form=form, status=form.refusal.kind.value)
    try:
        services.answer_concern(found, actor=person_of(request), text=form.cleaned_data["text"])
    except Refused as refused:
        form.say(refused)
        return _about(request, _concern(request, pk), form=form, status=refused.decision.kind.value)
    messages.success(request, _("Answered. It stands under the report's own address; who left a mail address is told."))
    return redirect("staff_concerns")


@require_POST
@login_required
def concern_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the approval of the reported work back; the report still waits for its answer."""
    found = _concern(request, pk)
    form, status = _revoked(request, found.release.request)
    if form is not None:
        return _about(request, _concern(request, pk), revoking=form, status=status)
    return redirect("staff_concern", pk)
