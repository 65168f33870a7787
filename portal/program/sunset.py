"""Sunset mode: the program ends on a date that everybody sees coming; nothing new begins after it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal import happenings
from portal.access import ALLOWED, Actor, Decision, Kind, Refused, denied, require, rule
from portal.audit.chain import record

from .models import Program
from .news import SunsetAnnounced, SunsetReached
from .stopping import take_the_stop_lock

SHORTEST_NOTICE = timedelta(days=14)
LONGEST_WORDS = 600


@rule("program.sunset", who="staff, operators")
def sunset_rule(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Announcing the end of the program, and taking it back before its date."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


def sunset_of(program: Program | None) -> datetime | None:
    """The date, announced or past."""
    return program.sunset_at if program is not None else None


def before_sunset(program: Program | None) -> Decision:
    """Whether the program still lets new films begin; `program` as it was read for this very question, stops held off."""
    at = sunset_of(program)
    if at is None or at > timezone.now():
        return ALLOWED
    return denied(
        "sunset",
        _("The program ended on %(when)s: no new film begins.")
        % {"when": date_format(timezone.localtime(at), "j M Y")},
        todo=_("Films under way are finished, reviews are answered and payments made; reading and saving stay open."),
        kind=Kind.GONE,
    )


def _invalid(code: str, reason: str, todo: str = "") -> Refused:
    return Refused("program.sunset", denied(code, reason, todo=todo, kind=Kind.INVALID))


@transaction.atomic
def announce_sunset(at: datetime, words: str, *, actor: Actor) -> Program:
    """Say when the program ends. Raises Refused sunset-words-missing, sunset-too-soon, sunset-over."""
    require("program.sunset", actor, None)
    take_the_stop_lock()
    program = Program.objects.select_for_update().get(id=1)
    now = timezone.now()
    if program.sunset_at is not None and program.sunset_at <= now:
        words_over = _("The program has ended already.")
        raise Refused("program.sunset", denied("sunset-over", words_over, kind=Kind.CONFLICT))
    if not words.strip():
        raise _invalid("sunset-words-missing", _("Say why it ends and what happens then; everybody reads it."))
    if len(words.strip()) > LONGEST_WORDS:
        raise _invalid("sunset-words-long", _("Up to %(most)s characters.") % {"most": LONGEST_WORDS})
    if at < now + SHORTEST_NOTICE:
        least = _("Artists get at least %(days)s days of notice.") % {"days": SHORTEST_NOTICE.days}
        raise _invalid("sunset-too-soon", least, _("Choose a later date. To stop at once, suspend the program."))
    program.sunset_at, program.sunset_words, program.sunset_told = at, words.strip(), False
    program.save(update_fields=["sunset_at", "sunset_words", "sunset_told"])
    record("program.announce_sunset", actor=actor, subject=program, detail={"at": at, "words": words.strip()})
    happenings.announce(SunsetAnnounced(at.isoformat()))
    return program


@transaction.atomic
def call_off_sunset(*, actor: Actor) -> Program:
    """The program goes on after all; only before its date. Raises Refused sunset-over, no-sunset."""
    require("program.sunset", actor, None)
    take_the_stop_lock()
    program = Program.objects.select_for_update().get(id=1)
    if program.sunset_at is None:
        raise Refused("program.sunset", denied("no-sunset", _("No end was announced."), kind=Kind.CONFLICT))
    if program.sunset_at <= timezone.now():
        words_over = _("The program has ended already.")
        raise Refused("program.sunset", denied("sunset-over", words_over, kind=Kind.CONFLICT))
    program.sunset_at, program.sunset_words = None, ""
    program.save(update_fields=["sunset_at", "sunset_words"])
    record("program.call_off_sunset", actor=actor, subject=program)
    return program


@transaction.atomic
def reach_sunset() -> bool:
    """Tell every subject once that the date has come; called by the sweep."""
    program = Program.objects.filter(id=1, sunset_told=False, sunset_at__lte=timezone.now()).first()
    if program is None or program.sunset_at is None:
        return False
    if not Program.objects.filter(id=1, sunset_told=False).update(sunset_told=True):
        return False
    happenings.announce(SunsetReached(program.sunset_at.isoformat()))
    return True
