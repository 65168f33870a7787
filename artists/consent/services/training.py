"""The training export: works with a live consent of all authors, and nothing else, with what proves it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.authors import authors_of
from artists.consent.kinds import WORLD, UseKind
from artists.consent.models import Consent
from artists.consent.queries import covers_use, may_use
from artists.consent.receipts import receipt_of
from artists.people.models import Person
from generation.models import Clip
from portal.access import Decision, Kind, denied, require
from portal.audit.chain import record
from portal.storage.exit import copy_out

from .refusing import refusal
from .register import Happened, record_use

MANIFEST = "manifest.json"
FORMAT = "vernissage-training-export/1"


def _consent_for(clip: Clip, place: str) -> tuple[Consent | None, Decision]:
    """The live consent of all present authors; or why there is none."""
    answer = may_use(clip, UseKind.TRAINING, place=place)
    if not answer:
        return None, answer
    authors = authors_of(clip)
    for consent in Consent.objects.filter(clip=clip, kind=UseKind.TRAINING).order_by("given_at"):
        if covers_use(consent, place=place) and authors <= set(consent.grants.values_list("person_id", flat=True)):
            return consent, answer
    words = _("An author of this work has given no consent to training.")
    return None, denied("author-missing", words, todo=_("Ask all who made it."), kind=Kind.CONFLICT)


def export_training(
    out: Path, *, actor: Person, place: str = WORLD, clips: Iterable[Clip] | None = None
) -> dict[str, Any]:
    """Write films and a manifest with their receipts into a new folder; each is recorded as a use first.

    Everything else is listed with its code. Raises Refused folder-not-empty, nothing-to-export.
    """
    require("consent.export_training", actor)
    if out.exists() and any(out.iterdir()):
        raise refusal(
            "consent.export_training", "folder-not-empty", _("This folder is not empty."), _("Name a new one.")
        )
    wanted = Clip.objects.order_by("made_at", "pk").iterator() if clips is None else iter(clips)
    works, refused = [], []
    films = out / "films"
    for clip in wanted:
        consent, answer = _consent_for(clip, place)
        if consent is None:
            refused.append({"clip": str(clip.pk), "code": answer.code, "reason": str(answer.reason)})
            continue
        films.mkdir(parents=True, exist_ok=True)
        works.append(_export(clip, consent, films, actor, place))
    if not works:
        raise refusal(
            "consent.export_training",
            "nothing-to-export",
            _("No work has a live training consent of all its authors."),
            _("%(count)s works were looked at.") % {"count": len(refused)},
            Kind.CONFLICT,
        )
    manifest = {"format": FORMAT, "made_at": timezone.now().isoformat(), "place": place, "works": works}
    path = out / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False))
    record("consent.export_training", actor=actor, subject=actor, detail={"works": len(works), "refused": len(refused)})
    return {"manifest": str(path), "works": len(works), "refused": refused}


def _export(clip: Clip, consent: Consent, films: Path, actor: Person, place: str) -> dict[str, Any]:
    """The use is in the register before the first byte leaves."""
    record_use(consent, Happened(timezone.now(), consent.where, place, note=_("training export")), actor=actor)
    path = copy_out(clip.film, actor=actor, purpose="consent_training", subject=clip, to=films / f"{clip.pk}.mp4")
    shots = clip.generation.snapshot["shots"]
    return {
        "clip": str(clip.pk),
        "file": f"films/{path.name}",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "prompts": [shot["prompt"] for shot in shots],
        "credit": consent.credit_line,
        "conditions": consent.conditions,
        "consent": str(consent.pk),
        "receipt": receipt_of(consent),
    }


def check_manifest(path: Path) -> dict[str, Any]:
    """What of an earlier export may no longer be used, and since when. Raises Refused manifest-unreadable."""
    try:
        manifest = json.loads(path.read_text())
        works = manifest["works"] if manifest["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        works = None
    if works is None:
        words = _("This is no manifest of a training export.")
        raise refusal(
            "consent.export_training", "manifest-unreadable", words, _("Name the manifest.json of an export.")
        )
    gone = []
    for work in works:
        consent = Consent.objects.filter(pk=work["consent"]).first()
        answer = _still(consent, manifest["place"])
        if not answer:
            gone.append({"clip": work["clip"], "file": work["file"], "code": answer.code, "since": _since(consent)})
    return {"works": len(works), "gone": gone}


def _still(consent: Consent | None, place: str) -> Decision:
    if consent is None:
        return denied("consent-missing", _("This consent is not in this installation."), kind=Kind.MISSING)
    return covers_use(consent, place=place)


def _since(consent: Consent | None) -> str:
    if consent is None:
        return ""
    moment: datetime | None = consent.withdrawn_at or (consent.ends_at if consent.ends_at <= timezone.now() else None)
    return moment.isoformat() if moment else ""
