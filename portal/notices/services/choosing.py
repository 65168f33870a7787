"""What a person chooses about mail: per kind, when, and by the address in a mail itself."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.reading import zone_of
from portal.access import ANONYMOUS, Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.notices.hours import next_moment
from portal.notices.kinds import DIGEST, Delivery, known_kind
from portal.notices.models import Letter, MailChoice, MailHours, Notice
from portal.notices.queries import deliveries_of
from portal.notices.stopping import read_stop
from portal.panels import Words

CHOOSE = "notices.choose"


def _refuse(code: str, reason: Words, todo: Words = "", kind: Kind = Kind.INVALID) -> Refused:
    return Refused(CHOOSE, denied(code, reason, todo=todo, kind=kind))


def _check(name: str, delivery: str) -> None:
    kind = known_kind(name)
    if kind is None:
        raise _refuse("kind-unknown", _("There is no such kind of notice."), _("Load the page again."))
    if delivery not in Delivery.values:
        raise _refuse("delivery-unknown", _("Mail goes out at once, in the daily digest, or not at all."))
    if kind.binding and delivery != Delivery.NOW:
        raise _refuse("kind-binding", _("Notices of this kind are always mailed at once."), kind.why)


def _stop_waiting(person: Person, names: list[str]) -> None:
    """What has not gone out yet does not go out either; the inbox keeps it."""
    Letter.objects.filter(person=person, kind__in=names, sent_at=None, came_back_at=None).delete()
    Notice.objects.filter(person=person, kind__in=names, in_digest=True).update(in_digest=False)


@transaction.atomic
def choose_mail(person: Person, wanted: Mapping[str, str], *, actor: Actor) -> list[str]:
    """Set how these kinds are mailed; returns the names of those that changed.

    Raises Refused kind-unknown, delivery-unknown, kind-binding; then nothing is written.
    """
    require(CHOOSE, actor, person)
    for name, delivery in wanted.items():
        _check(name, delivery)
    # One form at a time; rows that only name the person are not held up, so nobody waits in a ring.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = deliveries_of(person)
    changed = sorted(name for name, delivery in wanted.items() if before[name] != delivery)
    for name in changed:
        MailChoice.objects.update_or_create(person=person, kind=name, defaults={"delivery": wanted[name]})
    _stop_waiting(person, [name for name in changed if wanted[name] == Delivery.NEVER])
    if changed:
        record(CHOOSE, actor=actor, subject=person, detail={name: str(wanted[name]) for name in changed})
    return changed


@transaction.atomic
def choose_hours(
    person: Person, *, actor: Actor, quiet_from: time | None, quiet_to: time | None, digest: bool, digest_at: time
) -> MailHours:
    """Set quiet hours and the digest, by the clock of the person's zone. Raises Refused quiet-half, quiet-empty."""
    require(CHOOSE, actor, person)
    if (quiet_from is None) != (quiet_to is None):
        raise _refuse("quiet-half", _("Quiet hours have a beginning and an end."), _("Give both, or neither."))
    if quiet_from is not None and quiet_from == quiet_to:
        words = _("Quiet hours that begin and end at the same time are none, or never end.")
        raise _refuse("quiet-empty", words, _("Choose two times."))
    hours, _new = MailHours.objects.select_for_update().get_or_create(person=person)
    hours.quiet_from, hours.quiet_to, hours.digest, hours.digest_at = quiet_from, quiet_to, digest, digest_at
    now = timezone.now()
    hours.digest_due_at = next_moment(now, digest_at, zone_of(person)) if digest else None
    hours.save()
    if not digest:
        Letter.objects.filter(person=person, kind=DIGEST, sent_at=None, came_back_at=None).delete()
        Notice.objects.filter(person=person, in_digest=True).update(in_digest=False)
    # Letters held by the former quiet hours are looked at again; those that a mail server delays keep their turn.
    Letter.objects.filter(person=person, sent_at=None, attempts=0, due_at__gt=now).update(due_at=now)
    record(
        "notices.choose_hours", actor=actor, subject=person, detail={"quiet": hours.quiet is not None, "digest": digest}
    )
    return hours


def stop_by_link(signed: str) -> str:
    """Stop what this address of a mail stops, twice is once; returns the kind. Raises Refused stop-unknown, kind-binding."""
    stop = read_stop(signed)
    person = Person.objects.filter(pk=stop.person).first() if stop is not None else None
    if stop is None or person is None:
        raise _refuse(
            "stop-unknown",
            _("This address stops no mail."),
            _("Copy it whole from the mail, or sign in and choose on the page “Mail to me”."),
            Kind.MISSING,
        )
    require("notices.stop_by_link", ANONYMOUS, person)
    if stop.kind == DIGEST:
        _stop_digest(person)
    else:
        _check(stop.kind, Delivery.NEVER)
        _stop_kind(person, stop.kind)
    return stop.kind


@transaction.atomic
def _stop_digest(person: Person) -> None:
    hours, _new = MailHours.objects.get_or_create(person=person)
    if not MailHours.objects.filter(pk=hours.pk, digest=True).update(digest=False, digest_due_at=None):
        return
    Letter.objects.filter(person=person, kind=DIGEST, sent_at=None, came_back_at=None).delete()
    Notice.objects.filter(person=person, in_digest=True).update(in_digest=False)
    record("notices.stop_by_link", actor=ANONYMOUS, subject=person, detail={"kind": DIGEST})


@transaction.atomic
def _stop_kind(person: Person, name: str) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if deliveries_of(person)[name] == Delivery.NEVER:
        return
    MailChoice.objects.update_or_create(person=person, kind=name, defaults={"delivery": Delivery.NEVER})
    _stop_waiting(person, [name])
    record("notices.stop_by_link", actor=ANONYMOUS, subject=person, detail={"kind": name})
