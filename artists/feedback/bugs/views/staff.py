"""The board: filters, moves of one or many, merging, the thread, and the table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from artists.feedback.bugs import queries, services, sheets
from artists.feedback.bugs.forms import FilterForm, MergeForm, MessageForm, VerdictForm
from artists.feedback.bugs.queries import Filters
from artists.feedback.bugs.refusing import refusal
from artists.feedback.bugs.standing import TONES, credit_of
from artists.feedback.bugs.states import MERGE, BugState
from artists.feedback.models import BugReport
from artists.feedback.roadmap.queries import items_from
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Decision, Kind, Refused, require
from portal.program.forms import Refusable

from .artist import film_context

PAGE = 50
DEEPEST = 10_000


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("bugs.oversee", actor)
    return actor


def _tabs(actor: Actor, chosen: Filters) -> list[dict[str, Any]]:
    counts = queries.tallies(actor)
    tabs: list[dict[str, Any]] = [{"label": _("open"), "name": queries.OPEN_TAB}]
    tabs += [{"label": one.label, "name": one.name, "number": one.number, "more": one.more} for one in counts]
    tabs.append({"label": _("all"), "name": queries.ALL_TAB})
    return [tab | {"url": f"?{chosen.at(tab['name']).query()}", "current": tab["name"] == chosen.state} for tab in tabs]


def _place(text: str) -> int:
    return max(1, min(int(text), DEEPEST)) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004 - far enough


def _board(
    request: HttpRequest,
    *,
    form: VerdictForm | None = None,
    ticked: set[str] | None = None,
    left: list[tuple[BugReport, Decision]] | None = None,
) -> HttpResponse:
    """The page; after a refused move it keeps what was ticked."""
    actor = actor_of(request)
    filters, number = Filters.of(request.GET), _place(request.GET.get("page", ""))
    begin = (number - 1) * PAGE
    # One more than is shown says whether there are older ones, without counting what only grows.
    found = list(queries.board(actor, filters)[begin : begin + PAGE + 1])
    shown = found[:PAGE]
    counts = queries.duplicate_counts(shown)
    rows = [
        {
            "bug": bug,
            "tone": TONES[BugState(bug.state)],
            "duplicates": counts.get(bug.pk, 0),
            "ticked": str(bug.pk) in (ticked or set()),
        }
        for bug in shown
    ]
    context = {
        "rows": rows,
        "first": begin + 1,
        "last": begin + len(shown),
        "newer": f"?{filters.query(page=number - 1)}" if number > 1 else "",
        "older": f"?{filters.query(page=number + 1)}" if len(found) > PAGE else "",
        "tabs": _tabs(actor, filters),
        "filters": filters,
        "filter_form": FilterForm(initial={"q": filters.words, "severity": filters.severity, "model": filters.model}),
        "here": filters.query(page=number),
        "waiting": queries.waiting(actor),
        "form": form or VerdictForm(),
        "left": left or [],
    }
    return render(request, "feedback/bugs/staff/board.html", context, status=form.status if form else 200)


@require_safe
@login_required
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Reports by state, severity and model, newest first."""
    _staff(request)
    return _board(request)


def _keys(ticked: set[str]) -> list[int]:
    return [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 10]  # noqa: PLR2004 - fits a key


@require_POST
@login_required
def move(request: HttpRequest) -> HttpResponse:
    """Put everything that is ticked into one state; what cannot be put there is named with the reason."""
    actor, form, ticked = _staff(request), VerdictForm(request.POST), set(request.POST.getlist("bug"))
    if not form.is_valid():
        return _board(request, form=form, ticked=ticked)
    chosen = queries.bugs_overseen_by(actor).filter(pk__in=_keys(ticked))
    try:
        result = services.move_bugs(chosen, form.verdict(), actor=person_of(request))
    except Refused as refused:
        form.say(refused)
        return _board(request, form=form, ticked=ticked)
    if result.done:
        count = len(result.done)
        said = ngettext("%(n)s report was moved; its author is told.", "%(n)s reports were moved; their authors are told.", count)  # fmt: skip
        messages.success(request, said % {"n": count})
    if result.left:
        return _board(request, ticked={str(bug.pk) for bug, _why in result.left}, left=result.left)
    response = redirect("staff_bugs")
    response["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
    return response


@require_safe
@login_required
def csv(request: HttpRequest) -> HttpResponse:
    """The board as CSV. Raises Refused export-large."""
    _staff(request)
    text = sheets.export(Filters.of(request.GET), actor=person_of(request))
    name = f"bugs-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _found(request: HttpRequest, pk: int) -> BugReport:
    found = queries.bugs_overseen_by(_staff(request))
    return get_object_or_404(found.select_related("author", "duplicate_of", "clip", "take", "generation"), pk=pk)


def _page(request: HttpRequest, found: BugReport, **forms: Refusable) -> HttpResponse:
    actor = actor_of(request)
    shots = found.generation.snapshot["shots"] if found.may_look and found.generation is not None else []
    context = {
        "bug": found,
        "tone": TONES[BugState(found.state)],
        "thread": queries.messages_of(found),
        "duplicates": queries.duplicates_of(found),
        "items": items_from("bug", found.pk),
        "credit": credit_of(found),
        "shots": shots,
        "may_merge": found.state in MERGE.sources,
        "verdict_form": VerdictForm(state=found.state, initial={"answer": found.answer}),
        "merge_form": MergeForm(),
        "message_form": MessageForm(),
        **film_context(actor, found),
        **forms,
    }
    status = next((form.status for form in forms.values()), 200)
    return render(request, "feedback/bugs/staff/bug.html", context, status=status)


@require_safe
@login_required
@never_cache
def bug(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with everything that goes with it, and what can be done."""
    return _page(request, _found(request, pk))


@require_POST
@login_required
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it into a state."""
    found = _found(request, pk)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            services.move_bug(found, form.verdict(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Moved. Its author is told."))
            return redirect("staff_bug", pk)
    return _page(request, _found(request, pk), verdict_form=form)


@require_POST
@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge it into another report."""
    found, form = _found(request, pk), MergeForm(request.POST)
    if form.is_valid():
        into = queries.bugs_overseen_by(actor_of(request)).filter(pk=form.cleaned_data["into"]).first()
        try:
            if into is None:
                words = _("There is no report of this number.")
                raise refusal("bugs.merge", "not-found", words, _("Look for it on the board."), Kind.MISSING)
            done = services.merge_bug(found, into, actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            said = _("Merged into %(first)s. Both authors keep their credit and are told.")
            messages.success(request, said % {"first": done.duplicate_of_id})
            return redirect("staff_bug", pk)
    return _page(request, _found(request, pk), merge_form=form)


@require_POST
@login_required
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to its author."""
    found, form = _found(request, pk), MessageForm(request.POST)
    if form.is_valid():
        try:
            services.write(found, form.cleaned_data["text"], actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Sent. Its author is told."))
            return redirect(f"{reverse('staff_bug', args=[pk])}#thread")
    return _page(request, found, message_form=form)
