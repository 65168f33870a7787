"""The inbox over the API: read only. Reading it over the API marks nothing as read."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from artists.people.bearer import caller
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries

PAGE = 50
router = Router()
register_router("Inbox", router)
READING = Bearer(TokenScope.ACCOUNT, READ)


class NoticeSaid(Schema):
    """One notice. `url` is a path of this site; `read_at` is None while it is new."""

    id: int
    kind: str
    title: str
    body: str
    url: str
    at: datetime
    read_at: datetime | None


class NoticePage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[NoticeSaid]
    next: int | None
    unread: int


@router.get("/inbox", auth=READING, response={200: NoticePage, **FAULTS})
def list_notices(
    request: HttpRequest, after: int | None = None, kind: str = "", *, unread: bool = False
) -> dict[str, Any]:
    """One's own inbox, 50 a page; `unread` stops counting at 1000."""
    actor = caller(request)
    mine = queries.notices_visible_to(actor)
    rows = mine.filter(**({"kind": kind} if kind else {}), **({"read_at": None} if unread else {}))
    if after is not None:
        last = mine.filter(pk=after).first()
        if last is None:
            raise Http404
        rows = queries.behind(rows, last)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return {"items": found[:PAGE], "next": more, "unread": queries.unread_count(actor)}
