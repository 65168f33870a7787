"""The one exit for bytes: every picture and film that leaves is asked for, recorded and served here."""

import shutil
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record

from .models import PUBLIC, HandOut, StoredFile
from .ranges import ranged_response
from .shelf import SHELF


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a file may leave: the rule that is asked, and whether the person saves it (then it is in the record)."""

    name: str
    action: str
    saved: bool = False


_PURPOSES: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Let a subject name a reason for which its files may leave."""
    _PURPOSES[purpose.name] = purpose


def purposes() -> list[Purpose]:
    """All reasons for which files may leave, by name."""
    return [_PURPOSES[name] for name in sorted(_PURPOSES)]


def _count(file: StoredFile, actor: Actor, purpose: Purpose) -> None:
    today = timezone.now().astimezone(UTC).date()
    row, _new = HandOut.objects.get_or_create(
        file=file, person_id=actor.pk or PUBLIC, purpose=purpose.name, day=today, defaults={"times": 0}
    )
    HandOut.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=timezone.now())


def _begins(request: HttpRequest) -> bool:
    """Whether this request starts a viewing: a browser fetches one film in many ranges."""
    wanted = request.headers.get("Range", "")
    return not wanted or wanted.replace(" ", "").startswith("bytes=0-")


def hand_out(
    request: HttpRequest,
    file: StoredFile,
    *,
    actor: Actor,
    purpose: str,
    subject: Any,
) -> HttpResponseBase:
    """Authorise, record and serve one file, with HTTP Range. Raises Refused, also for a file that is gone."""
    why = _PURPOSES[purpose]
    require(why.action, actor, subject)
    if file.erased_at is not None:
        gone = _("This file was deleted for good by its owner.")
        raise Refused(why.action, denied("file-erased", gone, kind=Kind.GONE))
    if why.saved and getattr(actor, "only_looks", False):
        only = _("Whoever views as an artist looks, and saves nothing.")
        raise Refused(why.action, denied("viewing-only", only, todo=_("Stop viewing as them.")))
    shelf = storages[SHELF]
    try:
        opened = shelf.open(file.key, "rb")
    except FileNotFoundError:
        reason = "This file is missing from storage. The operators can see this; nothing else was lost."
        raise Refused(why.action, denied("file-missing", reason, kind=Kind.MISSING)) from None
    if request.method == "GET" and _begins(request):
        _count(file, actor, why)
        if why.saved:
            record(f"storage.{why.name}", actor=actor, subject=file, detail={"of": str(subject)})
    response = ranged_response(
        request,
        opened,
        size=file.size,
        content_type=file.content_type,
        etag=f'"{file.sha256[:32]}"',
        modified=file.made_at,
    )
    if why.saved:
        response["Content-Disposition"] = f'attachment; filename="{get_valid_filename(file.name)}"'
    return response


def copy_out(file: StoredFile, *, actor: Actor, purpose: str, subject: Any, to: Path) -> Path:
    """Authorise, record and copy one file to a path of the operator's machine. Raises Refused, also for a file that is gone."""
    why = _PURPOSES[purpose]
    require(why.action, actor, subject)
    if file.erased_at is not None:
        raise Refused(
            why.action, denied("file-erased", _("This file was deleted for good by its owner."), kind=Kind.GONE)
        )
    try:
        with storages[SHELF].open(file.key, "rb") as opened, to.open("wb") as copy:
            shutil.copyfileobj(opened, copy)
    except FileNotFoundError:
        raise Refused(
            why.action, denied("file-missing", _("This file is missing from storage."), kind=Kind.MISSING)
        ) from None
    _count(file, actor, why)
    record(f"storage.{why.name}", actor=actor, subject=file, detail={"of": str(subject)})
    return to


__all__ = ["Purpose", "copy_out", "hand_out", "purposes", "register_purpose"]
