"""Send letters: what is due goes out, in quiet hours nothing but what is urgent."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from portal.happenings import announce
from portal.notices.letters import address, held_until
from portal.notices.models import Letter
from portal.notices.news import LetterCameBack
from portal.notices.stopping import Stop, stop_path, stoppable

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=6)


def headers_of(letter: Letter) -> dict[str, str]:
    """The headers by which a mail program stops it with one click (RFC 8058), where it can be stopped."""
    if letter.person_id is None or not stoppable(letter.kind):
        return {}
    return {
        "List-Unsubscribe": f"<{address(stop_path(Stop(letter.person_id, letter.kind)))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _send(letter: Letter) -> None:
    message = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to], headers=headers_of(letter)
    )
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
    now = timezone.now()
    due = Letter.objects.filter(sent_at=None, came_back_at=None, due_at__lte=now).select_related("person__mail_hours")
    sent = 0
    for letter in due.order_by("due_at")[:limit]:
        # Claimed by moving its due time, so that two sweeps do not send it twice.
        claimed = Letter.objects.filter(pk=letter.pk, sent_at=None, attempts=letter.attempts)
        # Asked again here: it may have become due, or be tried again, inside quiet hours.
        held = held_until(letter, now)
        if held is not None:
            claimed.update(due_at=held)
            continue
        later = timezone.now() + min(LONGEST_WAIT, timedelta(seconds=30 * 2 ** min(letter.attempts, 10)))
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
