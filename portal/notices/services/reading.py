"""Mark notices as read."""

from django.db import transaction
from django.utils import timezone

from artists.people.models import Person
from portal.access import Actor, require
from portal.events.publish import publish, to_person
from portal.notices.models import Notice

from .telling import INBOX


def _read(person: Person, **which: int) -> int:
    with transaction.atomic():
        count = Notice.objects.filter(person=person, read_at=None, **which).update(read_at=timezone.now())
        if count:
            publish(to_person(person.pk), INBOX)
    return count


def read_notices(person: Person, *, actor: Actor) -> int:
    """Mark everything in the inbox as read; returns how many were new."""
    require("notices.read", actor, person)
    return _read(person)


def read_notice(notice: Notice, *, actor: Actor) -> bool:
    """Mark one as read; False when it was before."""
    require("notices.read", actor, notice.person)
    return bool(_read(notice.person, pk=notice.pk))
