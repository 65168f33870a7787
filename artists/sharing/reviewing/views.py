"""The review room: the queue, one request with its film, the decision."""

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing import queries, services
from artists.sharing.models import ShareRequest
from artists.sharing.services.refusing import refusal
from artists.sharing.states import DECIDABLE
from portal.access import Actor, Refused, check, require
from portal.storage.exit import hand_out

from .forms import VerdictForm, drafted
from .listing import queue_of
from .room import Typed, addresses_of, room

SIGNED_OUT = 401


def found_for(request: HttpRequest, pk: uuid.UUID) -> ShareRequest:
    """The request to look at. Raises Http404, and Refused own-work for one's own."""
    actor = actor_of(request)
    found = queries.requests_reviewable_by(actor).filter(pk=pk).first()
    if found is None:
        own = queries.requests_visible_to(actor).filter(pk=pk).first() if actor.holds(Role.REVIEWER) else None
        if own is None:
            raise Http404
        found = own
    if not actor.holds(Role.REVIEWER) and not check("sharing.review", actor, found):
        raise Http404  # an appeal that somebody else answers
    require("sharing.review", actor, found)
    return found


def show_of(request: HttpRequest) -> str:
    """The filter of the queue somebody came from."""
    return str(request.GET.get("show", ""))


def with_show(name: str, pk: uuid.UUID, show: str) -> str:
    """An address of the room that keeps the filter."""
    address = reverse(name, args=[pk])
    return f"{address}?show={show}" if show else address


def room_page(request: HttpRequest, found: ShareRequest, typed: Typed | None = None) -> HttpResponse:
    """The page, with what was typed and what was wrong with it."""
    context = room(actor_of(request), found, show_of(request), typed)
    status = typed.refusal.kind.value if typed is not None and typed.refusal is not None else 200
    return render(request, "sharing/review.html", context, status=status)


def said_no(request: HttpRequest, pk: uuid.UUID, refused: Refused, form: str) -> HttpResponse:
    """The fresh page with the no at its form; what was typed stays, on the page and as a draft."""
    found, values = found_for(request, pk), drafted(request.POST)
    with suppress(Refused):  # too long to keep: it is on the page all the same
        services.keep_draft(found, actor=person_of(request), values=values)
    return room_page(request, found, Typed(values, refused.decision, form))


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody wrote: a page is asked for again after signing in, a text is shown."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    texts = [
        text for name, text in drafted(request.POST).items() if name in {"note", "reason", "conditions", "question"}
    ]
    context = {"texts": [text for text in texts if text.strip()], "back": request.get_full_path()}
    return render(request, "sharing/review_out.html", context, status=SIGNED_OUT)


def may_look_at_queue(actor: Actor) -> bool:
    """Reviewers; staff see there what is late."""
    return actor.holds(Role.REVIEWER) or check("sharing.oversee", actor).allowed


@require_GET
@login_required
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, by the clock."""
    actor = actor_of(request)
    if not may_look_at_queue(actor):
        raise Http404
    resting = list(queries.resting_of(actor))
    context = {"queue": queue_of(actor, show_of(request)), "resting": resting, "reviews": actor.holds(Role.REVIEWER)}
    return render(request, "sharing/queue.html", context)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The film first, then what is asked; a POST decides. Somebody who was slower is told, and keeps the text typed."""
    if not request.user.is_authenticated:
        return signed_out(request)
    found = found_for(request, pk)
    if request.method == "GET":
        actor = actor_of(request)
        if isinstance(actor, Person) and not actor.holds(Role.REVIEWER):
            services.record_read(found, actor=actor)
        return room_page(request, found)
    form = VerdictForm(request.POST)
    wrong = None if form.is_valid() else form.refusal
    if wrong is not None:
        return said_no(request, pk, Refused("sharing.review", wrong), "decision")
    try:
        said = _decide(found, person_of(request), form)
    except Refused as refused:
        return said_no(request, pk, refused, "decision")
    if said:
        messages.success(request, said)
    return onward(request, pk)


def onward(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To the next one that waits, where "save and next" was pressed; else, and when nothing waits, to the queue."""
    show = show_of(request)
    after = queue_of(actor_of(request), show).after(pk) if request.POST.get("then") == "next" else None
    if after is not None:
        return redirect(with_show("review", after.pk, show))
    return redirect(f"{reverse('review_queue')}?show={show}" if show else reverse("review_queue"))


def _decide(found: ShareRequest, person: Person, form: VerdictForm) -> str:
    """Do what was chosen; what is said of it beyond the line with Undo. Raises Refused."""
    given: dict[str, Any] = form.cleaned_data
    outcome = given["outcome"]
    if outcome == "question":
        services.question(found, actor=person, text=given["question"])
        return _("Asked. The clock stands until the artist answers; then it comes back to you.")
    if outcome == "refuse":
        view = services.refuse(
            found, actor=person, ground=given["ground"], reason=given["reason"], frames=form.frames()
        )
        view.request.refresh_from_db(fields=["state"])
        if view.request.state in DECIDABLE:
            return _(
                "Your view is in. This ground needs a second reviewer, who does not know it; the clock runs on. "
                "Until they decide you can undo it in the outbox."
            )
        return ""
    if outcome == "conditions" and not given["conditions"].strip() and given["ends_at"] is None:
        words = _("An approval with conditions needs the conditions, or an end.")
        raise refusal("sharing.approve", "conditions-missing", words, _("Write them, or approve without."))
    more = {"conditions": given["conditions"], "ends_at": given["ends_at"]} if outcome == "conditions" else {}
    services.approve(found, actor=person, reason=given["reason"], **more)
    return ""


@require_GET
@login_required
def review_compare(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """This film beside that of an earlier request of the same work, on the same frame while they rest."""
    actor, found = actor_of(request), found_for(request, pk)
    earlier = next((one for one, _told in queries.precedents_seen_by(actor, found) if one.pk == other), None)
    if earlier is None or earlier.clip_id == found.clip_id:
        raise Http404
    for one in (found, earlier):
        require("sharing.review_film", actor, one)
    lead = max((earlier, found), key=lambda one: one.clip.seconds)
    context = {
        "asked": found,
        "earlier": earlier,
        "lead": lead.clip,
        "a_src": addresses_of(earlier)["film"],
        "b_src": addresses_of(found)["film"],
        "strip": addresses_of(lead)["strip"],
        "show": show_of(request),
    }
    return render(request, "sharing/review_compare.html", context)


@require_safe
@login_required
def review_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The film of a request, for its reviewers."""
    found = found_for(request, pk)
    return hand_out(request, found.clip.film, actor=actor_of(request), purpose="review", subject=found)


@require_safe
@login_required
def review_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its poster."""
    found = found_for(request, pk)
    return hand_out(request, found.clip.poster, actor=actor_of(request), purpose="review", subject=found)


@require_safe
@login_required
def review_filmstrip(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its filmstrip."""
    found = found_for(request, pk)
    return hand_out(request, found.clip.filmstrip, actor=actor_of(request), purpose="review", subject=found)
