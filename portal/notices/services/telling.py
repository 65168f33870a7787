"""Tell a person something: inbox at once, and mail as they chose."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.reading import as_read_by
from portal.events.publish import publish, to_person
from portal.notices.kinds import Delivery, kind_called
from portal.notices.letters import LONGEST, Mail, said
from portal.notices.models import Letter, Notice
from portal.notices.queries import delivery_of
from portal.panels import Words

from .digests import expect_digest

INBOX = "inbox"


def write_letters(mails: Iterable[Mail]) -> None:
    """Queue many mails at once; those whose key is known are left as they are."""
    Letter.objects.bulk_create([mail.as_letter() for mail in mails], ignore_conflicts=True)


def write_letter(to: str, *, key: str, subject: str, body: str, url: str, button: str, language: str = "en") -> Letter:
    """Queue a mail with one link. The same key again is the same letter. `url` is a path of this site."""
    write_letters([Mail(to, key, subject, body, url, button, language)])
    return Letter.objects.get(key=key)


@transaction.atomic
def tell(
    person: Person,
    kind: str,
    *,
    key: str,
    title: Words,
    body: Words = "",
    url: str = "",
    button: Words = "",
    fill: Mapping[str, Any] | None = None,
) -> Notice:
    """Put a notice into the inbox and a letter beside it, or into the daily digest, as the person chose. The same key is told once.

    Lazy words are said in the person's language; `fill` is put into title and body, its moments on the person's clock.
    """
    registered = kind_called(kind)
    with as_read_by(person):
        words = {"title": said(title, fill)[:LONGEST], "body": said(body, fill)}
        pressed = str(button) or _("Open Vernissage")
    notice, new = Notice.objects.get_or_create(person=person, key=key, defaults={"kind": kind, "url": url, **words})
    if not new:
        return notice
    publish(to_person(person.pk), INBOX)
    delivery = delivery_of(person, registered)
    if delivery == Delivery.NOW:
        mail = Mail(
            to=person.email,
            key=f"notice:{notice.pk}",
            subject=words["title"],
            body=words["body"],
            url=url or "/inbox/",
            button=pressed,
            person=person,
            kind=kind,
            urgent=registered.urgent,
        )
        write_letters([mail])
    elif delivery == Delivery.DAILY:
        expect_digest(notice)
    return notice
