"""Tell a person something: inbox at once, mail by the sweep."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from artists.people.models import Person
from portal.access import Actor, require
from portal.events.publish import publish, to_person
from portal.happenings import announce

from .kinds import kind_called
from .models import Letter, Notice
from .news import LetterCameBack

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=6)
INBOX = "inbox"


def address(path: str) -> str:
    """A path as a whole address, for mail."""
    return settings.VERNISSAGE_BASE_URL.rstrip("/") + path


@dataclass(frozen=True, slots=True)
class Mail:
    """What a letter says; `url` is a path of this site. The same key again is the same letter."""

    to: str
    key: str
    subject: str
    body: str
    url: str
    button: str
    language: str = "en"

    def as_letter(self) -> Letter:
        """The letter, not yet queued."""
        with translation.override(self.language):
            context = {
                "subject": self.subject,
                "body": self.body,
                "url": address(self.url),
                "button": self.button,
                "site": settings.VERNISSAGE_BASE_URL,
            }
            return Letter(
                key=self.key,
                to=self.to,
                subject=self.subject[:200],
                text=render_to_string("email/base.txt", context),
                html=render_to_string("email/base.html", context),
                due_at=timezone.now(),
            )


def write_letters(mails: Iterable[Mail]) -> None:
    """Queue many mails at once; those whose key is known are left as they are."""
    Letter.objects.bulk_create([mail.as_letter() for mail in mails], ignore_conflicts=True)


def write_letter(to: str, *, key: str, subject: str, body: str, url: str, button: str, language: str = "en") -> Letter:
    """Queue a mail with one link. The same key again is the same letter. `url` is a path of this site."""
    write_letters([Mail(to, key, subject, body, url, button, language)])
    return Letter.objects.get(key=key)


@transaction.atomic
def tell(person: Person, kind: str, *, key: str, title: str, body: str = "", url: str = "", button: str = "") -> Notice:
    """Put a notice into the inbox and, for kinds that are mailed, a letter beside it. The same key is told once."""
    registered = kind_called(kind)
    notice, new = Notice.objects.get_or_create(
        person=person, key=key, defaults={"kind": kind, "title": title, "body": body, "url": url}
    )
    if new:
        publish(to_person(person.pk), INBOX)
    if new and registered.mailed:
        write_letter(
            person.email,
            key=f"notice:{notice.pk}",
            subject=title,
            body=body,
            url=url or "/inbox/",
            button=button or translation.gettext("Open Vernissage"),
            language=person.language,
        )
    return notice


def read_notices(person: Person, *, actor: Actor) -> int:
    """Mark everything in the inbox as read; returns how many were new."""
    require("notices.read", actor, person)
    with transaction.atomic():
        count = Notice.objects.filter(person=person, read_at=None).update(read_at=timezone.now())
        if count:
            publish(to_person(person.pk), INBOX)
    return count


def _send(letter: Letter) -> None:
    message = EmailMultiAlternatives(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to])
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.send()


def _for_good(code: int) -> bool:
    """Whether an SMTP reply is a permanent no (RFC 5321, 4.2.1: 5yz)."""
    return 500 <= code < 600  # noqa: PLR2004 - the reply codes of the standard


@transaction.atomic
def _came_back(letter: Letter, reason: str) -> None:
    """Nobody tries an address again that the mail server refuses for good."""
    Letter.objects.filter(pk=letter.pk).update(came_back_at=timezone.now(), error=reason[:1000])
    announce(LetterCameBack(letter.pk, letter.to, reason[:200]))


def send_letters(limit: int = 50) -> int:
    """Send what is due; a mail server that is away delays letters and loses none. Returns how many went out."""
    sent = 0
    for letter in Letter.objects.filter(sent_at=None, came_back_at=None, due_at__lte=timezone.now()).order_by("due_at")[
        :limit
    ]:
        # Claimed by moving its due time, so that two sweeps do not send it twice.
        later = timezone.now() + min(LONGEST_WAIT, timedelta(seconds=30 * 2 ** min(letter.attempts, 10)))
        claimed = Letter.objects.filter(pk=letter.pk, sent_at=None, attempts=letter.attempts)
        if not claimed.update(attempts=letter.attempts + 1, due_at=later):
            continue
        try:
            _send(letter)
        except SMTPRecipientsRefused as fault:
            code, words = fault.recipients.get(letter.to, (0, b""))
            if _for_good(code):
                _came_back(letter, f"{code} {words.decode(errors='replace')}")
            else:
                Letter.objects.filter(pk=letter.pk).update(error=f"{code}"[:1000])
            continue
        except Exception as fault:  # noqa: BLE001 - whatever the mail server raises, the letter waits
            log.warning("letter %s not sent: %s", letter.pk, fault)
            Letter.objects.filter(pk=letter.pk).update(error=f"{type(fault).__name__}: {fault}"[:1000])
            continue
        Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), error="")
        sent += 1
    return sent
