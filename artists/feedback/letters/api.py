"""Public open letters over the API: read only. Letters are written and signed by people, in a browser."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from artists.feedback.models import OpenLetter
from artists.people.states import TokenScope
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import READ
from portal.notices.services import address

from . import queries

PAGE = 50
router = Router()
register_router("Open letters", router)
READING = Bearer(TokenScope.READ, READ)


class LetterSaid(Schema):
    """One public letter. `signatures` counts the names that stand now, `digest` is SHA-256 of title, empty line, text."""

    number: int
    slug: str
    title: str
    author: str
    text: str
    digest: str
    signatures: int
    published_at: datetime
    answered: bool
    page: str


class LetterPage(Schema):
    """The latest first; `next` is the value of `before` for the page behind, None on the last one."""

    items: list[LetterSaid]
    next: int | None


def _said(letter: OpenLetter) -> dict[str, Any]:
    told = {name: getattr(letter, name) for name in ("number", "slug", "title", "text", "digest", "published_at")}
    counted = {"signatures": getattr(letter, "signed", 0), "answered": getattr(letter, "answered", False)}
    return told | counted | {"author": letter.name, "page": address(reverse("open_letter", args=[letter.slug]))}


@router.get("/letters", auth=READING, response={200: LetterPage, **FAULTS})
def list_letters(request: HttpRequest, before: int | None = None) -> dict[str, Any]:  # noqa: ARG001 - the same for all
    """Public letters in the order of their publication, 50 a page."""
    rows = queries.public_letters()
    found = list((rows if before is None else rows.filter(number__lt=before))[: PAGE + 1])
    return {
        "items": [_said(one) for one in found[:PAGE]],
        "next": found[PAGE - 1].number if len(found) > PAGE else None,
    }


@router.get("/letters/{slug}", auth=READING, response={200: LetterSaid, **FAULTS})
def read_letter(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001 - the same for all
    """One public letter."""
    found = queries.public_letters().filter(slug=slug).first()
    if found is None:
        raise Http404
    return _said(found)
