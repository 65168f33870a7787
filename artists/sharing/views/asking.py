"""Asking to share: one clip or several, kept as a draft while it is written, and seen as the public will see it."""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from artists.sharing import queries, services
from artists.sharing.forms import ShareForm, ShareSeveralForm, begun_with
from artists.sharing.models import ShareRequest
from artists.sharing.pages import page_of, released_page
from artists.sharing.places import scope_of
from artists.sharing.states import RequestState
from artists.sharing.timeline import promise
from generation.models import Clip
from generation.queries import clips_visible_to
from portal.access import Refused, check

from .keeping import kept_over_sign_in, typed_before

MOST = 24  # clips at once: a page of the library
UNPROCESSABLE = 422


def _promises() -> dict[str, Any]:
    return {"grounds": queries.grounds(), "promise": promise(queries.terms_in_force())}


def _page(
    request: HttpRequest, clip: Clip, form: ShareForm, asked: ShareRequest | None = None, *, status: int = 200
) -> HttpResponse:
    """The form, for a new request or a draft."""
    others = queries.drafts_of(actor_of(request), clip.pk).exclude(pk=asked.pk if asked else None)
    clash = None
    if "share-open" in form.codes:
        values = form.cleaned_data
        clash = queries.open_for(clip.pk, scope_of(values["channels"], values["destination"]))
    context = {"clip": clip, "form": form, "asked": asked, "drafts": others[:MOST], "clash": clash, **_promises()}
    # The address of a draft that was made meanwhile: a second press finds it.
    context["action"] = reverse("share_edit", args=[asked.pk]) if asked else request.get_full_path()
    return render(request, "sharing/new.html", context, status=status)


def _refused(request: HttpRequest, form: ShareForm) -> HttpResponse | None:
    """What a saving script is told; None for a page."""
    if request.headers.get("Accept") != "application/json":
        return None
    words = next((str(error) for errors in form.errors.values() for error in errors), "")
    return JsonResponse({"code": form.codes[0], "message": words}, status=UNPROCESSABLE)


def _take(request: HttpRequest, clip: Clip, asked: ShareRequest | None) -> HttpResponse:
    """Keep what was typed; then, as the button says, stop there, show it as public, or send it. Nothing typed is lost."""
    person, form = person_of(request), ShareForm(request.POST)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            asked = services.save_draft(clip, form.ask(), actor=person, request=asked)
            if request.POST.get("act", "send") == "send":
                sent = services.send(asked, actor=person)
                waiting = sent.state == RequestState.WAITING
                messages.success(
                    request,
                    _("Sent. Those who made it with you answer next; we will write.")
                    if waiting
                    else _("Sent. A reviewer decides next; we will write."),
                )
                return redirect("share_request", sent.pk)
        except Refused as refused:
            form.say(refused)
            status = refused.decision.kind.value
        else:
            return _kept(request, asked)
    return _refused(request, form) or _page(request, clip, form, asked, status=status)


def _kept(request: HttpRequest, asked: ShareRequest) -> HttpResponse:
    edit = reverse("share_edit", args=[asked.pk])
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"edit": edit})
    if request.POST.get("act") == "preview":
        return redirect("share_preview", asked.pk)
    messages.success(request, _("Kept as a draft. Only you see it; nothing was sent."))
    return redirect(edit)


@require_http_methods(["GET", "POST"])
@kept_over_sign_in
def share_new(request: HttpRequest, clip: uuid.UUID) -> HttpResponse:
    """Ask to share one of my clips; a POST keeps it as a draft and, if asked to, sends it."""
    person = person_of(request)
    found = get_object_or_404(clips_visible_to(person), pk=clip)
    if request.method == "POST":
        return _take(request, found, None)
    typed = typed_before(request)
    if typed is not None:
        return _page(request, found, ShareForm(typed))
    initial: dict[str, Any] = {"title": found.title, "credit": person.credit}
    again = _again(request, found)
    if again is not None:
        initial = begun_with(again, _addresses(again)) | {"embargo_until": None}
    return _page(request, found, ShareForm(initial=initial))


