"""Library: the grid with its filters, acts on several films at once, collections, the bin."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from generation import bin as bins
from generation import queries, shelves
from generation.filters import SHAPES, Filters, tiers
from generation.holds import holds, with_holds
from generation.limits import BIN_DAYS, LONGEST_NAME
from generation.models import Clip, Collection
from generation.registry import models
from generation.stacks import newest_of_stacks, with_versions
from portal.access import Actor, Kind, Refused, denied

PAGE = 24
TWO = 2
LATELY = "deleted_lately"


def _keys(texts: list[str]) -> list[uuid.UUID]:
    """The ids among these texts, as many as a page has; what is none is left out."""
    found = []
    for text in texts[:PAGE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _back(request: HttpRequest) -> HttpResponse:
    """Where the form came from, on this site only."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if safe and wanted.startswith("/") else "library")


def _say(request: HttpRequest, refused: Refused, about: str = "") -> None:
    """A refusal as a message, with its code."""
    words = f"{refused.decision.reason} {refused.decision.todo}".strip()
    messages.error(request, f"{about}{words} ({refused.decision.code})")


def _page(
    request: HttpRequest, clips: QuerySet[Clip], place: str = "made_at"
) -> tuple[list[uuid.UUID], uuid.UUID | None]:
    """Ids of one page behind `?after=`, and what the next one begins behind. A deleted film keeps its place."""
    after = _keys([request.GET.get("after", "")])
    last = queries.clips_owned_by(actor_of(request)).filter(pk__in=after).values(place, "pk").first()
    if last is not None and last[place] is not None:
        clips = queries.behind(clips, place, last[place], last["pk"])
    found = list(clips.values_list("pk", flat=True)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None


def _rows(keys: list[uuid.UUID], actor: Actor, *, stacked: bool, linked: bool) -> list[dict[str, Any]]:
    """What a card shows of each clip, in this order; one query for any number of them.

    `stacked`: a card stands for its stack, else for one version; `linked`: with the way to the other versions.
    """
    found = with_holds(with_versions(queries.clips_by_number(keys))).select_related("generation")
    known = {clip.pk: clip for clip in found if clip.artist_id == actor.pk}
    rows = []
    for clip in (known[key] for key in keys if key in known):
        hold = next((one for one in holds() if getattr(clip, f"held_{one.name}")), None)
        several = clip.versions > 1
        note = _("version %(n)s") % {"n": clip.version} if several and not stacked else ""
        rows.append({"clip": clip, "hold": hold, "stacked": stacked, "linked": several and linked, "note": note})
    return rows


@require_GET
@login_required
def library(request: HttpRequest) -> HttpResponse:
    """My films, newest first: one card per stack, or every version that passes the filters."""
    actor = actor_of(request)
    filters = Filters.of(request.GET)
    clips = queries.clips_visible_to(actor)
    clips = filters.apply(clips, actor) if filters.given else newest_of_stacks(clips)
    keys, more = _page(request, clips)
    mine = list(queries.collections_visible_to(actor))
    lately = queries.clips_in_bin_of(actor).filter(pk__in=_keys(request.session.pop(LATELY, [])))
    context = {
        "rows": _rows(keys, actor, stacked=not filters.given, linked=filters.stack is None),
        "filters": filters,
        "more": f"?{filters.query}{'&' if filters.given else ''}{urlencode({'after': more})}" if more else "",
        "first": "after" not in request.GET,
        "newest": f"?{filters.query}" if filters.given else reverse("library"),
        "collections": mine,
        "collection": next((one for one in mine if one.pk == filters.collection), None),
        "models": list(models()),
        "tiers": sorted(tiers()),
        "shapes": SHAPES.items(),
        "holds": holds(),
        "lately": list(lately) if request.GET.get("deleted") else [],
        "longest_name": LONGEST_NAME,
        "days": BIN_DAYS,
    }
    return render(request, "generation/library.html", context)


@require_POST
@login_required
def bulk(request: HttpRequest) -> HttpResponse:
    """One act on the films that were chosen."""
    actor = actor_of(request)
    clips = list(queries.clips_visible_to(actor).filter(pk__in=_keys(request.POST.getlist("clip"))))
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None or not clips:
        messages.error(request, _("Choose at least one film, then what to do with it. (nothing-chosen)"))
        return _back(request)
    try:
        return act(request, clips) or _back(request)
    except Refused as refused:
        _say(request, refused)
        return _back(request)


def _star(request: HttpRequest, clips: list[Clip]) -> None:
    shelves.star_clips(clips, actor=actor_of(request), starred=True)


def _unstar(request: HttpRequest, clips: list[Clip]) -> None:
    shelves.star_clips(clips, actor=actor_of(request), starred=False)


def _chosen_collection(request: HttpRequest) -> Collection:
    """The collection that was chosen. Raises Refused collection-missing."""
    text = request.POST.get("collection", "")
    mine = queries.collections_visible_to(actor_of(request))
    found = mine.filter(pk=int(text)).first() if text.isdecimal() and len(text) < len(str(2**63)) else None
    if found is None:
        words = _("No collection was chosen.")
        todo = _("Choose one, or type the name of a new one.")
        raise Refused("generation.arrange_clip", denied("collection-missing", words, todo=todo, kind=Kind.INVALID))
    return found


def _collect(request: HttpRequest, clips: list[Clip]) -> None:
    new = request.POST.get("new", "").strip()
    found = shelves.make_collection(new, actor=person_of(request)) if new else _chosen_collection(request)
    count = shelves.collect_clips(found, clips, actor=actor_of(request))
    words = ngettext("%(n)s film was added to “%(name)s”.", "%(n)s films were added to “%(name)s”.", count)
    messages.success(request, words % {"n": count, "name": found.name})


def _take_out(request: HttpRequest, clips: list[Clip]) -> None:
    found = _chosen_collection(request)
    count = shelves.take_out_clips(found, clips, actor=actor_of(request))
    words = ngettext("%(n)s film was taken out of “%(name)s”.", "%(n)s films were taken out of “%(name)s”.", count)
    messages.success(request, words % {"n": count, "name": found.name})


def _delete(request: HttpRequest, clips: list[Clip]) -> HttpResponse | None:
    gone = []
    for clip in clips:
        try:
            bins.delete_clip(clip, actor=actor_of(request))
        except Refused as refused:
            _say(request, refused, about=f"{clip.title}: ")
        else:
            gone.append(str(clip.pk))
    if not gone:
        return None
    request.session[LATELY] = gone
    return redirect(f"{reverse('library')}?deleted=yes")


def _downloads(request: HttpRequest, clips: list[Clip]) -> HttpResponse:
    del request
    return redirect(f"{reverse('library_downloads')}?{urlencode({'clip': [clip.pk for clip in clips]}, doseq=True)}")


def _compare(request: HttpRequest, clips: list[Clip]) -> HttpResponse | None:
    if len(clips) != TWO:
        messages.error(request, _("Choose two films to compare. (not-two)"))
        return None
    return redirect(f"{reverse('compare')}?{urlencode({'a': clips[1].pk, 'b': clips[0].pk})}")


def _share(request: HttpRequest, clips: list[Clip]) -> HttpResponse:
    """The page that asks is another subject's; it is found by the name of its address."""
    del request
    return redirect(f"{reverse('share_several')}?{urlencode({'clip': [clip.pk for clip in clips]}, doseq=True)}")


_ACTS: dict[str, Callable[[HttpRequest, list[Clip]], HttpResponse | None]] = {
    "star": _star,
    "unstar": _unstar,
    "collect": _collect,
    "take_out": _take_out,
    "download": _downloads,
    "compare": _compare,
    "share": _share,
    "delete": _delete,
}


@require_GET
@login_required
def downloads(request: HttpRequest) -> HttpResponse:
    """The films that were chosen, each with its size and the link that saves it."""
    keys = _keys(request.GET.getlist("clip"))
    clips = list(queries.clips_visible_to(actor_of(request)).filter(pk__in=keys).select_related("film"))
    total = sum(clip.film.size for clip in clips)
    return render(request, "generation/downloads.html", {"clips": clips, "total": total})


@require_POST
@login_required
def star(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give one film a star, or take it; the script gets the button anew, a plain form its page."""
    found = get_object_or_404(queries.clips_visible_to(actor_of(request)), pk=pk)
    shelves.star_clips([found], actor=actor_of(request), starred=request.POST.get("starred") == "yes")
    if "HX-Request" not in request.headers:
        return _back(request)
    found.refresh_from_db(fields=["starred"])
    return render(request, "generation/star.html", {"clip": found, "next": request.POST.get("next", "")})


def _collections(request: HttpRequest, refused: Refused | None = None, typed: str = "") -> HttpResponse:
    rows = queries.with_counts(queries.collections_visible_to(actor_of(request)))
    context = {"collections": rows, "typed": typed, "longest_name": LONGEST_NAME}
    context["refusal"] = refused.decision if refused else None
    status = refused.decision.kind.value if refused else 200
    return render(request, "generation/collections.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def collections(request: HttpRequest) -> HttpResponse:
    """My collections; a POST makes one."""
    if request.method == "GET":
        return _collections(request)
    name = request.POST.get("name", "")
    try:
        shelves.make_collection(name, actor=person_of(request))
    except Refused as refused:
        return _collections(request, refused, name)
    return redirect("collections")


@require_POST
@login_required
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a collection, or remove it; its films stay."""
    found = get_object_or_404(queries.collections_visible_to(actor_of(request)), pk=pk)
    if request.POST.get("act") == "remove":
        shelves.remove_collection(found, actor=actor_of(request))
        messages.success(request, _("Removed. Its films are still in the library."))
        return redirect("collections")
    try:
        shelves.rename_collection(found, request.POST.get("name", ""), actor=actor_of(request))
    except Refused as refused:
        return _collections(request, refused)
    return redirect("collections")


@require_GET
@login_required
def bin_page(request: HttpRequest) -> HttpResponseBase:
    """What I deleted in the last thirty days, latest first."""
    actor = actor_of(request)
    keys, more = _page(request, queries.clips_in_bin_of(actor), "deleted_at")
    rows = _rows(keys, actor, stacked=False, linked=False)
    for row in rows:
        row["until"] = row["clip"].deleted_at + bins.KEPT
    return render(
        request,
        "generation/bin.html",
        {"rows": rows, "more": more, "first": "after" not in request.GET, "days": BIN_DAYS},
    )


@require_POST
@login_required
def restore(request: HttpRequest) -> HttpResponse:
    """Take films out of the bin again."""
    actor = actor_of(request)
    count = 0
    for clip in queries.clips_owned_by(actor).filter(pk__in=_keys(request.POST.getlist("clip"))):
        try:
            count += bins.restore_clip(clip, actor=actor)
        except Refused as refused:
            _say(request, refused, about=f"{clip.title}: ")
    if count:
        words = ngettext("%(n)s film is back in the library.", "%(n)s films are back in the library.", count)
        messages.success(request, words % {"n": count})
    return _back(request)
