"""A consent comes to be when all authors agreed, and ends when one of them withdraws."""

from datetime import timedelta
from functools import reduce

from django.db import transaction
from django.utils import timezone

from artists.consent.kinds import both
from artists.consent.models import AskedWork, Consent, ConsentEvent, EventKind, Grant
from artists.consent.news import ConsentGiven, ConsentWithdrawn, WorkAnswered
from artists.consent.states import GIVE, NARROW_OUT, WITHDRAW, AskedState
from artists.people.models import Person
from portal import happenings
from portal.access import Actor, require
from portal.machine import move

from .refusing import CONSENT
from .terms import push_terms

A_YEAR = timedelta(days=365)


def note(consent: Consent, kind: EventKind, *, by: Actor, **detail: object) -> ConsentEvent:
    """Append one line to a consent's history. The caller's transaction holds the consent's row."""
    number = ConsentEvent.objects.filter(consent=consent).count() + 1
    return ConsentEvent.objects.create(
        consent=consent, number=number, kind=kind, at=timezone.now(), by_label=by.label[:200], detail=detail
    )


def give(work: AskedWork) -> Consent | None:
    """The consent of all authors within all their limits: the earliest end, the places all of them allow.

    None when their limits leave nothing, which settles the work as declined. Called with the work's row locked.
    """
    asked = work.request
    answers = list(work.answers.select_related("person"))
    now = timezone.now()
    places = reduce(both, (one.places for one in answers if one.places), asked.places)
    ends_at = min([asked.ends_at, *(one.ends_at for one in answers if one.ends_at is not None)])
    if not places or ends_at <= max(asked.starts_at, now):
        news = WorkAnswered(work.pk, AskedState.DECLINED)
        move(work, NARROW_OUT, actor=CONSENT, fields={"ended_at": now}, news=news)
        return None
    given, moved = move(
        work, GIVE, actor=CONSENT, fields={"ended_at": now}, news=WorkAnswered(work.pk, AskedState.GIVEN)
    )
    if not moved:
        return None
    credit = asked.credit_line or ", ".join(one.credit_line or one.person.credit for one in answers)
    consent = Consent.objects.create(
        asked=given,
        clip=work.clip,
        kind=work.kind,
        places=places,
        where=asked.where,
        starts_at=asked.starts_at,
        ends_at=ends_at,
        fee=asked.fee,
        currency=asked.currency,
        credit_line=credit[:400],
        conditions="\n".join(one.conditions for one in answers if one.conditions),
        given_at=now,
    )
    Grant.objects.bulk_create(Grant(consent=consent, person=one.person, given_at=now) for one in answers)
    for one in answers:
        chosen = one.by_choice_of.isoformat() if one.by_choice_of else ""
        note(
            consent,
            EventKind.GIVEN,
            by=one.person,
            limits=bool(one.places or one.ends_at or one.conditions),
            chosen=chosen,
        )
    happenings.announce(ConsentGiven(str(consent.pk)))
    push_terms(consent.clip)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: Person) -> tuple[Consent, bool]:
    """Take one's consent back: it covers nothing from now on. (consent, True) for the call that did."""
    require("consent.withdraw", actor, consent)
    now = timezone.now()
    fields = {"withdrawn_at": now, "withdrawn_by_label": actor.label[:200]}
    ended, moved = move(consent, WITHDRAW, actor=actor, fields=fields, news=ConsentWithdrawn(str(consent.pk)))
    if moved:
        note(ended, EventKind.WITHDRAWN, by=actor)
        push_terms(ended.clip)
    return ended, moved