def _again(request: HttpRequest, clip: Clip) -> ShareRequest | None:
    """An earlier request for the clip whose words are taken over."""
    try:
        wanted = uuid.UUID(request.GET.get("again", ""))
    except ValueError:
        return None
    return queries.requests_visible_to(actor_of(request)).filter(clip=clip, pk=wanted).first()


def _addresses(asked: ShareRequest) -> list[str]:
    return [one.person.email for one in queries.collaborators_of(asked)]


@require_http_methods(["GET", "POST"])
@kept_over_sign_in
def share_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft, to go on with. One that was sent meanwhile is shown instead."""
    found = get_object_or_404(queries.requests_visible_to(actor_of(request)), pk=pk)
    if request.method == "POST":
        return _take(request, found.clip, found)
    if found.state != RequestState.DRAFT:
        return redirect("share_request", pk)
    typed = typed_before(request)
    form = ShareForm(typed) if typed is not None else ShareForm(initial=begun_with(found, _addresses(found)))
    return _page(request, found.clip, form, found)


@require_POST
@login_required
def share_rewrite(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Back to a draft, while collaborators have not all answered."""
    found = get_object_or_404(queries.requests_visible_to(actor_of(request)), pk=pk)
    services.rewrite(found, actor=person_of(request))
    return redirect("share_edit", pk)


@require_GET
@login_required
@never_cache
def share_preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page as the public will see it, for those who made it."""
    found = get_object_or_404(queries.requests_known_to(actor_of(request)), pk=pk)
    if not check("sharing.see_film", actor_of(request), found):
        raise Http404
    return render(request, "sharing/release.html", released_page(found) | page_of(found, "share") | {"preview": True})


def _chosen(request: HttpRequest) -> list[Clip]:
    """The clips that were named, all of them one's own. Raises Http404."""
    keys = []
    for text in request.GET.getlist("clip")[:MOST]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            raise Http404 from None
    found = list(clips_visible_to(actor_of(request)).filter(pk__in=keys))
    if not keys or len(found) != len(set(keys)):
        raise Http404
    return found


def _several(request: HttpRequest, form: ShareSeveralForm, status: int = 200) -> HttpResponse:
    action = f"{request.path}?{'&'.join(f'clip={clip.pk}' for clip in form.clips)}"
    context = {"form": form, "action": action, **_promises()}
    return render(request, "sharing/new_several.html", context, status=status)


@require_http_methods(["GET", "POST"])
@kept_over_sign_in
def share_several(request: HttpRequest) -> HttpResponse:
    """Ask for several clips with the same places and words: one request each, and each is decided by itself."""
    if "clip" not in request.GET:
        return redirect("library")
    person, clips = person_of(request), _chosen(request)
    if len(clips) == 1 and request.method == "GET":
        return redirect("share_new", clips[0].pk)
    if request.method == "GET":
        typed = typed_before(request)
        filled = ShareSeveralForm(clips, typed) if typed is not None else None
        return _several(request, filled or ShareSeveralForm(clips, initial={"credit": person.credit}))
    form = ShareSeveralForm(clips, request.POST)
    return _take_several(request, clips, form) if form.is_valid() else _several(request, form, UNPROCESSABLE)


def _take_several(request: HttpRequest, clips: list[Clip], form: ShareSeveralForm) -> HttpResponse:
    """One request for each clip; what is refused stays on the page with what was typed for it."""
    person = person_of(request)
    send, done, left = request.POST.get("act", "send") == "send", 0, []
    for clip, ask in [(clip, form.ask_for(clip)) for clip in clips]:
        try:
            if send:
                services.request_share(clip, actor=person, **asdict(ask))
            else:
                services.save_draft(clip, ask, actor=person)
            done += 1
        except Refused as refused:
            left.append((clip, refused))
    if done:
        messages.success(request, _said(send=send, count=done))
    if not left:
        return redirect("sharing")
    rest = ShareSeveralForm([clip for clip, _refusal in left], request.POST)
    rest.full_clean()
    for clip, refused in left:
        rest.say_of(clip, refused)
    return _several(request, rest, left[0][1].decision.kind.value)


def _said(*, send: bool, count: int) -> str:
    if send:
        return ngettext("%(n)s request was sent.", "%(n)s requests were sent.", count) % {"n": count}
    return ngettext("%(n)s draft was kept.", "%(n)s drafts were kept.", count) % {"n": count}
