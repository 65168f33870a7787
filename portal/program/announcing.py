"""Announcements: who may, what one sees, and the acts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import Actor, Decision, Kind, Refused, denied, require, rule
from portal.audit.chain import record

from .models import Announcement, Cohort, Dismissal

LONGEST_TITLE, LONGEST_TEXT = 120, 2000
RUNS_IT = (Role.STAFF, Role.OPERATOR)


@rule("program.announce", who="staff, operators")
def may_announce(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Saying something to everybody, or to a cohort, and taking it down."""
    return holding(actor, *RUNS_IT)


@rule("program.put_away", who="everybody, for themselves")
def may_put_away(actor: Actor, announcement: Announcement) -> Decision:  # noqa: ARG001 - the table's signature
    """Putting an announcement away."""
    return signed_in(actor)


def _standing() -> QuerySet[Announcement]:
    return Announcement.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), ended_at=None)


def announcements_for(person: Actor) -> QuerySet[Announcement]:
    """What stands on this person's pages now, newest first. Staff see what they tell a cohort too."""
    if person.pk is None:
        return Announcement.objects.none()
    mine = Q(cohort=None) | Q(cohort__memberships__person_id=person.pk)
    shown = _standing() if any(person.holds(role) for role in RUNS_IT) else _standing().filter(mine)
    return shown.exclude(dismissals__person_id=person.pk).select_related("cohort")


def announcements_visible_to(actor: Actor) -> QuerySet[Announcement]:
    """All of them, for staff."""
    seen = Announcement.objects.select_related("cohort")
    return seen if may_announce(actor, None) else seen.none()


def _invalid(code: str, words: str, todo: str) -> Refused:
    return Refused("program.announce", denied(code, words, todo=todo, kind=Kind.INVALID))


@transaction.atomic
def announce(title: str, text: str, *, cohort: Cohort | None, until: datetime | None, actor: Actor) -> Announcement:
    """Put words on top of every page. Raises Refused title-missing, text-long, until-past."""
    require("program.announce", actor, None)
    if not title.strip():
        raise _invalid("title-missing", _("An announcement needs a first line."), _("Write what it is about."))
    if len(title.strip()) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        words = _("The first line has up to %(title)s characters, the text up to %(text)s.")
        raise _invalid("text-long", words % {"title": LONGEST_TITLE, "text": LONGEST_TEXT}, _("Shorten it."))
    now = timezone.now()
    if until is not None and until <= now:
        raise _invalid("until-past", _("The end lies in the past."), _("Choose a later moment, or none."))
    made = Announcement.objects.create(
        title=title.strip(),
        text=text.strip(),
        cohort=cohort,
        by_id=actor.pk,
        by_label=actor.label[:200],
        at=now,
        until=until,
    )
    record(
        "program.announce", actor=actor, subject=made, detail={"cohort": cohort and cohort.slug, "title": made.title}
    )
    return made


@transaction.atomic
def take_down(announcement: Announcement, *, actor: Actor) -> bool:
    """Take it off every page. True for the call that did."""
    require("program.announce", actor, announcement)
    if not Announcement.objects.filter(pk=announcement.pk, ended_at=None).update(ended_at=timezone.now()):
        return False
    record("program.announce", actor=actor, subject=announcement, detail={"taken_down": True})
    return True


def put_away(announcement: Announcement, *, actor: Person) -> None:
    """This person has read it; twice is once."""
    require("program.put_away", actor, announcement)
    Dismissal.objects.get_or_create(announcement=announcement, person=actor)
