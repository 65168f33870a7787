"""Small acts of the review room, the outbox, and a reviewer's own page."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from artists.people.actors import actor_of, person_of
from artists.people.roles import Role
from artists.sharing import queries, services
from artists.sharing.services.deciding import Frames
from portal.access import Decision, Refused

from .figures import figures_of, lately
from .forms import NoteForm, drafted
from .views import found_for, may_look_at_queue, onward, said_no, show_of, signed_out, with_show

NO_FRAMES = Frames(0, 0)


@require_POST
def review_note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a note on frames; no numbers at all mean the first frame."""
    if not request.user.is_authenticated:
        return signed_out(request)
    found = found_for(request, pk)
    form = NoteForm(request.POST)
    wrong = None if form.is_valid() else form.refusal
    if wrong is not None:
        return said_no(request, pk, Refused("sharing.note", wrong), "note")
    frames = form.frames("note_first", "note_last") or NO_FRAMES
    try:
        services.add_note(found, actor=person_of(request), frames=frames, text=form.cleaned_data["note"])
    except Refused as refused:
        return said_no(request, pk, refused, "note")
    return redirect(f"{with_show('review', pk, show_of(request))}#notes")


@require_POST
@login_required
def review_note_remove(request: HttpRequest, pk: uuid.UUID, note: int) -> HttpResponse:
    """Take one's own note back."""
    found = found_for(request, pk)
    kept = queries.notes_seen_by(actor_of(request), found).filter(pk=note).first()
    if kept is None:
        raise Http404
    try:
        services.remove_note(kept, actor=person_of(request))
    except Refused as refused:
        return said_no(request, pk, refused, "note")
    return redirect(f"{with_show('review', pk, show_of(request))}#notes")


@require_POST
@login_required
def review_draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep what is being written. Answers when it was kept; nothing for nothing."""
    draft = services.keep_draft(found_for(request, pk), actor=person_of(request), values=drafted(request.POST))
    return JsonResponse({"at": draft.at.isoformat() if draft is not None else None})


@require_POST
@login_required
def review_discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw one's draft away."""
    services.discard_draft(found_for(request, pk), actor=person_of(request))
    return redirect(with_show("review", pk, show_of(request)))


@require_POST
@login_required
def review_sitting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A sign of life of the page while it is in view."""
    services.beat(found_for(request, pk), actor=person_of(request), begins=request.POST.get("begins") == "1")
    return HttpResponse(status=204)


@require_POST
@login_required
def review_take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it, or give it back."""
    found = found_for(request, pk)
    act = services.give_back if request.POST.get("act") == "back" else services.take
    try:
        act(found, actor=person_of(request))
    except Refused as refused:
        return said_no(request, pk, refused, "take")
    return redirect(with_show("review", pk, show_of(request)))


@require_POST
@login_required
def review_conflict(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Declare a conflict of interest, and go on with the next."""
    found = found_for(request, pk)
    try:
        other = services.stand_back(found, actor=person_of(request), words=request.POST.get("words", ""))
    except Refused as refused:
        return said_no(request, pk, refused, "conflict")
    if other is not None:
        messages.success(request, _("You stood back. Another reviewer has it now, and was told."))
    else:
        messages.warning(request, _("You stood back. No other reviewer may decide it; the program staff were told."))
    return onward(request, pk)


@require_POST
@login_required
def review_undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one's view back before anybody is told; what it said is in the fields again."""
    found = found_for(request, pk)
    try:
        services.take_back(found, actor=person_of(request))
    except Refused as refused:
        return _outbox_page(request, refused.decision)
    messages.success(request, _("Undone. Nobody was told; what you had written is below."))
    return redirect("review", pk)


@require_POST
@login_required
def review_tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Do not wait: the artist reads it now."""
    found = found_for(request, pk)
    try:
        services.tell_now(found, actor=person_of(request))
    except Refused as refused:
        return _outbox_page(request, refused.decision)
    messages.success(request, _("Told. The artist reads it now."))
    back = "review_outbox" if request.POST.get("from") == "outbox" else "review_queue"
    return redirect(back)


@require_GET
@login_required
def review_outbox(request: HttpRequest) -> HttpResponse:
    """Decisions that rest, and can be undone; refusals that wait for a second reviewer."""
    return _outbox_page(request)


def _outbox_page(request: HttpRequest, refusal: Decision | None = None) -> HttpResponse:
    actor = actor_of(request)
    if not may_look_at_queue(actor):
        raise Http404
    context = {
        "resting": list(queries.resting_of(actor)),
        "seconds": list(queries.waiting_for_second(actor)),
        "refusal": refusal,
    }
    status = 200 if refusal is None else refusal.kind.value
    return render(request, "sharing/review_outbox.html", context, status=status)


@require_GET
@login_required
def review_me(request: HttpRequest) -> HttpResponse:
    """One's own figures."""
    actor = actor_of(request)
    if not actor.holds(Role.REVIEWER):
        raise Http404
    spans = [(_("The last 30 days"), lately(actor)), (_("All time"), figures_of(actor))]
    return render(request, "sharing/review_me.html", {"spans": spans, "resting": list(queries.resting_of(actor))})
