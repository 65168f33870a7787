"""A person's inbox and choices as one JSON document (RFC 8259), written while it is read."""

import json
from collections.abc import Iterator
from typing import Any

from portal.access import Actor

from . import queries
from .models import Notice


def notice_as_values(notice: Notice) -> dict[str, Any]:
    """One notice as plain values; moments are ISO 8601 in UTC."""
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "url": notice.url,
        "at": notice.at.isoformat(),
        "read_at": notice.read_at and notice.read_at.isoformat(),
    }


def choices_as_values(actor: Actor) -> dict[str, Any]:
    """What is mailed how, and when, by the clock of the person's zone."""
    hours = queries.hours_of(actor)
    deliveries = queries.deliveries_of(actor)
    return {
        "kinds": {kind.name: str(deliveries[kind.name]) for kind in queries.kinds_for(actor)},
        "quiet_from": hours.quiet_from and hours.quiet_from.isoformat("minutes"),
        "quiet_to": hours.quiet_to and hours.quiet_to.isoformat("minutes"),
        "digest": hours.digest,
        "digest_at": hours.digest_at.isoformat("minutes"),
    }


def written(actor: Actor) -> Iterator[str]:
    """The document in pieces."""
    yield '{\n"choices": ' + json.dumps(choices_as_values(actor), ensure_ascii=False) + ',\n"notices": ['
    between = "\n"
    for notice in queries.notices_visible_to(actor).iterator(chunk_size=1000):
        yield between + json.dumps(notice_as_values(notice), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n}\n"
