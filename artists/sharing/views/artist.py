"""Sharing as those who made a work see it: their requests, one of them with its story, answering, taking back."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from artists.sharing import queries, services
from artists.sharing.forms import AnswerForm
from artists.sharing.models import Note, ShareRequest
from artists.sharing.queries import Told
from artists.sharing.standing import standing, standings
from artists.sharing.states import RequestState
from artists.sharing.timeline import promise, timeline
from portal.access import Actor, Decision, Refused, check
from portal.appeals.queries import appeals_of

from .keeping import kept_over_sign_in, typed_before

PAGE = 24
UNPROCESSABLE = 422
SHOWN = [state for state in RequestState if state != RequestState.RESTING]


@require_GET
@login_required
def sharing(request: HttpRequest) -> HttpResponse:
    """What I asked to share, and what others named me in, newest first; by state if need be."""
    actor = actor_of(request)
    wanted = request.GET.get("state", "")
    state = RequestState(wanted) if wanted in SHOWN else None
    page = Paginator(queries.newest_known_to(actor, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(actor, list(page.object_list)),
        "page": page,
        "state": state,
        "states": SHOWN,
        "waits": list(queries.requests_to_confirm(actor)[:PAGE]),
        "questions": list(queries.in_shown_state(queries.requests_visible_to(actor), RequestState.QUESTION)[:PAGE]),
    }
    return render(request, "sharing/sharing.html", context)


def _rows(actor: Actor, page: list[ShareRequest]) -> list[dict[str, Any]]:
    parts = queries.my_parts_in(actor, page)
    return [
        {"request": asked, "mine": asked.artist_id == actor.pk, **where}
        for asked, where in zip(page, standings(page, parts), strict=True)
    ]


def _pins(asked: ShareRequest, notes: list[Note], told: Told | None) -> list[dict[str, Any]]:
    """Marks on the film: what the decision is about, and the notes."""
    pins = [{"frame": one.first_frame, "label": one.text, "href": f"#note-{one.pk}"} for one in notes]
    if told is not None and told.first_frame is not None:
        pins.insert(0, {"frame": told.first_frame, "label": told.ground_label, "href": "#decision"})
    return [pin for pin in pins if pin["frame"] < asked.clip.frames]


def _appeal(actor: Actor, asked: ShareRequest, told: Told | None) -> dict[str, Any]:
    """Whether this refusal can be appealed, and the appeal there is."""
    if told is None or told.outcome != "refused":
        return {"appeal": None, "may_appeal": False}
    made = appeals_of(actor).filter(kind="share", key=str(told.pk)).first()
    mine = asked.artist_id == actor.pk
    return {"appeal": made, "may_appeal": made is None and mine and asked.state == RequestState.REFUSED}


def _page(
    request: HttpRequest,
    asked: ShareRequest,
    *,
    form: AnswerForm | None = None,
    refusal: Decision | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    mine = asked.artist_id == actor.pk
    part = None if mine else queries.my_part_in(actor, asked)
    told, notes = queries.last_told(asked), list(queries.notes_told(asked))
    question = queries.open_question(asked) if asked.state == RequestState.QUESTION else None
    context = {
        "asked": asked,
        "mine": mine,
        "part": part,
        "standing": standing(asked, part),
        "collaborators": queries.collaborators_of(asked),
        "decision": told,
        "notes": notes,
        "pins": _pins(asked, notes, told),
        "question": question,
        "form": form or (AnswerForm() if question and mine else None),
        "refusal": refusal,
        "steps": timeline(asked),
        "release": getattr(asked, "release", None),
        "promise": promise(asked.terms or queries.terms_in_force()),
        "sees_film": check("sharing.see_film", actor, asked).allowed,
        "may_withdraw": check("sharing.withdraw", actor, asked).allowed,
        "channels": asked.channel_labels,
        "embargo_waits": asked.embargo_until is not None and asked.embargo_until > timezone.now(),
        **_appeal(actor, asked, told),
    }
    return render(request, "sharing/request.html", context, status=status)


def _found(request: HttpRequest, pk: uuid.UUID) -> ShareRequest:
    return get_object_or_404(queries.requests_known_to(actor_of(request)), pk=pk)


@require_GET
@login_required
@never_cache
def share_request(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request: where it stands, what is asked of me, the decision, the public page, its story."""
    return _page(request, _found(request, pk))


@require_http_methods(["GET", "POST"])
@kept_over_sign_in
def share_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer a reviewer's question; the clock goes on. What was typed stays on every error."""
    found = get_object_or_404(queries.requests_visible_to(actor_of(request)), pk=pk)
    if request.method == "GET":
        typed = typed_before(request)
        return _page(request, found, form=AnswerForm(typed)) if typed is not None else redirect("share_request", pk)
    form = AnswerForm(request.POST)
    form.full_clean()
    try:
        services.answer(found, actor=person_of(request), text=form.cleaned_data.get("text", ""))
    except Refused as refused:
        form.say(refused)
        return _page(request, _found(request, pk), form=form, status=refused.decision.kind.value)
    messages.success(request, _("Answered. The clock goes on; a reviewer decides next."))
    return redirect("share_request", pk)


@require_POST
@login_required
def share_part(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm or decline having made the work too, as it was read on the page."""
    person, found = person_of(request), _found(request, pk)
    part = get_object_or_404(queries.collaborators_of(found), person_id=person.pk)
    try:
        if request.POST.get("act") == "confirm":
            try:
                seen = parse_datetime(request.POST.get("seen", ""))
            except ValueError:
                seen = None
            # Without knowing what was read, it counts as an older wording.
            services.confirm(part, actor=person, seen=seen or found.clip.made_at)
            messages.success(request, _("Confirmed."))
        elif request.POST.get("act") == "decline":
            services.decline(part, actor=person)
            messages.success(request, _("Declined. It is a draft again; its artist was told."))
    except Refused as refused:
        return _page(request, _found(request, pk), refusal=refused.decision, status=refused.decision.kind.value)
    # A declined one is its artist's draft again, and nobody else's business.
    return redirect("sharing") if request.POST.get("act") == "decline" else redirect("share_request", pk)


@require_http_methods(["GET", "POST"])
@login_required
def share_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Says what withdrawing does; a POST does it."""
    found = _found(request, pk)
    draft = found.state == RequestState.DRAFT
    if request.method == "GET":
        return render(request, "sharing/withdraw.html", {"asked": found, "standing": standing(found), "draft": draft})
    _withdrawn, moved = services.withdraw(found, actor=person_of(request))
    if moved and draft:
        messages.success(request, _("Deleted. The film stays in your library."))
        return redirect("sharing")
    if moved:
        messages.success(request, _("Withdrawn. The public page and its film are closed from now on."))
    return redirect("share_request", pk)
