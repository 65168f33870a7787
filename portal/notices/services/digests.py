"""The daily digest: what a person wants to hear of once a day, at their hour, once and only once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from artists.people.models import Person
from artists.people.reading import as_read_by, zone_of
from portal.notices.hours import next_moment
from portal.notices.kinds import DIGEST
from portal.notices.letters import Line, Mail
from portal.notices.models import MailHours, Notice

MOST_LINES: Final = 30
BATCH: Final = 500
AN_INSTANT: Final = timedelta(microseconds=1)


def expect_digest(notice: Notice) -> None:
    """Let a notice wait for the next digest; for nothing where the person wants none."""
    hours, _new = MailHours.objects.get_or_create(person_id=notice.person_id)
    if not hours.digest:
        return
    Notice.objects.filter(pk=notice.pk).update(in_digest=True)
    if hours.digest_due_at is None:
        due = next_moment(timezone.now(), hours.digest_at, zone_of(notice.person))
        MailHours.objects.filter(pk=hours.pk, digest_due_at=None).update(digest_due_at=due)


def digest_mail(person: Person, lines: tuple[Line, ...], *, key: str) -> Mail:
    """The letter of these notices, newest first; those beyond MOST_LINES are counted."""
    count = len(lines)
    with as_read_by(person):
        subject = ngettext("Your daily digest: %(n)s notice", "Your daily digest: %(n)s notices", count) % {"n": count}
        more = count - MOST_LINES
        body = ""
        if more > 0:
            body = ngettext(
                "The newest %(most)s are here; %(n)s more is in your inbox.",
                "The newest %(most)s are here; %(n)s more are in your inbox.",
                more,
            ) % {"most": MOST_LINES, "n": more}
        button = _("Open the inbox")
    return Mail(
        to=person.email,
        key=key,
        subject=subject,
        body=body,
        url=reverse("inbox"),
        button=button,
        person=person,
        kind=DIGEST,
        lines=lines[:MOST_LINES],
    )


@transaction.atomic
def _write_digest(pk: int, now: datetime) -> bool:
    found = MailHours.objects.select_for_update(of=("self",)).select_related("person")
    hours = found.filter(pk=pk, digest_due_at__lte=now).first()
    if hours is None or hours.digest_due_at is None:  # another sweep was faster
        return False
    person, due = hours.person, hours.digest_due_at
    # After a change of zone the hour may still be ahead; one that was missed is made up for at once, by one digest.
    slot = next_moment(due - AN_INSTANT, hours.digest_at, zone_of(person))
    ahead = slot > now
    later = slot if ahead else next_moment(now, hours.digest_at, zone_of(person))
    # The condition decides when two sweeps look at once on SQLite.
    if not MailHours.objects.filter(pk=pk, digest_due_at=due).update(digest_due_at=later) or ahead:
        return False
    waiting = list(Notice.objects.filter(person=person, in_digest=True))
    for first in range(0, len(waiting), BATCH):
        some = [one.pk for one in waiting[first : first + BATCH]]
        Notice.objects.filter(pk__in=some).update(in_digest=False)
    new = tuple(Line(one.title, one.at, one.url or reverse("inbox")) for one in waiting if one.read_at is None)
    if not (new and hours.digest and person.is_active):
        return False
    digest_mail(person, new, key=f"digest:{person.pk}:{due.isoformat()}").as_letter().save(force_insert=True)
    return True


def write_digests(limit: int = 50) -> int:
    """Write the digests that are due; returns how many. Late, twice at once or after days away, each is written once."""
    now = timezone.now()
    due = MailHours.objects.filter(digest_due_at__lte=now).order_by("digest_due_at")
    return sum(_write_digest(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))
