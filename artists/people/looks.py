"""Looking at what is an artist's own: begin, end, and who looked at me."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import happenings
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record

from .models import Look, Person
from .models.looks import LookKind
from .news import LookBegan
from .roles import Role

FOR = timedelta(hours=1)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Viewer:
    """Staff who see an artist's pages: reads as the artist, and may do nothing at all."""

    person: Person
    by: Person
    look: Look
    only_looks: bool = True

    @property
    def pk(self) -> int:
        """The artist's number: lists show what the artist sees."""
        return self.person.pk

    @property
    def label(self) -> str:
        """The record names who really looks."""
        return f"{self.by.label} viewing as {self.person.label}"

    @property
    def is_active(self) -> bool:
        """Whether the one who looks may act at all."""
        return self.by.is_active

    def holds(self, role: str) -> bool:
        """The artist's role and no other: somebody may be an artist and of the staff."""
        return str(role) == Role.ARTIST and self.person.holds(Role.ARTIST)


def looks_at(person: Actor) -> QuerySet[Look]:
    """Who looked at what is this person's own, newest first."""
    return Look.objects.filter(person_id=person.pk) if person.pk else Look.objects.none()


def live_look(by: Actor, kind: LookKind, *, person: Person | None = None, pk: int | None = None) -> Look | None:
    """A look of `by` that has not ended."""
    live = Look.objects.filter(by_id=by.pk, kind=kind, until__gt=timezone.now()).select_related("person", "by")
    if person is not None:
        live = live.filter(person=person)
    return (live if pk is None else live.filter(pk=pk)).first()


@transaction.atomic
def begin_look(person: Person, kind: LookKind, *, reason: str, actor: Person) -> Look:
    """Look for an hour; the artist is told at once. Raises Refused reason-missing, reason-long, own-account, role."""
    require("people.look", actor, person)
    kept = reason.strip()
    if not kept or len(kept) > LONGEST_REASON:
        words = _("Say why, in up to %(most)s characters.") % {"most": LONGEST_REASON}
        code = "reason-long" if kept else "reason-missing"
        raise Refused("people.look", denied(code, words, todo=_("The artist reads it."), kind=Kind.INVALID))
    now = timezone.now()
    look = Look.objects.create(
        person=person, kind=kind, by=actor, by_label=actor.label[:200], reason=kept, at=now, until=now + FOR
    )
    record("people.look", actor=actor, subject=person, detail={"kind": kind, "reason": kept, "until": look.until})
    happenings.announce(LookBegan(look.pk))
    return look


def end_look(look: Look, *, actor: Person) -> bool:
    """Stop looking before the hour is over. True for the call that did."""
    require("people.look", actor, look.person)
    now = timezone.now()
    return bool(Look.objects.filter(pk=look.pk, by=actor, until__gt=now, at__lt=now).update(until=now))
