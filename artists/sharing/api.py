"""Sharing over the API: ask, look where it stands, take it back; the same services, rules and clock as the site."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from artists.people.bearer import caller
from artists.people.states import TokenScope
from generation.queries import behind, clips_visible_to
from portal.access import ANONYMOUS, check
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import MAKE, READ
from portal.notices.services import address

from . import queries, services
from .grounds import Ground
from .models import ShareRequest
from .places import Channel
from .standing import standing
from .states import RequestState
from .timeline import promise

PAGE = 50
router = Router()
register_router("Sharing", router)
READING, ASKING = Bearer(TokenScope.READ, READ), Bearer(TokenScope.SHARE, MAKE)


class ShareIn(Schema):
    """What is asked for. `collaborators` are mail addresses of artists of the program; each must confirm."""

    clip: uuid.UUID
    title: str
    destination: str = Field(description="where it will be shown, in words")
    channels: list[Channel] = []
    url: str = ""
    embargo_until: AwareDatetime | None = Field(None, description="with its offset; not public before")
    words: str = ""
    alt_text: str = ""
    credit: str = Field("", description="empty: the artist's own")
    collaborators: list[str] = []
    checked: list[Ground] = Field([], description="grounds that were looked at and do not apply")
    showcase: bool = False


class MakerSaid(Schema):
    """Somebody who made it too, and their answer."""

    credit: str
    state: str


class DecisionSaid(Schema):
    """A decision as its artist is told: what and why, never who. Frames are counted from 0."""

    outcome: str
    ground: str
    reason: str
    conditions: str
    ends_at: datetime | None
    first_frame: int | None
    last_frame: int | None
    told_at: datetime
    by_clock: bool
    revokes: bool


class QuestionSaid(Schema):
    """A reviewer's question and the answer."""

    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class ShareSaid(Schema):
    """One request. `due_at` is when the clock runs out, None while it stands or there is none; `page` once it is public."""

    id: uuid.UUID
    clip: uuid.UUID
    title: str
    credit: str
    destination: str
    channels: list[str]
    url: str
    embargo_until: datetime | None
    words: str
    alt_text: str
    showcase: bool
    state: str
    next: str
    asked_at: datetime
    due_at: datetime | None
    hours: int
    silence: str
    collaborators: list[MakerSaid]
    questions: list[QuestionSaid]
    decisions: list[DecisionSaid]
    page: str | None


class SharePage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[ShareSaid]
    next: uuid.UUID | None


def _page_of(asked: ShareRequest) -> str | None:
    release = getattr(asked, "release", None)
    seen = release is not None and check("sharing.see_release", ANONYMOUS, release)
    return address(reverse("release", args=[release.slug])) if seen and release is not None else None


def _said(asked: ShareRequest) -> dict[str, Any]:
    now = standing(asked)
    promised = promise(asked.terms or queries.terms_in_force())
    same = (
        "title", "credit", "destination", "channels", "url", "embargo_until", "words", "alt_text", "showcase", "asked_at",
    )  # fmt: skip
    return {name: getattr(asked, name) for name in same} | {
        "id": asked.pk,
        "clip": asked.clip_id,
        "state": now["name"],
        "next": now["next"],
        "due_at": now["clock"] and now["clock"].due_at,
        "hours": promised["hours"],
        "silence": promised["consequence"],
        "collaborators": [{"credit": one.person.credit, "state": one.state} for one in queries.collaborators_of(asked)],
        "questions": list(queries.questions_of(asked)),
        "decisions": queries.decisions_told(asked),
        "page": _page_of(asked),
    }


def _found(request: HttpRequest, pk: uuid.UUID) -> ShareRequest:
    found = queries.requests_visible_to(caller(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@router.get("/shares", auth=READING, response={200: SharePage, **FAULTS})
def list_shares(
    request: HttpRequest, state: RequestState | None = None, after: Annotated[uuid.UUID | None, Query()] = None
) -> dict[str, Any]:
    """One's own share requests, 50 a page."""
    rows = queries.requests_visible_to(caller(request))
    if after is not None:
        last = _found(request, after)
        rows = behind(rows, "asked_at", last.asked_at, last.pk)
    if state is not None:
        rows = queries.in_shown_state(rows, state)
    shown = list(rows.order_by("-asked_at", "-pk")[: PAGE + 1])
    more = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return {"items": [_said(one) for one in shown[:PAGE]], "next": more}


@router.get("/shares/{uuid:pk}", auth=READING, response={200: ShareSaid, **FAULTS})
def read_share(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Where one stands, with what was decided and why."""
    return _said(_found(request, pk))


@router.post("/shares", auth=ASKING, response={201: ShareSaid, **FAULTS})
def ask_to_share(request: HttpRequest, share: ShareIn) -> Status:
    """Ask to share one's own film; nothing is kept when anything is refused."""
    actor = caller(request)
    clip = clips_visible_to(actor).filter(pk=share.clip).first()
    if clip is None:
        raise Http404
    wanted = share.dict() | {"clip": clip, "channels": [str(one) for one in share.channels]}
    wanted["checked"] = [str(one) for one in share.checked]
    asked = services.request_share(wanted.pop("clip"), actor=actor.person, **wanted)
    return Status(201, _said(queries.requests_visible_to(actor).get(pk=asked.pk)))


@router.post("/shares/{uuid:pk}/withdraw", auth=ASKING, response={200: ShareSaid, **FAULTS})
def withdraw_share(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Take it back: a public page answers 410 from the next request on. One that has ended stays as it is."""
    services.withdraw(_found(request, pk), actor=caller(request))
    return _said(_found(request, pk))
