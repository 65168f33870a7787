"""Appeals: one's own, and the desk where others are answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import Refused, check, require

from . import queries, services
from .forms import AnswerForm, AppealForm
from .states import AppealState
from .subjects import appealable_called

ENDED = 100
UNPROCESSABLE = 422


@require_GET
@login_required
def appeals(request: HttpRequest) -> HttpResponse:
    """What stops me and can be appealed, and my appeals."""
    person = actor_of(request)
    context = {"acts": queries.acts_open_to(person), "appeals": queries.appeals_of(person)}
    return render(request, "appeals/appeals.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def appeal_new(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Appeal one act; a POST sends it."""
    person = person_of(request)
    act = queries.act_open_to(person, kind, key)
    if act is None:
        made = queries.appeals_of(person).filter(kind=kind, key=key).first()
        if made is None:
            raise Http404
        return redirect("appeal", made.pk)
    form = AppealForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                sent = services.appeal(kind, key, actor=person, text=form.cleaned_data["text"])
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
            else:
                messages.success(request, _("Sent. Somebody else answers; we will write."))
                return redirect("appeal", sent.pk)
    shows = getattr(appealable_called(kind), "shows", "")
    return render(request, "appeals/new.html", {"act": act, "form": form, "shows": shows}, status=status)


@require_GET
@login_required
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One of mine: both texts, and the clock."""
    found = get_object_or_404(queries.appeals_of(actor_of(request)).select_related("decided_by"), pk=pk)
    kind = appealable_called(found.kind)
    shows_who = kind is None or not kind.anonymous
    return render(request, "appeals/appeal.html", {"appeal": found, "shows_who": shows_who})


@require_POST
@login_required
def appeal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    person = person_of(request)
    _row, moved = services.withdraw(get_object_or_404(queries.appeals_of(person), pk=pk), actor=person)
    if moved:
        messages.success(request, _("Withdrawn. The decision stands."))
    else:
        messages.info(request, _("It had ended already. Nothing was changed."))
    return redirect("appeal", pk)


@require_GET
@login_required
def appeals_desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, what waits for others, and what was answered."""
    actor = actor_of(request)
    require("appeals.see_all", actor)
    mine = queries.to_decide(actor)
    seen = queries.appeals_visible_to(actor)
    others = seen.filter(state=AppealState.OPEN).exclude(pk__in=mine.values("pk")).order_by("due_at")
    ended = seen.exclude(state=AppealState.OPEN)[:ENDED]
    return render(request, "appeals/desk.html", {"mine": mine, "others": others, "ended": ended})


@require_http_methods(["GET", "POST"])
@login_required
def appeal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Both texts; a POST answers. Somebody who was slower is told, and keeps what was typed."""
    person = person_of(request)
    require("appeals.see_all", person)
    found = get_object_or_404(queries.appeals_visible_to(person), pk=pk)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            overturned = form.cleaned_data["outcome"] == "overturn"
            try:
                services.decide(found, actor=person, overturned=overturned, answer=form.cleaned_data["answer"])
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
                found.refresh_from_db()
            else:
                messages.success(request, _("Answered. They read it now."))
                return redirect("appeals_desk")
    kind = appealable_called(found.kind)
    evidence = kind.evidence(found.key, person) if kind is not None and kind.evidence is not None else None
    may = check("appeals.uphold", person, found)
    context = {"appeal": found, "form": form, "may": may, "shows_who": True, "evidence": evidence}
    return render(request, "appeals/decide.html", context, status=status)
