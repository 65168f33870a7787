"""One's own inbox."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from artists.people.actors import actor_of, person_of
from portal.notices import queries, services
from portal.notices.export import written
from portal.notices.forms import InboxFilter
from portal.notices.models import Notice
from portal.notices.queries import MOST_COUNTED

A_PAGE = 50


def _page(request: HttpRequest, wanted: dict[str, Any]) -> tuple[list[Notice], int | None]:
    """One page behind `?after=`, and what the next one begins behind."""
    mine = queries.notices_visible_to(actor_of(request))
    rows = mine.filter(**wanted)
    after = request.GET.get("after", "")
    last = mine.filter(pk=int(after)).first() if after.isascii() and after.isdecimal() and len(after) < 19 else None  # noqa: PLR2004 - digits of a BIGINT
    if last is not None:
        rows = queries.behind(rows, last)
    found = list(rows[: A_PAGE + 1])
    return found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What happened, newest first; all of it, only what is new, or one kind."""
    actor = actor_of(request)
    form = InboxFilter(request.GET, offered=queries.kinds_for(actor))
    wanted = form.wanted()
    notices, more = _page(request, wanted)
    kept = request.GET.copy()
    kept.pop("after", None)
    unread = queries.unread_count(actor)
    context = {
        "notices": notices,
        "unread": unread,
        "many": unread >= MOST_COUNTED,
        "form": form,
        "filtered": bool(wanted),
        "first": "after" not in request.GET,
        "newest": f"?{kept.urlencode()}",
        "older": more and f"?{(kept.urlencode() + '&') if kept else ''}after={more}",
    }
    return render(request, "notices/inbox.html", context)


@require_POST
@login_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything read."""
    services.read_notices(person_of(request), actor=actor_of(request))
    return redirect("inbox")


@require_POST
@login_required
def mark_one_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One read; back to where it was seen."""
    found = get_object_or_404(queries.notices_visible_to(actor_of(request)).select_related("person"), pk=pk)
    services.read_notice(found, actor=actor_of(request))
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return redirect(wanted if safe else "inbox")


@require_GET
@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """My inbox and my choices as one JSON document, in every standing."""
    headers = {"Content-Disposition": 'attachment; filename="inbox.json"'}
    return StreamingHttpResponse(written(actor_of(request)), content_type="application/json", headers=headers)
