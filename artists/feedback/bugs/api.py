"""One's own bug reports over the API, to be read."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from artists.feedback.models import BugReport
from artists.people.bearer import caller
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ

from . import queries
from .standing import standing

PAGE = 50
router = Router()
register_router("Bugs", router)
READING = Bearer(TokenScope.READ, READ)


class BugSaid(Schema):
    """One report. A duplicate has the state of the first report of its kind; `next` says who acts."""

    id: int
    title: str
    happened: str
    expected: str
    severity: str
    state: str
    duplicate: bool
    next: str
    fixed_in: str
    answer: str
    first_frame: int | None
    last_frame: int | None
    context: dict[str, Any]
    counted: bool
    made_at: datetime


class BugPage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[BugSaid]
    next: int | None


def _said(bug: BugReport) -> dict[str, Any]:
    same = ("title", "happened", "expected", "severity", "first_frame", "last_frame", "context", "made_at")
    stands = standing(bug)
    return {name: getattr(bug, name) for name in same} | {
        "id": bug.pk,
        "state": (bug.duplicate_of or bug).state,
        "duplicate": stands["merged"],
        "next": stands["next"],
        "fixed_in": stands["fixed_in"],
        "answer": stands["answer"],
        "counted": bug.accepted_at is not None,
    }


@router.get("/bugs", auth=READING, response={200: BugPage, **FAULTS})
def list_bugs(request: HttpRequest, after: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> dict[str, Any]:
    """One's own bug reports, 50 a page."""
    rows = queries.bugs_visible_to(caller(request))
    if after is not None:
        last = rows.filter(pk=after).first()
        if last is None:
            raise Http404
        rows = rows.filter(made_at__lte=last.made_at).exclude(made_at=last.made_at, pk__gte=last.pk)
    shown = list(rows[: PAGE + 1])
    return {"items": [_said(bug) for bug in shown[:PAGE]], "next": shown[PAGE - 1].pk if len(shown) > PAGE else None}


@router.get("/bugs/{int:pk}", auth=READING, response={200: BugSaid, **FAULTS})
def read_bug(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One report, and where it stands."""
    found = queries.bugs_visible_to(caller(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _said(found)
