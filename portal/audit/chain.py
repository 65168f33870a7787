"""Append to the record, and check that nobody changed it since."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.access import Actor

from .models import Entry, Head

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not follow from the one before, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: how many entries, the head, and the first break if any."""

    entries: int
    head: str
    broken: Break | None


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _link(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def name_of(subject: models.Model | None) -> tuple[str, str, str]:
    """(kind, id, label) of a row, as the record keeps it."""
    if subject is None:
        return "", "", ""
    return subject._meta.label_lower, str(subject.pk), str(subject)[:200]  # noqa: SLF001 - Django's documented Model API


def record(
    action: str,
    *,
    actor: Actor,
    subject: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Append one entry in the caller's own transaction, so that an act and its record stand or fall together."""
    kind, key, label = name_of(subject)
    moment = at or timezone.now()
    with transaction.atomic():
        # The lock orders appends on PostgreSQL; on SQLite the IMMEDIATE transaction has done so already.
        head, _ = Head.objects.select_for_update().get_or_create(id=1, defaults={"digest": GENESIS})
        number = head.number + 1
        body = _canonical(
            {
                "number": number,
                "at": moment.isoformat(),
                "action": action,
                "actor": [actor.pk, actor.label[:200]],
                "subject": [kind, key, label],
                "detail": dict(detail or {}),
            }
        )
        digest = _link(head.digest, body)
        entry = Entry.objects.create(
            number=number,
            at=moment,
            action=action,
            actor_id=actor.pk,
            actor_label=actor.label[:200],
            subject_kind=kind,
            subject_id=key,
            subject_label=label,
            body=body,
            previous=head.digest,
            digest=digest,
        )
        Head.objects.filter(id=1).update(number=number, digest=digest)
    return entry


def _fault(entry: Entry, number: int, previous: str) -> str:
    """Why this entry does not follow, or an empty string."""
    if entry.number != number:
        return f"entry {number} is missing"
    if entry.previous != previous:
        return "does not follow the entry before it"
    if entry.digest != _link(previous, entry.body):
        return "its text was altered"
    told = json.loads(entry.body)
    shown = {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "actor": [entry.actor_id, entry.actor_label],
        "subject": [entry.subject_kind, entry.subject_id, entry.subject_label],
        "detail": told.get("detail"),
    }
    return "" if told == shown else "its columns were altered"


def verify() -> Verdict:
    """Walk the whole chain. A cut tail shows against the head row; a head cut with it only against a published head."""
    previous, number = GENESIS, 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        fault = _fault(entry, number + 1, previous)
        if fault:
            return Verdict(number, previous, Break(number + 1, fault))
        previous, number = entry.digest, entry.number
    head = Head.objects.filter(id=1).first()
    at_head = (head.number, head.digest) if head else (0, GENESIS)
    if at_head != (number, previous):
        return Verdict(number, previous, Break(number + 1, "the end of the record was cut off"))
    return Verdict(number, previous, None)
