"""How a person reads: in their language, with times on the clock of their zone."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation

from .models import Person


def zone_of(person: Person) -> zoneinfo.ZoneInfo:
    """The zone they chose; UTC where it is not known here."""
    try:
        return zoneinfo.ZoneInfo(person.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def spoken_by(person: Person) -> str:
    """The language of pages and mail: somebody may prefer one that documents are written in and these are not."""
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    """Words and times are this person's inside."""
    with translation.override(spoken_by(person)), timezone.override(zone_of(person)):
        yield
