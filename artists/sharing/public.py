"""Public works: page, film, pictures, embed and oEmbed, for everybody, asked for anew at every request.

No page here sets a cookie or needs JavaScript; what was taken back answers 410 at the very next request, on every address.
"""

from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from artists.people.actors import actor_of
from portal.access import ANONYMOUS, Decision, Kind, Refused, denied, require
from portal.notices.services import address
from portal.storage.exit import hand_out

from . import queries
from .models import Release
from .pages import addresses_of, fitted, page_of, released_page, short_words

PAGES = frozenset({"release", "release_embed"})
NARROWEST, WIDEST, HIGHEST = 16, 3840, 2160
# An embed may be framed by every site; everything else of the policy stays.
FRAMED = {"frame-ancestors": ["*"]}
# No form is on these pages: without a token for one, nothing is stored at the visitor's.
NO_COOKIE = {"theme_url": ""}


def _found(slug: str) -> Release:
    return get_object_or_404(queries.releases_ever(), slug=slug)


def _gone(request: HttpRequest, decision: Decision, template: str = "sharing/gone.html") -> HttpResponse:
    return render(request, template, {"decision": decision, **NO_COOKIE}, status=decision.kind.value)


def _context(found: Release) -> dict[str, Any]:
    asked = found.request
    width, height = asked.clip.width, asked.clip.height
    return released_page(asked) | page_of(asked, "release", found.slug) | NO_COOKIE | {
        "release": found,
        "short": short_words(asked),
        "at": addresses_of(found),
        "from_day": found.released_at,
        "width": width,
        "height": height,
    }  # fmt: skip


@require_safe
@never_cache
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a public work; 410 once it was taken back. Before the end of an embargo its makers see it."""
    found = _found(slug)
    try:
        require("sharing.see_release", actor_of(request), found)
    except Refused as refused:
        if refused.decision.kind is not Kind.GONE:
            raise
        return _gone(request, refused.decision)
    return render(request, "sharing/release.html", _context(found))


@require_safe
@never_cache
@xframe_options_exempt
@csp_replace(FRAMED)
def release_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The film alone, for pages of other sites; the same rule, as the public."""
    found = _found(slug)
    try:
        require("sharing.see_release", ANONYMOUS, found)
    except Refused as refused:
        return _gone(request, refused.decision, "sharing/embed_gone.html")
    return render(request, "sharing/embed.html", _context(found))


def _media(request: HttpRequest, slug: str, name: str, purpose: str = "release") -> HttpResponseBase:
    found = _found(slug)
    file = getattr(found.request.clip, name)
    return hand_out(request, file, actor=actor_of(request), purpose=purpose, subject=found)


@require_safe
def release_film(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Its film. Raises Refused work-withdrawn (410)."""
    return _media(request, slug, "film")


@require_safe
def release_poster(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Its poster. Raises Refused work-withdrawn (410)."""
    return _media(request, slug, "poster")


@require_safe
def release_filmstrip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Its filmstrip. Raises Refused work-withdrawn (410)."""
    return _media(request, slug, "filmstrip")


@require_safe
def release_download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Its film, to be saved; that is in the record. Raises Refused work-withdrawn (410)."""
    return _media(request, slug, "film", "release_download")


def _oembed_answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(body, status=status)
    # Readable by the script of any page: it holds nothing that the page itself does not say.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _no(code: str, words: str, todo: str, kind: Kind) -> JsonResponse:
    decision = denied(code, words, todo=todo, kind=kind)
    return _oembed_answer({"code": code, "message": str(decision.reason), "action": str(decision.todo)}, kind.value)


def _slug_in(url: str) -> str | None:
    """The work that a whole address of ours is about."""
    try:
        here, wanted = urlsplit(address("/")), urlsplit(url.strip())
        match = resolve(wanted.path)
    except (ValueError, Resolver404):
        return None
    same = (wanted.scheme, wanted.netloc) == (here.scheme, here.netloc)
    return str(match.kwargs["slug"]) if same and match.url_name in PAGES else None


def _limit(text: str, most: int) -> int:
    return min(most, max(NARROWEST, int(text))) if text.isdecimal() and len(text) < len(str(2**31)) else most


@require_safe
@never_cache
def oembed(request: HttpRequest) -> HttpResponse:
    """How another site shows a public work (oEmbed 1.0, https://oembed.com): a video of this title, in our embed."""
    if request.GET.get("format", "json") != "json":
        answer = _no("format-unknown", _("Only JSON is served here."), _("Ask with format=json."), Kind.INVALID)
        answer.status_code = 501  # the status that oEmbed names for this
        return answer
    slug = _slug_in(request.GET.get("url", ""))
    found = None if slug is None else queries.releases_ever().filter(slug=slug).first()
    if found is None:
        words, todo = _("This is not the address of a public work here."), _("Send the address of its page as url.")
        return _no("not-found", words, todo, Kind.MISSING)
    try:
        require("sharing.see_release", ANONYMOUS, found)
    except Refused as refused:
        told = refused.decision
        return _no(told.code, str(told.reason), str(told.todo), told.kind)
    return _oembed_answer(_said(request, found))


def _said(request: HttpRequest, found: Release) -> dict[str, Any]:
    asked, at = found.request, addresses_of(found)
    clip = asked.clip
    wide, high = _limit(request.GET.get("maxwidth", ""), WIDEST), _limit(request.GET.get("maxheight", ""), HIGHEST)
    width, height = fitted(clip.width, clip.height, wide, high)
    frame = '<iframe src="{}" width="{}" height="{}" title="{}" allow="fullscreen" allowfullscreen loading="lazy" referrerpolicy="no-referrer"></iframe>'
    return {
        "version": "1.0",
        "type": "video",
        "title": asked.title,
        "author_name": asked.credit,
        "provider_name": "Vernissage",
        "provider_url": address("/"),
        "html": format_html(frame, at["embed"], width, height, asked.title),
        "width": width,
        "height": height,
        "thumbnail_url": at["poster"],
        "thumbnail_width": clip.width,
        "thumbnail_height": clip.height,
        # Seconds: whoever keeps this would show what is gone.
        "cache_age": 0,
    }
