"""The union switch, and the delegates who may call for it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.models import Call, Consent, EventKind, Nomination, Pause
from artists.consent.news import PauseBegan, PauseEnded, UnionCalled
from artists.consent.queries import pause_of
from artists.consent.states import ConsentState
from artists.people.models import Person
from artists.people.roles import Role
from portal import happenings
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.program.models import Cohort, Membership

from .giving import note
from .refusing import refusal
from .terms import push_terms

LONGEST_PAUSE = timedelta(days=366)
LONGEST_TEXT = 2000


def _until_no(action: str, until: datetime) -> Refused | None:
    now = timezone.now()
    if until <= now:
        return refusal(
            action, "until-past", _("The end lies in the past."), _("Choose a later day. Nothing was changed.")
        )
    if until > now + LONGEST_PAUSE:
        return refusal(
            action, "until-far", _("A pause is for a year at most."), _("You can begin another when it ends.")
        )
    return None


def _touch(person: Person, kind: EventKind, **detail: object) -> None:
    """Write the switch into the history of every consent it touches, in order of their keys, and send the terms down."""
    mine = Consent.objects.filter(grants__person=person, state=ConsentState.GIVEN, ends_at__gt=timezone.now())
    for consent in mine.select_for_update().order_by("pk"):
        note(consent, kind, by=person, **detail)
        push_terms(consent.clip)


@transaction.atomic
def pause_consents(*, actor: Person, until: datetime, words: str = "") -> Pause:
    """Suspend all one's consents from now until a date. Raises Refused until-past, until-far, paused-already."""
    require("consent.pause", actor)
    wrong = _until_no("consent.pause", until)
    if wrong is not None:
        raise wrong
    Person.objects.select_for_update().get(pk=actor.pk)  # one switch at a time
    if pause_of(actor) is not None:
        raise refusal(
            "consent.pause",
            "paused-already",
            _("Your consents rest already."),
            _("Resume them first to choose another end."),
            Kind.CONFLICT,
        )
    pause = Pause.objects.create(person=actor, since=timezone.now(), until=until, words=words.strip()[:300])
    record("consent.pause", actor=actor, subject=actor, detail={"until": until})
    _touch(actor, EventKind.PAUSED, until=until.isoformat())
    happenings.announce(PauseBegan(pause.pk))
    return pause


@transaction.atomic
def resume_consents(pause: Pause, *, actor: Person) -> bool:
    """Let them go on before the date; only the artist may. True for the call that did."""
    require("consent.resume", actor, pause)
    Person.objects.select_for_update().get(pk=actor.pk)
    now = timezone.now()
    if not Pause.objects.filter(pk=pause.pk, ended_at=None, until__gt=now).update(ended_at=now):
        return False
    record("consent.resume", actor=actor, subject=actor)
    _touch(actor, EventKind.RESUMED)
    happenings.announce(PauseEnded(pause.pk))
    return True


def _cohort_of(actor: Person, action: str) -> Cohort:
    place = Membership.objects.select_related("cohort").filter(person=actor).first()
    if place is None:
        raise refusal(action, "no-cohort", _("You are in no cohort of this program."), kind=Kind.CONFLICT)
    return place.cohort


@transaction.atomic
def name_delegate(named: Person, *, actor: Person) -> Nomination:
    """Name somebody of one's cohort. Raises Refused no-cohort, not-in-cohort, delegate-self."""
    require("consent.name_delegate", actor)
    if named.pk == actor.pk:
        words = _("Others name you; nobody names themselves.")
        raise refusal("consent.name_delegate", "delegate-self", words)
    cohort = _cohort_of(actor, "consent.name_delegate")
    artists = Membership.objects.filter(cohort=cohort, person=named, person__grants__role=Role.ARTIST)
    if not artists.exists():
        words = _("They are no artist of your cohort.")
        raise refusal("consent.name_delegate", "not-in-cohort", words, kind=Kind.MISSING)
    nomination, new = Nomination.objects.get_or_create(
        cohort=cohort, member=actor, named=named, defaults={"at": timezone.now()}
    )
    if new:
        record("consent.name_delegate", actor=actor, subject=cohort, detail={"named": named.pk})
    return nomination


@transaction.atomic
def unname_delegate(named: Person, *, actor: Person) -> bool:
    """Take one's word back. True when there was one."""
    require("consent.name_delegate", actor)
    gone, _rows = Nomination.objects.filter(member=actor, named=named).delete()
    if gone:
        record("consent.unname_delegate", actor=actor, subject=actor, detail={"named": named.pk})
    return bool(gone)


@transaction.atomic
def call_members(*, actor: Person, text: str, until: datetime) -> Call:
    """Ask everybody of one's cohort to pause their consents until a date: each decides for themselves.

    Raises Refused not-a-delegate, text-missing, text-long, until-past, until-far.
    """
    cohort = _cohort_of(actor, "consent.call")
    require("consent.call", actor, cohort)
    kept = text.strip()
    if not kept or len(kept) > LONGEST_TEXT:
        words = _("Say why, in up to %(most)s characters.") % {"most": LONGEST_TEXT}
        raise refusal("consent.call", "text-long" if kept else "text-missing", words)
    wrong = _until_no("consent.call", until)
    if wrong is not None:
        raise wrong
    call = Call.objects.create(cohort=cohort, by=actor, text=kept, until=until, at=timezone.now())
    record("consent.call", actor=actor, subject=cohort, detail={"call": call.pk, "until": until})
    happenings.announce(UnionCalled(call.pk))
    return call
